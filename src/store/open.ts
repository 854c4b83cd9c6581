/** Opens the database that DATABASE_URL names, brings its schema up to date, and gives the two ways in: read and write. */
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Clock } from '../domain/ports.ts'
import type { NewId } from './ids.ts'
import { idMaker } from './ids.ts'
import type { EngineName } from './migrations.ts'
import { migrate } from './migrations.ts'
import type { Db } from './schema.ts'
import type { Waker, Work } from './waker.ts'

export interface Store {
  engine: EngineName
  /** Single statements outside any transaction. */
  read: Db
  /** One transaction. Writes that are ready together may share a commit, each in a savepoint of its own. */
  write<T>(work: (tx: Db) => Promise<T>): Promise<T>
  /** Several reads that belong together, with a handle of their own; what they find is on the disk. */
  look<T>(work: (db: Db) => Promise<T>): Promise<T>
  /** Several reads that see the database as it stood at one moment. */
  snapshot<T>(work: (db: Db) => Promise<T>): Promise<T>
  newId: NewId
  /** Between processes: tells others that something about a person is new, and hears of it. Absent in one process. */
  bus?: Bus
  /** Wakes conversations across processes. Absent where the process is alone with its file. */
  wakerBetween?(between: { clock: Clock; runsTurns: boolean }, work: Work): Promise<Waker>
  close(): Promise<void>
}

export interface Bus {
  tell(tx: Db, person: string): Promise<void>
  listen(heard: (person: string) => void): Promise<void>
}

/** What an engine gives; open.ts adds what both have in common. */
export type Engine = Omit<Store, 'newId'>

export type Address = { engine: 'sqlite'; file: string } | { engine: 'postgres'; url: string }

/** `sqlite:FILE`, `sqlite::memory:` or `postgres://…`; null when it is none of them. */
export function parseAddress(url: string): Address | null {
  if (/^postgres(ql)?:\/\//u.test(url)) return { engine: 'postgres', url }
  const file = /^sqlite:(.+)$/u.exec(url)?.[1]
  if (file === undefined) return null
  return { engine: 'sqlite', file: file === ':memory:' ? file : resolve(file) }
}

/**
 * `alone`: this process is the running bot, and on SQLite the only one (a second is refused);
 * commands such as `backup` open the database beside it.
 */
export async function openStore(address: Address, { alone }: { alone: boolean }): Promise<Store> {
  const engine = await openEngine(address, alone)
  try {
    await migrate(engine.read, engine.engine)
  } catch (error) {
    await engine.close()
    throw error
  }
  return { ...engine, newId: idMaker() }
}

async function openEngine(address: Address, alone: boolean): Promise<Engine> {
  if (address.engine === 'postgres') {
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres(address.url)
  }
  const { openSqlite } = await import('./sqlite.ts')
  if (address.file !== ':memory:') mkdirSync(dirname(address.file), { recursive: true })
  return openSqlite(address.file, alone)
}
