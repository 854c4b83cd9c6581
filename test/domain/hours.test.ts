import { expect, test } from 'vitest'
import { holidaysIn } from '../../src/domain/holidays.ts'
import { daysAway, dueAt, type Hours, isOpen, iso, isZone, wakingAt } from '../../src/domain/hours.ts'

function holidays(country: string): (date: string) => boolean {
  const isHoliday = holidaysIn(country)
  if (isHoliday === null) throw new Error(`${country} is unknown`)
  return isHoliday
}

test.each(['XX', 'ZZ-BY', 'DE-XX', 'DE-BY-XX', 'tw', ''])('%j is no country: never one without holidays', (country) => {
  expect(holidaysIn(country)).toBeNull()
})

const weekdays = (from: string, to: string): Hours['week'] =>
  Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, [[from, to] as const]]))

function hoursIn(timezone: string, over: Partial<Hours> = {}): Hours {
  return { timezone, week: weekdays('09:00', '18:00'), closed: [], isHoliday: () => false, ...over }
}

const taipei = hoursIn('Asia/Taipei')
const berlin = hoursIn('Europe/Berlin')
const newYork = hoursIn('America/New_York')
const always = hoursIn('Europe/Berlin', { week: {} })
const round = hoursIn('Europe/Berlin', {
  week: Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, [['00:00', '24:00'] as const]])),
})
const nights = hoursIn('America/New_York', { week: { 6: [['20:00', '24:00']], 7: [['00:00', '06:00']] } })
const lunch = hoursIn('Asia/Taipei', {
  week: {
    5: [
      ['09:00', '12:00'],
      ['13:00', '18:00'],
    ],
  },
})

test.each<[string, Hours, string, boolean]>([
  ['the first minute', taipei, '2026-11-20T09:00:00+08:00', true],
  ['the last moment', taipei, '2026-11-20T17:59:59+08:00', true],
  ['the end is not in', taipei, '2026-11-20T18:00:00+08:00', false],
  ['before', taipei, '2026-11-20T08:59:59+08:00', false],
  ['Saturday', taipei, '2026-11-21T12:00:00+08:00', false],
  ['lunch', lunch, '2026-11-20T12:30:00+08:00', false],
  ['after lunch', lunch, '2026-11-20T13:00:00+08:00', true],
  ['always, at night', always, '2026-11-22T03:00:00+01:00', true],
  ['24:00 covers the last minute', round, '2026-11-20T23:59:59+01:00', true],
  ['24:00 on the night of the short day', nights, '2026-03-07T23:59:59-05:00', true],
  ['a closed day', { ...taipei, closed: ['2026-11-20'] }, '2026-11-20T10:00:00+08:00', false],
  ['a public holiday', { ...berlin, isHoliday: holidays('DE') }, '2026-12-25T10:00:00+01:00', false],
  ['the same day elsewhere', { ...berlin, isHoliday: holidays('TW') }, '2026-12-24T10:00:00+01:00', true],
  ['a holiday of one state alone', { ...berlin, isHoliday: holidays('DE-BY') }, '2026-01-06T10:00:00+01:00', false],
  ['that is none in the next', { ...berlin, isHoliday: holidays('DE-BE') }, '2026-01-06T10:00:00+01:00', true],
])('open: %s', (_, hours, at, open) => {
  expect(isOpen(Date.parse(at), hours)).toBe(open)
})

test.each<[string, Hours, string, number, string]>([
  ['within the day', taipei, '2026-11-20T09:00:00+08:00', 120, '2026-11-20T11:00:00+08:00'],
  ['exactly to the end', taipei, '2026-11-20T16:00:00+08:00', 120, '2026-11-20T18:00:00+08:00'],
  ['over the week-end', taipei, '2026-11-20T17:00:00+08:00', 120, '2026-11-23T10:00:00+08:00'],
  ['from Sunday', taipei, '2026-11-22T15:00:00+08:00', 30, '2026-11-23T09:30:00+08:00'],
  ['from before the opening', taipei, '2026-11-20T06:00:00+08:00', 30, '2026-11-20T09:30:00+08:00'],
  ['over lunch', lunch, '2026-11-20T11:30:00+08:00', 60, '2026-11-20T13:30:00+08:00'],
  ['over several days', taipei, '2026-11-16T09:00:00+08:00', 9 * 60 * 3 + 30, '2026-11-19T09:30:00+08:00'],
  [
    'over a closed day',
    { ...taipei, closed: ['2026-11-23'] },
    '2026-11-20T17:00:00+08:00',
    120,
    '2026-11-24T10:00:00+08:00',
  ],
  [
    'over Christmas',
    { ...berlin, isHoliday: holidays('DE') },
    '2026-12-24T17:30:00+01:00',
    60,
    '2026-12-28T09:30:00+01:00',
  ],
  [
    'Berlin, over the night when clocks go forward',
    berlin,
    '2026-03-27T17:00:00+01:00',
    120,
    '2026-03-30T10:00:00+02:00',
  ],
  ['Berlin, over the night when clocks go back', berlin, '2026-10-23T17:00:00+02:00', 120, '2026-10-26T10:00:00+01:00'],
  ['New York, forward', newYork, '2026-03-06T17:00:00-05:00', 120, '2026-03-09T10:00:00-04:00'],
  ['New York, back', newYork, '2026-10-30T17:00:00-04:00', 120, '2026-11-02T10:00:00-05:00'],
  [
    'open time on the short night is an hour less',
    round,
    '2026-03-29T01:00:00+01:00',
    120,
    '2026-03-29T04:00:00+02:00',
  ],
  [
    'New York, a span over 02:00 on the short night',
    nights,
    '2026-03-08T01:30:00-05:00',
    60,
    '2026-03-08T03:30:00-04:00',
  ],
  ['always', always, '2026-11-21T23:00:00+01:00', 120, '2026-11-22T01:00:00+01:00'],
  [
    'a desk that is never open counts plain time',
    hoursIn('UTC', { week: { 1: [] } }),
    '2026-11-20T09:00:00Z',
    60,
    '2026-11-20T10:00:00Z',
  ],
])('due: %s', (_, hours, from, minutes, due) => {
  expect(iso(dueAt(Date.parse(from), minutes, hours), hours.timezone)).toBe(iso(Date.parse(due), hours.timezone))
})

test.each<[string, string, string, string]>([
  ['by day: now', 'Asia/Taipei', '2026-11-20T10:00:00+08:00', '2026-11-20T10:00:00+08:00'],
  ['early: at waking', 'Asia/Taipei', '2026-11-20T05:00:00+08:00', '2026-11-20T09:00:00+08:00'],
  ['late: tomorrow', 'Asia/Taipei', '2026-11-20T21:00:00+08:00', '2026-11-21T09:00:00+08:00'],
  ['at bed-time: tomorrow', 'Asia/Taipei', '2026-11-20T20:00:00+08:00', '2026-11-21T09:00:00+08:00'],
  ['their day, not ours', 'America/New_York', '2026-11-20T10:00:00+08:00', '2026-11-20T09:00:00-05:00'],
  ['over the short night', 'Europe/Berlin', '2026-03-28T22:00:00+01:00', '2026-03-29T09:00:00+02:00'],
  ['over the long night', 'America/New_York', '2026-10-31T22:00:00-04:00', '2026-11-01T09:00:00-05:00'],
])('waking: %s', (_, timezone, from, at) => {
  expect(wakingAt(Date.parse(from), timezone, ['09:00', '20:00'])).toBe(Date.parse(at))
})

test.each<[string, string, string, number]>([
  ['2026-11-20T23:59:00+08:00', '2026-11-20T00:01:00+08:00', 'Asia/Taipei', 0],
  ['2026-11-21T00:01:00+08:00', '2026-11-20T23:59:00+08:00', 'Asia/Taipei', 1],
  ['2026-11-19T12:00:00+08:00', '2026-11-20T12:00:00+08:00', 'Asia/Taipei', -1],
  ['2026-11-20T23:30:00+08:00', '2026-11-20T00:30:00+08:00', 'Europe/Berlin', 1],
  ['2026-03-30T00:30:00+02:00', '2026-03-28T23:30:00+01:00', 'Europe/Berlin', 2],
  ['2027-01-02T00:00:00+08:00', '2026-12-31T00:00:00+08:00', 'Asia/Taipei', 2],
])('%s is, from %s, in %s, %i days away', (at, now, timezone, days) => {
  expect(daysAway(Date.parse(at), Date.parse(now), timezone)).toBe(days)
})

test('a far day is counted in days, not in months', () => {
  expect(daysAway(Date.parse('2027-02-20T12:00:00Z'), Date.parse('2026-11-20T12:00:00Z'), 'UTC')).toBe(92)
})

test.each([
  ['Asia/Taipei', '2026-11-20T09:00:00+08:00'],
  ['UTC', '2026-11-20T01:00:00+00:00'],
  ['America/New_York', '2026-11-19T20:00:00-05:00'],
])('written in %s: %s', (timezone, text) => {
  expect(iso(Date.parse('2026-11-20T01:00:00Z'), timezone)).toBe(text)
})

test.each([
  ['Asia/Taipei', true],
  ['UTC', true],
  ['+08:00', true],
  ['Mars/Base', false],
  ['', false],
  // Temporal takes the zone out of a time stamp, and every later Intl.DateTimeFormat would throw.
  ['2026-11-20T09:00:00+08:00', false],
])('%s as a zone: %s', (timezone, known) => {
  expect(isZone(timezone)).toBe(known)
})
