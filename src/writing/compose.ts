/** The parts of a message become one text: a variant for each, never one that this customer has read before (P8). */
import type { Locale } from '../domain/customer.ts'
import { type Part, questionsApart, type Value } from '../domain/decision.ts'
import type { Button } from '../domain/message.ts'
import { type ChannelLine, moments, pieces } from '../domain/moments.ts'
import type { Facts } from '../domain/reading.ts'
import type { Unsaid } from './mirror.ts'
import { ideaOf, quotable } from './questions.ts'
import type { Script, Scripts, Variant } from './scripts.ts'
import { piece, type Setting, say, stakeOf } from './values.ts'

/** Script → numbers of the variants already said to this customer. */
export type Used = Readonly<Record<string, readonly number[]>>

export interface Written {
  text: string
  /** `moment@version:variant`, one for each part, joined by `+`. */
  script: string
  used: Used
}

export interface Writer {
  /** Writes one message. `to` seeds the choice of variants: the same customer hears the same words in a rerun. */
  write(parts: readonly Part[], to: { id: string; used: Used }, setting: WriterSetting): Written
  buttons(ids: readonly string[], locale: Locale): Button[]
  /** A word of a form, of the home page or of a card. Of the values that its script knows, what is not given is unknown. */
  piece<N extends 'forms' | 'home' | 'card'>(
    name: N,
    heading: (typeof pieces)[N][number],
    values: Readonly<Record<string, Value>>,
    setting: WriterSetting,
  ): string
  /** A line that a channel says for itself. */
  line(line: ChannelLine, values: Readonly<Record<string, string | number>>, locale: Locale): string
}

export type WriterSetting = Omit<Setting, 'scripts' | 'unsaid' | 'moment'>

/** `unsaid` finds words that are not said back to a customer who wrote them; by default, there are none. */
export function createWriter(scripts: Scripts, unsaid: Unsaid = () => false): Writer {
  return {
    write: (parts, to, setting) => write(parts, to, { ...setting, scripts, unsaid }),
    buttons: (ids, locale) => ids.map((id) => ({ id, label: labelOf(id, scripts, locale) })),
    piece(name, heading, values, setting) {
      const whole: Setting = { ...setting, scripts, unsaid, moment: 'status' }
      const known = scripts
        .get(name, setting.locale)
        .variables.map((variable): [string, unknown] => [variable, say(values[variable] ?? null, whole)])
      return piece(name, heading, Object.fromEntries(known), whole)
    },
    line: (line, values, locale) =>
      piece('channel', line, { name: null, seconds: null, ...values }, { scripts, locale }),
  }
}

/** Paragraphs of a message, in their order: who is speaking, the matter, the answers, what comes next. */
const paragraphs: readonly { of: (moment: string) => boolean; apart: boolean }[] = [
  { of: (moment) => moment === 'hello', apart: true },
  { of: (moment) => moment.startsWith('complaint') || moment.startsWith('ask.'), apart: false },
  { of: (moment) => moment.startsWith('inquiry'), apart: true },
  // A question of ours stands last, and what is beside it before.
  { of: (moment) => moment.startsWith('suggestion') || moment.startsWith('praise'), apart: false },
  { of: (moment) => !moment.startsWith('promise'), apart: false },
  { of: () => true, apart: false },
]

/** How long the first answer to a complaint may be (issue 6): English words, Chinese characters. */
export const lengthAtMost: Readonly<Record<Locale, number>> = { en: 60, 'zh-TW': 110, 'zh-CN': 110 }

export function lengthOf(text: string, locale: Locale): number {
  return locale === 'en'
    ? text.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length
    : text.replace(/\s/gu, '').length
}

/** Who is upset reads no letters: where all that was told makes it too long, less of it is said back. */
function write(given: readonly Part[], to: { id: string; used: Used }, setting: Omit<Setting, 'moment'>): Written {
  const parts = given.filter(
    ({ moment }) => moment !== 'ask.happened' || !given.some((part) => isToldIn(part, setting)),
  )
  const whole = compose(parts, to, setting)
  const isComplaint = parts.some(({ moment }) => moment.startsWith('complaint') && moment !== 'complaint.more')
  if (!isComplaint || parts.some(({ moment }) => moment.startsWith('inquiry'))) return whole
  const atMost = lengthAtMost[setting.locale]
  if (lengthOf(whole.text, setting.locale) <= atMost) return whole
  // What they told matters more than what we would like to know.
  const told = parts.filter(({ moment }) => moment !== 'ask.order' && moment !== 'ask.wish')
  const withoutAsking = compose(told, to, setting)
  if (lengthOf(withoutAsking.text, setting.locale) <= atMost) return withoutAsking
  const shorter = [
    (part: Part) => changed(part, { wish: null }),
    (part: Part) => without(changed(part, { wish: null }), 'stake'),
  ]
  for (const less of shorter) {
    const written = compose(told.map(less), to, setting)
    if (lengthOf(written.text, setting.locale) <= atMost) return written
  }
  return compose(
    told.map((part) => without(changed(part, { wish: null, told: null }), 'stake')),
    to,
    setting,
  )
}

/** Is it said back what happened? Who has just told it is not asked for it in the same breath. */
function isToldIn({ moment, values }: Part, setting: Omit<Setting, 'moment'>): boolean {
  return moment.startsWith('complaint') && say(values.matter ?? null, { ...setting, moment }) !== null
}

function without({ moment, values }: Part, name: string): Part {
  return { moment, values: name in values ? { ...values, [name]: null } : values }
}

function changed({ moment, values }: Part, less: Partial<Facts>): Part {
  const { matter } = values
  if (typeof matter !== 'object' || matter === null || !('matter' in matter)) return { moment, values }
  return { moment, values: { ...values, matter: { matter: { ...matter.matter, ...less } } } }
}

function compose(parts: readonly Part[], to: { id: string; used: Used }, setting: Omit<Setting, 'moment'>): Written {
  let used: Used = to.used
  const scripts: string[] = []
  const blocks: string[][] = paragraphs.map(() => [])
  for (const given of parts) {
    const part = usedUp(given, used, setting) ?? given
    const script = setting.scripts.get(part.moment, setting.locale)
    const chosen = choose(script, to.id, used[part.moment] ?? [])
    if (chosen === null) continue
    used = { ...used, [part.moment]: chosen.used }
    const paragraph = paragraphs.findIndex(({ of }) => of(part.moment))
    blocks[paragraph]?.push(
      setting.scripts.render(script, chosen.variant, valuesOf(part, { ...setting, moment: part.moment })),
    )
    const wish = wishIn(part)
    if (wish !== null) blocks[paragraph]?.push(piece('wished', wish, {}, setting))
    scripts.push(`${part.moment}@${script.version}:${chosen.variant.name}`)
  }
  const space = setting.locale === 'en' ? ' ' : ''
  const numbered = parts.filter((part) => part.moment.startsWith('inquiry')).length >= 3
  const text = blocks
    .map((block, i) => (paragraphs[i]?.apart ? enumerate(block, numbered).join('\n\n') : block.join(space)))
    .filter((block) => block !== '')
    .join('\n\n')
  return { text, script: scripts.join('+'), used }
}

/** The remedy that a first complaint asks for is heard, whatever becomes of it. */
function wishIn({ moment, values: { matter } }: Part): string | null {
  const isFirst = moment === 'complaint' || moment === 'complaint.angry' || moment === 'complaint.distressed'
  if (!isFirst || typeof matter !== 'object' || matter === null || !('matter' in matter)) return null
  const { wish } = matter.matter
  return pieces.wished.some((known) => known === wish) ? wish : null
}

function enumerate(block: string[], numbered: boolean): string[] {
  return numbered && block.length >= 3 ? block.map((text, i) => `${i + 1}. ${text}`) : block
}

function valuesOf({ moment, values }: Part, setting: Setting): Record<string, string | number | null> {
  const said = Object.fromEntries(moments[moment].map((name) => [name, worded(name, values[name] ?? null, setting)]))
  // What hangs on it may stand in the very sentence that is said back.
  const isSaid = typeof said.matter === 'string' && typeof said.stake === 'string' && said.matter.includes(said.stake)
  return isSaid ? { ...said, stake: null } : said
}

function worded(name: string, value: Value, setting: Setting): string | number | null {
  const said = say(value, setting)
  if (typeof said !== 'string') return said
  if (name === 'question') return questionsOf(said, setting.locale)
  if (name === 'idea') return ideaOf(said)
  if (name === 'stake') return stakeOf(said, setting.locale)
  // Scripts put their own full stop after what people wrote.
  return bareEnd.has(name) ? said.trim().replace(/[.。]+$/u, '') : said
}

const bareEnd = new Set(['remedy', 'what', 'reason'])
/** Between two quotes of one list; the scripts put the outer quotation marks. */
const betweenQuotes: Record<Locale, string> = { en: '” and “', 'zh-TW': '」「', 'zh-CN': '”“' }

/** The questions that can be quoted; null where one of them cannot: then none is, and all are passed on. */
function questionsOf(said: string, locale: Locale): string | null {
  const quoted = said.split(questionsApart).map((question) => quotable(question, locale))
  const [first] = quoted
  if (!first || quoted.length > quotedAtMost) return null
  return quoted.every((question) => question !== null) ? quoted.join(betweenQuotes[locale]) : null
}

const quotedAtMost = 3

/** Fixed wording: safety is exempt from variation, and the desk reads facts, not prose. */
function isFixed(moment: string): boolean {
  return moment.startsWith('safety.') || moment.startsWith('desk.')
}

/** A broken promise's apologies were all said: a short, specific status line instead, and a person (DESIGN). */
function usedUp(part: Part, used: Used, { scripts, locale }: Pick<Setting, 'scripts' | 'locale'>): Part | null {
  if (part.moment !== 'promise.broken') return null
  if ((used[part.moment]?.length ?? 0) < scripts.get(part.moment, locale).variants.length) return null
  return { moment: 'used.up', values: { ...part.values, step: null } }
}

/** What is left unsaid rather than said again in the same words: the promise beside it speaks for itself (P8). */
function isBetterUnsaid(moment: string): boolean {
  return moment === 'closing' || (moment.startsWith('complaint') && moment !== 'complaint.more')
}

/**
 * A variant that was not said to this customer before. When all were, an apology is left unsaid; anything else
 * carries its own number, time or answer, and begins again with the one said longest ago.
 */
function choose(script: Script, seed: string, used: readonly number[]): { variant: Variant; used: number[] } | null {
  if (isFixed(script.moment)) return firstOf(script)
  const fresh = script.variants.map((_, i) => i).filter((i) => !used.includes(i))
  if (fresh.length === 0 && isBetterUnsaid(script.moment)) return null
  const index = fresh[hash(`${seed} ${script.moment} ${used.length}`) % fresh.length] ?? used[0] ?? 0
  const variant = script.variants[index]
  if (!variant) return firstOf(script)
  return { variant, used: [...used.filter((i) => i !== index), index] }
}

function firstOf(script: Script): { variant: Variant; used: number[] } | null {
  const [variant] = script.variants
  return variant ? { variant, used: [] } : null
}

/** FNV-1a: the same customer and count give the same choice on every machine. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

function labelOf(id: string, scripts: Scripts, locale: Locale): string {
  const [name = id, value = ''] = id.split(':')
  const [heading, n] = name === 'choose' ? [value, null] : [name, value || null]
  return piece('labels', heading, { n }, { scripts, locale })
}
