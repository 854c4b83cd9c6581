/** What a turn costs with a million messages and a hundred thousand follow-ups in the store, against one with a thousand. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import { webAtCommit } from '../../src/channels/web/channel.ts'
import { readConfig } from '../../src/config.ts'
import { createBrake } from '../../src/engine/brake.ts'
import { look } from '../../src/engine/engine.ts'
import type { Parts } from '../../src/engine/parts.ts'
import { receive } from '../../src/engine/receive.ts'
import { type Address, openStore, type Store } from '../../src/store/open.ts'
import { loadPrompts, type Prompts, partsOf } from '../../src/wiring.ts'
import { makeDatabase, type Database as ServerDatabase, serverUrl } from '../engine/database.ts'
import { customerOf, fill, messagesEach, timersEach } from './fill.ts'
import { type Measure, median } from './part.ts'

const ratioAtMost = 1.25
const rounds = 40
const turnsARound = 20
/** They write a few times each, and equally often in both stores. */
const knownCustomers = 100
const atOnce = 16
const small = 100
/** It takes some minutes to fill PostgreSQL with so many. */
const large = 100_000

export async function million(): Promise<Measure[]> {
  const prompts = await loadPrompts(readConfig({}, ''), null)
  const measures = [await onSqlite(prompts)]
  if (serverUrl !== undefined) measures.push(await onPostgres(prompts))
  return measures
}

async function onSqlite(prompts: Prompts): Promise<Measure> {
  const folder = await mkdtemp(join(tmpdir(), 'amends-bench-million-'))
  try {
    const stores = []
    for (const copies of [small, large]) {
      const file = join(folder, `${copies}.db`)
      stores.push({ copies, store: await filled({ engine: 'sqlite', file }, prompts, copies, putSqlite(file)) })
    }
    return await compare('SQLite', prompts, stores)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function onPostgres(prompts: Prompts): Promise<Measure> {
  const databases: ServerDatabase[] = []
  try {
    const stores = []
    for (const copies of [small, large]) {
      const database = await makeDatabase()
      databases.push(database)
      const { url } = database
      stores.push({ copies, store: await filled({ engine: 'postgres', url }, prompts, copies, putPostgres(url)) })
    }
    return await compare('PostgreSQL', prompts, stores)
  } finally {
    for (const database of databases) await database.drop()
  }
}

type Put = Parameters<typeof fill>[3]

async function filled(address: Address, prompts: Prompts, copies: number, put: Put): Promise<Store> {
  const store = await openStore(address, { alone: true })
  await fill(circumstances(prompts, store), copies, Date.now() - 3_600_000, put)
  return store
}

function putSqlite(file: string): Put {
  return async (table, columns, rows) => {
    const sqlite = new Database(file)
    // Nobody minds if this is lost.
    sqlite.pragma('synchronous = OFF')
    const insert = sqlite.prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?')})`)
    sqlite.transaction(() => {
      for (const row of rows) insert.run(...row)
    })()
    sqlite.close()
  }
}

function putPostgres(url: string): Put {
  return async (table, columns, rows) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const atATime = 2000
    const arrays: unknown[][] = columns.map(() => [])
    const { rows: types } = await client.query(
      `select array_agg(format_type(atttypid, null) order by array_position($2, attname::text)) as names
         from pg_attribute where attrelid = $1::regclass and attname = any($2)`,
      [table, columns],
    )
    const unnested = columns.map((_, i) => `$${i + 1}::${types[0].names[i]}[]`).join(', ')
    const write = async () => {
      await client.query(`insert into ${table} (${columns.join(', ')}) select * from unnest(${unnested})`, arrays)
      for (const array of arrays) array.length = 0
    }
    await client.query('begin')
    for (const row of rows) {
      for (const [i, value] of row.entries()) arrays[i]?.push(value)
      if ((arrays[0]?.length ?? 0) >= atATime) await write()
    }
    await write()
    await client.query('commit')
    await client.query(`vacuum analyze ${table}`)
    await client.end()
  }
}

interface Filled {
  copies: number
  store: Store
}

/** Turn about, a round on each: what else the machine does meets both. */
async function compare(engine: string, prompts: Prompts, stores: Filled[]): Promise<Measure> {
  const costs: { wall: number; cpu: number }[][] = stores.map(() => [])
  for (let round = -2; round < rounds; round += 1)
    for (const [i, { copies, store }] of stores.entries()) {
      const cost = await oneRound({ ...partsOf(circumstances(prompts, store)), wake: () => undefined }, copies, round)
      if (round >= 0) costs[i]?.push(cost)
    }
  for (const { store } of stores) await store.close()
  const [few = [], many = []] = costs
  // What a server works is not in this process: there only the clock on the wall tells.
  const by = engine === 'SQLite' ? 'cpu' : 'wall'
  const each = (cost: typeof few) => median(cost.map((one) => one[by])).toFixed(2)
  const ratio = median(few.map((one, i) => (many[i]?.[by] ?? 0) / one[by]))
  const [less, more] = stores.map(
    ({ copies }) => `${copies * messagesEach} messages and ${copies * timersEach} follow-ups`,
  )
  return {
    what: `a turn on ${engine} with ${more} against ${less}`,
    measured: `${ratio.toFixed(2)} × (${each(many)} ms beside ${each(few)} ms ${by === 'cpu' ? 'of CPU' : 'on the clock'})`,
    limit: `${ratioAtMost} ×`,
    pass: ratio <= ratioAtMost,
  }
}

/** Half of those who write are known, drawn evenly from all; each writes of something that went wrong. */
async function oneRound(parts: Parts, copies: number, round: number): Promise<{ wall: number; cpu: number }> {
  const waker = { look: () => undefined, stop: async () => undefined }
  let next = 0
  const write = async () => {
    for (let i = next++; i < turnsARound; i = next++) {
      const known = ((round * turnsARound + i) / 2) % knownCustomers
      const isKnown = round >= 0 && i % 2 === 0
      const author = isKnown ? customerOf(known * Math.floor(copies / knownCustomers)) : `web:-:new-${round}-${i}`
      const name = author.slice('web:-:'.length)
      const received = await receive(parts, waker, createBrake(), {
        id: `bench-${round}-${i}`,
        place: { channel: 'web', workspace: '-', room: name, thread: null },
        author: { id: author, name },
        at: parts.clock.now(),
        type: 'said',
        text: 'The lamp that came yesterday is broken, I want my money back.',
        files: [],
        timezone: null,
        tier: null,
      })
      if (received.type !== 'stored') throw new Error(`a message was not stored: ${received.type}`)
      await look(parts, received.conversation)
    }
  }
  const began = performance.now()
  const before = process.cpuUsage()
  await Promise.all(Array.from({ length: atOnce }, write))
  const { user, system } = process.cpuUsage(before)
  return { wall: (performance.now() - began) / turnsARound, cpu: (user + system) / 1000 / turnsARound }
}

function circumstances(prompts: Prompts, store: Store) {
  const fail = (what: object, message: string) => {
    throw new Error(`${message}: ${JSON.stringify(what)}`)
  }
  return {
    prompts,
    store,
    clock: { now: () => Date.now() },
    log: { info: () => undefined, warn: fail, error: fail },
    channels: new Map([['web', webAtCommit]] as const),
    timezone: 'UTC',
    desk: 'web',
    quietMs: 0,
    happened: () => undefined,
  }
}
