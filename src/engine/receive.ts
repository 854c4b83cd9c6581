/**
 * The door: what arrives is stored, together with the mark that its conversation has work, and only then does the
 * channel acknowledge. Claim, release and block take effect here, so that no running turn talks over a person.
 */
import { isHeld, type Person } from '../domain/case.ts'
import { maskSecrets } from '../domain/guard.ts'
import { type Command, clean, type Incoming, type Place } from '../domain/message.ts'
import type { Received } from '../domain/ports.ts'
import * as cases from '../store/cases.ts'
import * as conversations from '../store/conversations.ts'
import * as customers from '../store/customers.ts'
import * as messages from '../store/messages.ts'
import * as outbox from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import type { Waker } from '../store/waker.ts'
import { isDesk, type Parts } from './parts.ts'
import { redact } from './redact.ts'

type Stored = { received: Received; readyAt: number }
type Commanded = Extract<Incoming, { type: 'commanded' }>
type Trouble = Extract<Incoming, { type: 'trouble' }>
type FromCustomer = Exclude<Incoming, Commanded | Trouble>

export async function receive(parts: Parts, waker: Waker, incoming: Incoming): Promise<Received> {
  const { received, readyAt } = await parts.store.write(async (tx) => {
    const stored = await store(parts, tx, incoming)
    if (stored.received.type === 'stored') await waker.inTransaction?.(tx, stored.received.conversation, stored.readyAt)
    return stored
  })
  if (received.type === 'stored') waker.afterCommit?.(received.conversation, readyAt)
  return received
}

async function store(parts: Parts, tx: Db, incoming: Incoming): Promise<Stored> {
  if (incoming.type === 'commanded') return await fromDesk(parts, tx, incoming)
  if (incoming.type === 'trouble') return await fromChannel(parts, tx, incoming)
  // What people say at the desk is no customer's.
  if (isDesk(parts, incoming.place)) return refused({ type: 'aside' })
  return await fromCustomer(parts, tx, incoming)
}

async function fromCustomer(parts: Parts, tx: Db, incoming: FromCustomer): Promise<Stored> {
  const { store, clock } = parts
  const now = clock.now()
  const { author, place } = incoming
  const said = incoming.type === 'said' ? incoming : null
  const introduction = { ...author, timezone: said?.timezone ?? null, tier: said?.tier ?? null }
  const customer = await customers.find(tx, author.id)
  if (customer !== null && customer.blockedAt !== null) return refused({ type: 'blocked' })
  // A press or an edit is of something: of whom we never heard, it makes neither a customer nor a case.
  if (customer === null && said === null && incoming.type !== 'joined')
    return refused({
      type: 'unknown',
      what: 'message' in incoming ? `message ${incoming.message}` : `customer ${author.id}`,
    })
  // The conversation is locked first and the customer after it, as in a turn's commit.
  const conversation = await conversations.findOrMake(tx, store, place, author.id, now)
  await customers.meet(tx, customer, introduction, now)
  const shownAt = Math.max(now, conversation.shownAt + 1)
  const id = store.newId(now)
  const text = textOf(incoming)
  if (incoming.type === 'edited' || incoming.type === 'deleted') {
    // Looked at before it is stored: a change of nothing must leave nothing that waits for a turn.
    const repeated = await messages.byPlatformId(tx, place.channel, incoming.id)
    const was = repeated === null ? await change(tx, incoming, text, now) : null
    if (repeated === null && was === null) return refused({ type: 'unknown', what: `message ${incoming.message}` })
    // Platforms tell of an edit where only a preview was added: fifty times the same words are heard once.
    if (was !== null && incoming.type === 'edited' && was.text === text)
      return refused({ type: 'duplicate', id: incoming.id })
    if (was !== null && was.handled_at !== null) await redact(parts, tx, was, now)
  }
  const stored = await messages.insert(tx, {
    id,
    channel: place.channel,
    platform_id: incoming.id,
    conversation: conversation.id,
    customer: author.id,
    case_id: null,
    type: incoming.type,
    role: 'customer',
    author: author.id,
    author_name: author.name,
    text,
    body: JSON.stringify(await bodyOf(tx, incoming)),
    at: incoming.at,
    received_at: now,
    shown_at: shownAt,
  })
  if (!stored) return refused(await known(tx, place, incoming.id, author.id))
  if (said) await messages.insertFiles(tx, store.newId, id, said.files, now)
  const readyAt = said ? readyAfter(parts, conversation, text, now) : now
  await conversations.arrived(tx, conversation.id, {
    last_in: id,
    ready_at: readyAt,
    waiting_since: conversation.waitingSince ?? now,
    shown_at: shownAt,
  })
  return { received: { type: 'stored', id: incoming.id, conversation: conversation.id }, readyAt }
}

/** The turn begins after a short quiet, restarted by each message, within a limit; safety does not wait. */
function readyAfter(
  parts: Parts,
  { waitingSince, readyAt }: conversations.Conversation,
  text: string,
  now: number,
): number {
  if (parts.quietMs === 0 || parts.urgent(text)) return now
  const atMost = (waitingSince ?? now) + parts.quietAtMostMs
  // A press or a command that waits is not slowed down by what is said after it.
  if (readyAt !== null && readyAt <= now) return readyAt
  return Math.min(now + parts.quietMs, Math.max(now, atMost))
}

async function known(tx: Db, place: Place, id: string, author: string): Promise<Received> {
  const row = await messages.byPlatformId(tx, place.channel, id)
  return row?.author === author ? { type: 'duplicate', id } : { type: 'conflict' }
}

async function change(tx: Db, incoming: Extract<Incoming, { type: 'edited' | 'deleted' }>, text: string, now: number) {
  const { place, author, message } = incoming
  return incoming.type === 'edited'
    ? await messages.edit(tx, place.channel, author.id, message, text, now)
    : await messages.remove(tx, place.channel, author.id, message, now)
}

function textOf(incoming: FromCustomer): string {
  return incoming.type === 'said' || incoming.type === 'edited' ? maskSecrets(clean(incoming.text)) : ''
}

/** What a turn needs beside the text. `answered` tells whether a changed message had been answered already. */
async function bodyOf(tx: Db, incoming: FromCustomer): Promise<object> {
  switch (incoming.type) {
    case 'said':
      return { files: incoming.files.length }
    case 'edited':
    case 'deleted': {
      const row = await messages.byPlatformId(tx, incoming.place.channel, incoming.message)
      return { message: incoming.message, answered: row !== null && row.handled_at !== null }
    }
    case 'reacted':
      return { emoji: incoming.emoji, to: incoming.to }
    case 'pressed':
      return { button: incoming.button, case: incoming.case }
    case 'joined':
      return {}
    default:
      return incoming satisfies never
  }
}

/** What a channel has to tell goes into the conversation of whom it is about, and so into their case's thread. */
async function fromChannel(parts: Parts, tx: Db, incoming: Trouble): Promise<Stored> {
  const { store, clock } = parts
  const now = clock.now()
  const theirs = incoming.about === null ? null : await conversations.newestOf(tx, incoming.about)
  const conversation = theirs ?? (await desksOwn(parts, tx, now))
  const id = store.newId(now)
  const stored = await messages.insert(tx, {
    id,
    channel: incoming.place.channel,
    platform_id: incoming.id,
    conversation: conversation.id,
    customer: conversation.customer,
    case_id: null,
    type: 'trouble',
    role: 'channel',
    author: incoming.author.id,
    author_name: incoming.author.name,
    text: maskSecrets(clean(incoming.text)),
    body: JSON.stringify({ reason: incoming.reason }),
    at: incoming.at,
    received_at: now,
    shown_at: now,
  })
  if (!stored) return refused({ type: 'duplicate', id: incoming.id })
  await conversations.mark(tx, conversation.id, id, now, conversation.waitingSince ?? now)
  return { received: { type: 'stored', id: incoming.id, conversation: conversation.id }, readyAt: now }
}

/** An agent acts on a case: it belongs to the customer's conversation, where it is handled in its turn. */
async function fromDesk(parts: Parts, tx: Db, incoming: Commanded): Promise<Stored> {
  const { store, clock } = parts
  const now = clock.now()
  const target = await targetOf(parts, tx, incoming.command, now)
  if ('what' in target) return refused({ type: 'unknown', what: target.what })
  const { conversation, customer, kase } = target
  const id = store.newId(now)
  const stored = await messages.insert(tx, {
    id,
    channel: incoming.place.channel,
    platform_id: incoming.id,
    conversation: conversation.id,
    customer,
    case_id: kase?.id ?? null,
    type: 'commanded',
    role: 'agent',
    author: incoming.author.id,
    author_name: incoming.author.name,
    text: 'text' in incoming.command ? clean(incoming.command.text ?? '') : '',
    body: JSON.stringify(incoming.command, (_, value: unknown) => (typeof value === 'string' ? clean(value) : value)),
    at: incoming.at,
    received_at: now,
    shown_at: now,
  })
  if (!stored) return refused({ type: 'duplicate', id: incoming.id })
  // The conversation first and then the case, as a turn's commit does: two that lock them crosswise would both wait.
  await conversations.mark(tx, conversation.id, id, now, conversation.waitingSince ?? now)
  if (kase) await takeEffect(parts, tx, kase, incoming.author, incoming.command, now)
  return { received: { type: 'stored', id: incoming.id, conversation: conversation.id }, readyAt: now }
}

/** Where a command is handled: in its case's conversation, in the customer's for whom a case is opened, or at the desk. */
async function targetOf(parts: Parts, tx: Db, command: Command, now: number) {
  if ('case' in command) {
    const kase = await cases.byNumber(tx, command.case)
    const conversation = kase && (await conversations.byId(tx, kase.conversation))
    return kase && conversation ? { conversation, customer: kase.customer, kase } : { what: `case ${command.case}` }
  }
  if (command.do === 'open') {
    const place = placeOfCustomer(command.for)
    if (place === null) return { what: `customer ${command.for}: write <channel>:<workspace>:<user>` }
    await customers.findOrMake(tx, { id: command.for, name: place.room, timezone: null, tier: null }, now)
    const conversation =
      (await conversations.newestOf(tx, command.for)) ??
      (await conversations.findOrMake(tx, parts.store, place, command.for, now))
    return { conversation, customer: command.for, kase: null }
  }
  const conversation = await desksOwn(parts, tx, now)
  return { conversation, customer: conversation.customer, kase: null }
}

/** The desk's own conversation: what is told to it, and done by it, that belongs to no customer's. */
async function desksOwn({ desk, store }: Parts, tx: Db, now: number): Promise<conversations.Conversation> {
  const id = `${desk.channel}:${desk.workspace}:desk`
  await customers.findOrMake(tx, { id, name: 'desk', timezone: null, tier: null }, now)
  return await conversations.findOrMake(tx, store, { ...desk, thread: null }, id, now)
}

function placeOfCustomer(id: string): Place | null {
  const [channel, workspace, ...user] = id.split(':')
  const room = user.join(':')
  if (!workspace || room === '') return null
  if (channel !== 'web' && channel !== 'slack' && channel !== 'discord') return null
  return { channel, workspace, room, thread: null }
}

async function takeEffect(
  parts: Parts,
  tx: Db,
  kase: cases.StoredCase,
  by: Person,
  command: Command,
  now: number,
): Promise<void> {
  if (command.do === 'block') return await customers.block(tx, kase.customer, now)
  if (command.do === 'claim' || command.do === 'reply') {
    const current = await cases.lock(tx, kase.id, parts.store.engine)
    if (current === null || isHeld(current.state)) return
    await cases.setOwner(tx, current, by, now)
    await outbox.dropBots(tx, kase.conversation)
  }
  if (command.do === 'release') {
    const current = await cases.lock(tx, kase.id, parts.store.engine)
    if (current && isHeld(current.state)) await cases.setOwner(tx, current, 'desk', now)
  }
}

function refused(received: Received): Stored {
  return { received, readyAt: 0 }
}
