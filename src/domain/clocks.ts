/** The clocks of a case: what is promised by when, and what rings if nobody moves. Shared by all the rules. */
import { ownerName } from './case.ts'
import { answerPromise, type Commitment, isOpen, nextDue, type ReleasedBy, riskAt } from './commitment.ts'
import { type Draft, numberOf, part, promisesOf, standing } from './decision.ts'
import { isOpen as deskIsOpen, dueAt, hour, minute, wakingAt } from './hours.ts'
import { answerMinutes } from './policy.ts'

/** Promises that a person answers, or leaves the promise that already stands. Returns when it is due (P10, P14). */
export function promiseAnswer(draft: Draft, slower = 1): number {
  const { now, policy, hours, customer } = draft.situation
  const standingPromise = promisesOf(draft).find((promise) => promise.what === answerPromise && isOpen(promise))
  if (standingPromise) return standingPromise.due
  const minutes = answerMinutes(policy, standing(draft)?.severity ?? 0, customer.tier) * slower
  const due = roundUp(dueAt(now, minutes, hours))
  promise(draft, { what: answerPromise, due, by: 'bot' })
  return due
}

/** Puts a new promise on the record, with its reminder and its end. */
export function promise(draft: Draft, { what, due, by }: Pick<Commitment, 'what' | 'due' | 'by'>): void {
  const { now, policy } = draft.situation
  const n = Math.max(0, ...promisesOf(draft).map((known) => known.n)) + 1
  const made: Commitment = { n, what, due, state: 'made', by, madeAt: now, renegotiated: 0, because: null }
  draft.effects.push({ type: 'promise', promise: made })
  setPromiseTimers(draft, made, policy.promises.remindAfterShare)
}

/** Gives an open promise a new time before the old one passes (P15). */
export function renegotiate(draft: Draft, old: Commitment, due: number): void {
  const { now, policy } = draft.situation
  const again: Commitment = { ...old, due, state: 'made', madeAt: now, renegotiated: old.renegotiated + 1 }
  draft.effects.push({ type: 'promise', promise: again })
  setPromiseTimers(draft, again, policy.promises.remindAfterShare)
}

/** A promise that seemed kept stands again as it did, with its clocks; a reminder that was given is not given again. */
export function restore(draft: Draft, promise: Commitment): void {
  draft.effects.push({ type: 'promise', promise })
  const key = String(promise.n)
  if (promise.state === 'made') setPromiseTimers(draft, promise, draft.situation.policy.promises.remindAfterShare)
  else draft.effects.push({ type: 'timer', timer: 'promise.due', key, dueAt: promise.due, about: null })
}

function setPromiseTimers(draft: Draft, made: Commitment, share: number): void {
  const key = String(made.n)
  draft.effects.push({
    type: 'timer',
    timer: 'promise.risk',
    key,
    dueAt: riskAt(made, share, draft.situation.hours),
    about: null,
  })
  draft.effects.push({ type: 'timer', timer: 'promise.due', key, dueAt: made.due, about: null })
}

/** Marks promises as kept: the answer when a person answers, all of them when the case is resolved. */
export function keep(draft: Draft, which: (promise: Commitment) => boolean): void {
  for (const open of promisesOf(draft).filter((known) => isOpen(known) && which(known)))
    draft.effects.push({ type: 'promise', promise: { ...open, state: 'kept' } })
}

/** What is still open is owed to nobody any more: neither kept nor broken, and counted as neither. */
export function letGo(draft: Draft, because: ReleasedBy): void {
  for (const open of promisesOf(draft).filter(isOpen))
    draft.effects.push({ type: 'promise', promise: { ...open, state: 'let go', because } })
}

/** From now on a day must not pass in silence (P10): restarted by whatever is said to the customer. */
export function watchSilence(draft: Draft): void {
  const { now, policy, hours, customer } = draft.situation
  const at = wakingAt(
    now + policy.promises.silenceHours * hour,
    customer.timezone ?? hours.timezone,
    policy.wakingHours,
  )
  draft.effects.push({ type: 'timer', timer: 'silence', key: '', dueAt: at, about: null })
}

/** The next check-back, in the customer's waking hours (P18); nothing for those who asked for none. */
export function scheduleCheck(draft: Draft, afterHours: number): void {
  const { now, policy, hours, customer } = draft.situation
  if (customer.stoppedAt !== null || policy.followups.atMost === 0) return closeLater(draft)
  const at = wakingAt(now + afterHours * hour, customer.timezone ?? hours.timezone, policy.wakingHours)
  draft.effects.push({ type: 'timer', timer: 'check', key: '', dueAt: at, about: null })
}

/** A resolved case that nobody comes back to is closed quietly. */
export function closeLater(draft: Draft): void {
  const { now, policy } = draft.situation
  const dueAt = now + policy.followups.closeAfterHours * hour
  draft.effects.push({ type: 'timer', timer: 'close', key: '', dueAt, about: null })
}

/** The words of a promise that a person answers, by whether somebody is there now. */
export function promisePart(draft: Draft, due: number) {
  const { now, hours } = draft.situation
  const moment = deskIsOpen(now, hours) ? 'promise' : 'promise.later'
  return part(moment, { when: { by: due }, number: numberOf(draft) })
}

/** Where the case stands, for those who ask and those who wait (DESIGN: answered at any time from the record). */
export function standingPart(draft: Draft, moment: 'status' | 'progress') {
  const kase = standing(draft)
  if (kase === null) return part('status.none')
  const next = nextDue(promisesOf(draft))
  const agent = typeof kase.owner === 'object' ? ownerName(kase) : null
  const when = next && next.due > draft.situation.now ? { by: next.due } : null
  return part(moment, { number: numberOf(draft), agent, step: { step: kase.step }, when })
}

/** People say "by 11:05", not "by 11:03:27": a promise ends on a multiple of five minutes. */
function roundUp(at: number): number {
  const five = 5 * minute
  return Math.ceil(at / five) * five
}
