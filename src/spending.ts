/** What the model may cost a day, in tokens and in money: counted as it is spent, kept over a restart. */
import type { Clock, Keep } from './domain/ports.ts'

export interface Spending {
  /** Is there anything left today? */
  left(): boolean
  spent(tokensIn: number, tokensOut: number): void
  today(): { tokens: number; cost: number }
}

export interface Limits {
  /** Null for no limit. */
  tokensADay: number | null
  moneyADay: number | null
  /** Money for a million tokens, in whatever currency the limit is. */
  priceIn: number
  priceOut: number
}

interface Day {
  day: string
  tokens: number
  cost: number
}

/** Several processes keep one sum: what each adds is written this often, so they are never further apart than that. */
const keptEveryMs = 5_000

/**
 * Reads what was spent before. `usedUp` is told once a day. The day is that of `dayOf`, the desk's own.
 * With `keep` null nothing outlives the process.
 */
export async function openSpending(setting: {
  limits: Limits
  clock: Clock
  dayOf: (now: number) => string
  keep: Keep | null
  usedUp: (spent: { tokens: number; cost: number }) => void
}): Promise<Spending> {
  const { limits, clock, dayOf, keep, usedUp } = setting
  let known: Day = await read(keep, dayOf(clock.now()))
  let unkept = { tokens: 0, cost: 0 }
  let keeping = false
  let told = isOver(known)

  function turnOver(): void {
    const day = dayOf(clock.now())
    if (day === known.day) return
    known = { day, tokens: 0, cost: 0 }
    unkept = { tokens: 0, cost: 0 }
    told = false
  }

  function isOver({ tokens, cost }: Day): boolean {
    const { tokensADay, moneyADay } = limits
    return (tokensADay !== null && tokens >= tokensADay) || (moneyADay !== null && cost >= moneyADay)
  }

  async function write(): Promise<void> {
    keeping = false
    if (keep === null) return
    const added = unkept
    unkept = { tokens: 0, cost: 0 }
    const stored = await read(keep, known.day)
    // What other processes spent meanwhile counts here too.
    known = { day: known.day, tokens: stored.tokens + added.tokens, cost: stored.cost + added.cost }
    await keep.set(known.day, JSON.stringify({ tokens: known.tokens, cost: known.cost }))
    known = { ...known, tokens: known.tokens + unkept.tokens, cost: known.cost + unkept.cost }
  }

  return {
    left() {
      turnOver()
      return !isOver(known)
    },
    spent(tokensIn, tokensOut) {
      turnOver()
      const cost = (tokensIn * limits.priceIn + tokensOut * limits.priceOut) / 1_000_000
      const tokens = tokensIn + tokensOut
      known = { ...known, tokens: known.tokens + tokens, cost: known.cost + cost }
      unkept = { tokens: unkept.tokens + tokens, cost: unkept.cost + cost }
      // A sum that could not be kept only means that a restart begins the day anew.
      if (!keeping) setTimeout(() => void write().catch(() => undefined), keptEveryMs).unref()
      keeping = true
      if (told || !isOver(known)) return
      told = true
      usedUp({ tokens: known.tokens, cost: known.cost })
    },
    today() {
      turnOver()
      return { tokens: known.tokens, cost: known.cost }
    },
  }
}

async function read(keep: Keep | null, day: string): Promise<Day> {
  const stored = keep === null ? null : await keep.get(day)
  if (stored === null) return { day, tokens: 0, cost: 0 }
  const { tokens, cost }: { tokens: number; cost: number } = JSON.parse(stored)
  return { day, tokens, cost }
}
