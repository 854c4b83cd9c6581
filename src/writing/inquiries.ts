/** The questions of a message, each with its answer from the pages, or without one (P2). */
import type { Locale } from '../domain/customer.ts'
import type { Inquiry } from '../domain/decision.ts'
import { type Act, type Reading, withMore } from '../domain/reading.ts'
import type { Answer, Knowledge } from './knowledge.ts'
import { isBare, questionsIn } from './questions.ts'

/** What is asked in a message, looked up; each question beside what was said before it. */
export function inquiriesOf(knowledge: Knowledge, reading: Reading, text: string, locale: Locale): Inquiry[] {
  const acts = reading.acts.some(({ kind }) => kind === 'inquiry') ? reading.acts : besides(reading, text)
  const inquiries: Inquiry[] = []
  for (const [i, act] of acts.entries()) {
    if (act.kind !== 'inquiry') continue
    const questions = questionsIn(act.text)
    for (const question of questions) {
      const asked = { ...act, text: question }
      // What leads up to a single question may be what it is about.
      const whole = questions.length === 1 ? act.text : question
      const before = inquiries.length === 0 ? (acts[i - 1] ?? null) : null
      const led = before?.kind === 'complaint' || (isBare(whole) && before) ? `${before.text} ${whole}` : whole
      const answer =
        knowledge.answer(question, locale) ??
        (led === question ? null : knowledge.answer(led, locale)) ??
        following(knowledge, question, inquiries.at(-1)?.answer ?? null, locale)
      // "What happens now?" after a complaint is answered by what is said of the complaint, and by when.
      if (answer !== null || before?.kind !== 'complaint' || !isBare(whole)) inquiries.push({ act: asked, answer })
    }
  }
  return inquiries
}

/** "How long do I have to return it, and who pays for it?": the second question is about what the first was. */
function following(knowledge: Knowledge, question: string, last: Answer | null, locale: Locale): Answer | null {
  const answer = last === null ? null : knowledge.answer(`${last.source} ${question}`, locale)
  return answer?.text === last?.text ? null : answer
}

/** "Solved, thanks. Do you open on Sunday?" is read as a move; what is asked beside it is asked all the same (P2). */
function besides({ answer }: Reading, text: string): Act[] {
  if (answer === null || !withMore.has(answer) || !/[?？]/u.test(text)) return []
  const asked = questionsIn(text).filter((question) => /[?？]$/u.test(question) && question !== text)
  return asked.map((question) => ({ kind: 'inquiry', text: question, confidence: 1 }))
}
