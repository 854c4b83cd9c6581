import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openSpending } from '../../src/spending.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const day = 86_400_000

function kept() {
  const rows = new Map<string, string>()
  return {
    get: async (key: string) => rows.get(key) ?? null,
    set: async (key: string, value: string) => void rows.set(key, value),
    delete: async (key: string) => void rows.delete(key),
  }
}

function setting(over: object = {}) {
  let now = 0
  const told: number[] = []
  return {
    limits: { tokensADay: 100, moneyADay: null, priceIn: 1, priceOut: 2 },
    clock: { now: () => now },
    dayOf: (at: number) => `day ${Math.floor(at / day)}`,
    keep: kept(),
    usedUp: ({ tokens }: { tokens: number }) => void told.push(tokens),
    told,
    pass: (ms: number) => {
      now += ms
    },
    ...over,
  }
}

test('what is used up is told once, and the next day begins anew', async () => {
  const set = setting()
  const spending = await openSpending(set)
  spending.spent(60, 0)
  expect(spending.left()).toBe(true)
  spending.spent(30, 30)
  spending.spent(1, 0)
  expect(spending.left()).toBe(false)
  expect(set.told).toEqual([120])
  set.pass(day)
  expect(spending.left()).toBe(true)
  expect(spending.today()).toEqual({ tokens: 0, cost: 0 })
})

test('a restart goes on from what was spent, and does not tell it again', async () => {
  const set = setting()
  const spending = await openSpending(set)
  spending.spent(150, 0)
  await vi.advanceTimersByTimeAsync(6_000)
  const after = await openSpending(set)
  expect(after.left()).toBe(false)
  expect(after.today().tokens).toBe(150)
  expect(set.told).toEqual([150])
})

test('two processes keep one sum', async () => {
  const set = setting()
  const one = await openSpending(set)
  const other = await openSpending(set)
  one.spent(60, 0)
  await vi.advanceTimersByTimeAsync(6_000)
  other.spent(60, 0)
  await vi.advanceTimersByTimeAsync(6_000)
  expect(other.left()).toBe(false)
  expect((await openSpending(set)).today().tokens).toBe(120)
})
