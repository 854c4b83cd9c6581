/** Queues by name: what belongs to one is done in order, what belongs to different ones side by side. */
export interface Lines {
  after<T>(name: string, act: () => Promise<T>): Promise<T>
}

export function createLines(): Lines {
  const last = new Map<string, Promise<unknown>>()
  return {
    after(name, act) {
      const before = last.get(name)
      const mine = before === undefined ? act() : before.then(act, act)
      last.set(name, mine)
      const leave = () => {
        if (last.get(name) === mine) last.delete(name)
      }
      mine.then(leave, leave)
      return mine
    },
  }
}
