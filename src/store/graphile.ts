/**
 * Waking between processes: graphile-worker, one job for a conversation that has work. The job is added in the very
 * transaction that makes the work. No queue names: the lease on the conversation keeps turns apart (DESIGN.md).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Logger, makeWorkerUtils, run, Logger as WorkerLogger } from 'graphile-worker'
import { sql } from 'kysely'
import type pg from 'pg'
import type { Clock } from '../domain/ports.ts'
import type { Waker, Work } from './waker.ts'
import { roundsAtMost, sweepMs } from './waker.ts'

export interface Between {
  pool: pg.Pool
  clock: Clock
  /** False for a process that only takes messages in: others run the turns. */
  runsTurns: boolean
}

/** Turns in hand at once in one process: they wait for the model more than for the database. */
const atOnce = 24
/** Finds a job that was added without a notice in this time; notices usually come within milliseconds. */
const pollMs = 200

export async function graphileWaker({ pool, clock, runsTurns }: Between, work: Work): Promise<Waker> {
  const schema = await schemaFor(pool)
  const utils = await makeWorkerUtils({ pgPool: pool, schema, logger: quiet })
  await utils.migrate()
  await utils.release()

  /** `key`: a job not yet begun under the same key is moved, not doubled. */
  const addJob = (conversation: string, at: number, key: string) => {
    const seconds = Math.max(0, at - clock.now()) / 1000
    const job = sql.join([sql`'wake'`, sql`json_build_object('conversation', ${conversation}::text)`])
    const when = sql`clock_timestamp() + make_interval(secs => ${seconds})`
    return sql`select 1 from ${sql.id(schema)}.add_job(${job}, run_at := ${when}, job_key := ${key}, max_attempts := 25)`
  }

  async function look(conversation: string): Promise<void> {
    const next = await work.look(conversation)
    if (next !== null)
      await pool.query(plain(schema), [conversation, Math.max(0, next - clock.now()) / 1000, `${conversation}@${next}`])
  }

  let isSweeping = false

  async function sweep(): Promise<void> {
    if (isSweeping) return
    isSweeping = true
    try {
      await lookAtOverdue()
    } catch (error) {
      work.failed('-', error)
    } finally {
      isSweeping = false
    }
  }

  /** Gives whether anything was overdue. One that fails must not hide those behind it. */
  async function lookAtOverdue(): Promise<boolean> {
    const overdue = await work.overdue()
    for (const conversation of overdue) await look(conversation).catch((error) => work.failed(conversation, error))
    return overdue.length > 0
  }

  const runner = runsTurns
    ? await run({
        pgPool: pool,
        schema,
        concurrency: atOnce,
        pollInterval: pollMs,
        noHandleSignals: true,
        logger: quiet,
        taskList: {
          wake: async (payload) => {
            const conversation = conversationIn(payload)
            try {
              await look(conversation)
            } catch (error) {
              work.failed(conversation, error)
              throw error
            }
          },
        },
      })
    : null
  const sweeping = runsTurns ? setInterval(() => void sweep(), sweepMs) : undefined
  if (runsTurns) void sweep()

  return {
    async inTransaction(tx, conversation, at) {
      await addJob(conversation, at, conversation).execute(tx)
    },
    look: () => void (runsTurns && sweep()),
    async settle() {
      // Whoever else has the conversation in hand is given the time to finish.
      for (let rounds = 0; rounds < roundsAtMost && (await lookAtOverdue()); rounds += 1) await sleep(rounds)
    },
    async stop() {
      clearInterval(sweeping)
      await runner?.stop()
    },
  }
}

/** Its tables stand beside ours: a test's own schema has its own worker schema. */
async function schemaFor(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ name: string }>('select current_schema() as name')
  const name = rows[0]?.name ?? 'public'
  return name === 'public' ? 'graphile_worker' : `${name}_worker`
}

function plain(schema: string): string {
  const job = `'wake', json_build_object('conversation', $1::text)`
  return `select 1 from "${schema}".add_job(${job}, run_at := clock_timestamp() + make_interval(secs => $2), job_key := $3)`
}

function conversationIn(payload: unknown): string {
  if (typeof payload === 'object' && payload !== null && 'conversation' in payload) return String(payload.conversation)
  throw new Error('a wake job names no conversation')
}

// It would log every job at info; what fails is told through `work.failed`.
const quiet: Logger = new WorkerLogger(() => () => undefined)
