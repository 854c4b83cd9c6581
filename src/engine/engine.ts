/** The engine: what channels and commands call, and what the waker lets loose on a conversation. */
import type { Incoming } from '../domain/message.ts'
import type { Front, Received } from '../domain/ports.ts'
import * as conversations from '../store/conversations.ts'
import * as leases from '../store/leases.ts'
import * as outbox from '../store/outbox.ts'
import * as timers from '../store/timers.ts'
import { inProcessWaker, type Waker, type Work } from '../store/waker.ts'
import { createAhead, notAhead } from './ahead.ts'
import { createBrake } from './brake.ts'
import { deliver } from './deliver.ts'
import type { Parts } from './parts.ts'
import { receive } from './receive.ts'
import { submit } from './submit.ts'
import { turn } from './turn.ts'
import { view } from './view.ts'

export interface Engine extends Front {
  /**
   * Does all that is due by now, until nothing is left. On virtual time (stories and `replay`) the seconds in which an
   * agent's words can be taken back take no time, unless `undoable`.
   */
  settle(undoable?: boolean): Promise<void>
  /** When something is due next, later than `after`; or null. */
  nextAt(after: number): Promise<number | null>
  /** The clock was moved by hand. */
  look(): void
  /** Takes no more messages, finishes the turns in hand. */
  stop(): Promise<void>
}

/**
 * Who wakes: `alone` a set and a timer in this process, `between` jobs in the database that all processes share,
 * `receiving` the same jobs, left to other processes, `nobody` whoever calls `settle`.
 */
export type Waking = 'alone' | 'between' | 'receiving' | 'nobody'

export async function createEngine(parts: Parts, waking: Waking): Promise<Engine> {
  const { store, clock, log } = parts
  const work: Work = {
    look: (conversation) => look(parts, conversation),
    overdue: () => overdue(parts),
    nextAt: () => nextAt(parts, 0),
    failed: (conversation, error) => log.error({ conversation, err: error }, 'a turn failed; it will be tried again'),
  }
  const waker = await wakerFor(parts, waking, work)
  parts.wake = (conversation) => {
    if (waker.afterCommit) waker.afterCommit(conversation, clock.now())
    else waker.look()
  }
  // On virtual time the quiet takes none; where others do the turns, they do the reading too.
  parts.ahead = waking === 'alone' || waking === 'between' ? createAhead(parts) : notAhead
  let draining = false
  const brake = createBrake()
  const take = async (incoming: Incoming): Promise<Received> =>
    draining ? { type: 'draining' } : await receive(parts, waker, brake, incoming)
  return {
    receive: take,
    view: (request) => view(parts, request),
    submit: (submission) => submit(parts, take, submission),
    async settle(undoable = false) {
      if (waker.settle) return await waker.settle()
      for (;;) {
        const due = await overdue(parts)
        for (const conversation of due) await look(parts, conversation)
        if (due.length > 0) continue
        if (undoable || !(await store.write((tx) => outbox.letGo(tx, clock.now())))) return
      }
    },
    nextAt: (after) => nextAt(parts, after),
    look: () => waker.look(),
    async stop() {
      draining = true
      await waker.stop()
    },
  }
}

async function wakerFor({ store, clock }: Parts, waking: Waking, work: Work): Promise<Waker> {
  if (waking === 'nobody') return { look() {}, async stop() {} }
  if (waking === 'alone' || !store.wakerBetween) return inProcessWaker(clock, work)
  return await store.wakerBetween({ clock, runsTurns: waking === 'between' }, work)
}

/** A turn that keeps losing to claims would spin: after this many tries in a row it waits a little. */
const triesAtMost = 20
const waitAfterTriesMs = 1000

/** Turns until nothing waits, then what is to be sent. Resolves to when there is something to do again. */
export async function look(parts: Parts, conversation: string): Promise<number | null> {
  const { store, leaseMs } = parts
  if (store.engine === 'sqlite') return await run(parts, conversation, null)
  // The file has one bot; a server's database may have many, and a lease keeps a conversation with one of them.
  const owner = store.newId(parts.clock.now())
  if (!(await leases.take(store.read, conversation, owner, leaseMs))) return await afterOthers(parts, conversation)
  const renewing = setInterval(
    () => void leases.take(store.read, conversation, owner, leaseMs).catch(() => false),
    leaseMs / 3,
  )
  let next: number | null
  let held = false
  try {
    next = await run(parts, conversation, owner)
  } finally {
    clearInterval(renewing)
    held = await leases.free(store.read, conversation, owner)
  }
  if (!held) return next
  // Whoever was woken while we had the lease went away: what came in then, and what is due next, is ours to see to.
  const left = await conversations.nextAt(store.read, conversation)
  return next === null || left === null ? (next ?? left) : Math.min(next, left)
}

/** Whoever has it sees to it; should they have died, the next look comes as soon as their lease is over. */
async function afterOthers({ store, clock }: Parts, conversation: string): Promise<number> {
  return clock.now() + (await leases.left(store.read, conversation)) + 100
}

async function run(parts: Parts, conversation: string, owner: string | null): Promise<number | null> {
  const { store, clock, leaseMs } = parts
  const times: number[] = []
  // What earlier looks left unsent is unknown: only a turn that just said everything at its commit can tell.
  let unsent: boolean | null = null
  let begun: outbox.OutboxRow | null = null
  for (let tries = 0; tries < triesAtMost; tries += 1) {
    const result = await turn(parts, conversation, owner)
    if (result.type === 'again') {
      if (owner !== null && !(await leases.take(store.read, conversation, owner, leaseMs)))
        return await afterOthers(parts, conversation)
      // Nothing of what waits may leave before the turn that may have something to say to it: a claim drops it.
      if (tries === triesAtMost - 1) return clock.now() + waitAfterTriesMs
      continue
    }
    if (result.next !== null) times.push(result.next)
    if (result.type === 'nothing') break
    unsent = unsent === true || result.unsent
    begun = result.begun
    if (!result.rest) break
    tries = 0
  }
  const next = begun || unsent !== false ? await deliver(parts, conversation, owner, begun, unsent !== false) : null
  if (next !== null) times.push(next)
  return times.length > 0 ? Math.min(...times) : null
}

const overdueAtMost = 500

async function overdue({ store, clock }: Parts): Promise<string[]> {
  const now = clock.now()
  const ready = await conversations.ready(store.read, now, overdueAtMost)
  const ringing = await timers.due(store.read, now, overdueAtMost)
  const unsent = await outbox.due(store.read, now, overdueAtMost)
  return [...new Set([...ready, ...ringing, ...unsent])]
}

async function nextAt({ store }: Parts, after: number): Promise<number | null> {
  const times = [
    await conversations.nextReadyAt(store.read, after),
    await timers.nextDueAt(store.read, after),
    await outbox.nextDueAt(store.read, after),
  ]
  const known = times.filter((at) => at !== null)
  return known.length > 0 ? Math.min(...known) : null
}
