/** What persists beside the nouns: the playground's clock, a channel's tokens (ports.ts, Keep). */
import type { Keep } from '../domain/ports.ts'
import { kept } from './kept.ts'
import type { Store } from './open.ts'
import type { Schema } from './schema.ts'

const select = kept(['key'], (db, { key }: { key: string }) =>
  db.selectFrom('settings').select('value').where('key', '=', key),
)

const upsert = kept(['key', 'value'], (db, { key, value }: Schema['settings']) =>
  db
    .insertInto('settings')
    .values({ key, value })
    .onConflict((c) => c.column('key').doUpdateSet((e) => ({ value: e.ref('excluded.value') }))),
)

/** What is put together with other writes shares their commit. */
export function keepIn({ read, write }: Pick<Store, 'read' | 'write'>, prefix: string): Keep {
  const key = (name: string) => `${prefix}:${name}`
  return {
    async get(name) {
      const [row] = await select(read, { key: key(name) })
      return row?.value ?? null
    },
    async set(name, value) {
      await write((tx) => upsert(tx, { key: key(name), value }))
    },
    async delete(name) {
      await write((tx) => tx.deleteFrom('settings').where('key', '=', key(name)).execute())
    },
  }
}
