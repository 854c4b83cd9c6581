/** Customers in Slack, with its genuine libraries, over real HTTP and a real WebSocket; the same in both modes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, modes, said, saidIn, serve } from './slack.ts'

describe.each(modes)('customers, over %s', (mode) => {
  let bench: Bench
  beforeAll(async () => {
    bench = await serve({ mode })
  })
  afterAll(() => bench.stop())

  test('a direct message is stored, acknowledged and answered', async () => {
    const { slack, hears } = bench
    const ada = slack.user('ada')
    const { acks } = await ada.says('My parcel is late for the third time. I have guests on Saturday.')
    expect(acks.map((ack) => [ack.status, ack.attempts])).toEqual([[200, 1]])
    const [answer] = await hears(ada.dm(), said(1))
    expect(answer?.text).toMatch(/sorry/i)
    expect(answer?.thread).toBeNull()
  })

  test('a mention in a channel is answered in its thread, and there one need not mention it again', async () => {
    const { slack, hears, staysAt } = bench
    const ada = slack.user('ada')
    const room = slack.room('general', 'channel', [ada])
    await ada.says('Has anybody seen my parcel?', { in: room })
    await staysAt(room, 0)
    const asked = await ada.says(`<@${slack.team.bot.user}> what are your opening hours?`, { in: room })
    expect(
      asked.acks.map((ack) => ack.status),
      'message and app_mention',
    ).toEqual([200, 200])
    const [answer] = await hears(room, said(1))
    expect(answer?.thread).toBe(asked.message.ts)
    await ada.says('And my parcel is late, too.', { in: room, thread: asked.message.ts })
    await hears(room, said(2))
    await staysAt(room, 2)
    expect(saidIn(room).every((one) => one.thread === asked.message.ts)).toBe(true)
  })

  test('it keeps out where people talk to each other, until it is addressed again', async () => {
    const { slack, hears, staysAt } = bench
    const ada = slack.user('ada')
    const bob = slack.user('bob')
    const room = slack.room('general', 'channel', [ada, bob])
    const { message } = await ada.says(`<@${slack.team.bot.user}> what are your opening hours?`, { in: room })
    const thread = message.ts
    await hears(room, said(1))
    await bob.says('I can tell you more about that.', { in: room, thread })
    await ada.says('Please do, where do I find the returns desk?', { in: room, thread })
    await ada.says(`<@${bob.id}> and how do I pay?`, { in: room, thread })
    await staysAt(room, 1)
    await ada.says(`<@${slack.team.bot.user}> how can I pay?`, { in: room, thread })
    await hears(room, said(2))
    await ada.says('And how long do refunds take?', { in: room, thread })
    await hears(room, said(3))
  })

  test('bots, our own words and what Slack says of itself are not answered', async () => {
    const { slack, staysAt } = bench
    const robot = slack.user('robot', { isBot: true })
    const room = slack.room('general', 'channel', [robot])
    await robot.says(`<@${slack.team.bot.user}> what are your opening hours?`, { in: room })
    await robot.says('My parcel is late.')
    await slack.sends({
      type: 'message',
      subtype: 'channel_join',
      user: robot.id,
      text: `<@${robot.id}> has joined the channel`,
      channel: room.id,
      channel_type: 'channel',
      ts: slack.world.ts(),
    })
    await staysAt(room, 0)
    expect(saidIn(robot.dm())).toEqual([])
  })
})
