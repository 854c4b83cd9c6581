/** One turn: what waits in a conversation is read, decided upon and committed. One at a time in a conversation, in order. */

import { decide } from '../domain/decide.ts'
import type { Happening } from '../domain/decision.ts'
import * as conversations from '../store/conversations.ts'
import type { OutboxRow } from '../store/outbox.ts'
import type { TimerRow } from '../store/timers.ts'
import { adminTurn, isAdminCommand } from './admin.ts'
import { commit } from './commit.ts'
import type { Parts } from './parts.ts'
import { load, situate, type Waiting, type Which } from './situation.ts'
import { asItStands, type Taken, take } from './take.ts'
import { patience, word } from './wording.ts'

/**
 * `again`: the case or the lease changed hands meanwhile; `next`, `begun` and `unsent` tell what is left to do, and when:
 * `begun` are words whose sending began with the turn's commit, `unsent` is whether anything else is to be sent.
 */
export type TurnResult =
  | { type: 'nothing'; next: number | null }
  | { type: 'again' }
  | { type: 'done'; rest: boolean; next: number | null; begun: OutboxRow | null; unsent: boolean }

const nothing: TurnResult = { type: 'nothing', next: null }

/** `owner` is the holder of the lease, where there is one. */
export async function turn(parts: Parts, id: string, owner: string | null): Promise<TurnResult> {
  const waiting = await load(parts, id)
  if (waiting === null) return nothing
  const turnAt = parts.clock.now()
  const [first] = waiting.arrived
  const { due, conversation } = waiting
  if (due && (!first || due.dueAt < first.received_at)) return await ring(parts, waiting, due, turnAt, owner)
  if (!first) {
    // The mark is of something that was handled while this was being loaded: it goes, unless there is newer.
    if (conversation.readyAt !== null)
      await parts.store.write((tx) => conversations.settle(tx, id, conversation.lastIn))
    return nothing
  }
  // The quiet may still run: what waits is left until it is over.
  if (conversation.readyAt !== null && conversation.readyAt > turnAt)
    return { type: 'nothing', next: conversation.readyAt }
  if (isAdminCommand(first)) return await adminTurn(parts, waiting, first, owner)

  return await whileWorking(parts, waiting, () => answer(parts, waiting, turnAt, owner))
}

async function answer(parts: Parts, waiting: Waiting, turnAt: number, owner: string | null): Promise<TurnResult> {
  const left = patience(parts, waiting)
  const taken = await take(parts, waiting, left)
  const { situation, kase, personSpoke } = await situate(parts, waiting, taken.which)
  const happening = await asItStands(parts, taken.happening, situation, kase)
  const decision = happening ? decide(situation, happening) : { events: [], effects: [] }
  const worded = await word(parts, waiting, { taken, situation, decision }, left)
  const turned = { waiting, taken, kase, situation, personSpoke, decision, worded, turnAt, owner, timer: null }
  return await commit(parts, turned)
}

/** Whoever waits for longer than this sees that somebody is at it. */
const signAfterMs = 1000

async function whileWorking<T>(parts: Parts, { conversation, arrived }: Waiting, work: () => Promise<T>): Promise<T> {
  const { place } = conversation
  const said = arrived.findLast((row) => row.role === 'customer')
  const channel = parts.channels.get(place.channel)
  if (!said || !channel?.showWorking) return await work()
  // A sign that cannot be given costs nobody their answer.
  const sign = setTimeout(() => channel.showWorking?.(place, said.platform_id).catch(() => undefined), signAfterMs)
  try {
    return await work()
  } finally {
    clearTimeout(sign)
  }
}

async function ring(
  parts: Parts,
  waiting: Waiting,
  timer: TimerRow,
  turnAt: number,
  owner: string | null,
): Promise<TurnResult> {
  const which: Which = timer.caseId === '' ? { of: 'none' } : { of: 'id', id: timer.caseId }
  const happening: Happening = { type: 'due', timer: timer.timer, key: timer.key, about: timer.about }
  const { situation, kase, personSpoke } = await situate(parts, waiting, which)
  const taken: Taken = { rows: [], happening, reading: null, which, reread: null }
  const decision = decide(situation, happening)
  const left = patience(parts, { ...waiting, arrived: [] })
  const worded = await word(parts, waiting, { taken, situation, decision }, left)
  return await commit(parts, { waiting, taken, kase, situation, personSpoke, decision, worded, turnAt, owner, timer })
}
