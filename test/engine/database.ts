/** A PostgreSQL database of its own for a test, made and dropped. Schemas would not do: Kysely looks for its tables in all of them. */
import pg from 'pg'

/** Unset: there is no PostgreSQL to test on. */
export const serverUrl = process.env.TEST_DATABASE_URL

export interface Database {
  url: string
  drop(): Promise<void>
}

let made = 0

export async function makeDatabase(): Promise<Database> {
  if (serverUrl === undefined) throw new Error('TEST_DATABASE_URL names no PostgreSQL')
  made += 1
  const name = `amends_test_${process.pid}_${made}_${process.hrtime.bigint().toString(36)}`
  await onServer(`create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => onServer(`drop database if exists ${name} with (force)`) }
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
