/** The answer to our own question, and the moves that need no reading of kinds. */
import { acceptOffer, isOffered, refuseOffer, sayExpectation, saySolved, sayUnsolved } from './answered.ts'
import { isActive } from './case.ts'
import { chooseModel, stop, withdraw } from './chosen.ts'
import { promiseAnswer, promisePart, standingPart, watchSilence } from './clocks.ts'
import { more, sameBreath } from './complaint.ts'
import { active, type Draft, type Heard, numberOf, part, standing } from './decision.ts'
import { lookUpOrder } from './inquiry.ts'
import type { Reading } from './reading.ts'

/** "Shall a person go on with it?": yes, or no. Anything else is heard as what it is, and the question is over. */
function settleNevermind(to: Draft, { reading, text, files }: Heard): boolean {
  if (asked(to) !== 'nevermind' || !active(to)) return false
  to.effects.push({ type: 'ask', asked: null })
  switch (reading.answer) {
    case 'yes':
    case 'accept':
      to.effects.push({ type: 'relay', from: to.situation.customer.name, text, files })
      to.parts.push(promisePart(to, promiseAnswer(to)))
      return settled(watchSilence(to))
    case 'no':
    case 'refuse':
    case 'nevermind':
    case 'thanks':
      return settled(withdraw(to))
    default:
      return false
  }
}

/** Is the message the answer to our own question, or one of the moves that need no reading of kinds? */
export function settle(to: Draft, happening: Heard): boolean {
  const { reading, text } = happening
  const kase = to.situation.case
  if (settleNevermind(to, happening)) return true
  const { asked: before } = to.situation
  if (before?.question === 'order' && before.about !== null && reading.facts.order !== null && !active(to))
    return settled(lookUpOrder(to, happening, before.about))
  switch (reading.answer) {
    case 'accept':
      if (isOffered(kase)) return settled(acceptOffer(to))
      break
    case 'refuse':
      if (isOffered(kase)) return settled(refuseOffer(to, text))
      // "No, thank you" to our own question is no detail: they may be giving up.
      if (active(to) && asksDetail(to)) return settled(discourage(to))
      break
    case 'solved':
      if (kase && (kase.status === 'resolved' || isActive(kase))) return settled(saySolved(to))
      break
    case 'not_solved':
      if (kase?.status === 'resolved') return settled(sayUnsolved(to))
      break
    case 'status':
      return settled(to.parts.push(standingPart(to, 'status')))
    case 'withdraw':
      if (active(to)) return settled(withdraw(to))
      break
    case 'identity':
      if (reading.kind !== 'complaint') return settled(identify(to))
      break
    case 'stop':
      return settled(stop(to))
    case 'nomodel':
    case 'model':
      return settled(chooseModel(to, reading.answer === 'model'))
    case 'nevermind':
      if (active(to)) return settled(discourage(to))
      break
    case 'thanks':
      if (asked(to) === 'solved' && kase?.status === 'resolved') return settled(saySolved(to))
      break
    default:
      break
  }
  const surveyed = asked(to) === 'expectation' || asked(to) === 'rating'
  // A question in place of a mark is a question (P2).
  if (kase && surveyed && reading.kind !== 'complaint' && happening.inquiries.length === 0)
    return settled(sayExpectation(to, reading, text))
  if (kase?.status === 'resolved' && asked(to) === 'solved' && reading.kind === 'complaint')
    return settled(sayUnsolved(to))
  if (kase && active(to) && isDetail(to, reading, text)) return settled(more(to, happening))
  return false
}

/** Who says "never mind" is asked once whether they mean it (P3). */
function discourage(to: Draft): void {
  to.parts.push(part('nevermind', { number: numberOf(to) }))
  to.effects.push({ type: 'ask', asked: { question: 'nevermind' } })
}

/** We asked what happened, for a number, for a wish: what is no question and no fresh complaint is the answer to it. */
function isDetail(to: Draft, reading: Reading, text: string): boolean {
  const isShort = reading.acts.length <= 1 && !/[?？]/u.test(text)
  // "A refund please": whatever was asked, it is what they want of the case that is open.
  if (isShort && reading.facts.wish !== null && reading.facts.failure === null && reading.kind !== 'praise') return true
  // Who comes back angry after a while answers no question of ours.
  const waited = to.situation.now - (standing(to)?.spokeAt ?? 0) > sameBreath
  if (waited && (reading.mood !== 'calm' || reading.facts.failure !== null) && reading.facts.order === null)
    return false
  if (!asksDetail(to)) return false
  if (reading.answer !== null || reading.wantsHuman || /[?？]/u.test(text)) return false
  return reading.kind === 'other' || (reading.kind === 'inquiry' && reading.acts.length <= 1)
}

function asksDetail(to: Draft): boolean {
  const question = asked(to)
  return question === 'happened' || question === 'order' || question === 'wish'
}

/** "Are you a robot?" has an honest answer, and a way to a person beside it. */
function identify(to: Draft): void {
  to.parts.push(part('identity', { org: to.situation.policy.organisation }))
  to.buttons.push('human')
}

function settled(_done: unknown): true {
  return true
}

export function asked(to: Draft) {
  return to.situation.asked?.question ?? null
}
