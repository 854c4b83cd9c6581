import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { loadExamples } from '../../src/understanding/examples.ts'
import { harmLabels } from '../../src/understanding/harm.ts'
import { loadLabelled } from '../../src/understanding/undertones.ts'
import { nearDuplicates } from '../evals/reading/duplicates.ts'

const sets = await loadExamples(join(import.meta.dirname, '../../prompts/examples'))
const messages = sets.flatMap((set) => set.messages)
const safety = await loadLabelled(join(import.meta.dirname, '../../prompts/examples'), 'safety', harmLabels)
const unseen = join(import.meta.dirname, '../evals/reading/unseen')
// Where the labelled messages of others lie, that reading is measured on and never learnt from.
const foreign = process.env.READING_DATA ?? join(import.meta.dirname, '../../../shared/data/dev')

test('no two examples say the same in the same words', () => {
  expect(nearDuplicates(messages, null, 0.8)).toEqual([])
})

test('no danger that is to be heard unseen was learnt', async () => {
  const names = (await readdir(unseen)).filter((name) => name.startsWith('safety.'))
  const theirs = (await Promise.all(names.map((name) => textsOf(join(unseen, name))))).flat()
  expect(theirs.length).toBeGreaterThan(500)
  const learnt = safety.map(({ message }) => message)
  expect(nearDuplicates(learnt, theirs, 0.75)).toEqual([])
})

test.runIf(existsSync(foreign))('no example is a message that reading is measured on', async () => {
  const names = (await readdir(foreign)).filter((name) => name.endsWith('.jsonl'))
  const theirs = (await Promise.all(names.map((name) => textsOf(join(foreign, name))))).flat()
  // Words that anybody says ("thank you", "what is my balance") are nobody's; from eight tokens on a match is a copy.
  const own = [...messages, ...safety.map(({ message }) => message)].filter(
    (message) => message.length > 30 || /[\u3400-\u9fff]{12}/.test(message),
  )
  expect(nearDuplicates(own, theirs, 0.8)).toEqual([])
})

async function textsOf(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  return lines.map((line) => z.object({ text: z.string() }).parse(JSON.parse(line)).text)
}
