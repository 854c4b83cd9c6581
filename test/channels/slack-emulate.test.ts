/** Plain messaging against a Slack that others wrote (npm emulate): what we take for Slack's ways is not only our own idea. */
import { createHmac } from 'node:crypto'
import { WebClient } from '@slack/web-api'
import { createEmulator, type Emulator } from 'emulate'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Slack } from '../../src/channels/slack/index.ts'
import { type Running, start } from '../../src/commands/start.ts'
import { readConfig } from '../../src/config.ts'

const secret = 'emulated-secret'
let far: Emulator
let bot: Running
let ada: WebClient
let amends: WebClient
let me: { team_id?: string; user_id?: string }

beforeAll(async () => {
  far = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        users: [{ name: 'ada', real_name: 'Ada' }],
        channels: [{ name: 'help' }],
        oauth_apps: [
          { client_id: '1.2', client_secret: 's', app_id: 'A1', name: 'Amends', redirect_uris: [], bot_name: 'amends' },
        ],
        tokens: [
          { token: 'xoxp-ada', user: 'ada', type: 'user' },
          { token: 'xoxb-amends', user: 'amends', type: 'bot' },
        ],
      },
    },
  })
  const slackApiUrl = `${far.url}/api/`
  ada = new WebClient('xoxp-ada', { slackApiUrl })
  amends = new WebClient('xoxb-amends', { slackApiUrl })
  me = await amends.auth.test()
  const settings = {
    SLACK_BOT_TOKEN: 'xoxb-amends',
    SLACK_SIGNING_SECRET: secret,
    SLACK_PORT: '0',
    SLACK_API_URL: slackApiUrl,
    DATABASE_URL: 'sqlite::memory:',
    PORT: '0',
    QUIET_MS: '0',
    LOG_LEVEL: 'silent',
  }
  bot = await start(readConfig(settings, 'there-is-no.env'), () => undefined, 0)
  await (bot.platforms.get('slack') as Slack).ready
}, 60_000)
afterAll(async () => {
  await bot?.stop()
  await far?.close()
})

/** An event as emulate words them, signed: it has no way of its own to learn where to send it. */
async function sends(event: object): Promise<number> {
  const port = (bot.platforms.get('slack') as Slack).port()
  const timestamp = String(Math.floor(Date.now() / 1000))
  const body = JSON.stringify({
    type: 'event_callback',
    team_id: me.team_id,
    event_id: `Ev${crypto.randomUUID()}`,
    event_time: Number(timestamp),
    event,
  })
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signature,
  }
  return (await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', body, headers })).status
}

const soon = <T>(look: () => Promise<T>) => vi.waitFor(look, { timeout: 8000, interval: 50 })

test('a direct message is answered there, with our mark on the answer', async () => {
  const user = (await ada.auth.test()).user_id
  const opened = await ada.conversations.open({ users: me.user_id ?? '' })
  const channel = opened.channel?.id ?? ''
  const text = 'My parcel is late for the third time.'
  const { ts = '' } = await ada.chat.postMessage({ channel, text })
  expect(await sends({ type: 'message', user, text, ts, channel, channel_type: 'im' })).toBe(200)
  await soon(async () => {
    const { messages = [] } = await ada.conversations.history({ channel, include_all_metadata: true })
    const [answer] = messages
    expect(answer?.text).toMatch(/sorry/i)
    expect(answer?.metadata?.event_payload).toMatchObject({ part: 1, of: 1 })
  })
})

test('a mention in a channel is answered in its thread', async () => {
  const user = (await ada.auth.test()).user_id
  const { channels = [] } = await amends.conversations.list()
  const channel = channels.find((one) => one.name === 'help')?.id ?? ''
  await amends.conversations.join({ channel })
  const text = `<@${me.user_id}> what are your opening hours?`
  const { ts = '' } = await ada.chat.postMessage({ channel, text })
  expect(await sends({ type: 'app_mention', user, text, ts, channel })).toBe(200)
  await soon(async () => {
    const { messages = [] } = await ada.conversations.replies({ channel, ts })
    expect(messages.map((message) => message.thread_ts ?? message.ts)).toEqual([ts, ts])
  })
})
