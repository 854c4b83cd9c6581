/** How a database is: looked at without changing it, also where its schema is not of this version. */
import { sql } from 'kysely'
import { type SchemaState, schemaOf } from './migrations.ts'
import type { Address, Engine } from './open.ts'

export interface Health {
  schema: SchemaState
  /** The database's own clock, epoch milliseconds. */
  now: number
  /** When the newest message was received, by the bot's clock; null where there is none. */
  newestAt: number | null
  /** By how much the playground's clock is ahead. */
  offset: number
}

/** Throws the driver's error where it cannot be reached, or cannot be written. */
export async function healthOf(address: Address): Promise<Health> {
  const engine = await open(address)
  try {
    const schema = await schemaOf(engine.read, engine.engine)
    await probe(engine)
    return { schema, now: await nowOf(engine), ...(schema.done.length > 0 ? await timesOf(engine) : nothing) }
  } finally {
    await engine.close()
  }
}

const nothing = { newestAt: null, offset: 0 }

async function open(address: Address): Promise<Engine> {
  if (address.engine === 'postgres') return (await import('./postgres.ts')).openPostgres(address.url)
  return (await import('./sqlite.ts')).openSqlite(address.file, false)
}

class Undone extends Error {}

/** Writes, and takes it back. */
async function probe({ write }: Engine): Promise<void> {
  await write(async (tx) => {
    await sql`create table amends_probe (at bigint)`.execute(tx)
    throw new Undone()
  }).catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error
  })
}

async function nowOf({ read, engine }: Engine): Promise<number> {
  const now =
    engine === 'postgres'
      ? sql<{ at: number }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as at`
      : sql<{ at: number }>`select cast(unixepoch('subsec') * 1000 as integer) as at`
  return (await now.execute(read)).rows[0]?.at ?? 0
}

async function timesOf({ read }: Engine) {
  const newest = await read
    .selectFrom('messages')
    .select('received_at')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const offset = await read.selectFrom('settings').select('value').where('key', '=', 'clock:offset').executeTakeFirst()
  return { newestAt: newest?.received_at ?? null, offset: Number(offset?.value ?? 0) }
}

/** Why the cache at this address does not serve; null where it does. Unlike a bot it does not try again. */
export async function cacheFault(url: string): Promise<string | null> {
  const { default: KeyvRedis } = await import('@keyv/redis')
  const redis = new KeyvRedis({ url, socket: { reconnectStrategy: false, connectTimeout: 3_000 } })
  let heard = ''
  redis.on('error', (error: Error) => {
    heard = error.message
  })
  try {
    await redis.set('amends:doctor', 'here', 10_000)
    const answer = await redis.get('amends:doctor')
    return answer === 'here' ? null : 'it does not keep what it is given'
  } catch (error) {
    return heard || (error instanceof Error ? error.message : String(error))
  } finally {
    await redis.disconnect(true).catch(() => undefined)
  }
}
