/** The server engine: PostgreSQL by `pg`, for several processes on one database. */
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Engine } from './open.ts'
import type { Db, Schema } from './schema.ts'

/** Times are epoch milliseconds in bigint columns: far below 2^53, so numbers. */
const int8 = 20
pg.types.setTypeParser(int8, Number)

const poolSize = 10

export function openPostgres(url: string): Engine & { pool: pg.Pool } {
  const pool = new pg.Pool({ connectionString: url, max: poolSize, application_name: 'amends' })
  // An idle connection that the server closes must not end the process: the next query opens another.
  pool.on('error', () => undefined)
  const db: Db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  return {
    engine: 'postgres',
    read: db,
    write: (work) => db.transaction().execute(work),
    close: () => db.destroy(),
    pool,
  }
}
