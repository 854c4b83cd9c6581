/** Where cases stand at their desks: the card, its thread, and the thread's first line. */
import type { Room } from '../domain/message.ts'
import { roomOf } from './conversations.ts'
import { kept } from './kept.ts'
import type { Db } from './schema.ts'

export interface DeskThread {
  caseId: string
  desk: Room
  thread: string | null
  /** Platform ids; null while it is not posted, or when it is gone. */
  card: string | null
  rule: string | null
}

const insertOne = kept(
  ['case_id', 'channel', 'workspace', 'room'],
  (db, row: { case_id: string; channel: string; workspace: string; room: string }) =>
    db
      .insertInto('desk_threads')
      .values(row)
      .onConflict((c) => c.column('case_id').doNothing()),
)

/** A case is given its desk, which it keeps. */
export async function give(tx: Db, caseId: string, { channel, workspace, room }: Room): Promise<void> {
  await insertOne(tx, { case_id: caseId, channel, workspace, room })
}

const selectOne = kept(['id'], (db, { id }: { id: string }) =>
  db.selectFrom('desk_threads').selectAll().where('case_id', '=', id),
)

export async function ofCase(db: Db, caseId: string): Promise<DeskThread | null> {
  const [row] = await selectOne(db, { id: caseId })
  return row ? { caseId, desk: roomOf(row), thread: row.thread, card: row.card, rule: row.rule } : null
}

/** What was posted is kept; null forgets what is gone. */
export async function set(
  tx: Db,
  caseId: string,
  posted: Partial<Pick<DeskThread, 'thread' | 'card' | 'rule'>>,
): Promise<void> {
  await tx.updateTable('desk_threads').set(posted).where('case_id', '=', caseId).execute()
}

/** The case whose thread that is. */
export async function caseAt(db: Db, channel: string, room: string, thread: string): Promise<string | null> {
  const row = await db
    .selectFrom('desk_threads')
    .select('case_id')
    .where('channel', '=', channel)
    .where('room', '=', room)
    .where('thread', '=', thread)
    .executeTakeFirst()
  return row?.case_id ?? null
}

const selectRoom = kept(['channel', 'room'], (db, { channel, room }: { channel: string; room: string }) =>
  db.selectFrom('desk_threads').select('case_id').where('channel', '=', channel).where('room', '=', room).limit(1),
)

/** Is it a room in which cases stand, though policy may name another desk by now? */
export async function isRoom(db: Db, channel: string, room: string): Promise<boolean> {
  return (await selectRoom(db, { channel, room })).length > 0
}
