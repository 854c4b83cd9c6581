/** How each language says a time, a failure, a step: the values of a script, from the plain data that the rules gave. */
import { answerPromise } from '../domain/commitment.ts'
import type { Locale } from '../domain/customer.ts'
import type { Value } from '../domain/decision.ts'
import { daysAway } from '../domain/hours.ts'
import type { Calling } from '../domain/ladder.ts'
import { Malformed } from '../domain/malformed.ts'
import type { Moment } from '../domain/moments.ts'
import type { Facts } from '../domain/reading.ts'
import { remembered } from '../domain/remembered.ts'
import { isIn, mirror, type Unsaid } from './mirror.ts'
import type { Scripts } from './scripts.ts'

export interface Setting {
  scripts: Scripts
  locale: Locale
  /** IANA zone in which times are said. */
  timezone: string
  now: number
  /** Finds words of a customer's that are not said back. */
  unsaid: Unsaid
  /** Where it is said: what is said at once may say "yesterday", and what is said to an apology may be vague. */
  moment: Moment
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
  if ('tongue' in value) return notice(value.tongue, setting)
  if ('plain' in value) return value.names[setting.locale] ?? value.plain
  if ('matter' in value) return restate(value.matter, setting)
  if ('refusal' in value) {
    const { refusal, agent, number } = value
    return piece('refusals', refusal, { agent, number }, setting)
  }
  if ('office' in value) return piece('callings', value.office, reasonless, setting)
  if ('callings' in value) return joined(value.callings, setting)
  if ('topic' in value) return piece('topics', value.topic, {}, setting)
  return piece('steps', value.step, {}, setting)
}

const reasonless = { n: null, agent: null, remedy: null, amount: null }

function joined(callings: readonly Calling[], setting: Setting): string {
  const said = callings.map(({ why, ...given }) => piece('callings', why, { ...reasonless, ...given }, setting))
  return said.join(setting.locale === 'en' ? ', ' : '；')
}

/** That we do not read it, in the customer's own language where somebody wrote it down. */
function notice(tongue: string | null, setting: Setting): string | null {
  const { variants } = setting.scripts.get('tongues', 'en')
  return variants.some(({ name }) => name === tongue) && tongue !== null ? piece('tongues', tongue, {}, setting) : null
}

/** "today by 11:00", "on Monday by 10:00", "on 3 December by 10:00". */
function dueTime(at: number, setting: Setting): string {
  const away = daysAway(at, setting.now, setting.timezone)
  const heading = away === 0 ? 'today' : away === 1 ? 'tomorrow' : away > 1 && away < 7 ? 'weekday' : 'date'
  return piece('times', heading, timeParts(at, setting), setting)
}

function timeParts(at: number, { locale, timezone }: Setting) {
  const { time, weekday, date } = formatsOf(`${locale} ${timezone}`)
  return { time: time.format(at), weekday: weekday.format(at), date: date.format(at) }
}

interface Formats {
  time: Intl.DateTimeFormat
  weekday: Intl.DateTimeFormat
  date: Intl.DateTimeFormat
}

// Making a DateTimeFormat takes far longer than using it.
const formatsOf = remembered(500, (key): Formats => {
  const [locale, timeZone] = key.split(' ')
  const language = locale === 'en' ? 'en-GB' : locale
  return {
    time: new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }),
    weekday: new Intl.DateTimeFormat(language, { weekday: 'long', timeZone }),
    date: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', timeZone }),
  }
})

/**
 * What happened, said back as a clause; null when nothing certain is known of it (P35: never a guess). Their own passage
 * first, with the persons turned; what does not turn well has the plainer clause of its failure.
 */
export function restate(facts: Facts, setting: Setting): string | null {
  const said = mirrored(facts.told ?? null, setting)
  return said === null ? named(facts, setting) : placed(said, facts, setting)
}

/** A day that is told by today's is another day by the time of a check-back. */
const passing =
  /\b(?:today|tonight|yesterday|tomorrow|this (?:morning|afternoon|evening|week)|last (?:night|week)|ago|just now|now|so far|yet|still)\b|今[天早晚日]|昨[天晚日]|前天|明[天早晚]|剛[剛才]|刚[刚才]|現在|现在|目前|至今|上[個个]?[週周禮礼星]|還[沒在]|还[没在]/iu

/** The answer to what was just said, in its own turn: what the case is known for came earlier. */
function isFresh({ moment }: Setting): boolean {
  return moment.startsWith('complaint') && moment !== 'complaint.again'
}

function mirrored(told: string | null, setting: Setting): string | null {
  const { locale, unsaid } = setting
  if (told === null) return null
  const said = told.split('\n').flatMap((passage) => {
    if (!isFresh(setting) && passing.test(passage)) return []
    return mirror(passage, locale, unsaid) ?? []
  })
  // What "it" was is told in a sentence that is not said back: one that names its thing comes first.
  const [first, second] = said.toSorted((a, b) => Number(pronounFirst.test(a)) - Number(pronounFirst.test(b)))
  if (first === undefined) return null
  const both = locale !== 'en' && second !== undefined ? `${first}，${second}` : first
  return both.length <= togetherAtMost ? both : first
}

/** "The blender I bought … it never worked": by itself, "it" is nothing. */
function placed(said: string, { thing }: Facts, setting: Setting): string {
  const noun = setting.locale === 'en' && thing !== null ? own(thing, setting)?.toLowerCase() : undefined
  if (noun === undefined || noun.endsWith('s') || said.includes(noun)) return said
  return said.replace(
    /^it(?= (?:never|won't|doesn't|didn't|hasn't|isn't|came|arrived|broke|fell|stopped|keeps|kept|leaks|crashes|snapped)\b)/u,
    `the ${noun}`,
  )
}

const pronounFirst = /^(?:it|they|this|that|these|those|he|she)\b/iu
/** Two short Chinese clauses are one sentence; more is a retelling. */
const togetherAtMost = 24

function named({ failure, failing, times, since, told: passages }: Facts, setting: Setting): string | null {
  // A thing may be broken, wrong or missing; where it is not sure which one was, nothing is said of it.
  if (failure === null || (ofThings.has(failure) && failing === null)) return null
  const script = setting.scripts.get('restate', setting.locale)
  const variant = script.variants.find((known) => known.name === failure)
  if (!variant) return null
  return setting.scripts.render(script, variant, {
    thing: own(failing, setting),
    // "Charged twice" and "called three times" count something else than the failure.
    times: times !== null && times > 1 && (passages === null || nth.test(passages)) ? times : null,
    since:
      lasting.has(failure) && (isFresh(setting) || since === null || !passing.test(since)) ? own(since, setting) : null,
  })
}

/** What goes on since a day; a charge or a break has one, and the day may be another's. */
const lasting: ReadonlySet<string> = new Set(['late', 'silent', 'refund', 'unusable'])
const ofThings: ReadonlySet<string> = new Set(['broken', 'wrong', 'missing', 'quality', 'cancelled', 'lost'])
const nth = /第[二三四五六七八九十兩两\d]{1,3}次|\b(?:time|again)\b|又/iu

/** A customer's word as it may stand among ours: not one of the other script, and none that we do not repeat. */
function own(word: string | null, { locale, unsaid }: Setting): string | null {
  return word !== null && isIn(word, locale) && !unsaid(word) ? word : null
}

export function piece(
  name: string,
  heading: string,
  values: Record<string, unknown>,
  { scripts, locale }: Pick<Setting, 'scripts' | 'locale'>,
): string {
  const script = scripts.get(name, locale)
  const variant = script.variants.find((known) => known.name === heading)
  if (!variant) throw new Malformed(`prompts/scripts/${name}.${locale}.md has no heading “${heading}”`)
  return scripts.render(script, variant, values)
}
