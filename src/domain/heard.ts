/** What follows when a customer says something. The flow disposes; the reading only proposes (DESIGN, step 5). */

import { acceptOffer, isOffered, refuseOffer, sayExpectation, saySolved, sayUnsolved } from './answered.ts'
import { type Case, isActive, isHeld, type Person } from './case.ts'
import { chooseModel, stop, withdraw } from './chosen.ts'
import { promiseAnswer, promisePart, standingPart, watchSilence } from './clocks.ts'
import { complain, more, sameBreath } from './complaint.ts'
import { isLocale, localeHeard } from './customer.ts'
import { safety } from './danger.ts'
import {
  active,
  actsOf,
  type Decision,
  type Draft,
  done,
  draft,
  type Heard,
  type Inquiry,
  numberOf,
  part,
  pendingNumber,
  questionsApart,
  type Situation,
  showCard,
  standing,
} from './decision.ts'
import { isOpen as deskIsOpen } from './hours.ts'
import { call } from './ladder.ts'
import { graver, open, raise } from './opening.ts'
import { type Reading, withMore } from './reading.ts'

export function heard(situation: Situation, happening: Heard): Decision {
  const to = draft(situation)
  const { reading } = happening
  learnLanguage(to, reading)
  if (reading.safety !== null) safety(to, happening, reading.safety)
  else if (isHeld(situation.case) && situation.case.status !== 'closed') relay(to, happening, situation.case)
  else answer(to, happening)
  return done(to)
}

/** A person has the case: the bot only carries the words over, and keeps the card and its severity true. */
function relay(to: Draft, happening: Heard, kase: Case & { owner: Person }): void {
  const { reading, text, files } = happening
  to.effects.push({ type: 'relay', from: to.situation.customer.name, text, files })
  if (isOffered(kase) && (reading.answer === 'accept' || reading.answer === 'refuse')) {
    if (reading.answer === 'accept') acceptOffer(to)
    else refuseOffer(to, null)
    return answerBeside(to, happening)
  }
  if (kase.status === 'resolved') {
    if (reading.answer === 'solved' || (reading.answer === 'thanks' && asked(to) === 'solved')) {
      saySolved(to)
      return answerBeside(to, happening)
    }
    if (reading.answer === 'not_solved' || reading.kind === 'complaint') return sayUnsolved(to)
    if (asked(to) === 'expectation' || asked(to) === 'rating') return sayExpectation(to, reading, text)
  }
  if (reading.answer === 'stop') return stop(to)
  // Its person may no longer look: what the customer brings up now must not wait for them (P2).
  if (!isActive(kase) && asksAnew(reading)) return answer(to, happening)
  to.events.push({ type: 'heard', facts: reading.facts, mood: reading.mood, text })
  if (graver(reading, 0) > kase.severity) raise(to, reading, 'the customer said more')
  if (reading.goingPublic) call(to, 'leads', [{ why: 'public' }])
  showCard(to)
}

function asksAnew(reading: Reading): boolean {
  return reading.wantsHuman || reading.acts.some((act) => act.kind !== 'complaint' && act.kind !== 'other')
}

/** The bot answers. First what was asked last is settled, then each act gets its answer (P2). */
function answer(to: Draft, happening: Heard): void {
  const { reading, text } = happening
  if (settle(to, happening)) return answerBeside(to, happening)
  if (isForeign(to, reading)) return foreign(to, happening)
  if (isUnsure(to, reading)) return unsure(to, reading)
  if (reading.wantsHuman && active(to)) return askedForPerson(to, happening)
  const complains = actsOf(reading, 'complaint').length > 0 || isReproach(to, reading)
  // "Can I talk to a person?" is a wish and no question: it is met, not looked up.
  const isMet = (reading.wantsHuman && reading.acts.length === 1) || isReproach(to, reading)
  const inquiries = isMet ? [] : happening.inquiries
  const apologised = complains && complain(to, happening)
  const unknown = answerInquiries(to, happening, inquiries)
  takeIdeas(to, reading)
  if (actsOf(reading, 'praise').length > 0) praise(to, text, complains ? 'praise.beside' : 'praise')
  if (apologised && !unknown) to.parts.push(promisePart(to, promiseAnswer(to)))
  if (reading.wantsHuman && !complains && !unknown) human(to, happening)
  if (to.parts.length === 0) small(to, happening)
  if (active(to)) watchSilence(to)
}

function takeIdeas(to: Draft, reading: Reading): void {
  const ideas = actsOf(reading, 'suggestion')
  for (const { text: idea } of ideas) to.effects.push({ type: 'suggest', text: idea })
  // Its number stands for all of them: a sentence each would name every idea in every sentence.
  if (ideas.length > 0) to.parts.push(part('suggestion', { number: pendingNumber }))
}

/**
 * The idea beside it is taken as well, and the question answered (P2); one that we cannot answer takes up a case that
 * ended just now.
 */
function answerBeside(to: Draft, happening: Heard): void {
  const { reading, inquiries, text } = happening
  if (reading.answer === null || !withMore.has(reading.answer)) return
  takeIdeas(to, reading)
  if (inquiries.length === 0) return
  if (!active(to) && standing(to) !== null && inquiries.some(({ answer }) => answer === null)) {
    to.events.push({ type: 'carriedOn' }, { type: 'moved', outcome: 'unsolved' })
    to.events.push({ type: 'heard', facts: reading.facts, mood: reading.mood, text })
    watchSilence(to)
  }
  answerInquiries(to, happening, inquiries)
}

/** "Where on earth is it?", hours later and no longer calm, or the failure named again: not a question to look up but the open complaint again (P9). */
function isReproach(to: Draft, reading: Reading): boolean {
  const kase = active(to)
  if (kase?.kind !== 'complaint' || to.situation.now - kase.spokeAt < sameBreath) return false
  if (reading.mood === 'calm' && reading.facts.failure === null) return false
  return reading.kind === 'inquiry' || reading.kind === 'other'
}

/** Answers what knowledge answers; what it does not is named once, with who will and by when. True when there was any. */
function answerInquiries(to: Draft, happening: Heard, inquiries: readonly Inquiry[]): boolean {
  for (const { answer } of inquiries)
    if (answer) to.parts.push(part('inquiry.answer', { answer: answer.text, source: answer.source }))
  const unknown = inquiries.filter(({ answer }) => answer === null).map(({ act }) => act.text)
  awaitNumber(to, happening, inquiries)
  if (unknown.length === 0) return false
  const when = { by: inquire(to, happening) }
  to.parts.push(part('inquiry.unknown', { question: unknown.join(questionsApart), when, number: numberOf(to) }))
  return true
}

/** Asked where an order is, people give its number next: it belongs to that question. */
function awaitNumber(to: Draft, { reading: { facts } }: Heard, [first]: readonly Inquiry[]): void {
  if (!first || facts.thing === null || facts.order !== null || to.effects.some(({ type }) => type === 'ask')) return
  to.effects.push({ type: 'ask', asked: { question: 'order', about: first.act.text } })
}

/** The order that the question was about: now a person can look it up. */
function lookUpOrder(to: Draft, happening: Heard, about: string): void {
  open(to, { ...happening, text: `${about} ${happening.text}` }, 'inquiry')
  to.parts.push(promisePart(to, promiseAnswer(to)))
  to.effects.push({ type: 'ask', asked: null })
  watchSilence(to)
  showCard(to)
}

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
function settle(to: Draft, happening: Heard): boolean {
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

/** A question that knowledge does not answer goes to the desk, in the case that is open or in one of its own. */
function inquire(to: Draft, happening: Heard): number {
  if (!active(to)) open(to, happening, 'inquiry')
  showCard(to)
  return promiseAnswer(to)
}

function human(to: Draft, happening: Heard): void {
  if (!active(to)) open(to, happening, happening.reading.kind === 'complaint' ? 'complaint' : 'inquiry')
  to.events.push({ type: 'called' })
  const due = promiseAnswer(to)
  const moment = deskIsOpen(to.situation.now, to.situation.hours) ? 'human' : 'human.later'
  to.parts.push(part(moment, { when: { by: due }, number: numberOf(to) }))
  showCard(to)
}

/** A person is asked for in a case that is open: that is what is answered, whatever else is said with it. */
function askedForPerson(to: Draft, happening: Heard): void {
  const { reading, text, files } = happening
  to.events.push({ type: 'heard', facts: reading.facts, mood: reading.mood, text })
  to.effects.push({ type: 'relay', from: to.situation.customer.name, text, files })
  if (graver(reading, 0) > (standing(to)?.severity ?? 0)) raise(to, reading, 'the customer said more')
  human(to, happening)
  call(to, 'leads', [{ why: 'asks' }])
  watchSilence(to)
}

/** A language that we do not read; and what cannot be told for sure, from somebody who wrote in one before. */
function isForeign({ situation: { customer } }: Draft, { language, languageSure, answer }: Reading): boolean {
  const known = customer.language
  if (known !== null && !isLocale(known) && (language === 'und' || !languageSure)) return true
  return !isLocale(language) && language !== 'und' && answer === null
}

/** We cannot read it: say so in the language of the scripts, and bring a person (issue 5, bad input). */
function foreign(to: Draft, happening: Heard): void {
  if (!active(to)) open(to, happening, happening.reading.kind === 'complaint' ? 'complaint' : 'inquiry')
  to.events.push({ type: 'called' })
  const { text, reading } = happening
  const tongue = isLocale(reading.language) ? to.situation.customer.language : reading.language
  to.effects.push({ type: 'relay', from: to.situation.customer.name, text, files: happening.files })
  to.parts.push(part('language', { notice: { tongue } }), promisePart(to, promiseAnswer(to)))
  watchSilence(to)
  showCard(to)
}

function praise(to: Draft, text: string, moment: 'praise' | 'praise.beside'): void {
  to.parts.push(part(moment))
  const customer = to.situation.customer.name
  to.effects.push({ type: 'alert', reason: 'praise', part: part('desk.praise', { customer, text }) })
}

/** Nothing to act on: a greeting, thanks, a stray word. Closing words close or stay silent, they open nothing. */
function small(to: Draft, happening: Heard): void {
  const { reading, text, files } = happening
  // "Hello??" to somebody who waits is answered with where it stands.
  if (reading.answer === 'greeting')
    return void to.parts.push(active(to) ? standingPart(to, 'status') : part('greeting'))
  if (reading.answer === 'thanks') return void to.parts.push(part('closing'))
  const kase = active(to)
  if (kase === null) return void to.parts.push(part('other'))
  if (reading.facts.order !== null || files.length > 0 || asked(to) !== null) return more(to, happening)
  to.events.push({ type: 'heard', facts: reading.facts, mood: reading.mood, text })
  to.effects.push({ type: 'relay', from: to.situation.customer.name, text, files })
  // "ok" closes, and nothing is said to it. Whoever says "no" where nothing was asked hears where it stands.
  if (reading.answer !== 'yes' && reading.answer !== 'accept') to.parts.push(standingPart(to, 'status'))
}

/** Below the threshold the customer is asked, with the two likeliest kinds as buttons, rather than guessed at. */
function isUnsure(to: Draft, reading: Reading): boolean {
  const acts = reading.acts.length
  // A failure that was named, or an event told, is a complaint, however unsure the words left the reader.
  const failed = reading.kind === 'complaint' && (reading.facts.failure !== null || reading.facts.told !== null)
  const clear = failed || reading.answer !== null || reading.wantsHuman || reading.leaving || acts > 1
  const kinds = new Set([reading.kind, reading.runnerUp])
  return !clear && !active(to) && reading.confidence < to.situation.policy.reading.unsureBelow && kinds.has('complaint')
}

function unsure(to: Draft, reading: Reading): void {
  to.parts.push(part('unsure'))
  to.buttons.push(`choose:${reading.kind}`, `choose:${reading.runnerUp}`)
  to.effects.push({ type: 'ask', asked: { question: 'kind', reading } })
}

/** A language that we do not write is remembered for who never wrote one that we do: their next "Allô?" is the same one. */
function learnLanguage(to: Draft, reading: Reading): void {
  const { customer } = to.situation
  if (reading.language === 'und' || customer.chosen?.includes('language')) return
  const language = isLocale(reading.language) ? localeHeard(reading, customer) : reading.language
  const isWorse = isLocale(customer.language)
    ? !isLocale(language)
    : customer.language !== null && !reading.languageSure
  if (language !== customer.language && !isWorse) to.effects.push({ type: 'know', change: { language } })
}

function asked(to: Draft) {
  return to.situation.asked?.question ?? null
}
