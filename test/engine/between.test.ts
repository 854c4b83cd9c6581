/** Two processes on one PostgreSQL: they share the work, and no message is handled by both. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { webAtCommit } from '../../src/channels/web/channel.ts'
import { setClock } from '../../src/clock.ts'
import { createEngine, type Engine } from '../../src/engine/engine.ts'
import type { Log } from '../../src/engine/parts.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { loadPrompts, partsOf } from '../../src/wiring.ts'
import { refuseSecondTurns, unaccounted } from './accounted.ts'
import { type Database, makeDatabase, serverUrl } from './database.ts'

const clock = setClock(Date.parse('2026-11-17T10:00:00+08:00'))
const processes: { store: Store; engine: Engine; errors: unknown[] }[] = []
let database: Database | undefined

if (process.env.CI === 'true' && serverUrl === undefined)
  test('two processes on PostgreSQL', () => expect.fail('CI runs this too: set TEST_DATABASE_URL'))

beforeAll(async () => {
  if (serverUrl === undefined) return
  const prompts = await loadPrompts({}, join(tmpdir(), 'amends-test-reader'))
  database = await makeDatabase()
  for (let n = 0; n < 2; n += 1) {
    const store = await openStore({ engine: 'postgres', url: database.url }, { alone: true })
    const errors: unknown[] = []
    const complain = (what: object) => void errors.push(what)
    const log: Log = { info: () => undefined, warn: complain, error: complain }
    const parts = partsOf({
      prompts,
      store,
      clock,
      log,
      channels: new Map([['web', webAtCommit]]),
      timezone: 'Asia/Taipei',
      desk: 'web',
      quietMs: 0,
      happened: () => undefined,
    })
    processes.push({ store, engine: await createEngine(parts, 'nobody'), errors })
  }
  const [first] = processes
  if (first) await refuseSecondTurns(first.store)
})

afterAll(async () => {
  for (const { engine, store } of processes) {
    await engine.stop()
    await store.close()
  }
  await database?.drop()
})

test.skipIf(serverUrl === undefined)('concurrent looks never handle a message twice', async () => {
  const people = Array.from({ length: 12 }, (_, n) => `customer-${n}`)
  const texts = ['My parcel is late.', 'Order 48213377.', 'What are your opening hours?', 'Where does my case stand?']
  for (const [round, text] of texts.entries()) {
    const arriving = people.map((name, n) =>
      processes[(n + round) % 2]?.engine.receive({
        id: `${name}-${round}`,
        place: { channel: 'web', workspace: '-', room: name, thread: null },
        author: { id: `web:-:${name}`, name },
        at: clock.now(),
        type: 'said',
        text,
        files: [],
        timezone: null,
        tier: null,
      }),
    )
    // Both look while messages still come in, and each looks twice at once.
    const looking = processes.flatMap(({ engine }) => [engine.settle(), engine.settle()])
    await Promise.all([...arriving, ...looking])
    await Promise.all(processes.map(({ engine }) => engine.settle()))
    clock.set(clock.now() + 60_000)
  }
  clock.set(clock.now() + 8 * 3_600_000)
  await Promise.all(processes.map(({ engine }) => engine.settle()))

  const [first] = processes
  if (!first) throw new Error('nothing was started')
  expect(await unaccounted(first.store, clock.now())).toEqual([])
  const messages = await first.store.read.selectFrom('messages').selectAll().execute()
  expect(messages).toHaveLength(people.length * texts.length)
  const cases = await first.store.read.selectFrom('cases').select('customer').execute()
  expect(new Set(cases.map((row) => row.customer)).size, 'one case for each').toBe(cases.length)
  for (const { errors } of processes) expect(errors).toEqual([])
})

test.skipIf(serverUrl === undefined)('the same message delivered to both is stored once', async () => {
  const answers = await Promise.all(
    processes.map(({ engine }) =>
      engine.receive({
        id: 'delivered-twice',
        place: { channel: 'web', workspace: '-', room: 'dora', thread: null },
        author: { id: 'web:-:dora', name: 'dora' },
        at: clock.now(),
        type: 'said',
        text: 'hello',
        files: [],
        timezone: null,
        tier: null,
      }),
    ),
  )
  expect(answers.map((one) => one.type).toSorted()).toEqual(['duplicate', 'stored'])
  await Promise.all(processes.map(({ engine }) => engine.settle()))
})
