import { expect, test } from 'vitest'
import { scoreFacts } from '../evals/reading/facts.ts'
import { scoreSignals } from '../evals/reading/signals.ts'
import { reader } from './reader.ts'

// Floors a little under what was reached; the figures themselves are printed by `node test/evals/reading.ts`.
test('every signal is read as well as it was', async () => {
  const scores = await scoreSignals(reader.read)
  expect(scores.length).toBe(21)
  for (const { signal, language, precision, recall, within } of scores) {
    const name = `${signal}.${language}`
    expect({ name, good: precision >= 0.95 && recall >= 0.9 && within >= 0.9 }).toEqual({ name, good: true })
  }
})

test('a fact is told only when it was said', async () => {
  for (const { fact, language, told, right } of await scoreFacts(reader.read)) {
    const name = `${fact}.${language}`
    expect({ name, good: right / Math.max(1, told) >= 0.95 }).toEqual({ name, good: true })
  }
})
