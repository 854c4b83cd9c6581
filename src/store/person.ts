/**
 * Where a person's data lies, under whichever of their accounts. Every table says how its rows lead to a customer, and what is left of them when the
 * customer is forgotten: export and forget follow this one list, and a test holds it against the schema.
 */
import { randomUUID } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { type Case, isActive } from '../domain/case.ts'
import { answerPromise } from '../domain/commitment.ts'
import { noFacts } from '../domain/reading.ts'
import { causeKey } from '../domain/spike.ts'
import { accountsOf } from './accounts.ts'
import type { Store } from './open.ts'
import type { Db, Schema } from './schema.ts'
import { retell, wordsOfOthers } from './suggestions.ts'

export type Table = keyof Schema

interface Trail {
  /** The rows that lead to the person. */
  where: (person: string) => RawBuilder<boolean>
  /** Columns that hold JSON. */
  json?: string[]
  /** Deletes the rows, or takes out of them what is the person's; `ghost` stands where their id stood. */
  forget: (tx: Db, person: string, ghost: string) => Promise<void>
}

/** In the order of forgetting: what leads to a row goes after it. Null: holds nothing of a person. */
export const trails: Record<Table, Trail | null> = {
  files: { where: through('message', 'messages'), forget: deleteFrom('files') },
  messages: { where: through('customer'), json: ['body', 'reading'], forget: deleteFrom('messages') },
  outbox_sources: { where: through('outbox', 'outbox'), forget: deleteFrom('outbox_sources') },
  outbox: { where: through('customer'), json: ['place', 'body'], forget: deleteFrom('outbox') },
  timers: { where: through('conversation', 'conversations'), forget: deleteFrom('timers') },
  case_events: { where: through('case_id', 'cases'), json: ['body'], forget: bareEvents },
  promises: { where: through('case_id', 'cases'), forget: barePromises },
  desk_threads: { where: through('case_id', 'cases'), forget: deleteFrom('desk_threads') },
  lessons: { where: through('customer'), forget: deleteFrom('lessons') },
  // Which cases an incident hit: numbers only, and they stay.
  incident_cases: { where: through('case_id', 'cases'), forget: async () => undefined },
  // Which case tipped a spike: no word of anybody's.
  spikes: { where: through('case_id', 'cases'), forget: async () => undefined },
  cases: { where: through('customer'), json: ['state'], forget: bareCases },
  suggestions: { where: through('id', 'suggestion_people', 'suggestion'), forget: bareSuggestions },
  suggestion_people: { where: through('customer'), forget: ghostPeople },
  conversations: { where: through('customer'), json: ['asked'], forget: deleteFrom('conversations') },
  customers: { where: through('id'), json: ['used'], forget: deleteFrom('customers') },
  incidents: null,
  counters: null,
  settings: null,
  audit: null,
}

export type Row = Record<string, unknown>

/** Rows of each table that are a person's; empty when nothing is known of them. */
export type Counts = Partial<Record<Table, number>>

export async function countsOf(db: Db, person: string): Promise<Counts> {
  const counts: Counts = {}
  for (const account of await accountsOf(db, person))
    for (const [table, { where }] of leading()) {
      const query = sql<{ n: number }>`select count(*) as n from ${sql.table(table)} where ${where(account)}`
      const { rows } = await query.execute(db)
      if (rows[0] && rows[0].n > 0) counts[table] = (counts[table] ?? 0) + rows[0].n
    }
  return counts
}

/** Takes what is told: the table, then its rows. */
export interface Teller {
  table(name: Table): Promise<void>
  row(row: Row): Promise<void>
}

/** All that is known of a person, table by table, as it stood at one moment. Times are ISO 8601, files base64. */
export async function tell(store: Store, person: string, teller: Teller): Promise<void> {
  const snapshot = store.read.transaction()
  // SQLite's transactions see one moment as they are, and take no level.
  const transaction = store.engine === 'postgres' ? snapshot.setIsolationLevel('repeatable read') : snapshot
  await transaction.execute(async (tx) => {
    const accounts = await accountsOf(tx, person)
    for (const [table, { where, json = [] }] of leading().toReversed()) {
      await teller.table(table)
      for (const account of accounts) {
        // Files may be large: one at a time.
        const parts = table === 'files' ? filesOf(tx, account) : [await rowsOf(tx, table, where(account))]
        for await (const rows of parts) for (const row of rows) await teller.row(readable(row, json))
      }
    }
  })
}

async function rowsOf(db: Db, table: Table, where: RawBuilder<boolean>): Promise<Row[]> {
  return (await sql<Row>`select * from ${sql.table(table)} where ${where} order by 1, 2`.execute(db)).rows
}

async function* filesOf(db: Db, person: string): AsyncGenerator<Row[]> {
  const messages = db.selectFrom('messages').select('id').where('customer', '=', person)
  const ids = await db.selectFrom('files').select('id').where('message', 'in', messages).orderBy('id').execute()
  for (const { id } of ids) yield await db.selectFrom('files').selectAll().where('id', '=', id).execute()
}

const time = /(?:^|_)(?:at|since|until)$|^due$|^not_before$/u

function readable(row: Row, json: readonly string[]): Row {
  const told = Object.entries(row).map(([column, value]): [string, unknown] => {
    if (value instanceof Uint8Array) return ['base64', Buffer.from(value).toString('base64')]
    if (typeof value === 'string' && json.includes(column)) return [column, JSON.parse(value)]
    if (typeof value === 'number' && time.test(column)) return [column, new Date(value).toISOString()]
    return [column, value]
  })
  return Object.fromEntries(told)
}

/**
 * Erases a person. What stays are counts: cases with their kind, status, severity and times, under a random id. Resolves
 * to what was theirs; where that is nothing, nothing is done.
 */
export async function forget(store: Store, person: string, at: number): Promise<Counts> {
  // What SQLite deletes, it overwrites: else the words would stay in the file until their place is needed.
  if (store.engine === 'sqlite') await sql`pragma secure_delete = on`.execute(store.read)
  const theirs = await store.write(async (tx) => {
    const counts = await countsOf(tx, person)
    if (Object.keys(counts).length === 0) return counts
    for (const account of await accountsOf(tx, person)) {
      const ghost = `forgotten:-:${randomUUID()}`
      for (const [, trail] of leading()) await trail.forget(tx, account, ghost)
    }
    const line = { id: randomUUID(), at, what: 'forgotten', body: JSON.stringify(counts) }
    await tx.insertInto('audit').values(line).execute()
    return counts
  })
  if (store.engine === 'sqlite' && Object.keys(theirs).length > 0) await sweepFile(store)
  return theirs
}

/** Writing a file of this size anew holds a running bot's writes for about a second. */
const sweptAtMost = 200 * 1024 * 1024

/**
 * Pages that were split in earlier days keep old copies of ids and words, and so does the write-ahead log: both are
 * written anew. In a larger file only the log is; there the old copies go as their places are used again.
 */
async function sweepFile({ read }: Store): Promise<void> {
  const { rows } = await sql<{ bytes: number }>`select page_count * page_size as bytes
    from pragma_page_count(), pragma_page_size()`.execute(read)
  if ((rows[0]?.bytes ?? 0) <= sweptAtMost) await sql`vacuum`.execute(read)
  await sql`pragma wal_checkpoint(truncate)`.execute(read)
}

function leading(): [Table, Trail][] {
  return tables.flatMap((table) => {
    const trail = trails[table]
    return trail ? [[table, trail]] : []
  })
}

const tables: readonly Table[] = Object.keys(trails).filter(isTable)

function isTable(name: string): name is Table {
  return name in trails
}

/** Rows whose column names the person, or a row of `table` (by its `key`) that does. */
function through(column: string, table?: Table, key = 'id'): Trail['where'] {
  return (person) =>
    table === undefined
      ? sql`${sql.ref(column)} = ${person}`
      : sql`${sql.ref(column)} in (select ${sql.ref(key)} from ${sql.table(table)} where customer = ${person})`
}

function deleteFrom(table: Table): Trail['forget'] {
  return async (tx, person) => {
    const where = trails[table]?.where(person)
    if (where) await sql`delete from ${sql.table(table)} where ${where}`.execute(tx)
  }
}

async function bareCases(tx: Db, person: string, ghost: string): Promise<void> {
  const rows = await tx.selectFrom('cases').select(['id', 'state']).where('customer', '=', person).execute()
  for (const { id, state } of rows) {
    const bare = withoutWords(JSON.parse(state))
    await tx
      .updateTable('cases')
      .set({
        customer: ghost,
        conversation: ghost,
        status: bare.status,
        state: JSON.stringify(bare),
        cause: causeKey(bare.cause),
      })
      .where('id', '=', id)
      .execute()
  }
}

/**
 * A case without a word of anybody's. Nobody is left to work it for: what was open counts as withdrawn. Every field is
 * named, so that a new one has to be judged here as well.
 */
function withoutWords(kase: Case): Case {
  const { kind, step, owner, introduced, severity, tolerance, mood, openedAt, spokeAt, answeredAt, resolvedAt } = kase
  const { refused, apologies, secondFailures, checks, surveyed, solved, expectation, rating } = kase
  const ended = kase.status === 'resolved' ? 'closed' : kase.status
  return {
    ...{ kind, step, owner, introduced, severity, tolerance, mood, openedAt, spokeAt, answeredAt, resolvedAt },
    ...{ refused, apologies, secondFailures, checks, surveyed, solved, expectation, rating },
    status: isActive(kase) ? 'withdrawn' : ended,
    summary: '',
    facts: noFacts,
    cause: keyword(kase.cause),
    remedy: keyword(kase.remedy),
    offer: null,
    held: null,
    replies: [],
  }
}

/** A cause such as "courier" is counted in reports; a sentence may name the person. */
function keyword(text: string | null): string | null {
  return text !== null && /^[\p{L}-]{1,24}$/u.test(text) ? text : null
}

async function bareEvents(tx: Db, person: string): Promise<void> {
  const theirs = tx.selectFrom('cases').select('id').where('customer', '=', person)
  const rows = await tx.selectFrom('case_events').select(['id', 'body']).where('case_id', 'in', theirs).execute()
  for (const { id, body } of rows)
    await tx
      .updateTable('case_events')
      .set({ body: bareEvent(JSON.parse(body)) })
      .where('id', '=', id)
      .execute()
}

/** What of an event is ours: its sort, its numbers, and which of the staff did it. */
const ours = new Set(['type', 'kind', 'outcome', 'mood', 'expectation', 'by', 'to', 'owner'])

function bareEvent(event: Row): string {
  const kept = Object.entries(event).filter(
    ([key, value]) => ours.has(key) || typeof value === 'number' || typeof value === 'boolean',
  )
  return JSON.stringify(Object.fromEntries(kept))
}

async function barePromises(tx: Db, person: string): Promise<void> {
  const theirs = tx.selectFrom('cases').select('id').where('customer', '=', person)
  await tx
    .updateTable('promises')
    .set({ state: 'let go', because: 'forgotten' })
    .where('case_id', 'in', theirs)
    .where('state', 'in', ['made', 'at risk'])
    .execute()
  await tx
    .updateTable('promises')
    .set({ what: '' })
    .where('case_id', 'in', theirs)
    .where('what', '!=', answerPromise)
    .execute()
}

/** A suggestion that others share goes on in the words of the first of them. */
async function bareSuggestions(tx: Db, person: string): Promise<void> {
  const given = await tx
    .selectFrom('suggestion_people')
    .innerJoin('suggestions', 'suggestions.id', 'suggestion_people.suggestion')
    .select(['suggestions.id', 'suggestions.text', 'suggestion_people.text as theirs'])
    .where('suggestion_people.customer', '=', person)
    .execute()
  for (const { id, text, theirs } of given) {
    if (text === theirs) await retell(tx, id, await wordsOfOthers(tx, id, person))
  }
}

async function ghostPeople(tx: Db, person: string, ghost: string): Promise<void> {
  await tx
    .updateTable('suggestion_people')
    .set({ customer: ghost, conversation: ghost, text: '' })
    .where('customer', '=', person)
    .execute()
}
