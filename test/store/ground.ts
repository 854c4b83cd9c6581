/** Databases for tests, made empty and taken away again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openStore } from '../../src/store/open.ts'
import type { Ground } from './suite.ts'

export function folder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'amends-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export async function sqliteGround(): Promise<Ground & { file: string }> {
  const { path, remove } = folder()
  const file = join(path, 'amends.db')
  return { file, open: () => openStore({ engine: 'sqlite', file }, { alone: false }), drop: async () => remove() }
}

export const postgresUrl = process.env.TEST_DATABASE_URL

/** A schema of its own within the test database: what other tests have made there must not be seen. */
export async function postgresGround(): Promise<Ground & { url: string }> {
  if (postgresUrl === undefined) throw new Error('set TEST_DATABASE_URL to a PostgreSQL that tests may write to')
  const schema = `amends_store_${process.pid}_${process.hrtime.bigint().toString(36)}`
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  await client.query(`create schema ${schema}`)
  const url = new URL(postgresUrl)
  // Spaces must be %20: PostgreSQL's driver does not read a plus as one.
  url.search = `?options=-c%20search_path%3D${schema}`
  return {
    url: url.href,
    open: () => openStore({ engine: 'postgres', url: url.href }, { alone: false }),
    async drop() {
      await client.query(`drop schema ${schema} cascade`)
      await client.end()
    },
  }
}
