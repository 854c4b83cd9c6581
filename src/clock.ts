/** The clocks: the machine's, with an offset that the playground may move forward, and one that is set by hand. */
import type { Clock, Keep } from './domain/ports.ts'

/** Time never goes back: one that is set to an earlier moment stays where it is. */
export interface MovableClock extends Clock {
  set(at: number): Promise<void>
  /** Milliseconds ahead of the machine's clock. */
  offset(): number
  /** Goes along with whoever moved it in another process. */
  follow(): Promise<void>
}

/** The machine's clock. The offset is kept, so that a playground does not fall back in time at a restart. */
export async function systemClock(keep: Keep): Promise<MovableClock> {
  let offset = 0
  const follow = async () => {
    offset = Math.max(offset, Number((await keep.get('offset')) ?? 0))
  }
  await follow()
  return {
    now: () => Date.now() + offset,
    offset: () => offset,
    follow,
    async set(at) {
      const ahead = at - Date.now()
      if (ahead <= offset) return
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

/** What happens as time passes, as the engine tells it. */
export interface Due {
  /** When something is due next, later than `after`. */
  nextAt(after: number): Promise<number | null>
  /** Does what is due by now. */
  settle(): Promise<void>
}

/** Lets time pass until `to`: what falls due on the way happens at its own time, in order. */
export async function letPass(
  clock: Clock & { set(at: number): void | Promise<void> },
  due: Due,
  to: number,
): Promise<void> {
  for (;;) {
    await due.settle()
    const next = await due.nextAt(clock.now())
    if (next === null || next > to) break
    await clock.set(next)
  }
  await clock.set(to)
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
