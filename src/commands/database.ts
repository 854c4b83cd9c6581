/** The database for a command: opened beside the bot, and never made by a command that only looks. */
import { existsSync } from 'node:fs'
import { type Config, Refusal } from '../config.ts'
import { openStore, type Store } from '../store/open.ts'

export async function withStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const { database } = config
  if (database.engine === 'sqlite') embedded(config)
  const store = await openStore(database, { alone: false }).catch((error: unknown) => {
    throw new Refusal(reasonOf(error, config))
  })
  try {
    return await work(store)
  } catch (error) {
    throw refusalOf(error, config)
  } finally {
    await store.close()
  }
}

/** The embedded database's file, which must be there. */
export function embedded({ database, DATABASE_URL }: Config): string {
  if (database.engine === 'postgres') throw new Error('the embedded database was asked for, and there is a server')
  if (database.file === ':memory:')
    throw new Refusal(`DATABASE_URL is ${DATABASE_URL}: in memory there is nothing kept`)
  if (!existsSync(database.file))
    throw new Refusal(`there is no database at ${database.file}: start the bot first, or set DATABASE_URL`)
  return database.file
}

const unwritable = 'the database cannot be written: make its file and folder writable, or set DATABASE_URL'
const unreachable = 'DATABASE_URL does not answer: is PostgreSQL running there?'
const notLetIn = 'DATABASE_URL is refused by PostgreSQL: check its user, password and database'

const reasons: Record<string, string> = {
  EACCES: unwritable,
  EPERM: unwritable,
  EROFS: unwritable,
  SQLITE_READONLY: unwritable,
  SQLITE_CANTOPEN: unwritable,
  SQLITE_FULL: 'the disk is full: nothing was changed; make room and run it again',
  ENOSPC: 'the disk is full: nothing was changed; make room and run it again',
  SQLITE_BUSY: 'the database is busy for more than five seconds: run it again when less is going on',
  SQLITE_NOTADB: 'the file that DATABASE_URL names is no database: name another, or restore a backup',
  SQLITE_CORRUPT: 'the database is damaged: restore a backup',
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  ETIMEDOUT: unreachable,
  '28P01': notLetIn,
  '28000': notLetIn,
  '3D000': notLetIn,
}

/** A database's error as one sentence that says what to do. */
export function reasonOf(error: unknown, { DATABASE_URL, database }: Config): string {
  const known = reasons[codeOf(error)]
  const where = database.engine === 'sqlite' ? ` (${DATABASE_URL})` : ''
  if (known !== undefined) return `${known}${where}`
  return error instanceof Error ? error.message : String(error)
}

/** A full disk or a server that is away, as a refusal; any other error as it is. */
export function refusalOf(error: unknown, config: Config): unknown {
  return codeOf(error) in reasons ? new Refusal(reasonOf(error, config)) : error
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code).replace(/^(SQLITE_[A-Z]+)_.*$/u, '$1') : ''
}
