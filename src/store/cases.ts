/** Cases, and the log of what happened in each. */
import { sql } from 'kysely'
import { type Case, type CaseEvent, isHeld, ownerName, type Person } from '../domain/case.ts'
import { causeKey, topicOf } from '../domain/spike.ts'
import type { NewId } from './ids.ts'
import { kept, unlooked } from './kept.ts'
import type { Db, Schema } from './schema.ts'

export interface StoredCase {
  id: string
  number: number
  conversation: string
  customer: string
  updatedAt: number
  state: Case
}

export async function byNumber(db: Db, number: number): Promise<StoredCase | null> {
  const row = await db.selectFrom('cases').selectAll().where('number', '=', number).executeTakeFirst()
  return row ? parse(row) : null
}

const selectById = kept(['id'], (db, { id }: { id: string }) => db.selectFrom('cases').selectAll().where('id', '=', id))

export async function byId(db: Db, id: string): Promise<StoredCase | null> {
  const [row] = await selectById(db, { id })
  return row ? parse(row) : null
}

const selectNewest = kept(['customer', 'atMost'], (db, { customer, atMost }: { customer: string; atMost: number }) =>
  db
    .selectFrom('cases')
    .selectAll()
    .where('customer', '=', unlooked(customer, 'text'))
    .orderBy('number', 'desc')
    .limit(unlooked(atMost, 'bigint')),
)

/** The newest cases of a person, newest first: one is current, the others are what happened before. */
export async function newestOf(
  db: Db,
  { id, also = [] }: { id: string; also?: readonly string[] | undefined },
  atMost: number,
): Promise<StoredCase[]> {
  if (also.length === 0) return (await selectNewest(db, { customer: id, atMost })).map(parse)
  const rows = await db
    .selectFrom('cases')
    .selectAll()
    .where('customer', 'in', [id, ...also])
    .orderBy('number', 'desc')
    .limit(atMost)
    .execute()
  return rows.map(parse)
}

/** Written out, so that the engines see that the partial index serves. */
const isLive = sql<boolean>`status in ('open', 'waiting', 'resolved')`

const selectLive = kept(['conversation'], (db, { conversation }: { conversation: string }) =>
  db
    .selectFrom('cases')
    .selectAll()
    .where('conversation', '=', unlooked(conversation, 'text'))
    .where(isLive)
    .orderBy(sql`case status when 'resolved' then 1 else 0 end`)
    .orderBy('number', 'desc')
    .limit(sql.lit(1)),
)

/** The newest case of a conversation in which somebody has a move to make, else the newest that was resolved. */
export async function liveIn(db: Db, conversation: string): Promise<StoredCase | null> {
  const [row] = await selectLive(db, { conversation })
  return row ? parse(row) : null
}

/** The newest of a conversation's cases that are closed. */
export async function closedLast(db: Db, conversation: string): Promise<StoredCase | null> {
  const row = await db
    .selectFrom('cases')
    .selectAll()
    .where('conversation', '=', conversation)
    .where('status', '=', 'closed')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? parse(row) : null
}

/** Case ids to the numbers that people see. */
export async function numbersOf(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('cases').select(['id', 'number']).where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row.number]))
}

export async function list(db: Db, status: string | null, atMost: number): Promise<StoredCase[]> {
  let query = db.selectFrom('cases').selectAll().orderBy('number', 'desc').limit(atMost)
  if (status !== null) query = query.where('status', '=', status)
  return (await query.execute()).map(parse)
}

const changing = [
  'kind',
  'status',
  'severity',
  'owner',
  'owner_id',
  'opened_at',
  'updated_at',
  'state',
  'topic',
  'cause',
] as const

const insertOne = kept(['id', 'number', 'conversation', 'customer', ...changing], (db, row: Schema['cases']) =>
  db.insertInto('cases').values(row),
)

const updateOne = kept(
  ['id', ...changing],
  (db, { id, ...columns }: Pick<Schema['cases'], 'id' | (typeof changing)[number]>) =>
    db.updateTable('cases').set(columns).where('id', '=', id),
)

export async function insert(tx: Db, kase: StoredCase): Promise<void> {
  const { id, number, conversation, customer } = kase
  await insertOne(tx, { id, number, conversation, customer, ...columnsOf(kase) })
}

export async function update(tx: Db, kase: StoredCase): Promise<void> {
  await updateOne(tx, { id: kase.id, ...columnsOf(kase) })
}

/** Claim and release as they are received: whoever comes first has it, and a running turn sees it at its commit. */
export async function setOwner(tx: Db, kase: StoredCase, owner: Person | 'desk', at: number): Promise<void> {
  await update(tx, { ...kase, updatedAt: at, state: { ...kase.state, owner } })
}

/** The case as it stands at this moment, locked until the commit: a claim cannot slip in between. */
export async function lock(tx: Db, id: string, engine: 'sqlite' | 'postgres'): Promise<StoredCase | null> {
  // On SQLite a transaction that writes is alone anyway.
  const [row] = await (engine === 'postgres' ? selectLocked(tx, { id }) : selectById(tx, { id }))
  return row ? parse(row) : null
}

const selectLocked = kept(['id'], (db, { id }: { id: string }) =>
  db.selectFrom('cases').selectAll().where('id', '=', id).forUpdate(),
)

export async function log(
  tx: Db,
  newId: NewId,
  caseId: string,
  events: readonly CaseEvent[],
  at: number,
  turn: string | null = null,
): Promise<void> {
  for (const event of events)
    await insertEvent(tx, { id: newId(at), case_id: caseId, at, type: event.type, body: JSON.stringify(event), turn })
}

const insertEvent = kept(['id', 'case_id', 'at', 'type', 'body', 'turn'], (db, event: Schema['case_events']) =>
  db.insertInto('case_events').values(event),
)

export interface Logged {
  id: string
  at: number
  event: CaseEvent
  /** The turn that made it: the id of its first message. */
  turn: string | null
}

/** A case's events, in order. */
export async function eventsOf(db: Db, caseId: string): Promise<Logged[]> {
  const rows = await db.selectFrom('case_events').selectAll().where('case_id', '=', caseId).orderBy('id').execute()
  return rows.map(({ id, at, body, turn }) => ({ id, at, event: JSON.parse(body), turn }))
}

/** Only to take words out of it. */
export async function rewrite(tx: Db, { id, event }: Pick<Logged, 'id' | 'event'>): Promise<void> {
  await tx
    .updateTable('case_events')
    .set({ body: JSON.stringify(event) })
    .where('id', '=', id)
    .execute()
}

/** The next of a row of numbers that people see: 1, 2, 3 … */
export async function nextNumber(tx: Db, name: 'case' | 'suggestion' | 'incident'): Promise<number> {
  const [row] = await countUp(tx, { name })
  if (!row) throw new Error(`the counter ${name} gave no number`)
  return row.value
}

const countUp = kept(['name'], (db, { name }: { name: string }) =>
  db
    .insertInto('counters')
    .values({ name, value: 1 })
    .onConflict((c) => c.column('name').doUpdateSet({ value: sql<number>`counters.value + 1` }))
    .returning('value'),
)

function columnsOf({ state, updatedAt }: StoredCase) {
  return {
    kind: state.kind,
    status: state.status,
    severity: state.severity,
    owner: ownerName(state),
    owner_id: isHeld(state) ? state.owner.id : null,
    opened_at: state.openedAt,
    updated_at: updatedAt,
    state: JSON.stringify(state),
    topic: topicOf(state),
    cause: causeKey(state.cause),
  }
}

function parse(row: Schema['cases']): StoredCase {
  const { id, number, conversation, customer } = row
  return { id, number, conversation, customer, updatedAt: row.updated_at, state: stateOf(row.state) }
}

/** A case that an earlier version wrote has none of the fields that came later. */
function stateOf(text: string): Case {
  return { replies: [], surveyed: false, ...JSON.parse(text) }
}
