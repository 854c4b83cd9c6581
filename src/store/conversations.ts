/** Conversations (one customer in one place), and their mark of waiting work. */
import { type RawBuilder, sql } from 'kysely'
import type { Asked } from '../domain/decision.ts'
import type { Place, Room } from '../domain/message.ts'
import type { Used } from './customers.ts'
import type { NewId } from './ids.ts'
import { kept, unlooked } from './kept.ts'
import { databaseNow } from './leases.ts'
import type { EngineName } from './migrations.ts'
import type { Db, Schema } from './schema.ts'

export interface Conversation {
  id: string
  customer: string
  place: Place
  asked: Asked | null
  lastIn: string | null
  readyAt: number | null
  waitingSince: number | null
  /** Under the lock of findOrMake: what is said next is shown after it. */
  shownAt: number
}

interface Ground {
  engine: EngineName
  newId: NewId
}

/**
 * The conversation of a customer in a place, made when it is their first word there. It stays locked until the commit:
 * what arrives in it and what is said in it happens one after the other.
 */
export async function findOrMake(
  tx: Db,
  { engine, newId }: Ground,
  place: Place,
  customer: string,
  at: number,
): Promise<Conversation> {
  const key = keyOf(place, customer)
  const known = await byKey(tx, key, engine)
  if (known) return known
  const [made] = await insertOne(tx, { id: newId(at), key, customer, ...columnsOf(place), shown_at: 0 })
  // Another process may have made it between the look and the insert.
  const found = made ? parse(made) : await byKey(tx, key, engine)
  if (!found) throw new Error(`the conversation ${key} was not stored`)
  return found
}

type NewConversation = Pick<
  Schema['conversations'],
  'id' | 'key' | 'customer' | 'channel' | 'workspace' | 'room' | 'thread' | 'shown_at'
>

const insertOne = kept(
  ['id', 'key', 'customer', 'channel', 'workspace', 'room', 'thread', 'shown_at'],
  (db, conversation: NewConversation) =>
    db
      .insertInto('conversations')
      .values(conversation)
      .onConflict((c) => c.column('key').doNothing())
      .returningAll(),
)

const selectByKey = kept(['key'], (db, { key }: { key: string }) =>
  db.selectFrom('conversations').selectAll().where('key', '=', key),
)

const lockByKey = kept(['key'], (db, { key }: { key: string }) =>
  db.selectFrom('conversations').selectAll().where('key', '=', key).forUpdate(),
)

async function byKey(tx: Db, key: string, engine: EngineName): Promise<Conversation | null> {
  // On SQLite a transaction that writes is alone anyway.
  const [row] = await (engine === 'postgres' ? lockByKey(tx, { key }) : selectByKey(tx, { key }))
  return row ? parse(row) : null
}

/** Locks it until the commit: see findOrMake. */
export async function lock(tx: Db, id: string, engine: EngineName): Promise<void> {
  if (engine === 'postgres')
    await tx.selectFrom('conversations').select('id').where('id', '=', id).forUpdate().execute()
}

/** Has this person spoken with us in that very place? */
export async function isKnown(db: Db, place: Place, customer: string): Promise<boolean> {
  return (await selectByKey(db, { key: keyOf(place, customer) })).length > 0
}

const selectById = kept(['id'], (db, { id }: { id: string }) =>
  db.selectFrom('conversations').selectAll().where('id', '=', id),
)

export async function byId(db: Db, id: string): Promise<Conversation | null> {
  const [row] = await selectById(db, { id })
  return row ? parse(row) : null
}

/** The customer's newest conversation, for what is told to them without their having just spoken. */
export async function newestOf(db: Db, customer: string): Promise<Conversation | null> {
  const row = await db
    .selectFrom('conversations')
    .selectAll()
    .where('customer', '=', customer)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? parse(row) : null
}

/** The customers' conversations, newest first. */
export async function recent(db: Db, atMost: number): Promise<string[]> {
  const rows = await db
    .selectFrom('conversations')
    .select('id')
    .where('customer', 'not like', '%:desk')
    .orderBy('id', 'desc')
    .limit(atMost)
    .execute()
  return rows.map((row) => row.id)
}

type Mark = Pick<Schema['conversations'], 'id' | 'last_in' | 'ready_at' | 'waiting_since'>

const updateMark = kept(['id', 'last_in', 'ready_at', 'waiting_since'], (db, { id, ...mark }: Mark) =>
  db.updateTable('conversations').set(mark).where('id', '=', id),
)

/** Marks that a message waits in it, and when its turn may begin. */
export async function mark(tx: Db, id: string, lastIn: string, readyAt: number, waitingSince: number): Promise<void> {
  await updateMark(tx, { id, last_in: lastIn, ready_at: readyAt, waiting_since: waitingSince })
}

type Arrived = Mark & Pick<Schema['conversations'], 'shown_at'>

const updateArrived = kept(['id', 'last_in', 'ready_at', 'waiting_since', 'shown_at'], (db, { id, ...mark }: Arrived) =>
  db.updateTable('conversations').set(mark).where('id', '=', id),
)

/** The same of what can be read, in a conversation that is locked: it is the newest there is to read. */
export async function arrived(tx: Db, id: string, what: Omit<Arrived, 'id'>): Promise<void> {
  await updateArrived(tx, { id, ...what })
}

/** The next place in what is shown in a conversation whose newest is `shownAt`. Epoch milliseconds, or a little more. */
export function shownAfter(shownAt: number, now: number): number {
  return Math.max(now, shownAt + 1)
}

const updateShown = kept(['id', 'now'], (db, { id, now }: { id: string; now: number }) =>
  db
    .updateTable('conversations')
    .set({ shown_at: sql<number>`case when shown_at < ${now} then ${now} else shown_at + 1 end` })
    .where('id', '=', id)
    .returning('shown_at'),
)

/**
 * The place of what is shown now: after everything that could be read by now, and before all that is committed later,
 * because the conversation is locked until the commit. Epoch milliseconds, or a little more.
 */
export async function showNext(tx: Db, id: string, now: number): Promise<number> {
  const [row] = await updateShown(tx, { id, now })
  return row?.shown_at ?? now
}

const updateSettled = kept(['id', 'seen'], (db, { id, seen }: { id: string; seen: string | null }) => {
  const unseen = sql<boolean>`last_in is distinct from ${seen}`
  return db
    .updateTable('conversations')
    .set({
      ready_at: sql<number | null>`case when ${unseen} then ready_at else null end`,
      waiting_since: sql<number | null>`case when ${unseen} then waiting_since else null end`,
    })
    .where('id', '=', id)
})

/** Takes the mark away, unless something arrived that the turn has not seen. */
export async function settle(tx: Db, id: string, seen: string | null): Promise<void> {
  await updateSettled(tx, { id, seen })
}

/** Leaves the mark: part of what waits is still to be dealt with, and now. */
export async function goOn(tx: Db, id: string, now: number): Promise<void> {
  await tx.updateTable('conversations').set({ ready_at: now }).where('id', '=', id).execute()
}

type Left = Pick<Schema['conversations'], 'id' | 'asked' | 'ready_at' | 'waiting_since' | 'shown_at'>

const updateLeft = kept(['id', 'asked', 'ready_at', 'waiting_since', 'shown_at'], (db, { id, ...left }: Left) =>
  db.updateTable('conversations').set(left).where('id', '=', id),
)

/** What a turn changed of it, written once at its commit. */
export async function leave(tx: Db, id: string, { asked, readyAt, waitingSince, shownAt }: Standing): Promise<void> {
  const question = asked === null ? null : JSON.stringify(asked)
  await updateLeft(tx, { id, asked: question, ready_at: readyAt, waiting_since: waitingSince, shown_at: shownAt })
}

/** The question of what an unsure message was holds the message: it goes with it. */
export async function forgetUnsure(tx: Db, id: string): Promise<void> {
  await tx
    .updateTable('conversations')
    .set({ asked: null })
    .where('id', '=', id)
    .where('asked', 'like', '{"question":"kind"%')
    .execute()
}

/** Conversations whose turn may begin, longest waiting first. */
export async function ready(db: Db, now: number, atMost: number): Promise<string[]> {
  const rows = await db
    .selectFrom('conversations')
    .select('id')
    .where('ready_at', '<=', now)
    .orderBy('ready_at')
    .limit(atMost)
    .execute()
  return rows.map((row) => row.id)
}

/** The first moment later than `after` at which something is due. */
export async function nextReadyAt(db: Db, after: number): Promise<number | null> {
  const row = await db
    .selectFrom('conversations')
    .select((e) => e.fn.min('ready_at').as('at'))
    .where('ready_at', '>', after)
    .executeTakeFirst()
  return row?.at ?? null
}

/** When this conversation has something to do: a turn, a timer, something to send. */
export async function nextAt(db: Db, id: string): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`
    select ready_at as at from conversations where id = ${id} and ready_at is not null
    union all select min(due_at) from timers where conversation = ${id}
    union all select min(not_before) from outbox where conversation = ${id} and state in ('waiting', 'begun')`.execute(
    db,
  )
  const times = rows.map((row) => row.at).filter((at) => at !== null)
  return times.length > 0 ? Math.min(...times) : null
}

/** What a turn can change of a conversation. */
export type Standing = Pick<Conversation, 'asked' | 'readyAt' | 'waitingSince' | 'shownAt'>

/** A conversation as it stands at a turn's commit. */
export interface AtCommit extends Standing {
  lastIn: string | null
  /** Was the customer blocked? A block takes effect while a turn runs. */
  blocked: boolean
  /** What they have heard by now, here and elsewhere. */
  used: Used
}

const selectAtCommit = kept(['id'], (db, { id }: { id: string }) => atCommitOf(db, unlooked(id, 'text')))

function atCommitOf(db: Db, id: string | RawBuilder<string>) {
  return db
    .selectFrom('conversations')
    .innerJoin('customers', 'customers.id', 'conversations.customer')
    .select(['last_in', 'asked', 'ready_at', 'waiting_since', 'shown_at', 'blocked_at', 'used'])
    .where('conversations.id', '=', id)
}

/**
 * What a turn looks at again when it commits; null when the lease is no longer `owner`'s, or the customer was forgotten
 * meanwhile. Nobody else changes the conversation or the customer until the commit: on a server they are locked, in a
 * file every transaction that writes is alone.
 */
export async function atCommit(tx: Db, id: string, owner: string | null): Promise<AtCommit | null> {
  const [row] =
    owner === null
      ? await selectAtCommit(tx, { id })
      : await atCommitOf(tx, id)
          .where('lease_owner', '=', owner)
          .where(sql<boolean>`lease_until >= ${databaseNow}`)
          .forUpdate(['conversations', 'customers'])
          .execute()
  if (!row) return null
  return {
    lastIn: row.last_in,
    asked: row.asked === null ? null : JSON.parse(row.asked),
    readyAt: row.ready_at,
    waitingSince: row.waiting_since,
    shownAt: row.shown_at,
    blocked: row.blocked_at !== null,
    used: JSON.parse(row.used),
  }
}

export function keyOf(place: Place, customer: string): string {
  return [place.channel, place.workspace, place.room, place.thread ?? '', customer].join(':')
}

function columnsOf(place: Place) {
  return { channel: place.channel, workspace: place.workspace, room: place.room, thread: place.thread }
}

function parse(row: Pick<Schema['conversations'], keyof Schema['conversations']>): Conversation {
  return {
    id: row.id,
    customer: row.customer,
    place: placeOf(row),
    asked: row.asked === null ? null : JSON.parse(row.asked),
    lastIn: row.last_in,
    readyAt: row.ready_at,
    waitingSince: row.waiting_since,
    shownAt: row.shown_at,
  }
}

function placeOf(row: Pick<Schema['conversations'], 'channel' | 'workspace' | 'room' | 'thread'>): Place {
  return { ...roomOf(row), thread: row.thread }
}

/** A room as its columns name it. */
export function roomOf({ channel, workspace, room }: { channel: string; workspace: string; room: string }): Room {
  if (channel === 'slack' || channel === 'discord') return { channel, workspace, room }
  return { channel: 'web', workspace, room }
}
