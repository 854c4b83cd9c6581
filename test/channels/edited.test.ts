/** What admins own is edited while the bot runs, and is in force without a new start. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { promptsShipped } from '../../src/wiring.ts'
import { folder } from '../store/ground.ts'
import { botSaid, serve, type Web } from './over-http.ts'

const { path, remove } = folder()
const prompts = join(path, 'prompts')
const knowledge = join(path, 'knowledge')
// The reader learns anew at the first start: seconds, or many where others use the machine.
const startsWithin = 120_000
const soon = { timeout: 25_000, interval: 50 }
let web: Web

const page = (answer: string) => `---\ntitle: Hours\n---\n## When are you open?\nalso: opening hours\n${answer}\n`

beforeAll(async () => {
  cpSync(promptsShipped, prompts, { recursive: true })
  mkdirSync(knowledge)
  writeFileSync(join(knowledge, 'hours.en.md'), page('From nine to five.'))
  // In a file, beside which the reader's weights are kept: in memory each load would train it anew.
  web = await serve({ DATABASE_URL: `sqlite:${path}/amends.db`, PROMPTS_DIR: prompts, KNOWLEDGE_DIR: knowledge })
}, startsWithin)

afterAll(async () => {
  await web.bot.stop()
  remove()
})

test('a page in a folder of knowledge of one’s own', async () => {
  let asked = 0
  const answer = async () => {
    asked += 1
    const customer = `ann${asked}`
    await web.says(customer, 'What are your opening hours?')
    return (await web.reads(customer, botSaid(1))).at(-1)?.text
  }
  expect(await answer()).toContain('From nine to five.')
  writeFileSync(join(knowledge, 'hours.en.md'), page('From noon to midnight.'))
  await expect.poll(answer, soon).toContain('From noon to midnight.')
})

test('how many messages a minute one customer may send', async () => {
  const file = join(prompts, 'policy.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/messagesPerMinute: \d+/u, 'messagesPerMinute: 1'))
  let tried = 0
  const second = async () => {
    tried += 1
    await web.says(`ben${tried}`, 'hello')
    return (await web.says(`ben${tried}`, 'hello again')).status
  }
  await expect.poll(second, soon).toBe(429)
})
