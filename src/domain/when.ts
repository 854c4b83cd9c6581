/** A time as people write it ("today 15:00", "in 2 hours", 明天下午三點), read against a moment and a zone. */
import { Temporal } from 'temporal-polyfill'

export type When = { at: number } | { fault: 'unread' | 'past' }

/** A day without a time means by the end of that working day. */
const endOfDay = '18:00'

/** What it means at this moment, in epoch milliseconds; why it cannot be taken, otherwise. */
export function parseWhen(text: string, now: number, timezone: string): When {
  const said = digits(text.normalize('NFKC').trim().toLowerCase())
  const at = said === '' ? null : (isoOf(said, timezone) ?? spanFrom(said, now) ?? dayAndTime(said, now, timezone))
  if (at === null) return { fault: 'unread' }
  return at > now ? { at } : { fault: 'past' }
}

function isoOf(said: string, timezone: string): number | null {
  const [, date, time, zone] =
    /^(\d{4}-\d{2}-\d{2})(?:[t ]+(\d{1,2}:\d{2}))?(?::\d{2})?\s*(z|[+-]\d{2}:\d{2})?$/u.exec(said) ?? []
  if (date === undefined) return null
  const iso = `${date}T${(time ?? endOfDay).padStart(5, '0')}:00`
  try {
    return zone === undefined
      ? Temporal.PlainDateTime.from(iso).toZonedDateTime(timezone).epochMilliseconds
      : Temporal.Instant.from(`${iso}${zone.toUpperCase()}`).epochMilliseconds
  } catch {
    return null
  }
}

const unitMs: readonly (readonly [RegExp, number])[] = [
  [/^(?:m|min|mins|minutes?|分鐘|分钟|分)$/u, 60_000],
  [/^(?:h|hrs?|hours?|個小時|个小时|小時|小时|鐘頭|钟头)$/u, 3_600_000],
  [/^(?:d|days?|天|日)$/u, 86_400_000],
  [/^(?:w|weeks?|週|周|個星期|个星期|星期|個禮拜|个礼拜)$/u, 7 * 86_400_000],
]

/** "in 2 hours", "90 min", 兩小時後, 半小時內. */
function spanFrom(said: string, now: number): number | null {
  const whole =
    /^(?:in|within|再過|再过|過|过)?\s*(.+?)\s*(?:from now|後|后|之後|之后|以後|以后|內|内|以內|以内)?$/u.exec(
      said,
    )?.[1] ?? ''
  const pieces = [...whole.matchAll(/(\d+(?:\.\d+)?|half an?|an?|半個?|半个?)\s*([a-z]+|[^\d\sa-z半]+)\s*/gu)]
  if (pieces.length === 0 || pieces.map(([piece]) => piece).join('') !== whole) return null
  let ms = 0
  for (const [, count = '', unit = ''] of pieces) {
    const n = /^(?:half|半)/u.test(count) ? 0.5 : /^an?$/u.test(count) ? 1 : Number(count)
    const known = unitMs.find(([name]) => name.test(unit.replace(/^(?:個|个)?半?(?=.)/u, '')) || name.test(unit))
    if (!known) return null
    ms += n * known[1]
  }
  return now + ms
}

type ZonedTime = Temporal.ZonedDateTime

function dayAndTime(said: string, now: number, timezone: string): number | null {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone)
  const words = said.replace(/\b(?:by|at|on|before|until|till|around)\b|之前|以前|[,，、]/gu, ' ').trim()
  const day = dayIn(words, today)
  const rest = (day?.rest ?? words).replace(/前$/u, '').trim()
  const time = rest === '' && day !== null ? endOfDay : timeIn(rest)
  if (time === null) return null
  try {
    return (day?.date ?? today).withPlainTime(time).epochMilliseconds
  } catch {
    return null
  }
}

const weekdays: readonly RegExp[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map(
  (name, i) =>
    new RegExp(`\\b(next )?${name}[a-z]*\\b|(下)?(?:星期|禮拜|礼拜|週|周)(?:${i === 6 ? '[日天7]' : i + 1})`, 'u'),
)
const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const dayWords: readonly (readonly [RegExp, number])[] = [
  [/\bthe day after tomorrow\b|\bday after tomorrow\b|大後天|大后天/u, 2],
  [/後天|后天/u, 2],
  [/\btomorrow\b|\btmrw?\b|明天|明日|明兒|明儿/u, 1],
  [/\btoday\b|\btonight\b|今天|今日|今晚/u, 0],
]

/** The day that is named, and what else is said. */
function dayIn(words: string, today: ZonedTime): { date: ZonedTime; rest: string } | null {
  for (const [name, days] of dayWords) {
    const [found] = name.exec(words) ?? []
    if (found === undefined) continue
    // The evening of "tonight" is said of its hour.
    const evening = /tonight/u.test(found) ? ' pm' : found === '今晚' ? '晚上' : ''
    const later = /^大/u.test(found) ? 1 : 0
    return { date: today.add({ days: days + later }), rest: `${evening.trim()}${words.replace(found, '')}`.trim() }
  }
  for (const [i, name] of weekdays.entries()) {
    const [found, next, nextHan] = name.exec(words) ?? []
    if (found === undefined) continue
    const ahead = (i + 1 - today.dayOfWeek + 7) % 7
    // In Chinese weeks begin on Monday, and 下週 is the week after this one; in English "next Friday" is the coming one.
    const days = nextHan ? i + 1 - today.dayOfWeek + 7 : ahead === 0 || next ? ahead || 7 : ahead
    return { date: today.add({ days }), rest: words.replace(found, '').trim() }
  }
  return dateIn(words, today)
}

function dateIn(words: string, today: ZonedTime): { date: ZonedTime; rest: string } | null {
  const named = new RegExp(
    `\\b(\\d{1,2})(?:st|nd|rd|th)? (${months.join('|')})[a-z]*\\b|\\b(${months.join('|')})[a-z]* (\\d{1,2})(?:st|nd|rd|th)?\\b`,
    'u',
  ).exec(words)
  const plain = named ? null : /(\d{1,2})\s*(?:月|\/)\s*(\d{1,2})\s*[日號号]?/u.exec(words)
  const found = named ?? plain
  if (!found) return null
  const month = named ? months.indexOf(named[2] ?? named[3] ?? '') + 1 : Number(plain?.[1])
  const dayOfMonth = Number(named ? (named[1] ?? named[4]) : plain?.[2])
  try {
    const date = today.with({ month, day: dayOfMonth }, { overflow: 'reject' })
    const isPast = Temporal.PlainDate.compare(date.toPlainDate(), today.toPlainDate()) < 0
    return { date: isPast ? date.add({ years: 1 }) : date, rest: words.replace(found[0], '').trim() }
  } catch {
    return null
  }
}

/** "15:00", "3 pm", "noon", 下午三點半. */
function timeIn(rest: string): string | null {
  if (/^(?:noon|midday|中午|正午)$/u.test(rest)) return '12:00'
  if (/^midnight$/u.test(rest)) return null
  const [whole, before = '', hours, minutes, points, after = ''] =
    /^(am|pm|上午|早上|清晨|凌晨|中午|下午|傍晚|晚上)?\s*(\d{1,2})(?:[:.](\d{2})|\s*[點点時时](半|\d{1,2}分?|[一三]刻|整)?)?\s*(am|pm|a\.m\.|p\.m\.|o'clock)?$/u.exec(
      rest,
    ) ?? []
  if (whole === undefined || hours === undefined) return null
  const half = /^(?:pm|p\.m\.|下午|傍晚|晚上)$/u
  const isAfternoon = half.test(before) || half.test(after) || (before === '中午' && Number(hours) < 3)
  const isBare = before === '' && after === '' && minutes === undefined && !/[點点時时]/u.test(rest)
  // "3" alone may be anything.
  if (isBare && Number(hours) < 13) return null
  const morning = /^(?:am|a\.m\.|上午|早上|清晨|凌晨)$/u.test(before || after)
  const hour =
    isAfternoon && Number(hours) < 12 ? Number(hours) + 12 : morning && Number(hours) === 12 ? 0 : Number(hours)
  const minute = minutes ?? minuteOf(points)
  if (hour > 23 || Number(minute) > 59) return null
  return `${String(hour).padStart(2, '0')}:${minute.padStart(2, '0')}`
}

function minuteOf(points: string | undefined): string {
  if (points === undefined || points === '整') return '00'
  if (points === '半') return '30'
  if (points.endsWith('刻')) return points.startsWith('三') ? '45' : '15'
  return points.replace(/\D/gu, '')
}

const han = '零一二三四五六七八九'

/** Chinese numbers up to 99 as digits; 兩 and 两 count things. */
function digits(text: string): string {
  const numbered = text.replace(/[兩两]/gu, '二')
  return numbered
    .replace(/((?<![週周期拜])[一二三四五六七八九])?十([一二三四五六七八九])?/gu, (_, tens?: string, ones?: string) =>
      String((tens ? han.indexOf(tens) : 1) * 10 + (ones ? han.indexOf(ones) : 0)),
    )
    .replace(/[零一二三四五六七八九](?!刻)/gu, (one) => String(han.indexOf(one)))
}
