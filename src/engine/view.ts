/** What is looked at: read-only, answered at once, in the shapes of CONTRACT.md. */
import { faceOf } from '../domain/case.ts'
import { type Commitment, nextDue } from '../domain/commitment.ts'
import { localeOf } from '../domain/customer.ts'
import { iso } from '../domain/hours.ts'
import type { Place } from '../domain/message.ts'
import type { Answers, Asks, PlaceFacts, View } from '../domain/ports.ts'
import * as cases from '../store/cases.ts'
import * as conversations from '../store/conversations.ts'
import * as customers from '../store/customers.ts'
import * as messages from '../store/messages.ts'
import * as outbox from '../store/outbox.ts'
import * as places from '../store/places.ts'
import * as promises from '../store/promises.ts'
import * as threads from '../store/threads.ts'
import * as timers from '../store/timers.ts'
import { saidTo } from '../store/told.ts'
import { cardOf, isDesk } from './desks.ts'
import { form } from './forms.ts'
import { shortName } from './happened.ts'
import { help, suggestion } from './help.ts'
import { home } from './home.ts'
import { type Parts, suggests, zoneOf } from './parts.ts'

const atMost = 200
const historyAtMost = 10
/** What was said longer ago is not waited for any more. */
const lately = 30 * 86_400_000

export async function view<K extends keyof Asks>(parts: Parts, request: View<K>): Promise<Answers[K]> {
  return await answers[request.of](parts, request)
}

const answers: { [K in keyof Asks]: (parts: Parts, request: View<K>) => Promise<Answers[K]> } = {
  messages: async (parts, { customer, after }) => ({ messages: await conversationOf(parts, customer, after) }),
  cases: async (parts, { status }) => ({ cases: await caseList(parts, status) }),
  case: (parts, { number }) => oneCase(parts, number),
  help: (parts, { number }) => help(parts, number),
  desk: async (parts) => ({ lines: await deskLines(parts) }),
  author: async (parts, { channel, message }) =>
    (await messages.byPlatformId(parts.store.read, channel, message))?.author ?? null,
  journey: (parts, { customer }) => journey(parts, customer),
  form,
  suggestion,
  home: (parts, { customer }) => home(parts, customer),
  places: (parts, { channel }) => places.known(parts.store.read, channel, parts.clock.now() - lately),
  words: async (parts, { customer, line, values }) =>
    parts.writer.line(line, values, localeOf((await customers.find(parts.store.read, customer)) ?? { language: null })),
  place: (parts, { place, author }) => placeFacts(parts, place, author),
}

interface Shown {
  id: string
  at: string
  from: 'customer' | 'bot' | 'agent'
  agent?: string
  text: string
  case: number | null
  buttons: { id: string; label: string }[]
}

/** What a customer and we said to each other, after a message of theirs or ours, oldest first. */
async function conversationOf(parts: Parts, customer: string, after: string | null): Promise<Shown[]> {
  const cursor = await cursorAt(parts, customer, after)
  // Both halves of one moment: else what was said between the two looks would be passed over for good.
  const { said, told } = await parts.store.snapshot(async (db) => ({
    said: await messages.saidBy(db, customer, cursor, atMost),
    told: await saidTo(db, customer, cursor, atMost),
  }))
  const known = await customers.find(parts.store.read, customer)
  const zone = zoneOf(known ?? { timezone: null }, parts.hours)
  return (await shown(parts, said, told, (at) => iso(at, zone))).slice(0, atMost)
}

/** Both halves of a conversation as one, each row at the moment when it could be read. */
async function shown(
  parts: Parts,
  said: messages.MessageRow[],
  told: outbox.OutboxRow[],
  timeOf: (at: number) => string,
): Promise<Shown[]> {
  const ids = [
    ...new Set([...said.map((row) => row.case_id), ...told.map((row) => row.caseId)].filter((id) => id !== null)),
  ]
  const numbers = await cases.numbersOf(parts.store.read, ids)
  const number = (id: string | null) => (id === null ? null : (numbers.get(id) ?? null))
  const theirs = said.map((row) => ({
    key: [row.shown_at, row.id] as const,
    line: {
      id: row.platform_id,
      at: timeOf(row.received_at),
      from: 'customer' as const,
      text: row.text,
      case: number(row.case_id),
      buttons: [],
    },
  }))
  const ours = told.flatMap((row) => {
    if (row.outgoing.type !== 'say' || row.sentAt === null || row.shownAt === null) return []
    const { text, buttons, from, agent } = row.outgoing
    const line: Shown = { id: row.id, at: timeOf(row.sentAt), from, text, case: number(row.caseId), buttons }
    return [{ key: [row.shownAt, row.id] as const, line: agent === null ? line : { ...line, agent } }]
  })
  return [...theirs, ...ours]
    .toSorted((a, b) => a.key[0] - b.key[0] || (a.key[1] < b.key[1] ? -1 : 1))
    .map(({ line }) => line)
}

async function cursorAt(parts: Parts, customer: string, after: string | null): Promise<messages.Cursor> {
  if (after === null) return { at: 0, id: '' }
  const { read } = parts.store
  const theirs = await messages.byPlatformId(read, customer.split(':')[0] ?? 'web', after)
  if (theirs?.customer === customer) return { at: theirs.shown_at, id: theirs.id }
  const ours = await outbox.byId(read, after)
  return ours?.customer === customer && ours.shownAt !== null ? { at: ours.shownAt, id: ours.id } : { at: 0, id: '' }
}

async function caseList(parts: Parts, status: string | null) {
  const { read } = parts.store
  const found = await cases.list(read, status, atMost)
  const due = await promises.nextOf(
    read,
    found.map((kase) => kase.id),
  )
  const names = await customers.namesOf(read, [...new Set(found.map((kase) => kase.customer))])
  return found.map((kase) => summary(parts, kase, due.get(kase.id) ?? null, names.get(kase.customer)))
}

function summary(
  parts: Parts,
  kase: cases.StoredCase,
  promise: { what: string; due: number } | null,
  name = shortName(kase.customer),
) {
  const { state, number, customer } = kase
  return {
    case: number,
    ...faceOf(state),
    customer,
    name,
    openedAt: iso(state.openedAt, parts.hours.timezone),
    promise: promise ? { what: promise.what, due: iso(promise.due, parts.hours.timezone) } : null,
  }
}

async function oneCase(parts: Parts, number: number) {
  const { read } = parts.store
  const kase = await cases.byNumber(read, number)
  if (kase === null) return null
  const zone = parts.hours.timezone
  // Words, notes and events are put into one order by whoever shows them: many fall into one second.
  const timeOf = (at: number) => iso(at, zone, 'millisecond')
  const promised = await promises.ofCase(read, kase.id)
  const customer = await customers.find(read, kase.customer)
  const said = await messages.ofCase(read, kase.id)
  const out = await outbox.ofCase(read, kase.id)
  const open = nextDue(promised)
  const card = cardOf(kase, promised, customer ?? { id: kase.customer, language: null, tier: null })
  const { facts, cause, remedy, held, offer, secondFailures, solved, expectation, rating } = kase.state
  return {
    ...summary(parts, kase, open, customer?.name),
    language: card.language,
    tier: customer?.tier ?? null,
    /** Is there a model that may suggest something? */
    suggests: suggests(parts, customer),
    /** Their other accounts, and what was before or is beside it in any of them: one history. */
    also: customer?.also ?? [],
    history: (await cases.newestOf(read, customer ?? { id: kase.customer }, historyAtMost))
      .filter((other) => other.id !== kase.id)
      .map((other) => summary(parts, other, null)),
    facts,
    cause,
    remedy,
    held,
    offer,
    secondFailures,
    check: { solved, expectation, rating },
    promises: promised.map((promise) => promiseShown(promise, zone)),
    events: (await cases.eventsOf(read, kase.id)).map(({ id, at, event }) => ({ id, at: timeOf(at), ...event })),
    // Of a long case its end: what is going on now.
    messages: (await shown(parts, said, out.filter(isSaid), timeOf)).slice(-atMost),
    waiting: out
      .filter((row) => row.audience === 'customer' && row.state === 'waiting' && row.outgoing.type === 'say')
      .map((row) => ({
        id: row.id,
        text: row.outgoing.type === 'say' ? row.outgoing.text : '',
        leavesAt: iso(row.notBefore, zone),
      })),
    thread: out
      .filter((row) => row.audience === 'desk' && onPage.has(row.outgoing.type))
      .slice(-atMost)
      .map((row) => ({ id: row.id, at: timeOf(row.createdAt), ...row.outgoing })),
  }
}

/** `because` tells why one was let go. */
function promiseShown({ what, due, state, by, because }: Commitment, zone: string) {
  return { what, due: iso(due, zone), state, by, because }
}

function isSaid(row: outbox.OutboxRow): boolean {
  return row.audience === 'customer' && row.state === 'sent'
}

/** What a case's page shows beside the conversation; a card is the page itself. */
const onPage = new Set(['relay', 'note', 'alert'])

async function placeFacts(parts: Parts, place: Place, author: string | undefined): Promise<PlaceFacts> {
  const { read } = parts.store
  const desk = await isDesk(parts, read, place)
  const caseId =
    desk && place.thread !== null ? await threads.caseAt(read, place.channel, place.room, place.thread) : null
  return {
    desk,
    case: caseId === null ? null : ((await cases.byId(read, caseId))?.number ?? null),
    known: author !== undefined && (await conversations.isKnown(read, place, author)),
    support: parts.policy.support.includes(`${place.channel}:${place.room}`),
  }
}

async function deskLines(parts: Parts) {
  const rows = await outbox.atDesk(parts.store.read, 100)
  const numbers = await cases.numbersOf(parts.store.read, [
    ...new Set(rows.map((row) => row.caseId).filter((id) => id !== null)),
  ])
  return rows
    .filter((row) => row.outgoing.type === 'alert')
    .map((row) => ({
      id: row.id,
      at: iso(row.createdAt, parts.hours.timezone),
      case: row.caseId === null ? null : (numbers.get(row.caseId) ?? null),
      ...row.outgoing,
    }))
}

/** Where a customer stands: their cases' steps, what was promised, what is due. For the playground's third pane. */
async function journey(parts: Parts, customer: string) {
  const { read } = parts.store
  const zone = parts.hours.timezone
  const person = (await customers.find(read, customer)) ?? { id: customer }
  const found = (await cases.newestOf(read, person, 10)).toReversed()
  const conversation = await conversations.newestOf(read, customer)
  const due = conversation ? await timers.ofConversation(read, conversation.id) : []
  return {
    now: iso(parts.clock.now(), zone),
    cases: await Promise.all(
      found.map(async (kase) => ({
        ...summary(parts, kase, null),
        promises: (await promises.ofCase(read, kase.id)).map((promise) => promiseShown(promise, zone)),
      })),
    ),
    due: due.map((timer) => ({
      timer: timer.timer,
      at: iso(timer.dueAt, zone),
      case: found.find((kase) => kase.id === timer.caseId)?.number ?? null,
    })),
    customer: shortName(customer),
  }
}
