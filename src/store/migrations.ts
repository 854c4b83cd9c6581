/** What made the schema, in order. A migration that has landed is never changed: the next one corrects it. */
import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { chosen, desk, lessons, letGo, liveCases, noModel, person, shown, spikes } from './alterations.ts'
import type { Db } from './schema.ts'

export type EngineName = 'sqlite' | 'postgres'

/** Brings the schema up to date. A database that a newer Amends has written is refused, not guessed at. */
export async function migrate(db: Db, engine: EngineName): Promise<void> {
  const { newer, missing } = await schemaOf(db, engine)
  if (newer.length > 0)
    throw new Error(
      `the database was written by a newer Amends (it has ${newer.join(', ')}): start that version, or point DATABASE_URL elsewhere`,
    )
  if (missing.length === 0) return
  const migrations = migrationsFor(engine)
  const schema = await schemaName(db, engine)
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    // Else a table of that name in another schema of the same database would pass for ours.
    ...(schema === null ? {} : { migrationTableSchema: schema }),
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

/** What a database has had done to it, what this version would still do, and what only a newer one knows. */
export interface SchemaState {
  done: string[]
  missing: string[]
  newer: string[]
}

export async function schemaOf(db: Db, engine: EngineName): Promise<SchemaState> {
  const known = Object.keys(migrationsFor(engine))
  const done = await namesDone(db, await schemaName(db, engine))
  return {
    done,
    missing: known.filter((name) => !done.includes(name)),
    newer: done.filter((name) => !known.includes(name)),
  }
}

async function namesDone(db: Db, schema: string | null): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  const ours = tables.some(({ name, schema: of }) => name === 'kysely_migration' && (schema === null || of === schema))
  if (!ours) return []
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.map((row) => row.name)
}

/** On PostgreSQL the schema in which tables are made, the first of the search path; SQLite has none. */
async function schemaName(db: Db, engine: EngineName): Promise<string | null> {
  if (engine === 'sqlite') return null
  const { rows } = await sql<{ name: string | null }>`select current_schema() as name`.execute(db)
  return rows[0]?.name ?? null
}

function migrationsFor(engine: EngineName): Record<string, Migration> {
  return {
    '0001-spine': { up: (db) => spine(db, engine) },
    '0003-shown': { up: shown },
    '0004-desk': { up: desk },
    '0005-no-model': { up: noModel },
    '0006-chosen': { up: chosen },
    '0007-lessons': { up: lessons },
    '0008-let-go': { up: letGo },
    '0009-live-cases': { up: liveCases },
    '0010-person': { up: person },
    '0011-spikes': { up: (db) => spikes(db, engine) },
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a migration speaks to the schema of its day, not to today's types.
async function spine(db: Kysely<any>, engine: EngineName): Promise<void> {
  const bytes = engine === 'sqlite' ? sql`blob` : sql`bytea`
  const s = db.schema
  await s
    .createTable('customers')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('language', 'text')
    .addColumn('timezone', 'text')
    .addColumn('tier', 'text')
    .addColumn('greeted_at', 'bigint')
    .addColumn('stopped_at', 'bigint')
    .addColumn('blocked_at', 'bigint')
    .addColumn('used', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
  await s
    .createTable('conversations')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('key', 'text', (c) => c.notNull().unique())
    .addColumn('customer', 'text', (c) => c.notNull())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('workspace', 'text', (c) => c.notNull())
    .addColumn('room', 'text', (c) => c.notNull())
    .addColumn('thread', 'text')
    .addColumn('asked', 'text')
    .addColumn('last_in', 'text')
    .addColumn('ready_at', 'bigint')
    .addColumn('waiting_since', 'bigint')
    .addColumn('lease_owner', 'text')
    .addColumn('lease_until', 'bigint')
    .execute()
  await s.createIndex('conversations_customer').on('conversations').column('customer').execute()
  await s
    .createIndex('conversations_ready')
    .on('conversations')
    .column('ready_at')
    .where('ready_at', 'is not', null)
    .execute()
  await s
    .createTable('messages')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('platform_id', 'text', (c) => c.notNull())
    .addColumn('conversation', 'text', (c) => c.notNull())
    .addColumn('customer', 'text', (c) => c.notNull())
    .addColumn('case_id', 'text')
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('author', 'text', (c) => c.notNull())
    .addColumn('author_name', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('reading', 'text')
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('received_at', 'bigint', (c) => c.notNull())
    .addColumn('turn_at', 'bigint')
    .addColumn('handled_at', 'bigint')
    .addColumn('edited_at', 'bigint')
    .addColumn('deleted_at', 'bigint')
    .addUniqueConstraint('messages_platform', ['channel', 'platform_id'])
    .execute()
  await s
    .createIndex('messages_unhandled')
    .on('messages')
    .columns(['conversation', 'id'])
    .where(sql<boolean>`handled_at is null`)
    .execute()
  await s.createIndex('messages_customer').on('messages').columns(['customer', 'received_at', 'id']).execute()
  await s
    .createIndex('messages_case')
    .on('messages')
    .columns(['case_id', 'id'])
    .where('case_id', 'is not', null)
    .execute()
  await s
    .createTable('files')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('message', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('size', 'integer', (c) => c.notNull())
    .addColumn('bytes', bytes, (c) => c.notNull())
    .execute()
  await s.createIndex('files_message').on('files').column('message').execute()
  await s
    .createTable('cases')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('number', 'integer', (c) => c.notNull().unique())
    .addColumn('conversation', 'text', (c) => c.notNull())
    .addColumn('customer', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('severity', 'integer', (c) => c.notNull())
    .addColumn('owner', 'text', (c) => c.notNull())
    .addColumn('owner_id', 'text')
    .addColumn('opened_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .execute()
  await s.createIndex('cases_conversation').on('cases').columns(['conversation', 'number']).execute()
  await s.createIndex('cases_customer').on('cases').columns(['customer', 'number']).execute()
  await s.createIndex('cases_status').on('cases').columns(['status', 'number']).execute()
  await s
    .createTable('case_events')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('case_id', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute()
  await s.createIndex('case_events_case').on('case_events').columns(['case_id', 'id']).execute()
  await s
    .createTable('promises')
    .addColumn('case_id', 'text', (c) => c.notNull())
    .addColumn('n', 'integer', (c) => c.notNull())
    .addColumn('what', 'text', (c) => c.notNull())
    .addColumn('due', 'bigint', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('made_at', 'bigint', (c) => c.notNull())
    .addColumn('renegotiated', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('promises_key', ['case_id', 'n'])
    .execute()
  await s
    .createTable('timers')
    .addColumn('conversation', 'text', (c) => c.notNull())
    .addColumn('case_id', 'text', (c) => c.notNull())
    .addColumn('timer', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('due_at', 'bigint', (c) => c.notNull())
    .addColumn('about', 'text')
    .addPrimaryKeyConstraint('timers_key', ['conversation', 'case_id', 'timer', 'key'])
    .execute()
  await s.createIndex('timers_due').on('timers').column('due_at').execute()
  await s
    .createTable('outbox')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('conversation', 'text', (c) => c.notNull())
    .addColumn('customer', 'text', (c) => c.notNull())
    .addColumn('case_id', 'text')
    .addColumn('audience', 'text', (c) => c.notNull())
    .addColumn('place', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('script', 'text')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('not_before', 'bigint', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('begun_at', 'bigint')
    .addColumn('sent_at', 'bigint')
    .addColumn('platform_id', 'text')
    .addColumn('error', 'text')
    .execute()
  const unsent = sql<boolean>`state in ('waiting', 'begun')`
  await s.createIndex('outbox_unsent').on('outbox').columns(['conversation', 'id']).where(unsent).execute()
  await s.createIndex('outbox_due').on('outbox').column('not_before').where(unsent).execute()
  await s.createIndex('outbox_customer').on('outbox').columns(['customer', 'sent_at', 'id']).execute()
  await s.createIndex('outbox_case').on('outbox').columns(['case_id', 'id']).where('case_id', 'is not', null).execute()
  await s.createIndex('outbox_desk').on('outbox').columns(['id']).where(sql<boolean>`audience = 'desk'`).execute()
  await s
    .createTable('suggestions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('number', 'integer', (c) => c.notNull().unique())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
  await s
    .createIndex('suggestions_open')
    .on('suggestions')
    .column('number')
    .where(sql<boolean>`status in ('open', 'planned')`)
    .execute()
  await s
    .createTable('suggestion_people')
    .addColumn('suggestion', 'text', (c) => c.notNull())
    .addColumn('customer', 'text', (c) => c.notNull())
    .addColumn('conversation', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('suggestion_people_key', ['suggestion', 'customer'])
    .execute()
  await s.createIndex('suggestion_people_customer').on('suggestion_people').column('customer').execute()
  await s
    .createTable('incidents')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('number', 'integer', (c) => c.notNull().unique())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('opened_at', 'bigint', (c) => c.notNull())
    .addColumn('closed_at', 'bigint')
    .addColumn('next_at', 'bigint')
    .execute()
  await s
    .createTable('incident_cases')
    .addColumn('incident', 'text', (c) => c.notNull())
    .addColumn('case_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('incident_cases_key', ['incident', 'case_id'])
    .execute()
  await s
    .createTable('counters')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'bigint', (c) => c.notNull())
    .execute()
  await s
    .createTable('settings')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute()
  await s
    .createTable('audit')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('what', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute()
}
