/** The clocks: the machine's, with an offset that the playground may move forward, and one that is set by hand. */
import type { Clock, Keep } from './domain/ports.ts'

export interface MovableClock extends Clock {
  /** Milliseconds ahead of the machine's clock. */
  offset(): number
  /** Lets time pass; it never goes back. */
  advance(ms: number): Promise<void>
}

/** The machine's clock. The offset is kept, so that a playground does not fall back in time at a restart. */
export async function systemClock(keep: Keep): Promise<MovableClock> {
  let offset = Number((await keep.get('offset')) ?? 0)
  return {
    now: () => Date.now() + offset,
    offset: () => offset,
    async advance(ms) {
      const ahead = offset + Math.max(0, ms)
      await keep.set('offset', String(ahead))
      offset = ahead
    },
  }
}

export interface SetClock extends Clock {
  set(at: number): void
}

/** Virtual time, for stories and `replay`. */
export function setClock(at: number): SetClock {
  let now = at
  return {
    now: () => now,
    set(next) {
      now = Math.max(now, next)
    },
  }
}

const units = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** Ten years: further ahead there is nothing to see, and soon no date either. */
const longestSpan = 3652 * units.d

/** "2h", "90m", "3d", "1h30m" in milliseconds; null when it is no span of time. */
export function parseSpan(text: string): number | null {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)\s*(ms|min|s|m|h|d|w)/gu)]
  if (
    parts.length === 0 ||
    parts
      .map(([whole]) => whole)
      .join('')
      .replace(/\s/gu, '') !== text.replace(/\s/gu, '')
  )
    return null
  const span = parts.reduce((sum, [, n, unit]) => sum + Number(n) * (isUnit(unit) ? units[unit] : 0), 0)
  return span <= longestSpan ? span : null
}

function isUnit(unit: string | undefined): unit is keyof typeof units {
  return unit !== undefined && unit in units
}
