/** Who is watching what: open event streams, told that something about a person, or at the desk, is new. */

export type Watcher = () => void

export interface Hub {
  /** Something about this person is new; null: something at the desk alone. */
  stir(person: string | null): void
  watch(person: string | 'desk', watcher: Watcher): () => void
  /** Ends all streams: the process is going down. */
  close(): void
  onClose(end: () => void): () => void
}

export function createHub(): Hub {
  const watchers = new Map<string, Set<Watcher>>()
  const ends = new Set<() => void>()
  const tell = (who: string) => {
    for (const watcher of watchers.get(who) ?? []) watcher()
  }
  return {
    stir(person) {
      if (person !== null) tell(person)
      tell('desk')
    },
    watch(person, watcher) {
      const set = watchers.get(person) ?? new Set()
      watchers.set(person, set.add(watcher))
      return () => {
        set.delete(watcher)
        if (set.size === 0) watchers.delete(person)
      }
    },
    close() {
      for (const end of ends) end()
    },
    onClose(end) {
      ends.add(end)
      return () => ends.delete(end)
    },
  }
}
