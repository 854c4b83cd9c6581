/** Time zones, business hours and waking hours. Times are epoch milliseconds; the rules are reckoned in a named zone. */
import { Temporal } from 'temporal-polyfill'
import { remembered } from './remembered.ts'

export interface Hours {
  /** IANA zone of the desk. */
  timezone: string
  /** Weekday 1 (Monday) – 7 to spans of `HH:MM`, end not included; a day without an entry is closed. Empty: always open. */
  week: Readonly<Record<number, readonly (readonly [string, string])[]>>
  /** `YYYY-MM-DD` closed besides. */
  closed: readonly string[]
  /** Is a day, `YYYY-MM-DD`, a public holiday here? (holidays.ts) */
  isHoliday(date: string): boolean
}

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** A year is the furthest that anything here looks ahead. */
const furthestDays = 370

/** One that both reckon with: Temporal also takes a whole time stamp for its zone, Intl also a minus sign. */
export function isZone(timezone: string): boolean {
  try {
    zoned(0, timezone)
    Intl.DateTimeFormat('en', { timeZone: timezone })
    return true
  } catch {
    return false
  }
}

/** Is the desk open at this moment? */
export function isOpen(at: number, hours: Hours): boolean {
  if (alwaysOpen(hours)) return true
  return spansOf(dateOf(at, hours.timezone), hours).some(([from, to]) => at >= from && at < to)
}

/** The moment when `minutes` of open time have passed after `from` (P10, P14). A desk that never opens counts plain time. */
export function dueAt(from: number, minutes: number, hours: Hours): number {
  const plain = from + minutes * minute
  if (alwaysOpen(hours)) return plain
  let left = minutes * minute
  const first = dateOf(from, hours.timezone)
  for (let date = first; date < first + furthestDays; date += 1)
    for (const [opens, closes] of spansOf(date, hours)) {
      if (closes <= from) continue
      const start = Math.max(opens, from)
      if (closes - start >= left) return start + left
      left -= closes - start
    }
  return plain
}

/** How much of the time from one moment to another the desk is open, in milliseconds. */
export function openMs(from: number, to: number, hours: Hours): number {
  if (alwaysOpen(hours)) return to - from
  const last = Math.min(dateOf(to, hours.timezone), dateOf(from, hours.timezone) + furthestDays)
  let sum = 0
  for (let date = dateOf(from, hours.timezone); date <= last; date += 1)
    for (const [opens, closes] of spansOf(date, hours)) sum += Math.max(0, Math.min(closes, to) - Math.max(opens, from))
  return sum
}

/** The first moment at or after `from` within the customer's waking hours, `HH:MM` to `HH:MM` in their zone (P18). */
export function wakingAt(from: number, timezone: string, [wakes, sleeps]: readonly [string, string]): number {
  const date = dateOf(from, timezone)
  const opens = moment(date, wakes, timezone)
  if (from < opens) return opens
  return from < moment(date, sleeps, timezone) ? from : moment(date + 1, wakes, timezone)
}

/** How far away the day of `at` is from the day of `now` in a zone: 0 today, 1 tomorrow, -1 yesterday. */
export function daysAway(at: number, now: number, timezone: string): number {
  return dateOf(at, timezone) - dateOf(now, timezone)
}

/** ISO 8601 with the zone's offset: `2026-11-20T09:00:00+08:00`; to the millisecond where an order hangs on it. */
export function iso(at: number, timezone: string, smallestUnit: 'second' | 'millisecond' = 'second'): string {
  return zoned(at, timezone).toString({ timeZoneName: 'never', smallestUnit })
}

function alwaysOpen(hours: Hours): boolean {
  for (const _ in hours.week) return false
  return true
}

/** A calendar day as a number: days since 1970-01-01, so that the next day is one more. */
type DateNumber = number

function dateOf(at: number, timezone: string): DateNumber {
  return Date.parse(dateFormat(timezone).format(at)) / day
}

const dateFormat = remembered(
  500,
  (timeZone) => new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }),
)

function textOf(date: DateNumber): string {
  return new Date(date * day).toISOString().slice(0, 10)
}

function spansOf(date: DateNumber, hours: Hours): [number, number][] {
  // 1970-01-01 was a Thursday, the fourth day.
  const spans = hours.week[((date + 3) % 7) + 1]
  if (!spans || hours.closed.includes(textOf(date)) || hours.isHoliday(textOf(date))) return []
  return spans.map(([from, to]) => [moment(date, from, hours.timezone), moment(date, to, hours.timezone)])
}

function moment(date: DateNumber, time: string, timezone: string): number {
  return momentOf(`${date} ${time} ${timezone}`)
}

// The beginning and the end of today are asked for with every message; a zone's rules take Temporal a while.
const momentOf = remembered(10_000, (key) => {
  const [date = '', time, timeZone = ''] = key.split(' ')
  const midnight = time === '24:00'
  const plainDate = Temporal.PlainDate.from(textOf(Number(date) + (midnight ? 1 : 0)))
  return plainDate.toZonedDateTime({ timeZone, plainTime: midnight ? '00:00' : (time ?? '') }).epochMilliseconds
})

function zoned(at: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone)
}
