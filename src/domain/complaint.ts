/** A complaint: heard, said back, apologised for, asked about once, and handed to a person with a time (P6, P34, P35). */

import type { Case } from './case.ts'
import { promiseAnswer } from './clocks.ts'
import { active, type Draft, type Heard, numberOf, part, showCard, standing } from './decision.ts'
import { minute } from './hours.ts'
import { type Calling, call } from './ladder.ts'
import { isRepeat, open, raise } from './opening.ts'
import type { Reading } from './reading.ts'
import { thinTolerance } from './tolerance.ts'

/** A complaint that comes again after this long is no longer the same breath: it is a second failure (P9). */
export const sameBreath = 30 * minute

/** Opens a complaint, or carries the open one on. True where it was apologised for, and the promise is yet to be said. */
export function complain(to: Draft, happening: Heard): boolean {
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
    if (happening.reading.severity > kase.severity) raise(to, happening.reading, 'it is a complaint')
  } else open(to, happening, 'complaint')
  const repeated = isRepeat(to.situation, happening.reading.facts)
  if (repeated) to.events.push({ type: 'failedAgain', reason: `case ${to.situation.before?.number} before` })
  apologise(to, happening.reading)
  to.events.push({ type: 'moved', outcome: 'heard' })
  // Beside answers to other things one more question is one too many.
  const isAll = happening.reading.acts.every(({ kind }) => kind === 'complaint' || kind === 'other')
  if (!repeated && isAll) askOne(to)
  callPerson(to, happening.reading)
  return true
}

/** The customer has more to say of an open complaint: in one breath it is detail, later it is a second failure (P9). */
function complainMore(to: Draft, happening: Heard, kase: Case): boolean {
  const { reading, text } = happening
  if (to.situation.now - kase.spokeAt < sameBreath) {
    more(to, happening)
    return false
  }
  to.events.push({ type: 'heard', facts: reading.facts, mood: reading.mood, text })
  to.events.push({ type: 'failedAgain', reason: 'the same complaint again' })
  raise(to, reading, 'the same complaint again')
  apologise(to, reading)
  callPerson(to, reading)
  return true
}

/** One more detail of what is already in hand. */
export function more(to: Draft, { reading, text, files }: Heard): void {
  const due = promiseAnswer(to)
  to.events.push({ type: 'heard', facts: reading.facts, mood: reading.mood, text })
  to.effects.push({ type: 'relay', from: to.situation.customer.name, text, files })
  if (reading.severity > (standing(to)?.severity ?? 0)) raise(to, reading, 'the customer said more')
  const matter = { matter: reading.facts }
  to.parts.push(part('complaint.more', { matter, number: numberOf(to), agent: null, when: { by: due } }))
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
  const { thing, failure, order, wish, told } = kase.facts
  if (failure === null && (thing === null || told === null)) return ask(to, 'happened')
  if (kase.mood === 'angry' || kase.mood === 'distressed') return
  if (order === null && failure !== null && orderHelps.has(failure)) return ask(to, 'order')
  if (wish === null && failure !== null) return ask(to, 'wish')
}

/** Failures that a person can only look up by a number. */
const orderHelps = new Set(['late', 'lost', 'broken', 'wrong', 'missing', 'refund', 'charged'])

function ask(to: Draft, question: 'happened' | 'order' | 'wish'): void {
  to.parts.push(part(`ask.${question}`, { thing: standing(to)?.facts.thing ?? null }))
  to.effects.push({ type: 'ask', asked: question === 'order' ? { question, about: null } : { question } })
}

/** Brings a person: a promise with its time, the card, and a lead at once where little patience is left (P12, P17, P41). */
function callPerson(to: Draft, reading: Reading): void {
  promiseAnswer(to)
  const kase = standing(to)
  const grave = kase !== null && (kase.severity >= 3 || kase.tolerance < thinTolerance)
  const reasons: Calling[] = [
    ...(reading.goingPublic ? [{ why: 'public' as const }] : []),
    ...(reading.leaving ? [{ why: 'leaving' as const }] : []),
    ...(kase !== null && kase.secondFailures > 0 ? [{ why: 'again' as const }] : []),
    ...(grave ? [{ why: 'grave' as const }] : []),
  ]
  if (reasons.length > 0) call(to, 'leads', reasons)
  if (reading.wantsHuman && !to.buttons.includes('human')) to.events.push({ type: 'called' })
  showCard(to)
}
