/** What follows when a customer says something. The flow disposes; the reading only proposes (DESIGN, step 5). */

import { acceptOffer, refuseOffer, sayExpectation, saySolved, sayUnsolved } from './answered.ts'
import type { Case, CaseKind, Person } from './case.ts'
import { isHeld } from './case.ts'
import { promiseAnswer, promisePart, scheduleCheck, standingPart, watchSilence } from './clocks.ts'
import { isLocale } from './customer.ts'
import {
  active,
  actsOf,
  type Decision,
  type Draft,
  done,
  draft,
  type Happening,
  part,
  pendingNumber,
  type Situation,
  showCard,
  standing,
} from './decision.ts'
import { day, isOpen as deskIsOpen, minute } from './hours.ts'
import type { Facts, Reading, Severity } from './reading.ts'
import { thinTolerance, tolerance } from './tolerance.ts'

type Heard = Extract<Happening, { type: 'heard' }>

/** A complaint that comes again after this long is no longer the same breath: it is a second failure (P9). */
const sameBreath = 30 * minute
/** How long an earlier case of the same kind counts as the same trouble come back. */
const repeatDays = 14

export function heard(situation: Situation, happening: Heard): Decision {
  const to = draft(situation)
  const { reading } = happening
  learnLanguage(to, reading)
  if (reading.safety !== null) safety(to, happening, reading.safety)
  else if (isHeld(situation.case)) relay(to, happening, situation.case)
  else answer(to, happening)
  return done(to)
}

/** A person has the case: the bot only carries the words over, and keeps the card and its severity true. */
function relay(to: Draft, happening: Heard, kase: Case & { owner: Person }): void {
  const { reading, text, files } = happening
  to.effects.push({ type: 'relay', from: to.situation.customer.name, text, files })
  if (kase.status === 'resolved') {
    if (reading.answer === 'solved' || (reading.answer === 'thanks' && asked(to) === 'solved')) return saySolved(to)
    if (reading.answer === 'not_solved' || reading.kind === 'complaint') return sayUnsolved(to)
    if (asked(to) === 'expectation' || asked(to) === 'rating') return sayExpectation(to, reading, text)
  }
  if (reading.answer === 'stop') return stop(to)
  to.events.push({ type: 'heard', facts: reading.facts, mood: reading.mood, text })
  if (reading.severity > kase.severity) raise(to, reading, 'the customer said more')
  showCard(to)
}

/** The bot answers. First what was asked last is settled, then each act gets its answer (P2). */
function answer(to: Draft, happening: Heard): void {
  const { reading, text } = happening
  if (settle(to, happening)) return
  const complains = actsOf(reading, 'complaint').length > 0
  const unknown = happening.inquiries.filter((inquiry) => inquiry.answer === null)

  if (!isLocale(reading.language) && reading.language !== 'und' && reading.kind !== 'other')
    return foreign(to, happening)
  if (isUnsure(to, reading)) return unsure(to, reading)
  if (complains) complain(to, happening)
  for (const { act, answer } of happening.inquiries)
    if (answer) to.parts.push(part('inquiry.answer', { answer: answer.text, source: answer.source }))
    else
      to.parts.push(
        part('inquiry.unknown', {
          question: act.text,
          when: { by: inquire(to, happening) },
          number: to.situation.number,
        }),
      )
  for (const act of actsOf(reading, 'suggestion')) {
    to.effects.push({ type: 'suggest', text: act.text })
    to.parts.push(part('suggestion', { number: pendingNumber }))
  }
  if (actsOf(reading, 'praise').length > 0 && !complains) praise(to, text)
  if (reading.wantsHuman && !complains && unknown.length === 0) human(to, happening)
  if (to.parts.length === 0) small(to, happening)
  if (active(to)) watchSilence(to)
}

/** Is the message the answer to our own question, or one of the moves that need no reading of kinds? */
function settle(to: Draft, happening: Heard): boolean {
  const { reading, text } = happening
  const kase = to.situation.case
  switch (reading.answer) {
    case 'accept':
      if (kase?.offer) return settled(acceptOffer(to))
      break
    case 'refuse':
      if (kase?.offer) return settled(refuseOffer(to, text))
      break
    case 'solved':
      if (kase && (kase.status === 'resolved' || kase.status === 'open')) return settled(saySolved(to))
      break
    case 'not_solved':
      if (kase?.status === 'resolved') return settled(sayUnsolved(to))
      break
    case 'status':
      return settled(to.parts.push(standingPart(to, 'status')))
    case 'withdraw':
      if (active(to)) return settled(withdraw(to))
      break
    case 'stop':
      return settled(stop(to))
    case 'nevermind':
      if (active(to)) return settled(to.parts.push(part('nevermind', { number: to.situation.number })))
      break
    case 'thanks':
      if (asked(to) === 'solved' && kase?.status === 'resolved') return settled(saySolved(to))
      break
    default:
      break
  }
  if (kase && (asked(to) === 'expectation' || asked(to) === 'rating') && reading.kind !== 'complaint')
    return settled(sayExpectation(to, reading, text))
  if (kase?.status === 'resolved' && asked(to) === 'solved' && reading.kind === 'complaint')
    return settled(sayUnsolved(to))
  if (asked(to) === 'happened' && kase && active(to) && reading.kind === 'other' && reading.answer === null)
    return settled(more(to, happening))
  return false
}

function settled(_done: unknown): true {
  return true
}

/** Opens a complaint, or carries the open one on. */
function complain(to: Draft, happening: Heard): void {
  const kase = standing(to)
  if (kase && active(to) && kase.kind !== 'inquiry') return complainMore(to, happening, kase)
  if (kase && active(to)) {
    to.events.push(
      { type: 'refiled', by: { id: 'bot', name: 'bot' }, kind: 'complaint' },
      { type: 'moved', outcome: 'refiled' },
    )
    to.events.push({
      type: 'heard',
      facts: happening.reading.facts,
      mood: happening.reading.mood,
      text: happening.text,
    })
  } else open(to, happening, 'complaint')
  const repeated = isRepeat(to.situation, happening.reading.facts)
  if (repeated) to.events.push({ type: 'failedAgain', reason: `case ${to.situation.before?.number} before` })
  apologise(to, happening.reading)
  to.events.push({ type: 'moved', outcome: 'heard' })
  if (!repeated) askOne(to)
  callPerson(to, happening.reading)
}

/** The customer has more to say of an open complaint: in one breath it is detail, later it is a second failure (P9). */
function complainMore(to: Draft, happening: Heard, kase: Case): void {
  const { reading, text } = happening
  if (to.situation.now - kase.spokeAt < sameBreath) return more(to, happening)
  to.events.push({ type: 'heard', facts: reading.facts, mood: reading.mood, text })
  to.events.push({ type: 'failedAgain', reason: 'the same complaint again' })
  raise(to, reading, 'the same complaint again')
  apologise(to, reading)
  callPerson(to, reading)
}

function more(to: Draft, { reading, text, files }: Heard): void {
  const due = promiseAnswer(to)
  to.events.push({ type: 'heard', facts: reading.facts, mood: reading.mood, text })
  to.effects.push({ type: 'relay', from: to.situation.customer.name, text, files })
  if (reading.severity > (standing(to)?.severity ?? 0)) raise(to, reading, 'the customer said more')
  const matter = { matter: reading.facts }
  to.parts.push(part('complaint.more', { matter, number: to.situation.number, agent: null, when: { by: due } }))
  showCard(to)
}

function apologise(to: Draft, reading: Reading): void {
  const kase = standing(to)
  const matter = { matter: kase?.facts ?? reading.facts }
  const stake = kase?.facts.stake ?? null
  const before = (kase?.apologies ?? 0) + (isRepeat(to.situation, reading.facts) ? to.situation.complaintsBefore : 0)
  if (before > 0) to.parts.push(part('complaint.again', { matter, stake, before }))
  else if (reading.mood === 'angry') to.parts.push(part('complaint.angry', { matter, stake }))
  else if (reading.mood === 'distressed') to.parts.push(part('complaint.distressed', { matter, stake }))
  else to.parts.push(part('complaint', { matter, stake }))
  to.events.push({ type: 'apologised' })
}

/** At most one focused question, and only where the answer would help the person who takes over (P5). */
function askOne(to: Draft): void {
  const kase = standing(to)
  if (kase === null) return
  const { thing, failure, order, wish } = kase.facts
  if (failure === null && thing === null) return ask(to, 'happened')
  if (kase.mood === 'angry' || kase.mood === 'distressed') return
  if (order === null && failure !== null && orderHelps.has(failure)) return ask(to, 'order')
  if (wish === null && failure !== null) return ask(to, 'wish')
}

/** Failures that a person can only look up by a number. */
const orderHelps = new Set(['late', 'lost', 'broken', 'wrong', 'missing', 'refund', 'charged'])

function ask(to: Draft, question: 'happened' | 'order' | 'wish'): void {
  to.parts.push(part(`ask.${question}`, { thing: standing(to)?.facts.thing ?? null }))
  to.effects.push({ type: 'ask', asked: { question } })
}

/** Brings a person: a promise with its time, the card, and a lead at once where little patience is left (P12, P17, P41). */
function callPerson(to: Draft, reading: Reading): void {
  const due = promiseAnswer(to)
  const kase = standing(to)
  to.parts.push(promisePart(to, due))
  const grave = kase !== null && (kase.severity >= 3 || kase.tolerance < thinTolerance)
  const reasons = [
    ...(reading.goingPublic ? ['says they will go public'] : []),
    ...(reading.leaving ? ['says they are leaving'] : []),
    ...(kase !== null && kase.secondFailures > 0 ? ['a second failure'] : []),
    ...(grave ? ['grave, or little patience left'] : []),
  ]
  if (reasons.length > 0) callLead(to, reasons.join(', '))
  if (reading.wantsHuman && !to.buttons.includes('human')) to.events.push({ type: 'called' })
  showCard(to)
}

function callLead(to: Draft, reason: string): void {
  const { leads } = to.situation.policy.people
  const people = leads.length > 0 ? leads.join(', ') : 'lead'
  to.effects.push({
    type: 'alert',
    reason: 'ladder',
    part: part('desk.ladder', { number: to.situation.number, people, reason }),
  })
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
  to.parts.push(part(moment, { when: { by: due }, number: to.situation.number }))
  showCard(to)
}

/** We cannot read it: say so in the language of the scripts, and bring a person (issue 5, bad input). */
function foreign(to: Draft, happening: Heard): void {
  to.parts.push(part('language'))
  human(to, happening)
}

function praise(to: Draft, text: string): void {
  to.parts.push(part('praise'))
  const customer = to.situation.customer.name
  to.effects.push({ type: 'alert', reason: 'praise', part: part('desk.praise', { customer, text }) })
}

/** Nothing to act on: a greeting, thanks, a stray word. Closing words close or stay silent, they open nothing. */
function small(to: Draft, happening: Heard): void {
  const { reading, text, files } = happening
  if (reading.answer === 'greeting') return void to.parts.push(part('greeting'))
  if (reading.answer === 'thanks') return void to.parts.push(part('closing'))
  if (reading.answer !== null && active(to)) return
  const kase = active(to)
  if (kase === null) return void to.parts.push(part('other'))
  if (reading.facts.order !== null || files.length > 0 || asked(to) !== null) return more(to, happening)
  to.events.push({ type: 'heard', facts: reading.facts, mood: reading.mood, text })
  to.effects.push({ type: 'relay', from: to.situation.customer.name, text, files })
  to.parts.push(standingPart(to, 'status'))
}

/** Self-harm, threat, injury, law, a leak: a person at once, fixed wording, no apology theatre. */
function safety(to: Draft, happening: Heard, kind: NonNullable<Reading['safety']>): void {
  const { number } = to.situation
  if (active(to))
    to.events.push({
      type: 'heard',
      facts: happening.reading.facts,
      mood: happening.reading.mood,
      text: happening.text,
    })
  else open(to, happening, 'safety')
  raise(to, { ...happening.reading, severity: 3, urgency: 3 }, kind)
  to.events.push({ type: 'called' })
  if (isHeld(to.situation.case))
    to.effects.push({ type: 'relay', from: to.situation.customer.name, text: happening.text, files: happening.files })
  else if (kind === 'legal') to.parts.push(part('safety.legal', { number }))
  else if (kind === 'breach') to.parts.push(part('safety.breach', { number }))
  else to.parts.push(part(`safety.${kind}`))
  promiseAnswer(to)
  to.effects.push({
    type: 'alert',
    reason: 'safety',
    part: part('desk.safety', { number, safety: kind, text: happening.text }),
  })
  showCard(to)
}

function open(to: Draft, happening: Heard, kind: CaseKind): void {
  const { reading, text } = happening
  const repeat = isRepeat(to.situation, reading.facts)
  const severity = graver(reading, repeat ? 1 : 0)
  to.events.push({
    type: 'opened',
    kind,
    severity,
    tolerance: tolerance({ ...strainOf(to.situation, reading), severity }),
    mood: reading.mood,
    summary: summarise(text),
    facts: reading.facts,
    owner: 'desk',
  })
}

/** A threat to go public or leave raises the severity; it never changes what is true or owed (P41). */
function graver(reading: Reading, more: number): Severity {
  const least = reading.goingPublic || reading.leaving ? 2 : 0
  const severity = Math.min(3, Math.max(reading.severity + more, least))
  return severity >= 3 ? 3 : severity >= 2 ? 2 : severity >= 1 ? 1 : 0
}

function raise(to: Draft, reading: Reading, reason: string): void {
  const kase = standing(to)
  if (kase === null) return
  const severity = graver(
    reading,
    reading.severity > kase.severity
      ? 0
      : kase.severity - reading.severity + (reason === 'the same complaint again' ? 1 : 0),
  )
  const strain = { ...strainOf(to.situation, reading), severity }
  const left = Math.min(
    kase.tolerance,
    tolerance({ ...strain, failuresBefore: strain.failuresBefore + kase.secondFailures }),
  )
  to.events.push({ type: 'raised', severity, tolerance: left, reason })
}

function strainOf(situation: Situation, reading: Reading) {
  const kase = situation.case
  const hoursWaited =
    kase && kase.answeredAt === null ? Math.min(24, (situation.now - kase.openedAt) / (60 * minute)) : 0
  return {
    severity: reading.severity,
    mood: reading.mood,
    urgency: reading.urgency,
    failuresBefore: situation.complaintsBefore,
    hoursWaited,
    keyCustomer: situation.customer.tier !== null && situation.customer.tier in situation.policy.tiers,
  }
}

/** The same trouble come back: an earlier complaint of late with the same failure or the same thing (P9). */
function isRepeat(situation: Situation, facts: Facts): boolean {
  const { before, now } = situation
  if (before === null || now - before.endedAt > repeatDays * day) return false
  const same = (a: string | null, b: string | null) => a !== null && a === b
  return same(before.facts.failure, facts.failure) || same(before.facts.thing, facts.thing)
}

function withdraw(to: Draft): void {
  to.events.push({ type: 'withdrawn' })
  to.effects.push({ type: 'cancel', timer: 'all' }, { type: 'ask', asked: null })
  to.parts.push(part('withdrawn', { number: to.situation.number }))
  showCard(to)
}

export function stop(to: Draft): void {
  to.effects.push({ type: 'know', change: { stoppedAt: to.situation.now } }, { type: 'cancel', timer: 'check' })
  to.parts.push(part('stopped'))
  if (standing(to)?.status === 'resolved') scheduleCheck(to, 1)
}

/** Below the threshold the customer is asked, with the two likeliest kinds as buttons, rather than guessed at. */
function isUnsure(to: Draft, reading: Reading): boolean {
  const acts = reading.acts.length
  const clear = reading.answer !== null || reading.wantsHuman || reading.leaving || acts > 1
  const kinds = new Set([reading.kind, reading.runnerUp])
  return !clear && !active(to) && reading.confidence < to.situation.policy.reading.unsureBelow && kinds.has('complaint')
}

function unsure(to: Draft, reading: Reading): void {
  to.parts.push(part('unsure'))
  to.buttons.push(`choose:${reading.kind}`, `choose:${reading.runnerUp}`)
  to.effects.push({ type: 'ask', asked: { question: 'kind', reading } })
}

function learnLanguage(to: Draft, reading: Reading): void {
  if (isLocale(reading.language) && reading.language !== to.situation.customer.language)
    to.effects.push({ type: 'know', change: { language: reading.language } })
}

function asked(to: Draft) {
  return to.situation.asked?.question ?? null
}

/** The first words of what was said, for lists and for people who look up the case. */
export function summarise(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim()
  return line.length <= 140 ? line : `${line.slice(0, 139).toWellFormed()}…`
}
