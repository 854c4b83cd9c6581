/** The server engine: PostgreSQL by `pg`, for several processes on one database. */
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Bus, Engine } from './open.ts'
import type { Schema } from './schema.ts'

/** Times are epoch milliseconds in bigint columns: far below 2^53, so numbers. */
const int8 = 20
pg.types.setTypeParser(int8, Number)

const poolSize = 10
const topic = 'amends'

export function openPostgres(url: string): Engine {
  const pool = new pg.Pool({ connectionString: url, max: poolSize, application_name: 'amends' })
  // An idle connection that the server closes must not end the process: the next query opens another.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  const { bus, close } = createBus(url)
  return {
    engine: 'postgres',
    read: db,
    write: (work) => db.transaction().execute(work),
    look: (work) => work(db),
    snapshot: (work) => db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work),
    bus,
    async wakerBetween(between, work) {
      const { graphileWaker } = await import('./graphile.ts')
      return await graphileWaker({ pool, ...between }, work)
    },
    async close() {
      await close()
      await db.destroy()
    },
  }
}

/** A connection of its own listens, made only when somebody does; a lost one is made anew. */
function createBus(url: string): { bus: Bus; close(): Promise<void> } {
  let client: pg.Client | null = null
  let closed = false

  async function connect(heard: (person: string) => void): Promise<void> {
    if (closed) return
    const fresh = new pg.Client({ connectionString: url, application_name: 'amends bus' })
    client = fresh
    fresh.on('notification', ({ payload }) => heard(payload ?? ''))
    fresh.on('error', () => undefined)
    fresh.on('end', () => void setTimeout(() => void connect(heard).catch(() => undefined), closed ? 0 : 1000).unref())
    await fresh.connect()
    await fresh.query(`listen ${topic}`)
  }

  return {
    bus: {
      // Told with the commit, and not at all when it does not come to one.
      tell: async (tx, person) => void (await sql`select pg_notify(${topic}, ${person})`.execute(tx)),
      listen: connect,
    },
    async close() {
      closed = true
      await client?.end().catch(() => undefined)
    },
  }
}
