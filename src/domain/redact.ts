/** Words that a customer took back leave the record: what was said in their place, or beside them, is what stays. */
import type { Case, CaseEvent } from './case.ts'
import { merge } from './case.ts'
import type { Card } from './message.ts'
import { summarise } from './opening.ts'
import { type Facts, noFacts, type Reading } from './reading.ts'

/** An event of the turn that read the words, as it would be had only `rest` been said. */
export function redactEvent(event: CaseEvent, rest: string): CaseEvent {
  if (event.type === 'opened') return { ...event, summary: summarise(rest), facts: factsIn(event.facts, rest) }
  if (event.type === 'heard') return { ...event, text: rest, facts: factsIn(event.facts, rest) }
  return event
}

/** The case as its redacted events tell it. What they do not tell of, who has it and where it stands, stays. */
export function redactCase(kase: Case, events: readonly CaseEvent[]): Case {
  let { summary } = kase
  let facts = noFacts
  for (const event of events) {
    if (event.type === 'opened') summary = event.summary
    if (event.type === 'opened' || event.type === 'heard') facts = merge(facts, event.facts)
  }
  return { ...kase, summary, facts }
}

export function redactCard(card: Card, { summary, facts }: Case): Card {
  return { ...card, summary, harm: facts.stake, wish: facts.wish }
}

/** What was understood stays as a figure; the words it was understood from go. */
export function redactReading(reading: Reading, rest: string): Reading {
  const acts = reading.acts.map((act) => (rest.includes(act.text) ? act : { ...act, text: '' }))
  return { ...reading, acts, facts: factsIn(reading.facts, rest) }
}

/** Takes each of the words out of a text that quotes them. */
export function redactText(text: string, words: readonly string[]): string {
  const longestFirst = words.filter((one) => one.trim() !== '').toSorted((a, b) => b.length - a.length)
  return longestFirst.reduce((left, one) => left.replaceAll(one, '…'), text)
}

/** What the rest still says. A failure and a wish are no words of the customer's: they go only when nothing is left. */
function factsIn(facts: Facts, rest: string): Facts {
  if (rest === '') return noFacts
  const said = rest.toLowerCase()
  const kept = (value: string | null) => (value !== null && said.includes(value.toLowerCase()) ? value : null)
  const { thing, since, stake, order, amount } = facts
  return {
    ...facts,
    thing: kept(thing),
    since: kept(since),
    stake: kept(stake),
    order: kept(order),
    amount: kept(amount),
  }
}
