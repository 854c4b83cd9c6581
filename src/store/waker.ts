/**
 * Who wakes whom. The truth is in the tables; a waker only says "look at conversation X, now or at T". Losing a wake-up
 * costs seconds, never work: a sweep at start and every half minute finds what is overdue.
 */
import type { Clock } from '../domain/ports.ts'
import type { Db } from './schema.ts'

export interface Waker {
  /** Said within the transaction that makes the work (between processes). */
  inTransaction?(tx: Db, conversation: string, at: number): Promise<void>
  /** Said once that transaction is on the disk (within one process). */
  afterCommit?(conversation: string, at: number): void
  /** Time has been moved, or something else changed what is due next. */
  look(): void
  /** Sees to all that is due by now; resolves once it is done, or has failed and waits for its next try. */
  settle?(): Promise<void>
  /** Waits for the turns that are running, and begins no other. */
  stop(): Promise<void>
}

export interface Work {
  /** Does all that a conversation has to do by now; resolves to when it has something to do again, or null. */
  look(conversation: string): Promise<number | null>
  /** Conversations that are overdue, some hundreds at most; and the time at which the next one will be. */
  overdue(): Promise<string[]>
  nextAt(): Promise<number | null>
  failed(conversation: string, error: unknown): void
}

export const sweepMs = 30_000
/** A turn that fails is tried again after 1 s, 2 s, 4 s …: a broken one must not spin, a passing fault must not last. */
const shortestBackoffMs = 500
const longestBackoffMs = 5 * 60_000
/** What stays overdue whatever is done about it must not hold up the time that passes. */
export const roundsAtMost = 100
/** Conversations in hand at once: turns wait for the model, not for each other. */
const atOnce = 256
/** setTimeout takes no longer time than this. */
const longestWait = 2 ** 31 - 1

export function inProcessWaker(clock: Clock, work: Work): Waker {
  const waiting = new Set<string>()
  /** Conversations whose turns fail: how often by now, and when they are tried again. */
  const failing = new Map<string, { times: number; until: number }>()
  const running = new Map<string, Promise<void>>()
  let alarm: NodeJS.Timeout | undefined
  let alarmAt = Number.POSITIVE_INFINITY
  let stopped = false

  function pump(): void {
    for (const conversation of waiting) {
      if (stopped || running.size >= atOnce) return
      if (running.has(conversation)) continue
      waiting.delete(conversation)
      const done = run(conversation).finally(() => {
        running.delete(conversation)
        pump()
      })
      running.set(conversation, done)
    }
  }

  async function run(conversation: string): Promise<void> {
    try {
      const next = await work.look(conversation)
      failing.delete(conversation)
      if (next !== null) arm(next)
    } catch (error) {
      const times = (failing.get(conversation)?.times ?? 0) + 1
      const until = clock.now() + Math.min(longestBackoffMs, shortestBackoffMs * 2 ** Math.min(20, times))
      failing.set(conversation, { times, until })
      work.failed(conversation, error)
      arm(until)
    }
  }

  /** Rings at the earliest time that anybody has named. */
  function arm(at: number): void {
    if (stopped || at >= alarmAt) return
    clearTimeout(alarm)
    alarmAt = at
    alarm = setTimeout(() => void sweep(), Math.min(longestWait, Math.max(0, at - clock.now())))
  }

  async function sweep(): Promise<void> {
    alarmAt = Number.POSITIVE_INFINITY
    try {
      const now = clock.now()
      const overdue = await work.overdue()
      for (const conversation of overdue) if ((failing.get(conversation)?.until ?? 0) <= now) waiting.add(conversation)
      const begins = waiting.size > 0
      pump()
      const next = await work.nextAt()
      // What is overdue and in hand will be looked at again by whoever has it; what fails has its own time.
      if (next !== null && (begins || next > now)) arm(Math.max(next, now + (begins ? 50 : 5)))
    } catch (error) {
      work.failed('-', error)
    }
  }

  const sweeping = setInterval(() => void sweep(), sweepMs)
  void sweep()

  return {
    afterCommit(conversation, at) {
      if (at > clock.now()) return arm(at)
      waiting.add(conversation)
      pump()
    },
    look: () => void sweep(),
    async settle() {
      for (let rounds = 0; rounds < roundsAtMost; rounds += 1) {
        await sweep()
        if (running.size === 0) return
        await Promise.allSettled(running.values())
      }
    },
    async stop() {
      stopped = true
      clearTimeout(alarm)
      clearInterval(sweeping)
      await Promise.allSettled(running.values())
    },
  }
}
