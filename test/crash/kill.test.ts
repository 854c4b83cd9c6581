import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { killUnderLoad } from './kill.ts'

const cwd = new URL('../..', import.meta.url).pathname
const minutes = 60_000

test('a bot on SQLite that is killed 50 times under load answers every accepted message once, in order', {
  timeout: 6 * minutes,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'amends-kill-'))
  const databaseUrl = `sqlite:${join(folder, 'amends.db')}`
  const tally = await killUnderLoad({ databaseUrl, kills: 50, bots: 1, customers: 6, seed: 7, cwd })
  await rm(folder, { recursive: true })
  console.log(JSON.stringify(tally))
  expect(tally).toMatchObject({ doubled: [], missing: [], outOfOrder: [], answered: tally.accepted })
  expect(tally.accepted).toBeGreaterThan(50)
  expect(tally.promises.accounted).toBe(tally.promises.made)
})

const server = process.env.TEST_DATABASE_URL
if (!server && process.env.CI === 'true') throw new Error('TEST_DATABASE_URL must be set in CI')

test.skipIf(!server)(
  'two bots on one PostgreSQL, one of them killed 50 times, share the work and lose none of it',
  { timeout: 8 * minutes },
  async () => {
    const schema = `kill_${process.pid}`
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    await client.query(`create schema ${schema}`)
    try {
      const url = new URL(server ?? '')
      url.searchParams.set('options', `-c search_path=${schema}`)
      const tally = await killUnderLoad({ databaseUrl: url.href, kills: 50, bots: 2, customers: 6, seed: 11, cwd })
      console.log(JSON.stringify(tally))
      expect(tally).toMatchObject({ doubled: [], missing: [], outOfOrder: [], answered: tally.accepted })
      expect(tally.accepted).toBeGreaterThan(50)
      expect(tally.promises.accounted).toBe(tally.promises.made)
    } finally {
      await client.query(`drop schema ${schema} cascade`)
      await client.query(`drop schema if exists ${schema}_worker cascade`)
      await client.end()
    }
  },
)
