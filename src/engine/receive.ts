/**
 * The door: what arrives is stored, together with the mark that its conversation has work, and only then does the
 * channel acknowledge. Claim, release and block take effect here, so that no running turn talks over a person.
 */

import { chineseOf } from '../domain/customer.ts'
import { part } from '../domain/decision.ts'
import { clean, type Incoming, type Place } from '../domain/message.ts'
import type { Received } from '../domain/ports.ts'
import { maskSecrets } from '../domain/secrets.ts'
import * as conversations from '../store/conversations.ts'
import * as customers from '../store/customers.ts'
import * as messages from '../store/messages.ts'
import type { Db } from '../store/schema.ts'
import type { Waker } from '../store/waker.ts'
import { fromChannel, fromDesk, fromRoom } from './agents.ts'
import { writtenForDesk } from './atdesk.ts'
import type { Brake } from './brake.ts'
import { isDesk } from './desks.ts'
import type { Parts } from './parts.ts'
import { redact } from './redact.ts'
import { refused, type Stored } from './stored.ts'

type Commanded = Extract<Incoming, { type: 'commanded' }>
type Trouble = Extract<Incoming, { type: 'trouble' }>
type FromCustomer = Exclude<Incoming, Commanded | Trouble>

export async function receive(parts: Parts, waker: Waker, brake: Brake, incoming: Incoming): Promise<Received> {
  const { received, readyAt } = await parts.store.write(async (tx) => {
    const stored = await store(parts, tx, brake, incoming)
    if (stored.received.type === 'stored') await waker.inTransaction?.(tx, stored.received.conversation, stored.readyAt)
    return stored
  })
  if (received.type === 'stored') waker.afterCommit?.(received.conversation, readyAt)
  // While the quiet runs a model may read already.
  if (received.type === 'stored' && incoming.type === 'said' && readyAt > parts.clock.now())
    parts.ahead.begin(received.conversation)
  return received
}

async function store(parts: Parts, tx: Db, brake: Brake, incoming: Incoming): Promise<Stored> {
  if (incoming.type === 'commanded') return await fromDesk(parts, tx, incoming)
  if (incoming.type === 'trouble') return await fromChannel(parts, tx, incoming)
  // What people say at the desk is no customer's.
  if (await isDesk(parts, tx, incoming.place)) return await fromRoom(parts, tx, incoming)
  // The web counts at its own door, and says so to the sender.
  if (incoming.type === 'said' && incoming.place.channel !== 'web') {
    const { author, text } = incoming
    const braking = brake.count(author.id, text, parts.policy.limits.messagesPerMinute, parts.clock.now())
    if (braking === 'begins') {
      const told = loopText(parts, author.name, text)
      return await fromChannel(parts, tx, {
        ...incoming,
        type: 'trouble',
        about: author.id,
        reason: 'loop',
        text: told,
      })
    }
    if (braking === 'on') return refused({ type: 'aside' })
  }
  return await fromCustomer(parts, tx, incoming)
}

/** What the desk is told, once, of somebody who is left aside. */
function loopText(parts: Parts, customer: string, text: string): string {
  const quoted = text.length > 200 ? `${text.slice(0, 200).toWellFormed()}…` : text
  return writtenForDesk(parts, part('desk.loop', { customer, text: quoted }), parts.clock.now()).text
}

async function fromCustomer(parts: Parts, tx: Db, incoming: FromCustomer): Promise<Stored> {
  const { store, clock } = parts
  const now = clock.now()
  const { author, place } = incoming
  const said = incoming.type === 'said' ? incoming : null
  const { timezone = null, tier = null } = said ?? {}
  const introduction = { ...author, timezone, tier, locale: chineseOf(said?.locale) }
  const customer = await customers.find(tx, author.id)
  if (customer !== null && customer.blockedAt !== null) return refused({ type: 'blocked' })
  // On the web a name is only a name: of one we never heard, a press makes neither a customer nor a case. Platforms vouch.
  const isChange = incoming.type === 'edited' || incoming.type === 'deleted'
  const comes = incoming.type === 'said' || incoming.type === 'joined'
  if (customer === null && !comes && (isChange || place.channel === 'web'))
    return refused({
      type: 'unknown',
      what: 'message' in incoming ? `message ${incoming.message}` : `customer ${author.id}`,
    })
  // The conversation is locked first and the customer after it, as in a turn's commit.
  const conversation = await conversations.findOrMake(tx, store, place, author.id, now)
  await customers.meet(tx, customer, introduction, now)
  const shownAt = conversations.shownAfter(conversation.shownAt, now)
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
      // A message without files is told by this very body (take.ts).
      return incoming.complains ? { files: incoming.files.length, complains: true } : { files: incoming.files.length }
    case 'edited':
    case 'deleted': {
      const row = await messages.byPlatformId(tx, incoming.place.channel, incoming.message)
      return { message: incoming.message, original: row?.id, answered: row !== null && row.handled_at !== null }
    }
    case 'reacted':
      return { emoji: incoming.emoji, to: incoming.to, text: incoming.text && maskSecrets(clean(incoming.text)) }
    case 'pressed':
      return { button: incoming.button, case: incoming.case }
    case 'joined':
      return {}
    default:
      return incoming satisfies never
  }
}
