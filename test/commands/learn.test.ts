/** `prompts learn`: what agents filed otherwise than it was read is shown, weighed, taken, and taken back. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as lessons from '../../src/store/lessons.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { keepIn } from '../../src/store/settings.ts'
import { livePrompts, promptsShipped } from '../../src/wiring.ts'
import { folder } from '../store/ground.ts'
import { openCase, someone, t0 } from '../store/rows.ts'
import { refusal, run } from './run.ts'

const { path, remove } = folder()
const file = join(path, 'amends.db')
const env = { DATABASE_URL: `sqlite:${file}`, PROMPTS_DIR: fewExamples() }
const learn = (...args: string[]) => run(['prompts', 'learn', ...args], { env })
/** Read as praise by anybody who does not know this trade. */
const words = 'the wobbly penguin is delightful again'
let bot: Store

beforeAll(async () => {
  bot = await openStore({ engine: 'sqlite', file }, { alone: true })
})
afterAll(async () => {
  await bot.close()
  remove()
})

/** The shipped prompts with the first examples of each list: enough to tell kinds apart, and learnt at once. */
function fewExamples(): string {
  const dir = join(path, 'prompts')
  cpSync(promptsShipped, dir, { recursive: true })
  const examples = join(dir, 'examples')
  for (const name of readdirSync(examples)) {
    const lines = readFileSync(join(examples, name), 'utf8').split('\n')
    writeFileSync(join(examples, name), lines.slice(0, 80).join('\n'))
  }
  return dir
}

async function teach(name: string, text: string, kind: lessons.Lesson['kind']): Promise<number> {
  const of = await someone(bot, name)
  return await bot.write(async (tx) => {
    const { id, number } = await openCase(bot, tx, of)
    const who = { case_id: id, customer: of.customer, turn: `turn of ${name}`, by: 'kim', at: t0 }
    await lessons.put(tx, { ...who, text, was: 'praise', kind })
    return number
  })
}

// Six processes, of which some train: more than one test's time on a busy machine.
test('lessons are shown with what they change, taken without a restart, and undone', { timeout: 90_000 }, async () => {
  expect((await learn()).out).toMatch(/^nothing to learn: /)
  const first = await teach('ada', words, 'complaint')
  const second = await teach('ben', 'quibbling otters everywhere', 'inquiry')

  const shown = await learn()
  expect(shown.out).toContain(`case ${first} · waits · praise → complaint · kim, 2026-11-20 · ${words}`)
  expect(shown.out).toMatch(/^before +\d\d\.\d % +\d of 2$/m)
  expect(shown.out).toMatch(/^after +\d\d\.\d % +2 of 2$/m)
  expect(shown.out).toContain('prompts learn --take')

  const errors: unknown[] = []
  const log = { info: () => undefined, warn: () => undefined, error: (what: unknown) => void errors.push(what) }
  const live = await livePrompts(env, null, keepIn(bot, 'prompts'), log, () => lessons.taken(bot.read))
  expect(live.prompts.reader.read(words).kind).toBe('praise')
  expect((await learn('--take')).out).toContain('2 messages learnt')
  expect((await learn()).out).toMatch(new RegExp(`case ${first} · learnt ·[^]*nothing waits to be learnt`))
  await live.relearn()
  expect(live.prompts.reader.read(words).kind).toBe('complaint')

  expect((await learn('--undo', String(first))).out).toContain(`what case ${first} taught is gone`)
  await live.relearn()
  expect(live.prompts.reader.read(words).kind).toBe('praise')
  const taught = live.prompts.reader
  await live.relearn()
  expect(live.prompts.reader, 'nothing is trained for nothing').toBe(taught)
  expect((await learn('--undo', String(second))).code).toBe(0)
  expect(errors).toEqual([])
})

test('what cannot be done is said in a sentence', async () => {
  expect(refusal(await learn('--undo', 'x'))).toBe('“x” is no case: write its number, as prompts learn --undo 12')
  expect(refusal(await learn('--undo', '99'))).toContain('case 99 has taught nothing')
  expect(refusal(await learn('--take', '--undo', '1'))).toContain('one at a time')
  expect(refusal(await learn('--all'))).toBe('write: prompts learn [--take] [--undo CASE]')
})
