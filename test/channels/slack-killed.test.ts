/** The process is killed while it answers somebody in Slack: whether or not Slack had it by then, they read it once. */
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { afterEach, expect, test, vi } from 'vitest'
import { type Bot, startBot } from '../bench/bot.ts'
import type { Fault } from '../counterparts/slack/faults.ts'
import { saidIn, startSlack } from '../counterparts/slack/server.ts'
import { databaseFile } from './slack.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

test.each<[string, Fault]>([
  ['before Slack has it', { type: 'hangs' }],
  ['after Slack has it', { type: 'hangs', done: true }],
])('killed %s, the answer is looked for, and stands there once', async (_, fault) => {
  const slack = await startSlack()
  closing.push(() => slack.stop())
  const { file, remove } = databaseFile()
  closing.push(remove)
  const port = await freePort()
  slack.wire.requestUrl = `http://127.0.0.1:${port}/slack/events`
  const settings = { ...slack.settings, SLACK_PORT: String(port), QUIET_MS: '0', DATABASE_URL: `sqlite:${file}` }
  const start = () => startBot(tmpdir(), settings)
  const until = (look: () => void) => vi.waitFor(look, { timeout: 10_000, interval: 10 })
  const asked = (method: string) => slack.calls.filter((call) => call.method === method)

  const first: Bot = await start()
  const ada = slack.user('ada')
  slack.faults.order('chat.postMessage', fault)
  await ada.says('What are your opening hours?')
  await until(() => expect(asked('chat.postMessage')).toHaveLength(1))
  process.kill(first.pid, 'SIGKILL')
  const looked = asked('conversations.history').length

  const second = await start()
  closing.push(() => second.stop())
  await until(() => expect(asked('conversations.history').length).toBeGreaterThan(looked))
  const bob = slack.user('bob')
  await bob.says('What are your opening hours?')
  await until(() => expect(saidIn(bob.dm())).toHaveLength(1))
  await until(() => expect(saidIn(ada.dm())).toHaveLength(1))
  await ada.says('How can I return something?')
  await until(() =>
    expect(saidIn(ada.dm()).map((one) => one.text)).toEqual([
      expect.stringMatching(/9:00/),
      expect.stringMatching(/return/i),
    ]),
  )
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof bound === 'object' && bound ? bound.port : 0
}
