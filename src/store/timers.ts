/** Times at which something is to happen in a conversation. Rows, so that they survive whatever the process does not. */
import { sql } from 'kysely'
import type { Timer } from '../domain/decision.ts'
import { kept, unlooked } from './kept.ts'
import type { Db, Schema } from './schema.ts'

export interface TimerRow {
  conversation: string
  /** '' for what belongs to no case. */
  caseId: string
  timer: Timer
  key: string
  dueAt: number
  about: string | null
}

const putOne = kept(['conversation', 'case_id', 'timer', 'key', 'due_at', 'about'], (db, timer: Schema['timers']) =>
  db
    .insertInto('timers')
    .values(timer)
    .onConflict((c) =>
      c.columns(['conversation', 'case_id', 'timer', 'key']).doUpdateSet({ due_at: timer.due_at, about: timer.about }),
    ),
)

/** Sets it, or gives a set one its new time. */
export async function put(tx: Db, { conversation, caseId, timer, key, dueAt, about }: TimerRow): Promise<void> {
  await putOne(tx, { conversation, case_id: caseId, timer, key, due_at: dueAt, about })
}

export async function remove(tx: Db, { conversation, caseId, timer, key }: TimerRow): Promise<void> {
  await removeOne(tx, { conversation, case_id: caseId, timer, key })
}

type Key = Pick<Schema['timers'], 'conversation' | 'case_id' | 'timer' | 'key'>

const removeOne = kept(['conversation', 'case_id', 'timer', 'key'], (db, { conversation, case_id, timer, key }: Key) =>
  db
    .deleteFrom('timers')
    .where('conversation', '=', conversation)
    .where('case_id', '=', case_id)
    .where('timer', '=', timer)
    .where('key', '=', key),
)

const removeAll = kept(
  ['conversation', 'case_id'],
  (db, { conversation, case_id }: Pick<Key, 'conversation' | 'case_id'>) =>
    db.deleteFrom('timers').where('conversation', '=', conversation).where('case_id', '=', case_id),
)

const removeSort = kept(
  ['conversation', 'case_id', 'timer'],
  (db, { conversation, case_id, timer }: Omit<Key, 'key'>) =>
    db
      .deleteFrom('timers')
      .where('conversation', '=', conversation)
      .where('case_id', '=', case_id)
      .where('timer', '=', timer),
)

/** Takes back a case's timers: all, or those of one sort. */
export async function cancel(tx: Db, conversation: string, caseId: string, timer: Timer | 'all'): Promise<void> {
  if (timer === 'all') await removeAll(tx, { conversation, case_id: caseId })
  else await removeSort(tx, { conversation, case_id: caseId, timer })
}

const selectAll = kept(['conversation'], (db, { conversation }: { conversation: string }) =>
  db.selectFrom('timers').selectAll().where('conversation', '=', unlooked(conversation, 'text')).orderBy('due_at'),
)

const selectFirstDue = kept(
  ['conversation', 'now'],
  (db, { conversation, now }: { conversation: string; now: number }) =>
    db
      .selectFrom('timers')
      .selectAll()
      .where('conversation', '=', unlooked(conversation, 'text'))
      .where('due_at', '<=', unlooked(now, 'bigint'))
      .orderBy('due_at')
      .limit(sql.lit(1)),
)

/** The first of a conversation's timers, if its time has come. */
export async function firstDue(db: Db, conversation: string, now: number): Promise<TimerRow | null> {
  const [row] = await selectFirstDue(db, { conversation, now })
  return row ? parse(row) : null
}

export async function ofConversation(db: Db, conversation: string): Promise<TimerRow[]> {
  return (await selectAll(db, { conversation })).map(parse)
}

/** Conversations with a timer whose time has come, earliest first. */
export async function due(db: Db, now: number, atMost: number): Promise<string[]> {
  const rows = await db
    .selectFrom('timers')
    .select('conversation')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(atMost)
    .execute()
  return [...new Set(rows.map((row) => row.conversation))]
}

/** The first moment later than `after` at which something is due. */
export async function nextDueAt(db: Db, after: number): Promise<number | null> {
  const row = await db
    .selectFrom('timers')
    .select((e) => e.fn.min('due_at').as('at'))
    .where('due_at', '>', after)
    .executeTakeFirst()
  return row?.at ?? null
}

/** What it is about is said otherwise, or no longer. */
export async function reword(
  tx: Db,
  conversation: string,
  words: readonly string[],
  instead: string | null,
): Promise<void> {
  await tx
    .updateTable('timers')
    .set({ about: instead })
    .where('conversation', '=', conversation)
    .where('about', 'in', words)
    .execute()
}

const timers: readonly Timer[] = ['promise.risk', 'promise.due', 'silence', 'check', 'close', 'suggestion']

function parse(row: Schema['timers']): TimerRow {
  const timer = timers.find((known) => known === row.timer)
  if (!timer) throw new Error(`the timer ${row.timer} of conversation ${row.conversation} is unknown`)
  return {
    conversation: row.conversation,
    caseId: row.case_id,
    timer,
    key: row.key,
    dueAt: row.due_at,
    about: row.about,
  }
}
