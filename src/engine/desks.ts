/** Where a case is worked, and what is shown of it there. */
import { cardButtons } from '../domain/buttons.ts'
import { type Case, faceOf, isActive } from '../domain/case.ts'
import { type Commitment, nextDue } from '../domain/commitment.ts'
import { type Customer, localeOf } from '../domain/customer.ts'
import { part } from '../domain/decision.ts'
import { deskFor, deskOf, type Matter } from '../domain/desks.ts'
import type { Card, Outgoing, Place, Room } from '../domain/message.ts'
import { inOneLine } from '../domain/shortened.ts'
import * as accounts from '../store/accounts.ts'
import * as cases from '../store/cases.ts'
import * as customers from '../store/customers.ts'
import * as promises from '../store/promises.ts'
import type { Db } from '../store/schema.ts'
import * as threads from '../store/threads.ts'
import { writtenForDesk } from './atdesk.ts'
import { saidBefore } from './before.ts'
import { cardWords, type Elsewhere } from './card.ts'
import { shortName } from './happened.ts'
import { type Parts, suggests } from './parts.ts'

/**
 * Is that where agents work? The web's desk is a page, whose agents act by commands alone. Where cases stand that a desk
 * of yesterday's policy was given, they are still worked.
 */
export async function isDesk({ desk, policy }: Parts, db: Db, { channel, room }: Place): Promise<boolean> {
  if (channel === 'web') return false
  const known = [desk, ...policy.desks.map((one) => deskOf(one.desk))]
  if (known.some((one) => one.channel === channel && one.room === room)) return true
  return await threads.isRoom(db, channel, room)
}

/** Every case is worked on the page: then none needs a place of its own. */
function isOnlyWeb({ desk, policy }: Parts): boolean {
  return desk.channel === 'web' && policy.desks.length === 0
}

/** A case that was just opened is given the desk that it keeps. */
export async function giveDesk(
  parts: Parts,
  tx: Db,
  kase: cases.StoredCase,
  place: Place,
  tier: string | null,
): Promise<Room> {
  if (isOnlyWeb(parts)) return parts.desk
  const matter: Matter = { place, tier, topics: [kase.state.kind, kase.state.facts.failure] }
  const desk = deskFor(parts.policy.desks, parts.desk, matter)
  await threads.give(tx, kase.id, desk)
  return desk
}

export async function deskOfCase(parts: Parts, db: Db, caseId: string): Promise<Room> {
  if (isOnlyWeb(parts)) return parts.desk
  return (await threads.ofCase(db, caseId))?.desk ?? parts.desk
}

export function cardOf(
  kase: cases.StoredCase,
  promised: readonly Commitment[],
  customer: Pick<Customer, 'id' | 'language' | 'tier' | 'also'>,
): Card {
  const { state } = kase
  const { also = [] } = customer
  const promise = nextDue(promised)
  return {
    case: kase.number,
    ...faceOf(state),
    customer: shortName(customer.id),
    tier: customer.tier ?? '-',
    language: localeOf(customer),
    harm: state.facts.stake,
    wish: state.facts.wish,
    promise: promise ? { what: promise.what, due: promise.due } : null,
    ...(also.length === 0 ? {} : { also: also.map((id) => id.split(':')[0] ?? id) }),
  }
}

type CardShown = Extract<Outgoing, { type: 'card' }>

/** A card with what can be done about its case. */
export function shownCard(parts: Parts, card: Card, kase: Case, customer: customers.KnownCustomer | null): CardShown {
  const { writer, policy } = parts
  const buttons = cardButtons(kase, { linked: card.also !== undefined, suggests: suggests(parts, customer) })
  return { type: 'card', card, buttons: writer.buttons(buttons, policy.desk.language) }
}

/** The card as the case stands by now. */
export async function freshCard(parts: Parts, db: Db, kase: cases.StoredCase): Promise<CardShown> {
  const customer = await customers.find(db, kase.customer)
  const promised = await promises.ofCase(db, kase.id)
  const card = cardOf(kase, promised, customer ?? { id: kase.customer, language: null, tier: null })
  return shownCard(parts, card, kase.state, customer)
}

/** As it is read on a platform. Worded when it is shown, and not when it is stored: the page has no use for it. */
export async function wordedCard(parts: Parts, db: Db, kase: cases.StoredCase, outgoing: CardShown): Promise<Outgoing> {
  const customer = await customers.find(db, kase.customer)
  const name = customer?.name ?? shortName(kase.customer)
  const also = customer?.also ? await elsewhere(db, customer) : []
  return { ...outgoing, words: cardWords(parts, outgoing.card, kase.state, { name, also }) }
}

/** The other accounts of the same person, each with the numbers of what is open there. */
async function elsewhere(db: Db, customer: Pick<Customer, 'id' | 'also'>): Promise<Elsewhere[]> {
  const open = (await cases.newestOf(db, customer, 20)).filter(({ state }) => isActive(state))
  return (await accounts.othersOf(db, customer.id)).map(({ id, name }) => ({
    id,
    name,
    open: open.filter((kase) => kase.customer === id).map((kase) => kase.number),
  }))
}

/** So much of what was said before a case was opened stands in the first line of its thread. */
const linesAtMost = 8
const lineAtMost = 300

/** The first line of a case's thread: its desk's rule, and what the customer and the bot had said until then. */
export async function ruleOf(parts: Parts, db: Db, kase: cases.StoredCase): Promise<Outgoing> {
  const moment = parts.policy.desk.lines === 'inside' ? 'desk.rule.inside' : 'desk.rule'
  const { text } = writtenForDesk(parts, part(moment, { number: kase.number }), parts.clock.now())
  const customer = await customers.find(db, kase.customer)
  const name = customer?.name ?? shortName(kase.customer)
  // The case's own id was given after what led to it, and before what followed.
  const before = (await saidBefore(db, kase, linesAtMost)).map((said) => ({
    from: said.from === 'customer' ? name : (said.agent ?? botName(parts)),
    text: inOneLine(said.text, lineAtMost),
  }))
  return { type: 'rule', text, before: before.filter((one) => one.text !== '') }
}

/** How the bot is called at the desk. */
export function botName({ writer, policy }: Parts): string {
  return writer.buttons(['bot'], policy.desk.language)[0]?.label ?? 'bot'
}
