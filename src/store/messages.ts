/** What arrived: every event of every channel, unique on the platform's id, until a turn has handled it. */
import { sql } from 'kysely'
import type { FileContent } from '../domain/message.ts'
import type { Reading } from '../domain/reading.ts'
import type { NewId } from './ids.ts'
import { kept, unlooked } from './kept.ts'
import type { Db, Schema } from './schema.ts'

export type MessageRow = Schema['messages']

const arriving = [
  'id',
  'channel',
  'platform_id',
  'conversation',
  'customer',
  'case_id',
  'type',
  'role',
  'author',
  'author_name',
  'text',
  'body',
  'at',
  'received_at',
  'shown_at',
] as const

/** What a message has when it arrives; the rest comes with its turn. */
export type NewMessage = Pick<MessageRow, (typeof arriving)[number]>

const insertOne = kept(arriving, (db, message: NewMessage) =>
  db
    .insertInto('messages')
    .values(message)
    .onConflict((c) => c.columns(['channel', 'platform_id']).doNothing())
    .returning('id'),
)

/** Stores it; false when the platform's id is known already. */
export async function insert(tx: Db, message: NewMessage): Promise<boolean> {
  return (await insertOne(tx, message)).length > 0
}

export async function byPlatformId(db: Db, channel: string, id: string): Promise<MessageRow | null> {
  const row = await db
    .selectFrom('messages')
    .selectAll()
    .where('channel', '=', channel)
    .where('platform_id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

const selectUnhandled = kept(
  ['conversation', 'atMost'],
  (db, { conversation, atMost }: { conversation: string; atMost: number }) =>
    db
      .selectFrom('messages')
      .selectAll()
      .where('conversation', '=', unlooked(conversation, 'text'))
      .where('handled_at', 'is', null)
      .orderBy('id')
      .limit(unlooked(atMost, 'bigint')),
)

/** What no turn has handled yet, in the order of arrival. */
export async function unhandled(db: Db, conversation: string, atMost: number): Promise<MessageRow[]> {
  return await selectUnhandled(db, { conversation, atMost })
}

export interface Handled {
  ids: string[]
  caseId: string | null
  reading: Reading | null
  turnAt: number
  at: number
}

type HandledColumns = Pick<MessageRow, 'id' | 'handled_at' | 'turn' | 'turn_at' | 'case_id' | 'reading'>

const updateHandled = kept(
  ['id', 'handled_at', 'turn', 'turn_at', 'case_id', 'reading'],
  (db, { id, ...columns }: HandledColumns) => db.updateTable('messages').set(columns).where('id', '=', id),
)

export async function handled(tx: Db, { ids, caseId, reading, turnAt, at }: Handled): Promise<void> {
  const columns = {
    handled_at: at,
    turn: ids[0] ?? null,
    turn_at: turnAt,
    case_id: caseId,
    reading: reading === null ? null : JSON.stringify(reading),
  }
  for (const id of ids) await updateHandled(tx, { id, ...columns })
}

/** What was said in a turn, in order. */
export async function ofTurn(db: Db, customer: string, turn: string): Promise<MessageRow[]> {
  return await db
    .selectFrom('messages')
    .selectAll()
    .where('customer', '=', customer)
    .where('turn', '=', turn)
    .where('type', '=', 'said')
    .orderBy('id')
    .execute()
}

/** The edits of a message, which hold its words as well. */
export async function editsOf(db: Db, { customer, channel, platform_id }: MessageRow): Promise<MessageRow[]> {
  const rows = await db
    .selectFrom('messages')
    .selectAll()
    .where('customer', '=', customer)
    .where('channel', '=', channel)
    .where('type', '=', 'edited')
    .orderBy('id')
    .execute()
  return rows.filter((row) => JSON.parse(row.body).message === platform_id)
}

/** Takes the words off a row that stays. */
export async function blank(tx: Db, id: string): Promise<void> {
  await tx.updateTable('messages').set({ text: '', reading: null }).where('id', '=', id).execute()
}

/** What was understood of it is now this. */
export async function reread(tx: Db, id: string, reading: Reading): Promise<void> {
  await tx
    .updateTable('messages')
    .set({ reading: JSON.stringify(reading) })
    .where('id', '=', id)
    .execute()
}

/** Has the customer edited or deleted any of these since they were read? */
export async function haveChanged(tx: Db, rows: readonly MessageRow[]): Promise<boolean> {
  if (rows.length === 0) return false
  const ids = rows.map((row) => row.id)
  const now = await tx.selectFrom('messages').select(['id', 'text', 'deleted_at']).where('id', 'in', ids).execute()
  const known = new Map(rows.map((row) => [row.id, row]))
  return now.some(({ id, text, deleted_at }) => {
    const read = known.get(id)
    return read?.text !== text || read.deleted_at !== deleted_at
  })
}

/** The text as it now stands. Returns the row as it was, or null when the customer has no such message. */
export async function edit(
  tx: Db,
  channel: string,
  customer: string,
  id: string,
  text: string,
  at: number,
): Promise<MessageRow | null> {
  const row = await byPlatformId(tx, channel, id)
  if (row?.customer !== customer || row.type !== 'said' || row.deleted_at !== null) return null
  await tx.updateTable('messages').set({ text, edited_at: at }).where('id', '=', row.id).execute()
  return row
}

/** The words are gone; that there was a message stays. */
export async function remove(
  tx: Db,
  channel: string,
  customer: string,
  id: string,
  at: number,
): Promise<MessageRow | null> {
  const row = await byPlatformId(tx, channel, id)
  if (row?.customer !== customer || row.type !== 'said' || row.deleted_at !== null) return null
  await tx.updateTable('messages').set({ text: '', reading: null, deleted_at: at }).where('id', '=', row.id).execute()
  await tx.deleteFrom('files').where('message', '=', row.id).execute()
  return row
}

/** An agent's line, as it now stands before its turn. */
export async function rewrite(tx: Db, id: string, text: string, body: string, at: number): Promise<void> {
  await tx.updateTable('messages').set({ text, body, edited_at: at }).where('id', '=', id).execute()
}

/** An agent's line that is taken away before its turn. */
export async function strike(tx: Db, id: string, at: number): Promise<void> {
  await tx.updateTable('messages').set({ text: '', deleted_at: at }).where('id', '=', id).execute()
  await tx.deleteFrom('files').where('message', '=', id).execute()
}

export async function insertFiles(
  tx: Db,
  newId: NewId,
  message: string,
  files: readonly FileContent[],
  at: number,
): Promise<void> {
  if (files.length === 0) return
  const rows = files.map(({ name, type, bytes }) => ({ id: newId(at), message, name, type, size: bytes.length, bytes }))
  await tx.insertInto('files').values(rows).execute()
}

export async function fileNames(db: Db, messages: readonly string[]): Promise<string[]> {
  const rows = await db.selectFrom('files').select('name').where('message', 'in', messages).orderBy('id').execute()
  return rows.map((row) => row.name)
}

/** A point in what a customer has read, by `shown_at`: what was shown after it is newer. */
export interface Cursor {
  at: number
  id: string
}

/** What a customer said after a point, oldest first. */
export async function saidBy(db: Db, customer: string, after: Cursor, atMost: number): Promise<MessageRow[]> {
  return await db
    .selectFrom('messages')
    .selectAll()
    .where('customer', '=', customer)
    .where('type', '=', 'said')
    .where('role', '=', 'customer')
    .where(sql<boolean>`(shown_at, id) > (${after.at}, ${after.id})`)
    .orderBy('shown_at')
    .orderBy('id')
    .limit(atMost)
    .execute()
}

/** A point in a conversation: before something of that id was made. */
export interface Point {
  customer: string
  conversation: string
  id: string
}

/** What a customer had said until then, the last of it, oldest first. */
export async function saidUntil(db: Db, { customer, conversation, id }: Point, atMost: number): Promise<MessageRow[]> {
  const rows = await db
    .selectFrom('messages')
    .selectAll()
    .where('customer', '=', customer)
    .where('conversation', '=', conversation)
    .where('type', '=', 'said')
    .where('deleted_at', 'is', null)
    .where('id', '<', id)
    .orderBy('shown_at', 'desc')
    .orderBy('id', 'desc')
    .limit(atMost)
    .execute()
  return rows.toReversed()
}

export async function ofCase(db: Db, caseId: string): Promise<MessageRow[]> {
  return await db
    .selectFrom('messages')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('type', '=', 'said')
    .where('role', '=', 'customer')
    .orderBy('id')
    .execute()
}
