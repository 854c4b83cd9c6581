/** Times at which something is to happen in a conversation. Rows, so that they survive whatever the process does not. */
import type { Timer } from '../domain/decision.ts'
import { kept } from './kept.ts'
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

/** Sets it, or gives a set one its new time. */
export async function put(tx: Db, { conversation, caseId, timer, key, dueAt, about }: TimerRow): Promise<void> {
  await tx
    .insertInto('timers')
    .values({ conversation, case_id: caseId, timer, key, due_at: dueAt, about })
    .onConflict((c) => c.columns(['conversation', 'case_id', 'timer', 'key']).doUpdateSet({ due_at: dueAt, about }))
    .execute()
}

export async function remove(tx: Db, { conversation, caseId, timer, key }: TimerRow): Promise<void> {
  await tx
    .deleteFrom('timers')
    .where('conversation', '=', conversation)
    .where('case_id', '=', caseId)
    .where('timer', '=', timer)
    .where('key', '=', key)
    .execute()
}

/** Takes back a case's timers: all, or those of one sort. */
export async function cancel(tx: Db, conversation: string, caseId: string, timer: Timer | 'all'): Promise<void> {
  let query = tx.deleteFrom('timers').where('conversation', '=', conversation).where('case_id', '=', caseId)
  if (timer !== 'all') query = query.where('timer', '=', timer)
  await query.execute()
}

const selectFirstDue = kept((db, conversation: string, now: number) =>
  db
    .selectFrom('timers')
    .selectAll()
    .where('conversation', '=', conversation)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(1),
)

/** The first of a conversation's timers, if its time has come. */
export async function firstDue(db: Db, conversation: string, now: number): Promise<TimerRow | null> {
  const [row] = await selectFirstDue(db, conversation, now)
  return row ? parse(row) : null
}

export async function ofConversation(db: Db, conversation: string): Promise<TimerRow[]> {
  const rows = await db
    .selectFrom('timers')
    .selectAll()
    .where('conversation', '=', conversation)
    .orderBy('due_at')
    .execute()
  return rows.map(parse)
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

export async function nextDueAt(db: Db): Promise<number | null> {
  const row = await db
    .selectFrom('timers')
    .select((e) => e.fn.min('due_at').as('at'))
    .executeTakeFirst()
  return row?.at ?? null
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
