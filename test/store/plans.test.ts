/** No query of a turn looks through a table: what it costs must not grow with what is stored (issue 2, Limits). */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Incoming } from '../../src/domain/message.ts'
import { rehearse } from '../../src/rehearsal.ts'
import { idMaker } from '../../src/store/ids.ts'
import { migrate } from '../../src/store/migrations.ts'
import type { Store } from '../../src/store/open.ts'
import type { Schema } from '../../src/store/schema.ts'
import { loadPrompts } from '../../src/wiring.ts'

/**
 * Read in order from one end, as far as a limit: small partial indexes, or a page's worth of a list; a table that has a
 * row for each of a dozen topics; what a query was given, or had found by keys itself.
 */
const walked = ['suggestions_open', 'SCAN spikes', 'VALUES CLAUSE', 'SCAN newest']

const queries = new Set<string>()
const sqlite = new Database(':memory:')

/** The engine's own queries, over a store that notes each of them. */
async function notingStore(): Promise<Store> {
  const db = new Kysely<Schema>({
    dialect: new SqliteDialect({ database: sqlite }),
    log: ({ query }) => void (noting && queries.add(query.sql)),
  })
  let noting = false
  await migrate(db, 'sqlite')
  noting = true
  return {
    engine: 'sqlite',
    read: db,
    write: (work) => db.transaction().execute(work),
    look: (work) => work(db),
    snapshot: (work) => work(db),
    newId: idMaker(),
    close: () => db.destroy(),
  }
}

beforeAll(async () => {
  const stage = await rehearse({
    prompts: await loadPrompts({}, join(tmpdir(), 'amends-test-reader')),
    at: Date.UTC(2026, 10, 20, 9),
    timezone: 'UTC',
    log: { info: () => undefined, warn: () => undefined, error: (what) => expect.fail(JSON.stringify(what)) },
    store: await notingStore(),
  })
  let n = 0
  const arrives = async (name: string, room: string, what: object) => {
    n += 1
    const place = { channel: 'web', workspace: '-', room, thread: null }
    const author = { id: `web:-:${name}`, name }
    const incoming = { id: `m${n}`, place, author, at: stage.clock.now(), ...what } as Incoming
    expect(await stage.receive(incoming)).toMatchObject({ type: 'stored' })
    // What an agent says can still be taken back.
    await stage.settle(true)
  }
  const says = (text: string, files: object[] = []) =>
    arrives('ada', 'ada', { type: 'said', text, files, timezone: null, tier: null })
  const does = (command: object) => arrives('kim', 'desk', { type: 'commanded', command })
  await says('Third time my parcel is late.', [{ name: 'a.png', type: 'image/png', bytes: new Uint8Array(3) }])
  await says('It would be great if you added a dark mode.')
  await says('You could really do with a dark mode.')
  await arrives('ada', 'ada', { type: 'edited', message: 'm2', text: 'It would be great to have a dark mode.' })
  await arrives('ada', 'ada', { type: 'deleted', message: 'm3' })
  await arrives('ada', 'ada', { type: 'reacted', emoji: '👎', to: 'last', text: null })
  for (const name of ['ben', 'cleo'])
    await arrives(name, name, { type: 'said', text: 'My parcel is late.', files: [], timezone: null, tier: null })
  await does({ do: 'declare', case: 3, text: 'The depot stands still.', by: null })
  await does({ do: 'claim', case: 1 })
  await does({ do: 'reply', case: 1, text: 'The courier lost it; a new one leaves today.', wording: null })
  await does({ do: 'undo', case: 1 })
  await does({ do: 'promise', case: 1, text: 'the new one', by: stage.clock.now() + 7_200_000 })
  await does({ do: 'resolve', case: 1, text: 'It left.', cause: 'courier', remedy: null, amount: null, wording: null })
  await stage.until(stage.clock.now() + 5 * 86_400_000)
  await arrives('ada', 'ada', { type: 'pressed', button: 'solved', case: null })
  await arrives('ada', 'ada', { type: 'pressed', button: 'human', case: 1 })
}, 120_000)

afterAll(() => void sqlite.close())

test('a turn and all it reads and writes is found by keys', () => {
  expect(queries.size).toBeGreaterThan(40)
  expect([...queries].flatMap(scans)).toEqual([])
})

function scans(query: string): string[] {
  if (!/^(?:select|insert|update|delete)/u.test(query)) return []
  const values = Array.from(query.matchAll(/\?/gu), () => null)
  return sqlite
    .prepare<unknown[], { detail: string }>(`explain query plan ${query}`)
    .all(...values)
    .filter(({ detail }) => /\bSCAN\b/u.test(detail) && !walked.some((index) => detail.includes(index)))
    .map(({ detail }) => `${detail}: ${query}`)
}
