import { expect, test } from 'vitest'
import { type Commitment, isOpen, nextDue, type PromiseState, riskAt } from '../../src/domain/commitment.ts'
import type { Hours } from '../../src/domain/hours.ts'

const minute = 60_000

function promise(over: Partial<Commitment>): Commitment {
  return {
    n: 1,
    what: 'answer',
    due: 120 * minute,
    state: 'made',
    by: 'bot',
    madeAt: 0,
    renegotiated: 0,
    because: null,
    ...over,
  }
}

const always: Hours = { timezone: 'UTC', week: {}, closed: [], isHoliday: () => false }

test.each<[PromiseState, boolean]>([
  ['made', true],
  ['at risk', true],
  ['kept', false],
  ['broken', false],
  ['let go', false],
])('a promise that is %s is open: %s', (state, open) => {
  expect(isOpen(promise({ state }))).toBe(open)
})

test.each<[string, number, number, number]>([
  ['a share of the time', 0, 120, 90],
  ['from when it was made', 60, 180, 150],
  ['at least five minutes before a short end', 0, 10, 5],
  ['never before it was made', 0, 3, 0],
])('the desk is reminded: %s', (_, made, due, at) => {
  expect(riskAt({ madeAt: made * minute, due: due * minute }, 0.75, always)).toBe(at * minute)
})

test('the desk is not reminded at night of a promise for the next morning', () => {
  const hours: Hours = {
    timezone: 'UTC',
    week: { 5: [['09:00', '18:00']], 1: [['09:00', '18:00']] },
    closed: [],
    isHoliday: () => false,
  }
  const madeAt = Date.parse('2026-11-20T22:00:00Z')
  const due = Date.parse('2026-11-23T11:00:00Z')
  expect(riskAt({ madeAt, due }, 0.75, hours)).toBe(Date.parse('2026-11-23T10:30:00Z'))
})

test('the next due is the earliest that is still open', () => {
  const early = promise({ n: 1, due: 10, state: 'kept' })
  const late = promise({ n: 2, due: 30 })
  const next = promise({ n: 3, due: 20, state: 'at risk' })
  expect(nextDue([late, early, next])).toBe(next)
  expect(nextDue([early])).toBeNull()
})
