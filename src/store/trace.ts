/** The whole way of one message: everything that its turn read, decided and said, gathered from the tables. */
import type { CaseEvent } from '../domain/case.ts'
import type { Commitment } from '../domain/commitment.ts'
import { channelNames } from '../domain/message.ts'
import * as cases from './cases.ts'
import * as conversations from './conversations.ts'
import * as messages from './messages.ts'
import * as outbox from './outbox.ts'
import * as promises from './promises.ts'
import type { Db, Schema } from './schema.ts'
import * as timers from './timers.ts'

export interface Trace {
  /** Null where one of our own messages was asked for and nothing of the customer's led to it. */
  message: messages.MessageRow | null
  files: string[]
  conversation: conversations.Conversation | null
  case: cases.StoredCase | null
  events: { at: number; event: CaseEvent }[]
  promises: Commitment[]
  timers: timers.TimerRow[]
  outbox: (outbox.OutboxRow & { error: string | null })[]
}

/** `id` is ours or the platform's, of something that came in or went out. One platform's ids are not another's: several may fit. */
export async function tracesOf(db: Db, id: string): Promise<Trace[]> {
  const arrived = await db
    .selectFrom('messages')
    .selectAll()
    // With the channels named, the index serves.
    .where((e) => e.or([e('id', '=', id), e.and([e('channel', 'in', channelNames), e('platform_id', '=', id)])]))
    .orderBy('id')
    .execute()
  if (arrived.length > 0) return await Promise.all(arrived.map((row) => traceOf(db, row)))
  const said = await db
    .selectFrom('outbox')
    .selectAll()
    .where((e) => e.or([e('id', '=', id), e('platform_id', '=', id)]))
    .orderBy('id')
    .execute()
  return await Promise.all(said.map((row) => traceOfOurs(db, row)))
}

async function traceOf(db: Db, message: messages.MessageRow): Promise<Trace> {
  const kase = message.case_id === null ? null : await cases.byId(db, message.case_id)
  const conversation = await conversations.byId(db, message.conversation)
  const within = isWithin(message)
  const logged = kase ? await cases.eventsOf(db, kase.id) : []
  const promised = kase ? await promises.ofCase(db, kase.id) : []
  const set = await timers.ofConversation(db, message.conversation)
  const said = await db
    .selectFrom('outbox')
    .selectAll()
    .where('conversation', '=', message.conversation)
    .where('created_at', '>=', message.turn_at ?? Number.MAX_SAFE_INTEGER)
    .where('created_at', '<=', message.handled_at ?? 0)
    .orderBy('id')
    .execute()
  return {
    message,
    files: await messages.fileNames(db, [message.id]),
    conversation,
    case: kase,
    events: logged.filter(({ at }) => within(at)),
    promises: promised.filter(({ madeAt }) => within(madeAt)),
    timers: kase ? set.filter((timer) => timer.caseId === kase.id) : [],
    outbox: await Promise.all(said.map((row) => withError(db, row))),
  }
}

/** What a turn does bears the time of the turn: between its beginning and its commit. */
function isWithin({ turn_at, handled_at }: messages.MessageRow): (at: number) => boolean {
  return (at) => turn_at !== null && handled_at !== null && at >= turn_at && at <= handled_at
}

/** A message of ours leads back to what it answers: the turn in which it was written. */
async function traceOfOurs(db: Db, row: Schema['outbox']): Promise<Trace> {
  const answered = await db
    .selectFrom('messages')
    .selectAll()
    .where('conversation', '=', row.conversation)
    .where('turn_at', '<=', row.created_at)
    .where('handled_at', '>=', row.created_at)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (answered) return await traceOf(db, answered)
  return {
    message: null,
    files: [],
    conversation: await conversations.byId(db, row.conversation),
    case: row.case_id === null ? null : await cases.byId(db, row.case_id),
    events: [],
    promises: [],
    timers: [],
    outbox: [await withError(db, row)],
  }
}

async function withError(db: Db, { id, error }: Schema['outbox']): Promise<Trace['outbox'][number]> {
  const row = await outbox.byId(db, id)
  if (row === null) throw new Error(`the outbox row ${id} was there a moment ago`)
  return { ...row, error }
}
