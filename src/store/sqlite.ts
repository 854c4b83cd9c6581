/** The embedded engine: better-sqlite3, WAL, every write transaction BEGIN IMMEDIATE, commits shared. */
import { setImmediate as nextRound } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { holdsConnection } from './kept.ts'
import type { Engine } from './open.ts'
import type { Db, Schema } from './schema.ts'

const busyMs = 5_000
/** Writes that share one commit at most: more would hold the loop for longer than anybody should wait. */
const batchAtMost = 256
/** Kept statements: ours are some eighty; a list in a query (`in (?, ?)`) makes variants. */
const statementsAtMost = 500

export function openSqlite(file: string, alone: boolean): Engine {
  const lock = alone && file !== ':memory:' ? lockFor(file) : null
  const sqlite = new Database(file, { timeout: busyMs })
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('cache_size = -16000')
  // Pages of log before they are moved into the file (16 MB): each move waits for the disk twice more.
  sqlite.pragma('wal_autocheckpoint = 4000')
  const statements = keepStatements(sqlite)
  const db: Db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: statements }) })
  const { write, look } = groupCommits(db, controlOf(sqlite), statements)
  return {
    engine: 'sqlite',
    read: db,
    write,
    // They come along with a commit: one way to the connection for all of them, instead of one for each.
    look,
    snapshot: look,
    async close() {
      await db.destroy()
      lock?.close()
    },
  }
}

/** A second file, locked for as long as the process lives: the system frees it even at a kill. */
export function lockFor(file: string): Database.Database {
  const lock = new Database(`${file}.lock`, { timeout: 0 })
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch {
    lock.close()
    throw new Error(`another Amends is running on ${file}: stop it first, or give this one its own DATABASE_URL`)
  }
}

interface Statements {
  prepare(source: string): Database.Statement
  close(): void
}

/** Preparing a statement costs more than running it; the same SQL gives the same statement. */
function keepStatements(sqlite: Database.Database): Statements {
  const kept = new Map<string, Database.Statement>()
  return {
    prepare(source: string): Database.Statement {
      const known = kept.get(source)
      if (known) return known
      const statement = sqlite.prepare(source)
      if (kept.size >= statementsAtMost) kept.clear()
      kept.set(source, statement)
      return statement
    },
    close: () => sqlite.close(),
  }
}

interface Job {
  /** One that only looks has nothing that would have to be taken back. */
  writes: boolean
  run(tx: Db): Promise<() => void>
  fail(error: unknown): void
}

/** Straight to the driver: while a batch holds the connection, these have nobody to wait for. */
function controlOf(sqlite: Database.Database) {
  return {
    begin: sqlite.prepare('BEGIN IMMEDIATE'),
    commit: sqlite.prepare('COMMIT'),
    rollback: sqlite.prepare('ROLLBACK'),
    savepoint: sqlite.prepare('SAVEPOINT one'),
    release: sqlite.prepare('RELEASE one'),
    undo: sqlite.prepare('ROLLBACK TO one'),
    isOpen: () => sqlite.inTransaction,
  }
}

type Control = ReturnType<typeof controlOf>

/**
 * Transactions that are ready together share one commit, and so one wait for the disk; each stands in its own savepoint,
 * so that one that fails takes nothing else with it. A promise settles only once its commit is on the disk.
 */
function groupCommits(db: Db, control: Control, statements: Statements): Pick<Engine, 'write' | 'look'> {
  const waiting: Job[] = []
  let running = false

  async function pump(): Promise<void> {
    running = true
    while (waiting.length > 0) {
      await gather()
      const jobs = waiting.splice(0, batchAtMost)
      try {
        await db.connection().execute(async (tx) => {
          holdsConnection(tx, (source, values) => runNow(statements.prepare(source), values))
          await commitTogether(tx, control, jobs)
        })
      } catch (error) {
        for (const job of jobs) job.fail(error)
      }
    }
    running = false
  }

  /**
   * As long as each round of the loop brings more, they come along: the busier, the more share a commit. It also gives
   * the loop its turn between two commits: writes that follow on each other would keep sockets and timers out for good.
   */
  async function gather(): Promise<void> {
    let known: number
    do {
      known = waiting.length
      await nextRound()
    } while (waiting.length > known && waiting.length < batchAtMost)
  }

  const join = <T>(work: (tx: Db) => Promise<T>, writes: boolean) =>
    new Promise<T>((resolve, reject) => {
      waiting.push({
        writes,
        run: async (tx) => {
          const result = await work(tx)
          return () => resolve(result)
        },
        fail: reject,
      })
      if (!running) void pump()
    })
  return { write: (work) => join(work, true), look: (work) => join(work, false) }
}

function runNow(statement: Database.Statement, values: readonly unknown[]): unknown[] {
  if (statement.reader) return statement.all(...values)
  statement.run(...values)
  return []
}

async function commitTogether(tx: Db, control: Control, jobs: Job[]): Promise<void> {
  const settle: (() => void)[] = []
  control.begin.run()
  try {
    for (const job of jobs) settle.push(await runOne(tx, control, job))
    control.commit.run()
  } catch (error) {
    if (control.isOpen()) control.rollback.run()
    throw error
  }
  for (const tell of settle) tell()
}

async function runOne(tx: Db, control: Control, job: Job): Promise<() => void> {
  if (job.writes) control.savepoint.run()
  try {
    const settle = await job.run(tx)
    if (job.writes) control.release.run()
    return settle
  } catch (error) {
    // A full disk ends the whole transaction by itself; then all of it has failed.
    if (!control.isOpen()) throw error
    if (job.writes) {
      control.undo.run()
      control.release.run()
    }
    return () => job.fail(error)
  }
}
