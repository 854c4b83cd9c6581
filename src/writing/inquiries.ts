/** The questions of a message, each with its answer from the pages, or without one (P2). */
import type { Locale } from '../domain/customer.ts'
import type { Inquiry } from '../domain/decision.ts'
import { type Act, type Reading, withQuestion } from '../domain/reading.ts'
import type { Knowledge } from './knowledge.ts'
import { isBare, questionsIn } from './questions.ts'

/** What is asked in a message, looked up. */
export function inquiriesOf(knowledge: Knowledge, reading: Reading, text: string, locale: Locale): Inquiry[] {
  const inquiries = reading.acts.flatMap((act, i) =>
    act.kind === 'inquiry' ? lookedUp(knowledge, act, reading.acts[i - 1] ?? null, locale) : [],
  )
  return reading.acts.some(({ kind }) => kind === 'inquiry')
    ? inquiries
    : besides(reading, text).flatMap((act) => lookedUp(knowledge, act, null, locale))
}

function lookedUp(knowledge: Knowledge, act: Act, before: Act | null, locale: Locale): Inquiry[] {
  const questions = questionsIn(act.text)
  return questions.flatMap((text) => {
    const known = knowledge.answer(text, locale)
    if (known) return [{ act: { ...act, text }, answer: known }]
    // What leads up to a single question may be what it is about.
    const whole = questions.length === 1 && text !== act.text ? act.text : text
    const led = isBare(text) && whole === text && before ? `${before.text} ${text}` : whole
    const answer = led === text ? null : knowledge.answer(led, locale)
    // "What happens now?" after a complaint is answered by what is said of the complaint, and by when.
    if (answer === null && isBare(text) && before?.kind === 'complaint') return []
    return [{ act: { ...act, text }, answer }]
  })
}

/** "Solved, thanks. Do you open on Sunday?" is read as a move; what is asked beside it is asked all the same (P2). */
function besides({ answer }: Reading, text: string): Act[] {
  if (answer === null || !withQuestion.has(answer) || !/[?？]/u.test(text)) return []
  const asked = questionsIn(text).filter((question) => /[?？]$/u.test(question) && question !== text)
  return asked.map((question) => ({ kind: 'inquiry', text: question, confidence: 1 }))
}
