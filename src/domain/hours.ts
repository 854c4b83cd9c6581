/** Time zones, business hours and waking hours. Times are epoch milliseconds; the rules are reckoned in a named zone. */
import Holidays from 'date-holidays'
import { Temporal } from 'temporal-polyfill'

export interface Hours {
  /** IANA zone of the desk. */
  timezone: string
  /** Weekday 1 (Monday) – 7 to spans of `HH:MM`, end not included; a day without an entry is closed. Empty: always open. */
  week: Readonly<Record<number, readonly (readonly [string, string])[]>>
  /** `YYYY-MM-DD` closed besides. */
  closed: readonly string[]
  /** A country code of date-holidays ("TW", "US-ny"), or null. */
  country: string | null
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
  return spansOf(zoned(at, hours.timezone).toPlainDate(), hours).some(([from, to]) => at >= from && at < to)
}

/** The moment when `minutes` of open time have passed after `from` (P10, P14). A desk that never opens counts plain time. */
export function dueAt(from: number, minutes: number, hours: Hours): number {
  const plain = from + minutes * minute
  if (alwaysOpen(hours)) return plain
  let left = minutes * minute
  let date = zoned(from, hours.timezone).toPlainDate()
  for (let days = 0; days < furthestDays; days += 1) {
    for (const [opens, closes] of spansOf(date, hours)) {
      if (closes <= from) continue
      const start = Math.max(opens, from)
      if (closes - start >= left) return start + left
      left -= closes - start
    }
    date = date.add({ days: 1 })
  }
  return plain
}

/** How much of the time from one moment to another the desk is open, in milliseconds. */
export function openMs(from: number, to: number, hours: Hours): number {
  if (alwaysOpen(hours)) return to - from
  let sum = 0
  let date = zoned(from, hours.timezone).toPlainDate()
  for (let days = 0; days < furthestDays; days += 1) {
    const spans = spansOf(date, hours)
    if (moment(date, '00:00', hours.timezone) >= to) break
    for (const [opens, closes] of spans) sum += Math.max(0, Math.min(closes, to) - Math.max(opens, from))
    date = date.add({ days: 1 })
  }
  return sum
}

/** The first moment at or after `from` within the customer's waking hours, `HH:MM` to `HH:MM` in their zone (P18). */
export function wakingAt(from: number, timezone: string, [wakes, sleeps]: readonly [string, string]): number {
  const local = zoned(from, timezone)
  const date = local.toPlainDate()
  const opens = moment(date, wakes, timezone)
  if (from < opens) return opens
  if (from < moment(date, sleeps, timezone)) return from
  return moment(date.add({ days: 1 }), wakes, timezone)
}

/** How far away the day of `at` is from the day of `now` in a zone: 0 today, 1 tomorrow, -1 yesterday. */
export function daysAway(at: number, now: number, timezone: string): number {
  return zoned(now, timezone).toPlainDate().until(zoned(at, timezone).toPlainDate()).days
}

/** ISO 8601 with the zone's offset: `2026-11-20T09:00:00+08:00`. */
export function iso(at: number, timezone: string): string {
  return zoned(at, timezone).toString({ timeZoneName: 'never', smallestUnit: 'second' })
}

function alwaysOpen(hours: Hours): boolean {
  return Object.keys(hours.week).length === 0
}

function spansOf(date: Temporal.PlainDate, hours: Hours): [number, number][] {
  if (hours.closed.includes(date.toString()) || isHoliday(date, hours.country)) return []
  const spans = hours.week[date.dayOfWeek] ?? []
  return spans.map(([from, to]) => [moment(date, from, hours.timezone), moment(date, to, hours.timezone)])
}

function moment(date: Temporal.PlainDate, time: string, timezone: string): number {
  const midnight = time === '24:00'
  const day = midnight ? date.add({ days: 1 }) : date
  return day.toZonedDateTime({ timeZone: timezone, plainTime: midnight ? '00:00' : time }).epochMilliseconds
}

function zoned(at: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone)
}

// A country's calendar takes some milliseconds to build; a desk asks for the same year again and again.
const calendars = new Map<string, Set<string>>()

function isHoliday(date: Temporal.PlainDate, country: string | null): boolean {
  if (country === null) return false
  const key = `${country} ${date.year}`
  const known = calendars.get(key)
  const days = known ?? new Set(holidaysOf(country, date.year))
  if (!known) calendars.set(key, days)
  return days.has(date.toString())
}

function holidaysOf(country: string, year: number): string[] {
  const [land = '', state, region] = country.split('-')
  const calendar = state ? (region ? new Holidays(land, state, region) : new Holidays(land, state)) : new Holidays(land)
  return calendar
    .getHolidays(year)
    .filter((holiday) => holiday.type === 'public')
    .map((holiday) => holiday.date.slice(0, 10))
}
