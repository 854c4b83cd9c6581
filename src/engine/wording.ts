/**
 * What a model makes of a turn's words, asked for while no transaction is open and nobody else waits. The turn's own
 * words stand wherever there is no model, no time, or nothing better.
 */
import type { Backed } from '../domain/backed.ts'
import { isOpen } from '../domain/commitment.ts'
import { localeOf } from '../domain/customer.ts'
import {
  type Decision,
  type Effect,
  learntIn,
  type Part,
  part,
  pendingNumber,
  type Situation,
} from '../domain/decision.ts'
import { daysAway, iso } from '../domain/hours.ts'
import { isPersonal } from '../domain/moments.ts'
import type { StoredCase } from '../store/cases.ts'
import type { Point } from '../store/messages.ts'
import type { Left, Line } from '../writing/author.ts'
import { writtenForDesk } from './atdesk.ts'
import { saidBefore } from './before.ts'
import { type Parts, zoneOf } from './parts.ts'
import type { Waiting } from './situation.ts'
import type { Taken } from './take.ts'

/** Effects to the words that take the place of their own. */
export type Worded = ReadonlyMap<Effect, string>

/** From the customer's last word, quiet and all: later than this a better answer is a worse one (P10). */
const answerWithinMs = 4_700
/** A turn that nobody waits for with open eyes: a timer's, an agent's. */
const unhurriedMs = 2_500

/** How long a model may still take in this turn; nothing for a customer who wants none (P24). */
export function patience(parts: Parts, { customer, arrived }: Waiting): Left {
  if (customer.noModelAt !== null || parts.author === null || !parts.author.ready()) return () => 0
  const said = arrived.findLast((row) => row.type === 'said')
  const until = said ? said.received_at + answerWithinMs : parts.clock.now() + unhurriedMs
  return () => Math.max(0, until - parts.clock.now())
}

/** What stands for a number that is given only at the commit, while a model looks after it. */
const placeholders: Numbers = { case: '[case-1]', suggestion: '[suggestion-1]' }

/** What stands for pendingNumber: of the case, and of the suggestion. */
export interface Numbers {
  case: string
  suggestion: string
}

export async function word(
  parts: Parts,
  waiting: Waiting,
  { taken, situation, decision }: { taken: Taken; situation: Situation; decision: Decision },
  left: Left,
): Promise<Worded> {
  const worded = new Map<Effect, string>()
  if (parts.author === null || left() === 0) return worded
  for (const effect of decision.effects) {
    const text = await wordOne(parts, waiting, { taken, situation, decision }, effect, left)
    if (text !== null) worded.set(effect, text)
  }
  return worded
}

async function wordOne(
  parts: Parts,
  waiting: Waiting,
  { taken, situation, decision }: { taken: Taken; situation: Situation; decision: Decision },
  effect: Effect,
  left: Left,
): Promise<string | null> {
  const customer = { ...waiting.customer, ...learntIn(decision.effects) }
  const theirs = localeOf(customer)
  const ours = parts.policy.desk.language
  const setting = { locale: theirs, timezone: zoneOf(customer, parts.hours), now: situation.now }
  const shared = theirs.slice(0, 2) === ours.slice(0, 2)
  switch (effect.type) {
    case 'say': {
      if (!effect.parts.some(({ moment }) => isPersonal(moment))) return null
      const { text: script } = parts.writer.write(
        effect.parts.map((one) => named(one, placeholders)),
        customer,
        setting,
      )
      const said = taken.happening?.type === 'heard' ? taken.happening.text : ''
      const id = taken.rows[0]?.id ?? parts.store.newId(situation.now)
      const before = await lately(parts, { customer: customer.id, conversation: waiting.conversation.id, id })
      const { name, tier } = customer
      return (
        (await parts.author?.compose({ script, said, before, customer: { name, tier }, locale: theirs }, left)) ?? null
      )
    }
    case 'words': {
      const text = shared ? null : await parts.author?.translate(effect.text, theirs, left)
      if (!text || parts.guard.check(text, { amounts: amountsIn(effect.text) }) !== null) return null
      return parts.writer.write([part('words.translated', { text, original: effect.text })], customer, setting).text
    }
    case 'relay': {
      const text = shared || effect.text === '' ? null : await parts.author?.translate(effect.text, ours, left)
      if (!text) return null
      const both = part('relay.translated', { text, original: effect.text })
      return writtenForDesk(parts, both, situation.now).text
    }
    default:
      return null
  }
}

/** The number that was not known when the rules spoke, or what stands for it. */
export function named(one: Part, numbers: Numbers): Part {
  if (one.values.number !== pendingNumber) return one
  const number = one.moment === 'suggestion' ? numbers.suggestion : numbers.case
  return { ...one, values: { ...one.values, number } }
}

/** The numbers, now that they are given. */
export function numbered(text: string, numbers: Numbers): string {
  return text.replaceAll(placeholders.case, numbers.case).replaceAll(placeholders.suggestion, numbers.suggestion)
}

/** An amount that an agent's own words have is theirs in any language. */
function amountsIn(text: string): string[] {
  return text.match(/\d[\d.,]*/gu) ?? []
}

/** What stands on a case's record: what an agent may say of amounts and times, and what was said before (P14, P16). */
export async function backing(
  parts: Parts,
  situation: Pick<Situation, 'now' | 'customer' | 'promises'>,
  kase: StoredCase,
): Promise<Required<Omit<Backed, 'remedies'>>> {
  const { offer } = kase.state
  const amounts = offer?.approved && offer.amount !== null ? [offer.amount] : []
  const before = (
    await lately(parts, {
      customer: kase.customer,
      conversation: kase.conversation,
      id: parts.store.newId(situation.now),
    })
  )
    .filter(({ from }) => from !== 'customer')
    .map(({ text }) => text)
  const due = situation.promises.filter(isOpen).map((promise) => timeWords(promise.due, situation, parts))
  return { amounts, times: [...due, ...before], said: before }
}

/** A due time in every way that people say it. */
function timeWords(due: number, { now, customer }: Pick<Situation, 'now' | 'customer'>, parts: Parts): string {
  const zones = [...new Set([zoneOf(customer, parts.hours), parts.hours.timezone])]
  const said = zones.flatMap((timezone) => {
    const days = daysAway(due, now, timezone)
    const weekday = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: timezone }).format(due)
    return [
      iso(due, timezone).slice(0, 16).replace('T', ' '),
      weekday,
      days === 1 ? 'tomorrow' : days === 2 ? '後天' : '',
    ]
  })
  return said.join(' ')
}

const linesBefore = 8

/** The last words of both sides, oldest first: what was said before `id` was. */
export async function lately({ store }: Parts, point: Point): Promise<Line[]> {
  const said = await store.look((db) => saidBefore(db, point, linesBefore))
  return said.map(({ from, text }) => ({ from, text }))
}
