/** What the pages answer, in many wordings, and what they must not: `pages/questions.<locale>.jsonl`, without a page where none speaks of it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Locale, locales } from '../../src/domain/customer.ts'
import type { Act, Reading } from '../../src/domain/reading.ts'
import { inquiriesOf } from '../../src/writing/inquiries.ts'
import { loadKnowledge } from '../../src/writing/knowledge.ts'
import { reader } from '../understanding/reader.ts'

const prompts = join(import.meta.dirname, '../../prompts')
const knowledge = await loadKnowledge(join(prompts, 'knowledge'), join(prompts, 'cues'))

interface Asked {
  question: string
  /** What its passage says, as an expression; null where no page speaks of it. */
  says: string | null
}

const askedIn = (locale: Locale): Asked[] =>
  readFileSync(join(import.meta.dirname, `pages/questions.${locale}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

test.each(locales)('%s: nineteen of twenty questions find their passage, and none another', (locale) => {
  const asked = askedIn(locale).filter(({ says }) => says !== null)
  const found = asked.map(({ question, says }) => ({ question, says, text: knowledge.answer(question, locale)?.text }))
  const wrong = found.filter(({ says, text }) => text !== undefined && !new RegExp(says ?? '', 'u').test(text))
  expect(wrong).toEqual([])
  const missed = found.filter(({ text }) => text === undefined).map(({ question }) => question)
  expect(missed.length / asked.length, missed.join(' · ')).toBeLessThanOrEqual(0.05)
  expect(asked.length).toBeGreaterThanOrEqual(39)
})

test.each(locales)('%s: what no page speaks of is answered by none', (locale) => {
  const asked = askedIn(locale).filter(({ says }) => says === null)
  expect(asked.map(({ question }) => knowledge.answer(question, locale)).filter((answer) => answer !== null)).toEqual(
    [],
  )
  expect(asked.length).toBeGreaterThanOrEqual(30)
})

test.each(locales)('%s: every wording beside a heading finds its passage', (locale) => {
  for (const { question, says } of alsoIn(locale))
    expect([question, knowledge.answer(question, locale)?.text]).toEqual([question, says])
})

function alsoIn(locale: Locale): { question: string; says: string }[] {
  const pages = [
    ...new Set([
      'account',
      'change-order',
      'complain',
      'damaged',
      'delivery',
      'hours',
      'payment',
      'privacy',
      'refunds',
      'returns',
      'standard',
      'tracking',
    ]),
  ]
  return pages.flatMap((page) =>
    readFileSync(join(prompts, `knowledge/${page}.${locale}.md`), 'utf8')
      .split(/^## /mu)
      .slice(1)
      .flatMap((section) => {
        const [, ...lines] = section.trim().split('\n')
        const says = lines.filter((line) => !line.startsWith('also:')).join('\n')
        const also =
          lines
            .find((line) => line.startsWith('also:'))
            ?.slice('also:'.length)
            .split('|') ?? []
        return also.map((question) => ({ question: question.trim(), says }))
      }),
  )
}

const asked = (text: string, locale: Locale) =>
  inquiriesOf(knowledge, reader.read(text), text, locale).map(({ act, answer }) => [act.text, answer?.source ?? null])

test('a question that says nothing by itself is about what was said before it', () => {
  expect(asked('My parcel is late. What happens now?', 'en')).toEqual([['What happens now?', 'Delivery']])
  expect(asked('I was charged twice. What should I do?', 'en')).toEqual([['What should I do?', 'Payment and invoices']])
})

test('and where no page has it, after a complaint, what is said of the complaint answers it', () => {
  expect(asked('Your driver kicked my dog. What now?', 'en')).toEqual([])
  const alone: Act = { kind: 'inquiry', text: 'What now?', confidence: 1 }
  const reading: Reading = { ...reader.read('What now?'), kind: 'inquiry', acts: [alone], answer: null }
  expect(inquiriesOf(knowledge, reading, 'What now?', 'en').map(({ answer }) => answer)).toEqual([null])
})

test('a second question in one breath is about what the first was', () => {
  expect(asked('How long do I have to return a lamp, and who pays for it?', 'en').map(([, page]) => page)).toEqual([
    'Returns',
    'Returns',
  ])
  expect(asked('How long do I have to return a lamp? And do you sell hats?', 'en').map(([, page]) => page)).toEqual([
    'Returns',
    null,
  ])
})
