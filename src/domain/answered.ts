/** The customer answers us: to a proposal, to "is it solved?", to the short survey. By button or in words, it is the same. */
import { type Case, isActive, isHeld } from './case.ts'
import { closeLater, keep, letGo, promise, promiseAnswer, scheduleCheck, watchSilence } from './clocks.ts'
import { answerPromise, type Commitment, isOpen } from './commitment.ts'
import { type Draft, numberOf, part, remedyValue, showCard, standing } from './decision.ts'
import { refusalsAtMost } from './flow.ts'
import { dueAt } from './hours.ts'
import { call, callPeople } from './ladder.ts'
import { answerMinutes } from './policy.ts'
import type { Reading } from './reading.ts'

/** Below this mark a closed case is looked at again (P21). */
const lowRating = 2

/** An offer that the customer knows of, and that waits for their word. A second press finds none. */
export function isOffered(kase: Case | null): kase is Case & { offer: NonNullable<Case['offer']> } {
  const mayAnswer = kase?.status === 'waiting' || kase?.status === 'resolved'
  return mayAnswer && kase.offer?.approved === true && !kase.offer.answered
}

export function acceptOffer(to: Draft): void {
  const kase = standing(to)
  if (!isOffered(kase)) return
  const { now, policy, hours, customer } = to.situation
  goOn(to, kase)
  to.events.push({ type: 'accepted' }, { type: 'moved', outcome: 'accepted' })
  const due = dueAt(now, answerMinutes(policy, kase.severity, customer.tier), hours)
  promise(to, { what: kase.offer.remedy, due, by: kase.offer.by?.name ?? 'bot' })
  to.parts.push(
    part('offer.accepted', { remedy: remedyValue(to.situation.policy, kase.offer.remedy), when: { by: due } }),
  )
  to.effects.push({ type: 'ask', asked: null })
  showCard(to)
}

/** An offer that is answered after its case was resolved takes the case up again: nobody checks back on it now. */
function goOn(to: Draft, { status }: Case): void {
  if (status !== 'resolved') return
  to.effects.push({ type: 'cancel', timer: 'check' }, { type: 'cancel', timer: 'close' })
  watchSilence(to)
}

/** Not quite: the wish is asked for, and after the second refusal a lead is called (P6, flow.ts). */
export function refuseOffer(to: Draft, words: string | null): void {
  const kase = standing(to)
  if (!isOffered(kase)) return
  goOn(to, kase)
  to.events.push({ type: 'refused' }, { type: 'moved', outcome: 'refused' })
  const due = promiseAnswer(to)
  to.parts.push(part('offer.refused', { when: { by: due } }))
  to.effects.push({ type: 'ask', asked: { question: 'wish' } })
  if (words !== null) to.effects.push({ type: 'relay', from: to.situation.customer.name, text: words, files: [] })
  if (kase.refused + 1 >= refusalsAtMost) call(to, 'leads', [{ why: 'refused', n: kase.refused + 1 }])
  showCard(to)
}

/** Solved: the case closes, and one short check follows; never twice for one case (P21). */
export function saySolved(to: Draft): void {
  const kase = standing(to)
  if (kase === null || kase.status === 'closed' || kase.status === 'withdrawn') return
  // What a person undertook was done; an answer that nobody gave is only needed no longer.
  keep(to, (promise) => !isAnswerOwed(promise))
  letGo(to, 'solved')
  to.events.push({ type: 'answered', solved: true })
  if (kase.status !== 'resolved') to.events.push({ type: 'moved', outcome: 'resolved' })
  to.events.push({ type: 'moved', outcome: 'solved' }, { type: 'closed', reason: 'solved' })
  to.effects.push({ type: 'cancel', timer: 'all' })
  if (kase.surveyed || kase.kind === 'inquiry') {
    to.parts.push(part('closing'))
    to.effects.push({ type: 'ask', asked: null })
  } else {
    to.parts.push(part('check.solved'))
    to.buttons.push('better', 'as', 'worse')
    to.events.push({ type: 'surveyed' })
    to.effects.push({ type: 'ask', asked: { question: 'expectation' } })
  }
  showCard(to)
}

/** Not solved: the same person goes on, nothing has to be told again, and it counts as a second failure (P9, P18). */
export function sayUnsolved(to: Draft): void {
  const kase = standing(to)
  if (kase === null || isActive(kase)) return
  to.effects.push({ type: 'cancel', timer: 'all' }, { type: 'ask', asked: null })
  to.events.push({ type: 'answered', solved: false }, { type: 'reopened', reason: 'not solved' })
  to.events.push({ type: 'moved', outcome: 'unsolved' }, { type: 'failedAgain', reason: 'not solved' })
  const severity = kase.severity >= 2 ? 3 : 2
  to.events.push({ type: 'raised', severity, tolerance: Math.max(0, kase.tolerance - 0.15), reason: 'not solved' })
  const due = promiseAnswer(to)
  const agent = isHeld(kase) ? kase.owner.name : null
  watchSilence(to)
  to.parts.push(part('reopened', { agent, matter: { matter: kase.facts }, when: { by: due }, before: kase.apologies }))
  to.events.push({ type: 'apologised' })
  if (agent === null) call(to, 'leads', [{ why: 'unsolved' }], 'reopened')
  else callPeople(to, agent, [{ why: 'unsolved' }], 'reopened')
  showCard(to)
}

/** The survey, in words: a number is a mark; anything else is the open answer, kept with the case. */
export function sayExpectation(to: Draft, reading: Reading, text: string): void {
  const mark = /^\s*([1-5])\s*$/u.exec(text)?.[1]
  if (mark !== undefined) return rate(to, Number(mark))
  if (reading.answer === 'thanks') {
    to.parts.push(part('closing'))
    to.effects.push({ type: 'ask', asked: null })
    return
  }
  to.events.push({ type: 'heard', facts: reading.facts, mood: reading.mood, text })
  to.effects.push({ type: 'note', from: to.situation.customer.name, text }, { type: 'ask', asked: null })
  to.parts.push(part('check.thanks', { rating: standing(to)?.rating ?? null }))
}

export function compare(to: Draft, expectation: 'better' | 'as' | 'worse'): void {
  if (standing(to) === null || standing(to)?.expectation !== null) return
  to.events.push({ type: 'answered', expectation })
  to.parts.push(part('check.rate'))
  to.buttons.push('rate:1', 'rate:2', 'rate:3', 'rate:4', 'rate:5')
  to.effects.push({ type: 'ask', asked: { question: 'rating' } })
}

export function rate(to: Draft, rating: number): void {
  const kase = standing(to)
  if (kase === null || kase.rating !== null) return
  to.events.push({ type: 'answered', rating })
  to.effects.push({ type: 'ask', asked: null })
  if (rating > lowRating || isActive(kase)) {
    to.parts.push(part('check.thanks', { rating }))
    return
  }
  to.events.push({ type: 'reopened', reason: `rated ${rating}` }, { type: 'moved', outcome: 'unsolved' })
  const due = promiseAnswer(to)
  watchSilence(to)
  to.parts.push(part('check.low', { when: { by: due }, number: numberOf(to) }))
  call(to, 'leads', [{ why: 'rating', n: rating }], 'low rating')
  showCard(to)
}

/** A check-back goes out, or, after the last one without an answer, silence (P18). */
export function checkBack(to: Draft): void {
  const kase = standing(to)
  if (kase?.status !== 'resolved') return
  const { policy, customer } = to.situation
  if (customer.stoppedAt !== null || kase.checks >= policy.followups.atMost) return closeLater(to)
  const agent = isHeld(kase) ? kase.owner.name : null
  to.parts.push(
    part('check', { matter: { matter: kase.facts }, agent, remedy: remedyValue(to.situation.policy, kase.remedy) }),
  )
  to.buttons.push('solved', 'not_solved')
  if (kase.checks > 0) to.buttons.push('stop')
  to.events.push({ type: 'checked' })
  to.effects.push({ type: 'ask', asked: { question: 'solved' } })
  if (kase.checks + 1 < policy.followups.atMost) scheduleCheck(to, policy.followups.againAfterHours)
  else closeLater(to)
}

export function keepAnswer(to: Draft): void {
  keep(to, isAnswerOwed)
}

/** The promise that a person answers, while it stands. */
export function isAnswerOwed(promise: Commitment): boolean {
  return promise.what === answerPromise && isOpen(promise)
}
