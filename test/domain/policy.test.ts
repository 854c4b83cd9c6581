import { expect, test } from 'vitest'
import { answerMinutes, hoursOf, policySchema, rankOf } from '../../src/domain/policy.ts'
import { mayOffer } from '../../src/domain/remedies.ts'
import { policyOf } from './world.ts'

test('an empty policy is a whole one', () => {
  expect(policySchema.parse({})).toMatchObject({
    organisation: null,
    hours: 'always',
    wakingHours: ['09:00', '20:00'],
    clocks: { answerMinutes: 120, graveMinutes: 30 },
    promises: { remindAfterShare: 0.75, silenceHours: 20 },
    followups: { afterHours: 24, againAfterHours: 72, atMost: 2 },
    people: { leads: [], managers: [], admins: [] },
    retentionDays: null,
  })
})

test.each<[string, Record<string, unknown>, string]>([
  ['a zone that is none', { timezone: 'Taipei' }, 'timezone'],
  ['a day that is none', { hours: { someday: [['09:00', '18:00']] } }, 'hours'],
  ['a time that is none', { wakingHours: ['9', '20:00'] }, 'wakingHours.0'],
  ['an hour past midnight', { wakingHours: ['09:00', '25:00'] }, 'wakingHours.1'],
  ['an unknown field', { clocks: { answerMinuts: 5 } }, 'clocks'],
  ['no time at all', { clocks: { answerMinutes: 0 } }, 'clocks.answerMinutes'],
  ['a closed day that is no date', { closed: ['Christmas'] }, 'closed.0'],
  ['a rank that is none', { remedies: [{ name: 'refund', by: 'anyone' }] }, 'remedies.0.by'],
  ['too many check-backs', { followups: { atMost: 9 } }, 'followups.atMost'],
  ['a support channel that is none', { support: ['#help'] }, 'support.0'],
  ['a language without scripts', { desk: { language: 'fr' } }, 'desk.language'],
])('refused, naming the field: %s', (_, policy, field) => {
  const issues = policySchema.safeParse(policy).error?.issues ?? []
  expect(issues.map((issue) => issue.path.join('.'))).toContain(field)
})

test('hours by name become hours by number, with the fallback zone where none is named', () => {
  const policy = policySchema.parse({
    hours: { mon: [['09:00', '12:00']], sun: [] },
    closed: ['2026-12-24'],
    holidays: 'TW',
  })
  const isHoliday = () => false
  expect(hoursOf(policy, 'Europe/Berlin', isHoliday)).toEqual({
    timezone: 'Europe/Berlin',
    week: { 1: [['09:00', '12:00']], 7: [] },
    closed: ['2026-12-24'],
    isHoliday,
  })
  expect(hoursOf(policySchema.parse({ timezone: 'Asia/Tokyo' }), 'UTC')).toMatchObject({
    timezone: 'Asia/Tokyo',
    week: {},
  })
})

test.each<[number, string | null, number]>([
  [0, null, 120],
  [2, null, 120],
  [3, null, 30],
  [0, 'vip', 60],
  [3, 'vip', 30],
  [3, 'express', 10],
  [0, 'unknown', 120],
])('severity %i, tier %s: a person answers within %i minutes', (severity, tier, minutes) => {
  const policy = policyOf({ tiers: { vip: { answerMinutes: 60 }, express: { answerMinutes: 10 } } })
  expect(answerMinutes(policy, severity, tier)).toBe(minutes)
})

const people = policyOf({
  people: { leads: ['slack:T1:U1', 'mia'], managers: ['slack:T1:U2'], admins: ['slack:T1:U3'] },
})

test.each([
  ['slack:T1:U1', 'lead'],
  ['web:-:mia', 'lead'],
  ['mia', 'lead'],
  ['slack:T1:U2', 'manager'],
  ['slack:T1:U3', 'manager'],
  ['slack:T1:U9', 'agent'],
  ['slack:T1:mia', 'agent'],
])('%s is a %s', (person, rank) => {
  expect(rankOf(people, person)).toBe(rank)
})

const remedies = policyOf({
  people: { leads: ['lea'], managers: ['max'] },
  remedies: [
    { name: 'refund', also: ['money back', '退款'], upTo: 100, by: 'agent' },
    { name: 'waiver', upTo: 500, by: 'lead' },
  ],
})

test.each<[string, string, string | null, boolean]>([
  ['kim', 'refund', '100', true],
  ['kim', 'Refund', '$99.50', true],
  ['kim', 'refund', '101', false],
  ['kim', 'waiver', '1', false],
  ['lea', 'waiver', '500', true],
  ['lea', 'waiver', '501', false],
  ['max', 'waiver', '5000', true],
  ['kim', 'flowers', '50', true],
  ['kim', 'flowers', '51', false],
  ['lea', 'flowers', '900', true],
  ['kim', 'an apology', null, false],
  ['lea', 'an apology', null, true],
  ['kim', 'flowers', '0', false],
  ['kim', 'a full money back', '99', true],
  ['kim', 'money backwards', null, false],
  ['kim', '退款給您', '100', true],
  ['kim', 'refund', '1,200', false],
  ['kim', 'refund', 'NT$ 1,200.50', false],
  ['kim', 'refund', '99,50 €', true],
  ['kim', 'refund', '1200', false],
  ['kim', 'refund', '１２００', false],
  ['kim', 'refund', '5萬', false],
  ['kim', 'refund', '0.5k', false],
  ['kim', 'refund', 'all of it', false],
  ['kim', 'refund', '50 or 500', false],
  ['max', 'refund', 'all of it', true],
])('%s offers %s of %s: %s', (person, remedy, amount, may) => {
  expect(mayOffer(remedies, `web:-:${person}`, remedy, amount)).toBe(may)
})
