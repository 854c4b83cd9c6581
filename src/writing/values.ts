/** How each language says a time, a failure, a step: the values of a script, from the plain data that the rules gave. */
import { answerPromise } from '../domain/commitment.ts'
import type { Locale } from '../domain/customer.ts'
import type { Value } from '../domain/decision.ts'
import { daysAway } from '../domain/hours.ts'
import type { Facts } from '../domain/reading.ts'
import type { Scripts } from './scripts.ts'

export interface Setting {
  scripts: Scripts
  locale: Locale
  /** IANA zone in which times are said. */
  timezone: string
  now: number
}

/**
 * What hangs on it, as the scripts take it up: "I have guests on Saturday" gives "guests on Saturday". A clause that
 * would not stand there is left out: a plainer true sentence rather than a broken one.
 */
export function stakeOf(stake: string | null, locale: Locale): string | null {
  if (stake === null) return null
  const text = stake.trim().replace(/[.。!！,，;；]+$/u, '')
  if (locale !== 'en') return text.replace(/^(?:我們|我们|我)(?=\p{Script=Han})/u, '') || null
  const noun = text.replace(
    /^(?:and |but |because |as |since )?(?:(?:i|we)(?:'ve| have)(?: got)?|there(?:'s| is| are)|it(?:'s| is) for|(?:i |we )?need(?:ed)? (?:it|this|them) for)\s+/iu,
    '',
  )
  return /^(?:i|we|my|our|it|he|she|they|you|this|that)\b|'(?:m|re|ve|ll)\b/iu.test(noun) ||
    /\b(?:am|was|were|will|missed|had|cannot|can't|can)\b/iu.test(noun)
    ? null
    : noun
}

export function say(value: Value, setting: Setting): string | number | null {
  if (value === null || typeof value === 'number') return value
  if (typeof value === 'string') return value === answerPromise ? null : value
  if ('by' in value) return dueTime(value.by, setting)
  if ('at' in value) return piece('times', 'at', timeParts(value.at, setting), setting)
  if ('matter' in value) return restate(value.matter, setting)
  return piece('steps', value.step, {}, setting)
}

/** "today by 11:00", "on Monday by 10:00", "on 3 December by 10:00". */
function dueTime(at: number, setting: Setting): string {
  const away = daysAway(at, setting.now, setting.timezone)
  const heading = away === 0 ? 'today' : away === 1 ? 'tomorrow' : away > 1 && away < 7 ? 'weekday' : 'date'
  return piece('times', heading, timeParts(at, setting), setting)
}

function timeParts(at: number, { locale, timezone }: Setting) {
  const { time, weekday, date } = formats(locale, timezone)
  return { time: time.format(at), weekday: weekday.format(at), date: date.format(at) }
}

interface Formats {
  time: Intl.DateTimeFormat
  weekday: Intl.DateTimeFormat
  date: Intl.DateTimeFormat
}

// Making a DateTimeFormat takes far longer than using it.
const made = new Map<string, Formats>()

function formats(locale: Locale, timezone: string): Formats {
  const key = `${locale} ${timezone}`
  const known = made.get(key)
  if (known) return known
  const language = locale === 'en' ? 'en-GB' : locale
  const fresh = {
    time: new Intl.DateTimeFormat(language, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: timezone,
    }),
    weekday: new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: timezone }),
    date: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', timeZone: timezone }),
  }
  made.set(key, fresh)
  return fresh
}

/** What happened, said back as a clause; null when nothing certain is known of it (P35: never a guess). */
export function restate(facts: Facts, setting: Setting): string | null {
  if (facts.failure === null) return null
  const script = setting.scripts.get('restate', setting.locale)
  const variant = script.variants.find((known) => known.name === facts.failure)
  if (!variant) return null
  const { thing, times, since } = facts
  return setting.scripts.render(script, variant, { thing, times: times !== null && times > 1 ? times : null, since })
}

export function piece(
  name: string,
  heading: string,
  values: Record<string, unknown>,
  { scripts, locale }: Setting,
): string {
  const script = scripts.get(name, locale)
  const variant = script.variants.find((known) => known.name === heading)
  if (!variant) throw new Error(`prompts/scripts/${name}.${locale}.md has no heading “${heading}”`)
  return scripts.render(script, variant, values)
}
