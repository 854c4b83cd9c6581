/** What can go wrong on Slack's side, on order: a call that fails, waits, or is done and yet looks as if it were not. */

export type Fault =
  | { type: 'limited'; retryAfter: number }
  | { type: 'status'; status: number }
  | { type: 'error'; error: string }
  /** No answer comes until the faults are cleared, and nothing is done before; or it is done at once. */
  | { type: 'hangs'; done?: true }
  /** It is done, and the connection breaks before the answer. */
  | { type: 'doneThenCut' }

export interface Faults {
  /** The next `times` calls of a method go so. */
  order(method: string, fault: Fault, times?: number): void
  take(method: string): Fault | null
  /** Resolves when hanging calls may go on. */
  released(): Promise<void>
  clear(): void
}

export function createFaults(): Faults {
  const ordered: { method: string; fault: Fault; left: number }[] = []
  let release = () => {}
  let hanging = new Promise<void>((resolve) => (release = resolve))
  return {
    order: (method, fault, times = 1) => void ordered.push({ method, fault, left: times }),
    take(method) {
      const found = ordered.find((one) => (one.method === method || one.method === '*') && one.left > 0)
      if (!found) return null
      found.left -= 1
      return found.fault
    },
    released: () => hanging,
    clear() {
      ordered.length = 0
      release()
      hanging = new Promise<void>((resolve) => (release = resolve))
    },
  }
}
