/** What follows when a customer says something. The flow disposes; the reading only proposes (DESIGN, step 5). */

import { acceptOffer, isOffered, refuseOffer, sayExpectation, saySolved, sayUnsolved } from './answered.ts'
import { type Case, isActive, isHeld, type Person } from './case.ts'
import { stop } from './chosen.ts'
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
  numberOf,
  part,
  pendingNumber,
  type Situation,
  showCard,
  standing,
} from './decision.ts'
import { isOpen as deskIsOpen } from './hours.ts'
import { answerInquiries } from './inquiry.ts'
import { call } from './ladder.ts'
import { graver, open, raise } from './opening.ts'
import { type Reading, withMore } from './reading.ts'
import { asked, settle } from './settle.ts'

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
  const { customer, policy } = to.situation
  const ours = policy.desk.language
  if (reading.language === 'und' || customer.chosen?.includes('language')) return
  const language = isLocale(reading.language) ? localeHeard(reading, customer, ours) : reading.language
  const isWorse = isLocale(customer.language)
    ? !isLocale(language)
    : customer.language !== null && !reading.languageSure
  if (language !== customer.language && !isWorse) to.effects.push({ type: 'know', change: { language } })
}
