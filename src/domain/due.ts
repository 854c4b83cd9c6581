/** What follows when a time has come: a promise runs out, a check-back is due, a day has gone by in silence. */
import { checkBack } from './answered.ts'
import { isActive, isHeld } from './case.ts'
import { promise, promiseAnswer, standingPart, watchSilence } from './clocks.ts'
import { answerPromise, type Commitment, isOpen } from './commitment.ts'
import {
  type Decision,
  type Draft,
  done,
  draft,
  type Happening,
  numberOf,
  part,
  promisesOf,
  remedyValue,
  type Situation,
  showCard,
  standing,
} from './decision.ts'
import { dueAt } from './hours.ts'
import { call } from './ladder.ts'
import { answerMinutes } from './policy.ts'

type Due = Extract<Happening, { type: 'due' }>

export function due(situation: Situation, happening: Due): Decision {
  const to = draft(situation)
  ring(to, happening)
  return done(to)
}

function ring(to: Draft, { timer, key, about }: Due): void {
  switch (timer) {
    case 'promise.risk':
      return atRisk(
        to,
        promisesOf(to).find((known) => String(known.n) === key),
      )
    case 'promise.due':
      return broken(
        to,
        promisesOf(to).find((known) => String(known.n) === key),
      )
    case 'silence':
      return silence(to)
    case 'check':
      return checkBack(to)
    case 'close':
      return close(to)
    case 'suggestion':
      return suggestionStands(to, about)
    default:
      return timer satisfies never
  }
}

/** The desk is reminded while there is still time to keep it, or to give a new time before the old one passes (P15). */
function atRisk(to: Draft, risky: Commitment | undefined): void {
  if (!risky || !isOpen(risky)) return
  to.effects.push({ type: 'promise', promise: { ...risky, state: 'at risk' } })
  const values = { number: numberOf(to), what: risky.what, when: { by: risky.due } }
  to.effects.push({ type: 'alert', reason: 'promise at risk', part: part('desk.risk', values) })
}

/** A broken promise is apologised for, with the new time, and somebody higher is called (P12, P15). */
function broken(to: Draft, late: Commitment | undefined): void {
  const kase = standing(to)
  if (!late || !isOpen(late) || kase === null) return
  const { now, policy, hours, customer, number } = to.situation
  to.effects.push({ type: 'promise', promise: { ...late, state: 'broken' } })
  to.events.push({ type: 'failedAgain', reason: `broken promise: ${late.what}` })
  if (kase.severity < 3) {
    const severity = kase.severity === 0 ? 1 : kase.severity === 1 ? 2 : 3
    to.events.push({
      type: 'raised',
      severity,
      tolerance: Math.max(0, kase.tolerance - 0.15),
      reason: 'broken promise',
    })
  }
  if (isNeglected(to)) {
    // One more time would raise an expectation that nobody meets (P16): the truth, once, and a manager every day.
    to.parts.push(part('used.up', { number, step: { step: kase.step }, when: null }))
  } else {
    // Each new time is twice as far away as the last: an apology every two hours would be a form letter by itself (P8).
    const minutes = answerMinutes(policy, kase.severity, customer.tier) * 2 ** Math.min(3, kase.secondFailures + 1)
    const again = dueAt(now, minutes, hours)
    promise(to, { what: late.what, due: again, by: late.by })
    const what = late.what === answerPromise ? null : remedyValue(to.situation.policy, late.what)
    // Safety's fixed words named no time: there is none to have missed in the customer's eyes, only a person to come.
    if (kase.kind === 'safety')
      to.parts.push(part('used.up', { number, step: { step: kase.step }, when: { by: again } }))
    else to.parts.push(part('promise.broken', { what, due: { by: late.due }, when: { by: again }, number }))
    to.events.push({ type: 'apologised' })
  }
  to.effects.push({
    type: 'alert',
    reason: 'promise broken',
    part: part('desk.broken', { number, what: late.what, due: { at: late.due } }),
  })
  call(to, kase.secondFailures === 0 ? 'leads' : 'managers', [{ why: 'broken' }])
  watchSilence(to)
  showCard(to)
}

/** So many promises were broken in this case that another would be a lie. */
export const brokenAtMost = 4

function isNeglected(to: Draft): boolean {
  return promisesOf(to).filter((known) => known.state === 'broken').length >= brokenAtMost
}

/** Never a day in silence (P10): the customer hears where it stands; a person who has the case is reminded instead. */
function silence(to: Draft): void {
  const kase = standing(to)
  if (kase === null || !isActive(kase)) return
  const { number } = to.situation
  if (isHeld(kase) || kase.status === 'waiting' || isNeglected(to)) {
    to.effects.push({
      type: 'alert',
      reason: 'waiting',
      part: part('desk.waiting', { number, when: { at: kase.spokeAt } }),
    })
    if (isNeglected(to)) call(to, 'managers', [{ why: 'neglected' }])
  } else {
    promiseAnswer(to)
    to.parts.push(standingPart(to, 'progress'))
  }
  watchSilence(to)
}

function close(to: Draft): void {
  if (standing(to)?.status !== 'resolved') return
  to.events.push({ type: 'moved', outcome: 'silent' }, { type: 'closed', reason: 'silent' })
  to.effects.push({ type: 'cancel', timer: 'all' }, { type: 'ask', asked: null })
  showCard(to)
}

/** Who gave a suggestion hears after some weeks that it is still on the table (P18, P20). */
function suggestionStands(to: Draft, idea: string | null): void {
  if (idea === null || to.situation.customer.stoppedAt !== null) return
  to.parts.push(part('check.suggestion', { idea }))
}
