/** How far a long command is: a line on standard error, only on a terminal and only once it has taken two seconds. */
const quietMs = 2_000
const everyMs = 200

export interface Progress {
  tell(text: string): void
  /** Takes the line away. */
  done(): void
}

export function createProgress(): Progress {
  const since = performance.now()
  let toldAt = 0
  return {
    tell(text) {
      const now = performance.now()
      if (!process.stderr.isTTY || now - since < quietMs || now - toldAt < everyMs) return
      toldAt = now
      process.stderr.write(`\r${text}\u001b[K`)
    },
    done() {
      if (toldAt > 0) process.stderr.write('\r\u001b[K')
      toldAt = 0
    },
  }
}

/** "backing up: 62 %" */
export function share(what: string, done: number, of: number): string {
  return `${what}: ${of === 0 ? 0 : Math.floor((100 * done) / of)} %`
}
