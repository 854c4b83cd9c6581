/** Setting it up: doctor says what to click, settings that do not fit are named, and Slack being down stops nothing else. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Refusal, readConfig } from '../../src/config.ts'
import { run } from '../commands/run.ts'
import { type Slack, startSlack } from '../counterparts/slack/server.ts'
import { folder } from '../store/ground.ts'
import { said, serve } from './slack.ts'

const { path, remove } = folder()
let slack: Slack
beforeAll(async () => {
  slack = await startSlack({ mode: 'socket' })
})
afterAll(async () => {
  await slack.stop()
  remove()
})

const doctor = async (settings: Record<string, string> = {}) => {
  const env = { DATABASE_URL: `sqlite:${path}/amends.db`, PORT: '0', ...slack.settings, ...settings }
  const { out, code } = await run(['doctor'], { env })
  return { code, lines: out.split('\n').filter((line) => / slack /.test(line)) }
}

test('all is well: the workspace, the scopes, the socket, the desk’s channel', async () => {
  const desk = slack.room('desk', 'group')
  const { code, lines } = await doctor({ DESK: `slack:${desk.id}` })
  expect(lines).toEqual([
    expect.stringMatching(/^✓ slack .*in the workspace Example as @amends/),
    expect.stringMatching(/^✓ slack .*all 15 scopes are granted/),
    expect.stringMatching(/^✓ slack .*in the desk’s channel/),
    expect.stringMatching(/^✓ slack .*Socket Mode/),
  ])
  expect(code).toBe(0)
})

test('a scope that is missing is named, with what it is for and where to click', async () => {
  slack.team.bot.scopes.delete('files:read')
  const { code, lines } = await doctor()
  expect(lines.join('\n')).toMatch(/✗ slack .*not granted: files:read \(to carry files.*OAuth & Permissions.*Reinstall/)
  expect(code).toBe(1)
  slack.team.bot.scopes.add('files:read')
})

test.each([
  ['another token', { SLACK_BOT_TOKEN: 'xoxb-of-nobody' }, /✗ slack .*does not take the token.*OAuth & Permissions/],
  ['another app token', { SLACK_APP_TOKEN: 'xapp-of-nobody' }, /✗ slack .*Socket Mode.*connections:write/],
  ['a desk that it is not in', { DESK: 'slack:C0NOWHERE' }, /✗ slack .*C0NOWHERE.*\/invite/],
  ['Slack that does not answer', { SLACK_API_URL: 'http://127.0.0.1:1/api/' }, /✗ slack .*does not answer/],
])('doctor names %s', async (_, settings, line) => {
  const { code, lines } = await doctor(settings)
  expect(lines.join('\n')).toMatch(line)
  expect(code).toBe(1)
})

test.each([
  [{ SLACK_BOT_TOKEN: 'xoxb-1' }, /SLACK_APP_TOKEN is missing/],
  [{ SLACK_APP_TOKEN: 'xapp-1' }, /SLACK_BOT_TOKEN is missing/],
  [{ SLACK_BOT_TOKEN: 'xapp-1', SLACK_APP_TOKEN: 'xapp-1' }, /SLACK_BOT_TOKEN will not do: .*begins with xoxb-/],
  [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xoxb-1' }, /SLACK_APP_TOKEN will not do: .*begins with xapp-/],
  [{ SLACK_CLIENT_ID: '1.2', SLACK_SIGNING_SECRET: 's' }, /SLACK_CLIENT_SECRET is missing/],
  [
    { SLACK_CLIENT_ID: '1.2', SLACK_CLIENT_SECRET: 's', SLACK_STATE_SECRET: 's', SLACK_SIGNING_SECRET: 's' },
    /ENCRYPTION_KEY is missing/,
  ],
])('settings that do not fit together are refused by name', (given, message) => {
  const read = () => readConfig(given, 'there-is-no.env')
  expect(read).toThrow(Refusal)
  expect(read).toThrow(message)
})

test('Slack that is down when the bot starts stops nothing: it is tried until it is there', async () => {
  const bench = await serve({
    mode: 'socket',
    patient: true,
    prepare(far) {
      far.faults.order('apps.connections.open', { type: 'status', status: 503 }, 4)
      return {}
    },
  })
  try {
    expect((await fetch(`${bench.bot.address}/readyz`)).status).toBe(200)
    const ada = bench.slack.user('ada')
    await bench.until(() => expect(bench.slack.wire.sockets()).toBe(2))
    await ada.says('What are your opening hours?')
    await bench.hears(ada.dm(), said(1))
  } finally {
    await bench.stop()
  }
})
