/** Questions: what the pages answer is answered, what they do not goes to a person, by a time. */
import { promiseAnswer, promisePart, watchSilence } from './clocks.ts'
import { active, type Draft, type Heard, type Inquiry, numberOf, part, questionsApart, showCard } from './decision.ts'
import { open } from './opening.ts'

/** Answers what knowledge answers; what it does not is named once, with who will and by when. True when there was any. */
export function answerInquiries(to: Draft, happening: Heard, inquiries: readonly Inquiry[]): boolean {
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
export function lookUpOrder(to: Draft, happening: Heard, about: string): void {
  open(to, { ...happening, text: `${about} ${happening.text}` }, 'inquiry')
  to.parts.push(promisePart(to, promiseAnswer(to)))
  to.effects.push({ type: 'ask', asked: null })
  watchSilence(to)
  showCard(to)
}

/** A question that knowledge does not answer goes to the desk, in the case that is open or in one of its own. */
function inquire(to: Draft, happening: Heard): number {
  if (!active(to)) open(to, happening, 'inquiry')
  showCard(to)
  return promiseAnswer(to)
}
