/** What is to be shown somewhere: sent in order within a conversation, each until it is sent, failed or dropped. */
import { sql } from 'kysely'
import type { Outgoing, Place, Touch } from '../domain/message.ts'
import { showNext } from './conversations.ts'
import { kept, unlooked } from './kept.ts'
import type { Db, Schema } from './schema.ts'

export type OutboxState = 'waiting' | 'begun' | 'sent' | 'failed' | 'dropped'

export interface OutboxRow {
  id: string
  conversation: string
  customer: string
  caseId: string | null
  audience: 'customer' | 'desk'
  place: Place
  outgoing: Outgoing | Touch
  script: string | null
  state: OutboxState
  notBefore: number
  attempts: number
  createdAt: number
  begunAt: number | null
  sentAt: number | null
  /** Its place in what the customer reads (conversations.showNext). */
  shownAt: number | null
  /** The turn that wrote it: the id of its first message. */
  turn: string | null
  platformId: string | null
}

/** Written out, not as values, and said beside a narrower state: only so do the engines see that the partial index serves. */
const isUnsent = sql<boolean>`state in ('waiting', 'begun')`

/** All but `error`, which a new row has not. */
const written = [
  'id',
  'conversation',
  'customer',
  'case_id',
  'audience',
  'place',
  'type',
  'body',
  'script',
  'state',
  'not_before',
  'attempts',
  'created_at',
  'begun_at',
  'sent_at',
  'shown_at',
  'turn',
  'platform_id',
] as const

const insertOne = kept(written, (db, row: Pick<Schema['outbox'], (typeof written)[number]>) =>
  db.insertInto('outbox').values(row),
)

const insertSource = kept(['outbox', 'message'], (db, source: Schema['outbox_sources']) =>
  db.insertInto('outbox_sources').values(source),
)

/** `sources` are our ids of the messages whose words a row carries. */
export type NewOutboxRow = OutboxRow & { sources?: readonly string[] }

export async function insert(tx: Db, rows: readonly NewOutboxRow[]): Promise<void> {
  for (const row of rows) {
    await insertOne(tx, columnsOf(row))
    for (const message of row.sources ?? []) await insertSource(tx, { outbox: row.id, message })
  }
}

const selectUnsent = kept(['conversation'], (db, { conversation }: { conversation: string }) =>
  db
    .selectFrom('outbox')
    .selectAll()
    .where('conversation', '=', unlooked(conversation, 'text'))
    .where(isUnsent)
    .orderBy('id'),
)

/** A conversation's rows that are still to be sent, oldest first. */
export async function unsent(db: Db, conversation: string): Promise<OutboxRow[]> {
  return (await selectUnsent(db, { conversation })).map(parse)
}

const updateBegun = kept(['id', 'at'], (db, { id, at }: { id: string; at: number }) =>
  db
    .updateTable('outbox')
    .set((e) => ({ state: 'begun', begun_at: at, attempts: e('attempts', '+', 1) }))
    .where('id', '=', id)
    .where(isUnsent)
    .returning('id'),
)

/** Begins an attempt, if the row still waits: what was undone or dropped in between is not sent. */
export async function begin(tx: Db, id: string, at: number): Promise<boolean> {
  return (await updateBegun(tx, { id, at })).length > 0
}

type Sent = Pick<Schema['outbox'], 'id' | 'sent_at' | 'shown_at' | 'platform_id'>

const updateSent = kept(['id', 'sent_at', 'shown_at', 'platform_id'], (db, { id, ...shown }: Sent) =>
  db
    .updateTable('outbox')
    .set({ state: 'sent', ...shown })
    .where('id', '=', id),
)

export async function sent(
  tx: Db,
  { id, conversation }: Pick<OutboxRow, 'id' | 'conversation'>,
  platformId: string,
  at: number,
): Promise<void> {
  const shownAt = await showNext(tx, conversation, at)
  await updateSent(tx, { id, sent_at: at, shown_at: shownAt, platform_id: platformId })
}

export async function failed(tx: Db, id: string, error: string): Promise<void> {
  await tx.updateTable('outbox').set({ state: 'failed', error }).where('id', '=', id).execute()
}

export async function postpone(tx: Db, id: string, until: number): Promise<void> {
  await tx.updateTable('outbox').set({ not_before: until }).where('id', '=', id).execute()
}

/** It was not tried in earnest: the platform asked for a pause. `maybe` it is there all the same, and is looked for first. */
export async function putOff(tx: Db, id: string, at: number, error: string, maybe: boolean): Promise<void> {
  const sure = maybe ? {} : { begun_at: null }
  await tx
    .updateTable('outbox')
    .set((e) => ({ state: 'waiting', not_before: at, error, attempts: e('attempts', '-', 1), ...sure }))
    .where('id', '=', id)
    .execute()
}

/** It is not sent, or no longer to be seen. */
export async function drop(tx: Db, id: string): Promise<void> {
  await tx.updateTable('outbox').set({ state: 'dropped' }).where('id', '=', id).execute()
}

export async function retryAt(tx: Db, id: string, at: number, error: string): Promise<void> {
  await tx.updateTable('outbox').set({ state: 'waiting', not_before: at, error }).where('id', '=', id).execute()
}

/** A claim silences the bot: what it had not begun to send to the customer is dropped. */
export async function dropBots(tx: Db, conversation: string): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ state: 'dropped' })
    .where('conversation', '=', conversation)
    .where('audience', '=', 'customer')
    .where(isUnsent)
    .where('state', '=', 'waiting')
    .where('script', 'is not', null)
    .execute()
}

/** The newest words of a person in a case that have not begun to leave: their id, or null. */
export async function newestWords(db: Db, caseId: string): Promise<string | null> {
  const row = await db
    .selectFrom('outbox')
    .select('id')
    .where('case_id', '=', caseId)
    .where('audience', '=', 'customer')
    .where('state', '=', 'waiting')
    .where('script', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

/** Takes them back. Returns their id. */
export async function undo(tx: Db, caseId: string): Promise<string | null> {
  const id = await newestWords(tx, caseId)
  if (id !== null) await tx.updateTable('outbox').set({ state: 'dropped' }).where('id', '=', id).execute()
  return id
}

/** Lets persons' words, and what waits behind them, go before the seconds of undo are over; false when none waited. */
export async function letGo(tx: Db, now: number): Promise<boolean> {
  const gone = await tx
    .updateTable('outbox')
    .set({ not_before: now })
    .where(isUnsent)
    .where('state', '=', 'waiting')
    .where('attempts', '=', 0)
    .where('not_before', '>', now)
    .returning('id')
    .execute()
  return gone.length > 0
}

const selectWaiting = kept(['conversation'], (db, { conversation }: { conversation: string }) =>
  db.selectFrom('outbox').select('audience').distinct().where('conversation', '=', conversation).where(isUnsent),
)

/** For whom anything still waits in this conversation: what is said next must not overtake it. */
export async function waitingFor(tx: Db, conversation: string): Promise<Set<string>> {
  return new Set((await selectWaiting(tx, { conversation })).map((row) => row.audience))
}

export async function byId(db: Db, id: string): Promise<OutboxRow | null> {
  const row = await db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? parse(row) : null
}

export async function ofCase(db: Db, caseId: string): Promise<OutboxRow[]> {
  const rows = await db.selectFrom('outbox').selectAll().where('case_id', '=', caseId).orderBy('id').execute()
  return rows.map(parse)
}

/** What a turn wrote. */
export async function ofTurn(db: Db, customer: string, turn: string): Promise<OutboxRow[]> {
  const rows = await db
    .selectFrom('outbox')
    .selectAll()
    .where('customer', '=', customer)
    .where('turn', '=', turn)
    .execute()
  return rows.map(parse)
}

/** What it shows is now this. What has left already stays as it is on its platform. */
export async function rewrite(tx: Db, id: string, outgoing: Outgoing | Touch): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ body: JSON.stringify(outgoing) })
    .where('id', '=', id)
    .execute()
}

/** What the desk was shown beside its cases, newest first. */
export async function atDesk(db: Db, atMost: number): Promise<OutboxRow[]> {
  const rows = await db
    .selectFrom('outbox')
    .selectAll()
    .where('audience', '=', 'desk')
    .orderBy('id', 'desc')
    .limit(atMost)
    .execute()
  return rows.map(parse)
}

/** Conversations in which something may be sent by now, and the time of the next. */
export async function due(db: Db, now: number, atMost: number): Promise<string[]> {
  const rows = await db
    .selectFrom('outbox')
    .select('conversation')
    .where(isUnsent)
    .where('not_before', '<=', now)
    .orderBy('not_before')
    .limit(atMost)
    .execute()
  return [...new Set(rows.map((row) => row.conversation))]
}

export async function nextDueAt(db: Db, after: number): Promise<number | null> {
  const row = await db
    .selectFrom('outbox')
    .select((e) => e.fn.min('not_before').as('at'))
    .where(isUnsent)
    .where('not_before', '>', after)
    .executeTakeFirst()
  return row?.at ?? null
}

function columnsOf(row: OutboxRow) {
  const { id, conversation, customer, audience, outgoing, script, state, attempts } = row
  return {
    id,
    conversation,
    customer,
    case_id: row.caseId,
    audience,
    place: JSON.stringify(row.place),
    type: outgoing.type,
    body: JSON.stringify(outgoing),
    script,
    state,
    not_before: row.notBefore,
    attempts,
    created_at: row.createdAt,
    begun_at: row.begunAt,
    sent_at: row.sentAt,
    shown_at: row.shownAt,
    turn: row.turn,
    platform_id: row.platformId,
  }
}

export function parse(row: Schema['outbox']): OutboxRow {
  const states: readonly OutboxState[] = ['waiting', 'begun', 'sent', 'failed', 'dropped']
  const state = states.find((known) => known === row.state)
  if (!state) throw new Error(`the outbox row ${row.id} has the unknown state ${row.state}`)
  return {
    id: row.id,
    conversation: row.conversation,
    customer: row.customer,
    caseId: row.case_id,
    audience: row.audience === 'desk' ? 'desk' : 'customer',
    place: JSON.parse(row.place),
    outgoing: JSON.parse(row.body),
    script: row.script,
    state,
    notBefore: row.not_before,
    attempts: row.attempts,
    createdAt: row.created_at,
    begunAt: row.begun_at,
    sentAt: row.sent_at,
    shownAt: row.shown_at,
    turn: row.turn,
    platformId: row.platform_id,
  }
}
