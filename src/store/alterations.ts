/** What changed the schema since its spine, in order. One that has landed is never changed: the next corrects it. */
import { type Kysely, sql } from 'kysely'

/**
 * What can be read gets an order of its own, given under the conversation's lock, because times cannot tell it: a turn
 * takes a while, and processes' clocks differ. What a turn wrote bears its name, so that words can be taken out again.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration speaks to the schema of its day, not to today's types.
export async function shown(db: Kysely<any>): Promise<void> {
  const s = db.schema
  await s
    .alterTable('conversations')
    .addColumn('shown_at', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
  await s
    .alterTable('messages')
    .addColumn('shown_at', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
  await s.alterTable('outbox').addColumn('shown_at', 'bigint').execute()
  for (const table of ['messages', 'outbox', 'case_events'])
    await s.alterTable(table).addColumn('turn', 'text').execute()
  await sql`update messages set shown_at = received_at`.execute(db)
  await sql`update outbox set shown_at = sent_at`.execute(db)
  await sql`update conversations set shown_at = coalesce((select max(at) from (
    select max(received_at) as at from messages where customer = conversations.customer
    union all select max(sent_at) from outbox where customer = conversations.customer) as newest), 0)`.execute(db)
  for (const table of ['messages', 'outbox']) {
    await s.dropIndex(`${table}_customer`).execute()
    await s.createIndex(`${table}_customer`).on(table).columns(['customer', 'shown_at', 'id']).execute()
  }
  // No rule ever read it.
  await s.alterTable('incidents').dropColumn('next_at').execute()
}

/** Where a case stands at its desk, and whose words an outbox row carries. */
// biome-ignore lint/suspicious/noExplicitAny: a migration speaks to the schema of its day, not to today's types.
export async function desk(db: Kysely<any>): Promise<void> {
  const s = db.schema
  await s
    .createTable('desk_threads')
    .addColumn('case_id', 'text', (c) => c.primaryKey())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('workspace', 'text', (c) => c.notNull())
    .addColumn('room', 'text', (c) => c.notNull())
    .addColumn('thread', 'text')
    .addColumn('card', 'text')
    .addColumn('rule', 'text')
    .execute()
  await s.createIndex('desk_threads_place').on('desk_threads').columns(['channel', 'room', 'thread']).execute()
  await s
    .createTable('outbox_sources')
    .addColumn('outbox', 'text', (c) => c.notNull())
    .addColumn('message', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('outbox_sources_key', ['outbox', 'message'])
    .execute()
  await s.createIndex('outbox_sources_message').on('outbox_sources').column('message').execute()
}

/** A customer may want no model to read or write for them (P24). */
// biome-ignore lint/suspicious/noExplicitAny: a migration speaks to the schema of its day, not to today's types.
export async function noModel(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('customers').addColumn('no_model_at', 'bigint').execute()
}

/** What a customer chose for themselves. */
// biome-ignore lint/suspicious/noExplicitAny: a migration speaks to the schema of its day, not to today's types.
export async function chosen(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('customers').addColumn('chosen', 'text').execute()
}

/** What people filed otherwise than it was read. */
// biome-ignore lint/suspicious/noExplicitAny: a migration speaks to the schema of its day, not to today's types.
export async function lessons(db: Kysely<any>): Promise<void> {
  const s = db.schema
  await s
    .createTable('lessons')
    .addColumn('case_id', 'text', (c) => c.primaryKey())
    .addColumn('customer', 'text', (c) => c.notNull())
    .addColumn('turn', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('was', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('taken_at', 'bigint')
    .execute()
  await s.createIndex('lessons_customer').on('lessons').column('customer').execute()
  await s.createIndex('lessons_turn').on('lessons').column('turn').execute()
}

/** A promise that nobody waits for any more is neither kept nor broken. */
// biome-ignore lint/suspicious/noExplicitAny: a migration speaks to the schema of its day, not to today's types.
export async function letGo(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('promises').addColumn('because', 'text').execute()
}

/** Which case what is said belongs to, however many a customer has had. */
// biome-ignore lint/suspicious/noExplicitAny: a migration speaks to the schema of its day, not to today's types.
export async function liveCases(db: Kysely<any>): Promise<void> {
  await db.schema
    .createIndex('cases_live')
    .on('cases')
    .columns(['conversation', 'number'])
    .where(sql<boolean>`status in ('open', 'waiting', 'resolved')`)
    .execute()
}

/** Several accounts may be one person's. */
// biome-ignore lint/suspicious/noExplicitAny: a migration speaks to the schema of its day, not to today's types.
export async function person(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('customers').addColumn('person', 'text').execute()
  await db.schema
    .createIndex('customers_person')
    .on('customers')
    .column('person')
    .where(sql<boolean>`person is not null`)
    .execute()
}

/** What counts a case among its like, and the spikes that were seen of them. */
// biome-ignore lint/suspicious/noExplicitAny: a migration speaks to the schema of its day, not to today's types.
export async function spikes(db: Kysely<any>, engine: 'sqlite' | 'postgres'): Promise<void> {
  const s = db.schema
  for (const column of ['topic', 'cause']) {
    await s.alterTable('cases').addColumn(column, 'text').execute()
    await s
      .createIndex(`cases_${column}`)
      .on('cases')
      .columns([column, 'opened_at', 'customer'])
      .where(column, 'is not', null)
      .execute()
  }
  const told = (path: string) =>
    engine === 'sqlite'
      ? sql`json_extract(state, ${sql.lit(`$.${path}`)})`
      : sql`state::json #>> ${sql.lit(`{${path.replace('.', ',')}}`)}`
  await sql`update cases set topic = ${told('facts.failure')} where kind != 'inquiry'`.execute(db)
  await sql`update cases set cause = nullif(lower(trim(${told('cause')})), '')`.execute(db)
  await s
    .createTable('spikes')
    .addColumn('topic', 'text', (c) => c.primaryKey())
    .addColumn('case_id', 'text', (c) => c.notNull())
    .addColumn('alert', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('seen_at', 'bigint', (c) => c.notNull())
    .execute()
}
