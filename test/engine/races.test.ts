/** What happens while a turn runs: nothing of it is lost, and nothing is said to somebody who is no longer there to hear. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import { webAtCommit } from '../../src/channels/web/channel.ts'
import { type SetClock, setClock } from '../../src/clock.ts'
import type { Command, Incoming } from '../../src/domain/message.ts'
import { createEngine, type Engine, look } from '../../src/engine/engine.ts'
import type { Log, Parts } from '../../src/engine/parts.ts'
import * as conversations from '../../src/store/conversations.ts'
import * as customers from '../../src/store/customers.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import * as outbox from '../../src/store/outbox.ts'
import { loadPrompts, partsOf } from '../../src/wiring.ts'
import { outboxOf } from '../store/rows.ts'
import { casesOf, unaccounted } from './accounted.ts'
import { makeDatabase, serverUrl } from './database.ts'

const prompts = await loadPrompts({}, join(tmpdir(), 'amends-test-reader'))

interface Shown {
  id: string
  from: string
  text: string
}

interface Race {
  parts: Parts
  engine: Engine
  store: Store
  clock: SetClock
  says(text: string, more?: { timezone?: string }): Promise<string>
  edits(message: string, text: string): Promise<void>
  deletes(message: string): Promise<void>
  does(command: Command): Promise<void>
  /** Does `meanwhile` once the next turn has decided and is about to commit. */
  plan(meanwhile: () => Promise<void>): void
  /** Runs turns, and does `meanwhile` once the first of them has decided and is about to commit. */
  settleWhile(meanwhile: () => Promise<void>): Promise<void>
  reads(after?: string | null): Promise<Shown[]>
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function raceOn(name: Store['engine']): Promise<Race> {
  const database = name === 'postgres' ? await makeDatabase() : null
  if (database) closing.push(() => database.drop())
  const store = await openStore(
    database ? { engine: 'postgres', url: database.url } : { engine: 'sqlite', file: ':memory:' },
    { alone: true },
  )
  closing.push(() => store.close())
  const clock = setClock(Date.parse('2026-11-17T10:00:00+08:00'))
  const complain = (what: object, message: string) => expect.fail(`${message} ${JSON.stringify(what)}`)
  const log: Log = { info: () => undefined, warn: complain, error: complain }
  const channels = new Map([['web', webAtCommit]] as const)
  const given = { prompts, store, clock, log, channels, timezone: 'Asia/Taipei', desk: 'web', quietMs: 0 }
  const parts = partsOf({ ...given, happened: () => undefined })
  let planned: (() => Promise<void>) | null = null
  let isRead = false
  const { reader } = parts
  parts.reader = {
    read(text, asked) {
      isRead = planned !== null
      return reader.read(text, asked)
    },
  }
  parts.store = {
    ...store,
    async write(work) {
      const meanwhile = isRead ? planned : null
      if (meanwhile) planned = null
      isRead = false
      await meanwhile?.()
      return await store.write(work)
    },
  }
  const engine = await createEngine(parts, 'nobody')
  closing.push(() => engine.stop())
  let n = 0
  const receive = async (what: object) => {
    n += 1
    clock.set(clock.now() + 1000)
    const arrived = {
      id: `m${n}`,
      place: { channel: 'web', workspace: '-', room: 'ada', thread: null },
      author: { id: 'web:-:ada', name: 'ada' },
      at: clock.now(),
      ...what,
    } as Incoming
    expect((await engine.receive(arrived)).type).toBe('stored')
    return arrived.id
  }
  return {
    parts,
    engine,
    store,
    clock,
    says: (text, { timezone = undefined } = {}) =>
      receive({ type: 'said', text, files: [], timezone: timezone ?? null, tier: null }),
    edits: async (message, text) => void (await receive({ type: 'edited', message, text })),
    deletes: async (message) => void (await receive({ type: 'deleted', message })),
    does: async (command) =>
      void (await receive({ type: 'commanded', author: { id: 'web:-:kim', name: 'kim' }, command })),
    plan(meanwhile) {
      planned = meanwhile
    },
    async settleWhile(meanwhile) {
      planned = meanwhile
      await engine.settle()
      expect(planned, 'a turn came to its commit').toBeNull()
      expect(await unaccounted(store, clock.now())).toEqual([])
    },
    async reads(after = null) {
      const { messages } = (await engine.view({ of: 'messages', customer: 'web:-:ada', after })) as {
        messages: Shown[]
      }
      return messages
    },
  }
}

const engines: Store['engine'][] = serverUrl === undefined ? ['sqlite'] : ['sqlite', 'postgres']

describe.each(engines)('while a turn runs (%s)', (name) => {
  test('who has read what came in meanwhile is still given the answer', async () => {
    const race = await raceOn(name)
    await race.says('What are your opening hours?')
    let seen = ''
    await race.settleWhile(async () => {
      seen = await race.says('And where are you?')
      expect((await race.reads()).at(-1)?.id).toBe(seen)
    })
    const after = await race.reads(seen)
    expect(after.map((one) => one.from)).toEqual(['bot', 'bot'])
    const all = await race.reads()
    expect(all.map((one) => one.from)).toEqual(['customer', 'customer', 'bot', 'bot'])
    // Whatever one has read up to, what is left is the rest.
    for (const [i, { id }] of all.entries()) expect(await race.reads(id)).toEqual(all.slice(i + 1))
  })

  test('what was said to them elsewhere meanwhile is not said again here', async () => {
    const { variants } = prompts.scripts.get('complaint', 'en')
    for (const [left, variant] of [...variants.entries()].slice(0, 2)) {
      const race = await raceOn(name)
      await race.says('My parcel is late.')
      const complaint = [...variants.keys()].filter((n) => n !== left)
      await race.settleWhile(() => race.store.write((tx) => customers.change(tx, 'web:-:ada', { used: { complaint } })))
      const [row] = await race.store.read
        .selectFrom('outbox')
        .select('script')
        .where('audience', '=', 'customer')
        .execute()
      expect(row?.script).toMatch(new RegExp(`complaint@\\w+:${variant.name}(?:\\+|$)`, 'u'))
      const known = await customers.find(race.store.read, 'web:-:ada')
      expect(known?.used.complaint?.toSorted((a, b) => a - b)).toEqual([...variants.keys()])
    }
  })

  test('an edit is what is answered, once', async () => {
    const race = await raceOn(name)
    const id = await race.says('What are your opening hours?')
    await race.settleWhile(() => race.edits(id, 'My parcel is late.'))
    const told = (await race.reads()).filter((one) => one.from === 'bot')
    expect(told).toHaveLength(1)
    expect(told[0]?.text).toMatch(/sorry/i)
    expect(await casesOf(race.store)).toMatchObject([{ kind: 'complaint', summary: 'My parcel is late.' }])
  })

  test('what is deleted is not answered, and stands nowhere', async () => {
    const race = await raceOn(name)
    const id = await race.says('My parcel is late.')
    await race.settleWhile(() => race.deletes(id))
    expect((await race.reads()).filter((one) => one.from === 'bot')).toEqual([])
    expect(await casesOf(race.store)).toEqual([])
  })

  test('who is blocked hears nothing more', async () => {
    const race = await raceOn(name)
    await race.says('My parcel is late.')
    await race.engine.settle()
    const before = await race.reads()
    await race.says('Are you all idiots?')
    await race.settleWhile(() => race.does({ do: 'block', case: 1 }))
    expect((await race.reads()).filter((one) => one.from === 'bot')).toEqual(before.filter((one) => one.from === 'bot'))
  })

  test('a time zone that is told stays', async () => {
    const race = await raceOn(name)
    await race.says('My parcel is late.')
    await race.settleWhile(async () => void (await race.says('I am in Paris.', { timezone: 'Europe/Paris' })))
    expect(await customers.find(race.store.read, 'web:-:ada')).toMatchObject({
      timezone: 'Europe/Paris',
      language: 'en',
      greetedAt: expect.any(Number),
    })
  })
})

test.skipIf(serverUrl === undefined)(
  'who loses the conversation to another process commits and sends nothing',
  async () => {
    const { parts, store, clock, engine, ...race } = await raceOn('postgres')
    await race.says('My parcel is late.')
    const conversation = await conversations.newestOf(store.read, 'web:-:ada')
    if (!conversation) throw new Error('there is no conversation')
    const waits = outboxOf(store, conversation, { notBefore: clock.now() })
    await store.write((tx) => outbox.insert(tx, [waits]))
    const lease = (owner: string | null, until: string) =>
      sql`update conversations set lease_owner = ${owner}, lease_until = extract(epoch from clock_timestamp()) * 1000 + ${sql.raw(until)}`.execute(
        store.read,
      )
    race.plan(async () => void (await lease('another', '30000')))
    const next = await look(parts, conversation.id)
    expect(next).toBeGreaterThan(clock.now() + 20_000)
    expect((await race.reads()).map((one) => one.from)).toEqual(['customer'])
    expect(await outbox.byId(store.read, waits.id)).toMatchObject({ state: 'waiting', attempts: 0 })
    // Where nobody took it after it ran out, it is ours again.
    await lease(null, '0')
    race.plan(async () => void (await lease(null, '0')))
    await engine.settle()
    expect((await race.reads()).map((one) => one.from)).toEqual(['customer', 'bot', 'bot'])
  },
)
