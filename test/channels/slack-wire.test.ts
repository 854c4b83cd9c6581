/** What comes over the wire: refused where it is not Slack's, stored before it is acknowledged, taken once however often it comes. */
import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newMessage } from '../counterparts/slack/methods.ts'
import { envelope } from '../counterparts/slack/people.ts'
import { type Bench, modes, said, saidIn, serve } from './slack.ts'

describe('signed requests', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await serve({ mode: 'http' })
  })
  afterAll(() => bench.stop())

  const json = 'application/json'
  const event = (more: object = {}) => {
    const { slack } = bench
    const ada = slack.user('ada')
    const ts = slack.world.ts()
    const message = { type: 'message', user: ada.id, text: 'Hi', channel: ada.dm().id, channel_type: 'im', ts, ...more }
    return { ada, body: JSON.stringify(envelope(slack.stage(), message)) }
  }

  test('the address is verified', async () => {
    const response = await bench.slack.wire.request(JSON.stringify({ type: 'url_verification', challenge: 'c1' }), json)
    expect([response.status, await response.json()]).toEqual([200, { challenge: 'c1' }])
    const check = await bench.slack.wire.request('ssl_check=1&token=x', 'application/x-www-form-urlencoded')
    expect(check.status).toBe(200)
  })

  test('a wrong signature, none, an old one: refused, and not to be tried again', async () => {
    const { slack } = bench
    const { ada, body } = event()
    const old = String(Math.floor(Date.now() / 1000) - 301)
    const signed = (at: string, secret: string) =>
      `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`
    const now = String(Math.floor(Date.now() / 1000))
    for (const headers of [
      { 'x-slack-signature': signed(now, 'another-secret') },
      { 'x-slack-signature': 'v0=abc' },
      { 'x-slack-signature': '' },
      { 'x-slack-request-timestamp': 'soon' },
      { 'x-slack-request-timestamp': old, 'x-slack-signature': signed(old, slack.signingSecret) },
    ]) {
      const response = await slack.wire.request(body, json, headers)
      expect([response.status, response.headers.get('x-slack-no-retry')]).toEqual([401, '1'])
    }
    expect(await bench.rows('said', `slack:${slack.team.id}:${ada.id}`)).toEqual([])
  })

  test('what is signed and makes no sense is refused or ignored, and the next is taken', async () => {
    const { slack } = bench
    const post = async (body: string, type = json) => (await slack.wire.request(body, type)).status
    expect(await post('{not json')).toBe(400)
    expect(await post('[]')).toBe(400)
    expect(await post('payload=%7Bnot', 'application/x-www-form-urlencoded')).toBe(400)
    expect(await post(`"${'x'.repeat(1_100_000)}"`)).toBe(413)
    expect(await post(JSON.stringify({ type: 'event_callback' })), 'no envelope').toBe(200)
    expect(await post(JSON.stringify({ type: 'app_rate_limited', minute_rate_limited: 1 }))).toBe(200)
    expect(await post(JSON.stringify({ type: 'block_actions' })), 'a press of nothing').toBeGreaterThanOrEqual(400)
    for (const broken of [{ type: 'message' }, { type: 'reaction_added', user: 'U1' }, { type: 'of_tomorrow' }, {}])
      expect((await slack.sends(broken)).status).toBe(200)
    const { url } = { url: slack.wire.requestUrl }
    expect((await fetch(url)).status, 'nobody but Slack comes here').toBe(405)
    expect((await fetch(url.replace('events', 'nothing'), { method: 'POST' })).status).toBe(404)
    const ada = slack.user('ada')
    await ada.says('What are your opening hours?')
    await bench.hears(ada.dm(), said(1))
  })

  test('a body that is replayed is taken once', async () => {
    const { slack } = bench
    const { ada, body } = event({ text: 'What are your opening hours?' })
    for (let i = 0; i < 3; i += 1) expect((await slack.wire.request(body, json)).status).toBe(200)
    await bench.hears(ada.dm(), said(1))
    await bench.staysAt(ada.dm(), 1)
    expect(await bench.rows('said', `slack:${slack.team.id}:${ada.id}`)).toHaveLength(1)
  })
})

describe.each(modes)('events over %s', (mode) => {
  let bench: Bench
  beforeAll(async () => {
    bench = await serve({ mode })
  })
  afterAll(() => bench.stop())

  test('every event of which a fixture is kept is taken or ignored, and acknowledged', async () => {
    const dir = join(import.meta.dirname, '../fixtures/slack')
    const files = readdirSync(dir).filter((file) => file.startsWith('event.'))
    expect(files.length).toBeGreaterThan(12)
    for (const file of files) {
      const body = JSON.parse(readFileSync(join(dir, file), 'utf8')) as object
      const { status, attempts } = await bench.slack.wire.event(body)
      expect([file, status, attempts]).toEqual([file, 200, 1])
    }
  })

  test('a mention is one message, whichever of its two events comes first, or alone', async () => {
    const { slack, hears, staysAt } = bench
    const ada = slack.user('ada')
    const room = slack.room('general', 'channel', [ada])
    const mention = () => {
      const text = `<@${slack.team.bot.user}> what are your opening hours?`
      const message = newMessage(slack.world, ada.id, null, text, null)
      room.messages.push(message)
      return { user: ada.id, text, ts: message.ts, channel: room.id, event_ts: message.ts, team: slack.team.id }
    }
    const first = mention()
    await slack.sends({ type: 'app_mention', ...first })
    await slack.sends({ type: 'message', channel_type: 'channel', ...first })
    await slack.sends({ type: 'app_mention', ...mention() })
    await hears(room, said(2))
    await staysAt(room, 2)
  })

  test('what cannot be stored is not acknowledged, comes again, and is then taken once', async () => {
    const { slack, bot, hears } = bench
    const ada = slack.user('ada')
    let refusals = 2
    const receive = bot.engine.receive
    bot.engine.receive = async (incoming) => {
      if (refusals-- > 0) throw new Error('the disk is full')
      return await receive(incoming)
    }
    try {
      const { acks } = await ada.says('What are your opening hours?')
      expect(acks.map(({ status, attempts }) => [status, attempts])).toEqual([[200, 3]])
    } finally {
      bot.engine.receive = receive
    }
    await hears(ada.dm(), said(1))
    expect(await bench.rows('said', `slack:${slack.team.id}:${ada.id}`)).toHaveLength(1)
  })

  test('a file that is slow makes Slack come again, and is carried all the same', async () => {
    const { slack, hears } = bench
    const ada = slack.user('ada')
    slack.faults.order('files', { type: 'hangs' })
    const sent = ada.says('My parcel arrived broken.', {
      files: [{ name: 'box.jpg', type: 'image/jpeg', bytes: Buffer.from('a photo') }],
    })
    setTimeout(() => slack.faults.clear(), 2300)
    const { acks } = await sent
    expect(acks[0]?.status).toBe(200)
    expect(acks[0]?.attempts).toBe(2)
    await hears(ada.dm(), said(1))
    expect(await bench.rows('said', `slack:${slack.team.id}:${ada.id}`)).toEqual([{ files: 1 }])
  })
})

describe('the socket', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await serve({ mode: 'socket' })
  })
  afterAll(() => bench.stop())

  const greeted = (n: number) =>
    bench.until(() => expect([bench.slack.wire.greeted(), bench.slack.wire.sockets()]).toEqual([n, 2]))

  test('there are two: while Slack renews one, the other takes what comes', async () => {
    const { slack, hears } = bench
    const ada = slack.user('ada')
    await greeted(2)
    slack.wire.disconnect('oldest')
    const { acks } = await ada.says('What are your opening hours?')
    expect(acks[0]?.status).toBe(200)
    await hears(ada.dm(), said(1))
    await greeted(3)
  })

  test('asked to go, or cut off, they come back, and nothing that Slack sends again is lost', async () => {
    const { slack, hears } = bench
    const ada = slack.user('ada')
    slack.wire.disconnect('all', 'warning')
    await greeted(5)
    slack.wire.cut()
    const { acks } = await ada.says('What are your opening hours?')
    await greeted(7)
    if (acks[0]?.status !== 200)
      await slack.sends({
        type: 'message',
        user: ada.id,
        text: 'What are your opening hours?',
        channel: ada.dm().id,
        channel_type: 'im',
        ts: slack.world.ts(),
      })
    await hears(ada.dm(), said(1))
    expect(saidIn(ada.dm())).toHaveLength(1)
  })

  test('Slack that is down is tried again, and again', async () => {
    const { slack, hears } = bench
    const before = slack.wire.greeted()
    slack.faults.order('apps.connections.open', { type: 'status', status: 503 }, 3)
    slack.wire.cut()
    await greeted(before + 2)
    const ada = slack.user('ada')
    await ada.says('What are your opening hours?')
    await hears(ada.dm(), said(1))
  })
})
