/** The lease that keeps a turn alone in a conversation, where several processes share the database. */
import { sql } from 'kysely'
import type { Db } from './schema.ts'

export const databaseNow = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`

/** Takes the lease if nobody has it, or keeps one's own. Times are the database's: processes' clocks differ. */
export async function take(db: Db, id: string, owner: string, ms: number): Promise<boolean> {
  const now = databaseNow
  const row = await db
    .updateTable('conversations')
    .set({ lease_owner: owner, lease_until: sql<number>`${now} + ${ms}` })
    .where('id', '=', id)
    .where(sql<boolean>`(lease_owner is null or lease_owner = ${owner} or lease_until < ${now})`)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Is the lease still ours, at the moment of committing? The row stays locked until the commit. */
export async function holds(tx: Db, id: string, owner: string): Promise<boolean> {
  const row = await tx
    .selectFrom('conversations')
    .select('id')
    .where('id', '=', id)
    .where('lease_owner', '=', owner)
    .where(sql<boolean>`lease_until >= ${databaseNow}`)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** Milliseconds until somebody else's lease runs out, unless it is renewed. */
export async function left(db: Db, id: string): Promise<number> {
  const row = await db
    .selectFrom('conversations')
    .select(sql<number | null>`lease_until - ${databaseNow}`.as('ms'))
    .where('id', '=', id)
    .executeTakeFirst()
  return Math.max(0, row?.ms ?? 0)
}

/** Gives the lease back; false when it was no longer ours. */
export async function free(db: Db, id: string, owner: string): Promise<boolean> {
  const row = await db
    .updateTable('conversations')
    .set({ lease_owner: null, lease_until: null })
    .where('id', '=', id)
    .where('lease_owner', '=', owner)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
