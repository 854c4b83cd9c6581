/**
 * Threads in which people have begun to talk to each other: there we keep out until somebody addresses us, or we have
 * spoken again. In memory: after a restart whoever spoke to us is taken to be speaking to us still.
 */
export interface Talk {
  /** Somebody said something there that was not for us. */
  aside(thread: string): void
  addressed(thread: string): void
  isAside(thread: string): boolean
}

const threadsAtMost = 10_000

export function createTalk(): Talk {
  const asides = new Set<string>()
  return {
    aside(thread) {
      if (asides.size > threadsAtMost) asides.clear()
      asides.add(thread)
    },
    addressed: (thread) => void asides.delete(thread),
    isAside: (thread) => asides.has(thread),
  }
}
