import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { loadExamples } from '../../src/understanding/examples.ts'
import { nearDuplicates } from '../evals/reading/duplicates.ts'

const sets = await loadExamples(join(import.meta.dirname, '../../prompts/examples'))
const messages = sets.flatMap((set) => set.messages)
// Where the labelled messages of others lie, that reading is measured on and never learnt from.
const foreign = process.env.READING_DATA ?? join(import.meta.dirname, '../../../shared/data/dev')

test('no two examples say the same in the same words', () => {
  expect(nearDuplicates(messages, null, 0.8)).toEqual([])
})

test.runIf(existsSync(foreign))('no example is a message that reading is measured on', async () => {
  const names = (await readdir(foreign)).filter((name) => name.endsWith('.jsonl'))
  const texts = await Promise.all(names.map((name) => readFile(join(foreign, name), 'utf8')))
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '')
  const theirs = lines.map((line) => z.object({ text: z.string() }).parse(JSON.parse(line)).text)
  // Words that anybody says ("thank you", "what is my balance") are nobody's; from eight tokens on a match is a copy.
  const own = messages.filter((message) => message.length > 30 || /[\u3400-\u9fff]{12}/.test(message))
  expect(nearDuplicates(own, theirs, 0.8)).toEqual([])
})
