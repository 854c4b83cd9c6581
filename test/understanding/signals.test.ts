import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadUndertones } from '../../src/understanding/undertones.ts'
import { scoreFacts } from '../evals/reading/facts.ts'
import { scoreSignals } from '../evals/reading/signals.ts'
import { reader } from './reader.ts'

// Floors a little under what was reached; the figures themselves are printed by `node test/evals/reading.ts`.
test('every signal is read as well as it was', async () => {
  const scores = await scoreSignals(reader.read)
  expect(scores.length).toBe(18)
  for (const { signal, language, precision, recall, within } of scores) {
    const name = `${signal}.${language}`
    expect({ name, good: precision >= 0.95 && recall >= 0.9 && within >= 0.9 }).toEqual({ name, good: true })
  }
})

test('danger is heard in words that nothing was made with, and seldom where there is none', async () => {
  const scores = await scoreSignals(reader.read, join(import.meta.dirname, '../evals/reading/unseen'))
  const safety = scores.filter(({ signal }) => signal === 'safety')
  expect(safety.map(({ messages }) => messages >= 150)).toEqual([true, true, true])
  for (const { language, precision, recall } of safety)
    expect({ language, good: precision >= 0.88 && recall >= 0.68 }).toEqual({ language, good: true })
})

test('what no cue names is heard between the lines, and what is denied is not', () => {
  expect(reader.read("I've signed with another insurer, so this is farewell").leaving).toBe(true)
  expect(reader.read('I would rather discuss it with one of your people').wantsHuman).toBe(true)
  expect(reader.read('不需要人工').wantsHuman).toBe(false)
  expect(reader.read('?')).toMatchObject({ leaving: false, wantsHuman: false, mood: 'calm', urgency: 0 })
})

test('a label that a signal has not is named by file and line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'undertones-'))
  await writeFile(join(folder, 'mood.en.txt'), '# how it is said\ncalm: fine\ncross: hm\n')
  await expect(loadUndertones(folder)).rejects.toThrow(/mood\.en\.txt:3: “cross”/)
  await rm(folder, { recursive: true })
})

test('a fact is told only when it was said', async () => {
  for (const { fact, language, told, right } of await scoreFacts(reader.read)) {
    const name = `${fact}.${language}`
    expect({ name, good: right / Math.max(1, told) >= 0.95 }).toEqual({ name, good: true })
  }
})
