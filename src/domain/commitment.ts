/** A promise: something said to a customer with a time by which it is so (P14, P15). */

import { dueAt, type Hours, minute, openMs } from './hours.ts'

export const promiseStates = ['made', 'at risk', 'kept', 'broken', 'let go'] as const
export type PromiseState = (typeof promiseStates)[number]

/** Why nobody waits for it any more. It was not kept, and it was not broken. */
export const releases = ['withdrawn', 'solved', 'refiled', 'blocked', 'forgotten'] as const
export type ReleasedBy = (typeof releases)[number]

export interface Commitment {
  /** Its number within the case, from 1. */
  n: number
  /** `answer` (a person answers), or what an agent promised, in their words. */
  what: string
  due: number
  state: PromiseState
  /** Who gave it: `bot`, or the agent's name. */
  by: string
  madeAt: number
  /** How often it was given a new time before the old one passed. */
  renegotiated: number
  /** Of one that was let go; null of any other. */
  because: ReleasedBy | null
}

/** The promise every case begins with: that a person answers. */
export const answerPromise = 'answer'

export function isOpen(promise: Commitment): boolean {
  return promise.state === 'made' || promise.state === 'at risk'
}

/** The open promise that falls due first. */
export function nextDue(promises: readonly Commitment[]): Commitment | null {
  return promises.filter(isOpen).toSorted((a, b) => a.due - b.due)[0] ?? null
}

/**
 * When the desk is reminded: after `share` of the time in which somebody is there, so never in the middle of the night
 * for a promise of the next morning, and at least five minutes before the end.
 */
export function riskAt({ madeAt, due }: Pick<Commitment, 'due' | 'madeAt'>, share: number, hours: Hours): number {
  const open = openMs(madeAt, due, hours)
  const at = open > 0 ? dueAt(madeAt, (open * share) / minute, hours) : madeAt + (due - madeAt) * share
  return Math.round(Math.max(madeAt, Math.min(at, due - 5 * minute)))
}
