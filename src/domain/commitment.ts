/** A promise: something said to a customer with a time by which it is so (P14, P15). */

export type PromiseState = 'made' | 'at risk' | 'kept' | 'broken'

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

/** When the desk is reminded: after `share` of the time has gone, and at least five minutes before the end. */
export function riskAt(promise: Pick<Commitment, 'due' | 'madeAt'>, share: number): number {
  const span = promise.due - promise.madeAt
  return Math.round(Math.max(promise.madeAt, Math.min(promise.madeAt + span * share, promise.due - fiveMinutes)))
}

const fiveMinutes = 5 * 60_000
