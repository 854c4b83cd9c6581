/** Copies of the embedded database: one made while the bot runs, one put back while it does not. */
import { existsSync, linkSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { openStore } from './open.ts'
import { lockFor } from './sqlite.ts'

/** What a person can mend: the wrong file, a bot that runs. The message is theirs to read. */
export class BackupError extends Error {}

/** Told now and then: pages done, of how many. */
export type Progress = (done: number, of: number) => void

const pagesAtOnce = 2_000

/** Writes a copy of `file`, as it stands at this moment, to `to`, which must not exist. Resolves to its size in bytes. */
export async function backup(file: string, to: string, progress: Progress): Promise<number> {
  if (!existsSync(file)) throw new BackupError(`there is no database at ${file}: nothing to back up`)
  if (existsSync(to)) throw new BackupError(`${to} exists already: name a file that does not`)
  if (!existsSync(dirname(to))) throw new BackupError(`there is no folder ${dirname(to)}: make it first`)
  const partial = `${to}.partial`
  try {
    await copy(file, partial, progress)
    // One plain file, that can be read from a disk that cannot be written.
    const made = new Database(partial)
    made.pragma('journal_mode = DELETE')
    made.close()
    renameSync(partial, to)
  } catch (error) {
    removeWhole(partial)
    throw error
  }
  return statSync(to).size
}

/**
 * Puts the copy `from` in the place of `file`. What was there stays beside it under the name that this resolves to (null:
 * nothing was). Everything is checked before anything is moved; `at` is a name for this moment.
 */
export async function restore(from: string, file: string, at: string, progress: Progress): Promise<string | null> {
  if (!existsSync(from)) throw new BackupError(`there is no file ${from}`)
  if (existsSync(file) && isSameFile(from, file)) throw new BackupError(`${from} is the database itself: name a copy`)
  mkdirSync(dirname(file), { recursive: true })
  const lock = lockOrRefuse(file)
  const coming = `${file}.restoring`
  try {
    removeWhole(coming)
    checkIsOurs(from)
    await copy(from, coming, progress)
    // Refuses the schema of a newer Amends, and brings an older one up to date.
    const store = await openStore({ engine: 'sqlite', file: coming }, { alone: false }).catch((error: Error) => {
      throw new BackupError(`${from}: ${error.message}`)
    })
    await store.close()
    return swap(coming, file, `${file}.before-restore-${at}`)
  } finally {
    removeWhole(coming)
    lock.close()
  }
}

function lockOrRefuse(file: string): { close(): void } {
  try {
    return lockFor(file)
  } catch {
    throw new BackupError(`the bot is running on ${file}: stop it, then restore`)
  }
}

/** SQLite's own copying, within one reading transaction: the bot goes on writing, and the copy is of one moment. */
async function copy(from: string, to: string, progress: Progress): Promise<void> {
  const source = new Database(from, { readonly: true, fileMustExist: true, timeout: 5_000 })
  try {
    source.exec('BEGIN; SELECT 1 FROM sqlite_schema')
    await source.backup(to, {
      progress({ totalPages, remainingPages }) {
        progress(totalPages - remainingPages, totalPages)
        return pagesAtOnce
      },
    })
  } finally {
    source.close()
  }
}

/** Tables that only a database of ours has together. */
const marks = "'kysely_migration', 'conversations', 'case_events'"

function checkIsOurs(file: string): void {
  const fault = faultOf(file)
  if (fault !== null) throw new BackupError(`${file} ${fault}`)
}

function faultOf(file: string): string | null {
  try {
    const database = new Database(file, { readonly: true, fileMustExist: true })
    try {
      const known = database.prepare(`select 1 from sqlite_schema where name in (${marks})`).all()
      if (known.length < 3) return 'is a SQLite database, but not one of Amends'
      const health = database.prepare('pragma quick_check(1)').pluck().get()
      return health === 'ok' ? null : `is damaged (${health}): take another copy`
    } finally {
      database.close()
    }
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_NOTADB') return 'is no copy of a database'
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_CORRUPT') return 'is damaged: take another copy'
    throw error
  }
}

/** The old database is set aside whole, and there is no moment at which neither stands in its place. */
function swap(coming: string, file: string, aside: string): string | null {
  if (!existsSync(file)) {
    // A log without its file belongs to nothing, and must not be read into the new one.
    removeWhole(file)
    renameSync(coming, file)
    return null
  }
  takeInLog(file)
  for (const log of ['-wal', '-shm']) if (existsSync(file + log)) renameSync(file + log, aside + log)
  try {
    linkSync(file, aside)
  } catch {
    // A file system without links: for an instant there is no database, and then there is.
    renameSync(file, aside)
  }
  renameSync(coming, file)
  return aside
}

/** Writes what still stands in the log into the file. One that is too damaged for it is set aside as it is. */
function takeInLog(file: string): void {
  try {
    const database = new Database(file)
    database.pragma('wal_checkpoint(TRUNCATE)')
    database.close()
  } catch {
    return
  }
}

function isSameFile(a: string, b: string): boolean {
  const [one, other] = [statSync(a), statSync(b)]
  return one.ino === other.ino && one.dev === other.dev
}

function removeWhole(file: string): void {
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(file + part, { force: true })
}
