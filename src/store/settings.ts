/** What persists beside the nouns: the playground's clock, a channel's tokens (ports.ts, Keep). */
import type { Keep } from '../domain/ports.ts'
import type { Db } from './schema.ts'

export function keepIn(db: Db, prefix: string): Keep {
  const key = (name: string) => `${prefix}:${name}`
  return {
    async get(name) {
      const row = await db.selectFrom('settings').select('value').where('key', '=', key(name)).executeTakeFirst()
      return row?.value ?? null
    },
    async set(name, value) {
      await db
        .insertInto('settings')
        .values({ key: key(name), value })
        .onConflict((c) => c.column('key').doUpdateSet({ value }))
        .execute()
    },
    async delete(name) {
      await db.deleteFrom('settings').where('key', '=', key(name)).execute()
    },
  }
}
