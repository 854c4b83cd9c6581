/** What agents do and what channels tell, as it is received: it belongs to the customer's conversation, or to the desk's own. */

import { isHeld, isOwner, type Person } from '../domain/case.ts'
import { type Command, clean, type FileContent, type Incoming, type Place } from '../domain/message.ts'
import { maskSecrets } from '../domain/secrets.ts'
import * as cases from '../store/cases.ts'
import * as conversations from '../store/conversations.ts'
import * as customers from '../store/customers.ts'
import * as messages from '../store/messages.ts'
import * as outbox from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import * as spikes from '../store/spikes.ts'
import { type Line, lineChanged, lineSaid } from './lines.ts'
import type { Parts } from './parts.ts'
import { refusalAtDoor } from './refuse.ts'
import { refused, type Stored } from './stored.ts'

type Trouble = Extract<Incoming, { type: 'trouble' }>
type Commanded = Extract<Incoming, { type: 'commanded' }>
/** What anybody does in a room that is a desk. */
type AtDesk = Exclude<Incoming, Commanded | Trouble>

/** An agent acts on a case by a button, a form, the page. */
export async function fromDesk(parts: Parts, tx: Db, incoming: Commanded): Promise<Stored> {
  const { command } = incoming
  const body: Command = JSON.parse(
    JSON.stringify(command, (_, value: unknown) => (typeof value === 'string' ? clean(value) : value)),
  )
  return await act(parts, tx, incoming, { type: 'commanded', command, body }, [])
}

/** What is written at a desk: in a case's thread it is a line of that case, elsewhere people talk among themselves. */
export async function fromRoom(parts: Parts, tx: Db, incoming: AtDesk): Promise<Stored> {
  if (incoming.type === 'said') {
    const line = await lineSaid(parts, tx, incoming)
    return line ? await act(parts, tx, incoming, line, incoming.files) : refused({ type: 'aside' })
  }
  if (incoming.type !== 'edited' && incoming.type !== 'deleted') return refused({ type: 'aside' })
  const changed = await lineChanged(parts, tx, incoming)
  if (changed === null) return refused({ type: 'aside' })
  if ('conversation' in changed) {
    // A turn that has it in hand sees by the mark that something came.
    const now = parts.clock.now()
    const since = (await conversations.byId(tx, changed.conversation))?.waitingSince ?? now
    await conversations.mark(tx, changed.conversation, parts.store.newId(now), now, since)
    return { received: { type: 'stored', id: incoming.id, conversation: changed.conversation }, readyAt: now }
  }
  return await act(parts, tx, incoming, changed, [])
}

async function act(
  parts: Parts,
  tx: Db,
  incoming: Incoming,
  { type, command, body }: Line,
  files: readonly FileContent[],
): Promise<Stored> {
  const { store, clock } = parts
  const now = clock.now()
  const target = await targetOf(parts, tx, command, now)
  if ('what' in target) return refused({ type: 'unknown', what: target.what })
  const { conversation, kase } = target
  // Who presses or hands in a form is told where they do; of a line in the thread the turn tells there.
  const acts = incoming.type === 'commanded'
  const no = kase && acts ? await refusalAtDoor(parts, tx, kase, incoming.author, command) : null
  if (no) {
    const repeated = await messages.byPlatformId(tx, incoming.place.channel, incoming.id)
    return refused(repeated ? { type: 'duplicate', id: incoming.id } : no)
  }
  const text = 'text' in command ? clean(command.text ?? '') : ''
  const what = { case_id: kase?.id ?? null, type, role: 'agent', text, body: JSON.stringify(body) }
  const id = await put(parts, tx, incoming, conversation, what, now)
  if (id === null) return refused({ type: 'duplicate', id: incoming.id })
  await messages.insertFiles(tx, store.newId, id, files, now)
  // The conversation first and then the case, as a turn's commit does: two that lock them crosswise would both wait.
  if (kase) await takeEffect(parts, tx, kase, incoming.author, command, now)
  return { received: { type: 'stored', id: incoming.id, conversation: conversation.id }, readyAt: now }
}

/** Stored in a conversation, with the mark that it waits there: our id, or null for what is known already. */
async function put(
  { store }: Parts,
  tx: Db,
  { id: platformId, place, author, at }: Incoming,
  { id: conversation, customer, waitingSince }: conversations.Conversation,
  what: Pick<messages.NewMessage, 'case_id' | 'type' | 'role' | 'text' | 'body'>,
  now: number,
): Promise<string | null> {
  const id = store.newId(now)
  const stored = await messages.insert(tx, {
    ...what,
    id,
    channel: place.channel,
    platform_id: platformId,
    conversation,
    customer,
    author: author.id,
    author_name: author.name,
    at,
    received_at: now,
    shown_at: now,
  })
  if (!stored) return null
  await conversations.mark(tx, conversation, id, now, waitingSince ?? now)
  return id
}

/** Where a command is handled: in its case's conversation, in the customer's for whom a case is opened, or at the desk. */
async function targetOf(parts: Parts, tx: Db, command: Command, now: number) {
  // What is decided of a spike is no single case's matter.
  if (command.do === 'declare' || command.do === 'dismiss') {
    const known = await spikes.ofCase(tx, command.case)
    return known
      ? { conversation: await desksOwn(parts, tx, now), kase: null }
      : { what: `proposal of an incident by case ${command.case}` }
  }
  if ('case' in command) {
    const kase = await cases.byNumber(tx, command.case)
    const conversation = kase && (await conversations.byId(tx, kase.conversation))
    return kase && conversation ? { conversation, kase } : { what: `case ${command.case}` }
  }
  if (command.do === 'open') {
    const place = placeOfCustomer(command.for)
    if (place === null) return { what: `customer ${command.for}: write <channel>:<workspace>:<user>` }
    await customers.findOrMake(tx, { id: command.for, name: place.room, timezone: null, tier: null }, now)
    const conversation =
      (await conversations.newestOf(tx, command.for)) ??
      (await conversations.findOrMake(tx, parts.store, place, command.for, now))
    return { conversation, kase: null }
  }
  return { conversation: await desksOwn(parts, tx, now), kase: null }
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
    // What a colleague has is theirs: whether it may be released for them, the turn decides.
    if (current && isHeld(current.state) && isOwner(current.state.owner, by))
      await cases.setOwner(tx, current, 'desk', now)
  }
}

/** What a channel has to tell goes into the conversation of whom it is about, and so into their case's thread. */
export async function fromChannel(parts: Parts, tx: Db, incoming: Trouble): Promise<Stored> {
  const now = parts.clock.now()
  const theirs = incoming.about === null ? null : await conversations.newestOf(tx, incoming.about)
  const conversation = theirs ?? (await desksOwn(parts, tx, now))
  const text = maskSecrets(clean(incoming.text))
  const what = {
    case_id: null,
    type: 'trouble',
    role: 'channel',
    text,
    body: JSON.stringify({ reason: incoming.reason }),
  }
  const id = await put(parts, tx, incoming, conversation, what, now)
  if (id === null) return refused({ type: 'duplicate', id: incoming.id })
  return { received: { type: 'stored', id: incoming.id, conversation: conversation.id }, readyAt: now }
}
