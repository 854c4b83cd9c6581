/** What follows when a customer presses a button: the same as if they had said it. */
import { acceptOffer, compare, rate, refuseOffer, saySolved, sayUnsolved } from './answered.ts'
import { isActive, isHeld } from './case.ts'
import { stop } from './chosen.ts'
import { promiseAnswer, watchSilence } from './clocks.ts'
import {
  type Decision,
  type Draft,
  done,
  draft,
  type Happening,
  numberOf,
  part,
  type Situation,
  showCard,
  standing,
} from './decision.ts'
import { heard } from './heard.ts'
import { isOpen as deskIsOpen } from './hours.ts'
import { kinds, noFacts, type Reading } from './reading.ts'

type Pressed = Extract<Happening, { type: 'pressed' }>

export function pressed(situation: Situation, happening: Pressed): Decision {
  const chosen = kinds.find((kind) => happening.button === `choose:${kind}`)
  if (chosen && situation.asked?.question === 'kind')
    return heard(
      { ...situation, asked: null },
      { ...chosenAs(situation.asked.reading, chosen), inquiries: happening.inquiries },
    )
  const to = draft(situation)
  press(to, happening.button)
  return done(to)
}

/** The unsure reading, settled by the customer; the whole text becomes that one act. */
function chosenAs(reading: Reading, kind: Reading['kind']) {
  const text = reading.acts.map((act) => act.text).join(' ')
  const settled: Reading = { ...reading, kind, confidence: 1, acts: [{ kind, text, confidence: 1 }] }
  return { type: 'heard' as const, reading: settled, text, files: [] }
}

function press(to: Draft, button: string): void {
  switch (button) {
    case 'accept':
      return acceptOffer(to)
    case 'decline':
      return refuseOffer(to, null)
    case 'solved':
      return saySolved(to)
    case 'not_solved':
      return sayUnsolved(to)
    case 'human':
      return callHuman(to)
    case 'stop':
      return stop(to)
    case 'better':
    case 'as':
    case 'worse':
      return compare(to, button)
    default: {
      const mark = /^rate:([1-5])$/u.exec(button)?.[1]
      if (mark !== undefined) rate(to, Number(mark))
    }
  }
}

function callHuman(to: Draft): void {
  const { now, hours } = to.situation
  const kase = standing(to)
  if (isHeld(kase) && isActive(kase))
    return void to.effects.push({
      type: 'alert',
      reason: 'waiting',
      part: part('desk.waiting', { number: numberOf(to), when: { at: kase.spokeAt } }),
    })
  if (kase === null || !isActive(kase)) {
    to.events.push({
      type: 'opened',
      kind: 'inquiry',
      severity: 0,
      tolerance: 1,
      mood: 'calm',
      summary: '',
      facts: noFacts,
      owner: 'desk',
    })
    watchSilence(to)
  } else to.events.push({ type: 'called' })
  const due = promiseAnswer(to)
  to.parts.push(part(deskIsOpen(now, hours) ? 'human' : 'human.later', { when: { by: due }, number: numberOf(to) }))
  showCard(to)
}

/** A thumb down on our words is a quiet "not good": it is asked about, never ignored (P3). */
export function reacted(situation: Situation, emoji: string): Decision {
  const to = draft(situation)
  const kase = situation.case
  if (bad.has(emoji) && kase?.status === 'resolved') sayUnsolved(to)
  // While a person has the case, and while the question still stands, the bot adds none of its own.
  else if (bad.has(emoji) && isHeld(kase) && isActive(kase))
    to.effects.push({ type: 'relay', from: situation.customer.name, text: emoji, files: [] })
  else if (bad.has(emoji) && situation.asked?.question !== 'happened') {
    to.parts.push(part('ask.happened', { thing: kase?.facts.thing ?? null }))
    to.effects.push({ type: 'ask', asked: { question: 'happened' } })
  } else if (good.has(emoji) && kase?.status === 'resolved' && situation.asked?.question === 'solved') saySolved(to)
  return done(to)
}

const bad = new Set(['👎', '😡', '😠', '🤬', '😞', '-1', 'thumbsdown', 'rage', 'angry'])
const good = new Set(['👍', '❤️', '😀', '🙏', '+1', 'thumbsup', 'heart'])
