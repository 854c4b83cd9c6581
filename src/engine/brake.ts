/**
 * The loop breaker: two programs that answer each other would go on for ever (PLATFORMS, 16). Who writes faster than
 * people do, or the same again and again, is left aside until they are quiet. Counted in memory: what a restart forgets
 * is counted anew within a minute.
 */
const minuteMs = 60_000
/** The same text so many times in a row within a minute is no person's. */
const sameAtMost = 6
const authorsAtMost = 10_000
/** Who writes the same again writes it so from the beginning: a book need not be remembered. */
const rememberedOf = 200

export type Braking = 'none' | 'begins' | 'on'

export interface Brake {
  /** Counts a message. `begins` is said once in a loop: then somebody is told. */
  count(author: string, text: string, perMinute: number, now: number): Braking
}

interface Pace {
  since: number
  count: number
  text: string
  same: number
  braked: boolean
  lastAt: number
}

export function createBrake(): Brake {
  const paces = new Map<string, Pace>()
  return {
    count(author, text, perMinute, now) {
      const known = paces.get(author)
      const quiet = known === undefined || now - known.lastAt >= minuteMs
      const words = `${text.length} ${text.slice(0, rememberedOf)}`
      const pace: Pace = quiet
        ? { since: now, count: 0, text: words, same: 0, braked: false, lastAt: now }
        : known.braked || now - known.since < minuteMs
          ? known
          : { ...known, since: now, count: 0 }
      pace.lastAt = now
      pace.count += 1
      pace.same = pace.text === words ? pace.same + 1 : 1
      pace.text = words
      // The oldest go first: a Map keeps the order in which its keys were set.
      paces.delete(author)
      paces.set(author, pace)
      if (paces.size > authorsAtMost) paces.delete(paces.keys().next().value ?? '')
      if (pace.braked) return 'on'
      if (pace.count <= perMinute && pace.same <= sameAtMost) return 'none'
      pace.braked = true
      return 'begins'
    },
  }
}
