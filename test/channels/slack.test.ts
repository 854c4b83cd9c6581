/** Customers in Slack, with its genuine libraries, over real HTTP and a real WebSocket; the same in both modes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readable } from '../counterparts/slack/blocks.ts'
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

  test('what was pressed is answered, and its choices go away', async () => {
    const { slack, hears, until } = bench
    const ada = slack.user('ada')
    await ada.says('My parcel arrived broken.')
    await hears(ada.dm(), said(1))
    const number = await caseOf(ada.id)
    await bench.agent({ do: 'claim', case: number })
    await bench.agent({ do: 'remedy', case: number, remedy: 'a new one by courier', amount: null, text: null })
    const all = await hears(ada.dm(), (heard) => heard.some((one) => one.buttons.length === 2))
    const offer = ada.last()
    const [yes = ''] = all.at(-1)?.buttons ?? []
    const pressed = await ada.presses(yes, offer)
    expect(pressed.status).toBe(200)
    await until(() => expect(readable(offer.message.blocks)).toContain(`✓ ${yes}`))
    expect(saidIn(ada.dm()).find((one) => one.ts === offer.message.ts)?.buttons).toEqual([])
    await hears(ada.dm(), said(all.length + 1))
    expect(await bench.rows('pressed', `slack:${slack.team.id}:${ada.id}`)).toEqual([{ button: 'accept', case: null }])
  })

  test('an edit and a deletion reach the conversation; an unfurled link is neither', async () => {
    const { slack, hears, staysAt } = bench
    const ada = slack.user('ada')
    const asked = await ada.says('What are your opening hours?')
    await hears(ada.dm(), said(1))
    expect((await ada.unfurls(asked)).map((ack) => ack.status)).toEqual([200])
    await staysAt(ada.dm(), 1)
    await ada.edits(asked, 'My parcel is late. I have been waiting since Monday.')
    await hears(ada.dm(), said(2))
    const other = await ada.says('How can I pay?')
    await hears(ada.dm(), said(3))
    await ada.deletes(other)
    const known = await messagesOf(ada.id)
    expect(known.map((one) => one.text)).toContain('My parcel is late. I have been waiting since Monday.')
    expect(known.map((one) => one.text)).not.toContain('How can I pay?')
  })

  test('who forgot to mention us, and does so in an edit, is answered', async () => {
    const { slack, hears, staysAt } = bench
    const ada = slack.user('ada')
    const room = slack.room('help', 'group', [ada])
    const asked = await ada.says('what are your opening hours?', { in: room })
    await staysAt(room, 0)
    await ada.edits(asked, `<@${slack.team.bot.user}> what are your opening hours?`)
    const [answer] = await hears(room, said(1))
    expect(answer?.thread).toBe(asked.message.ts)
  })

  test('the command helps in private; with words it is a message, answered directly', async () => {
    const { slack, hears } = bench
    const ada = slack.user('ada')
    const room = slack.room('general', 'channel', [ada])
    const helped = await ada.commands('/support', '', room)
    expect(helped.status).toBe(200)
    expect(slack.world.ephemeral.at(-1)).toMatchObject({ user: ada.id, text: expect.stringMatching(/direct messages/) })
    expect(saidIn(room)).toEqual([])
    await ada.commands('/support', 'My parcel is late, &lt;again&gt;.', room)
    expect(slack.world.ephemeral.at(-1)).toMatchObject({
      user: ada.id,
      text: expect.stringMatching(/I have your message/),
    })
    const [answer] = await hears(ada.dm(), said(1))
    expect(answer?.text).toMatch(/sorry/i)
    expect((await messagesOf(ada.id))[0]?.text).toBe('My parcel is late, <again>.')
  })

  test('a file comes with its bytes; one that is too large is said to be, and the text goes on', async () => {
    const { slack, hears, until } = bench
    const ada = slack.user('ada')
    await ada.says('My parcel arrived broken, see the photo.', {
      files: [{ name: 'box.jpg', type: 'image/jpeg', bytes: Buffer.from('a photo') }],
    })
    await hears(ada.dm(), said(1))
    await ada.says('And here is a film of it.', {
      files: [{ name: 'film.mp4', type: 'video/mp4', bytes: Buffer.alloc(10 * 1024 * 1024 + 1) }],
    })
    await hears(ada.dm(), said(2))
    expect((await messagesOf(ada.id)).map((one) => one.text)).toContain('And here is a film of it.\n📎 film.mp4')
    await until(() => expect(slack.world.ephemeral.at(-1)?.text).toMatch(/“film\.mp4” is larger than 10 MB/))
  })

  test('a file from another workspace is looked up before it is fetched', async () => {
    const { slack, hears } = bench
    const ada = slack.user('ada', { team: 'T0FOREIGN' })
    await ada.says('My parcel arrived broken.', {
      files: [{ name: 'box.jpg', type: 'image/jpeg', bytes: Buffer.from('a photo'), hidden: true }],
    })
    await hears(ada.dm(), said(1))
    expect(slack.calls.filter((call) => call.method === 'files.info')).toHaveLength(1)
    expect((await messagesOf(ada.id))[0]?.text, 'nothing is said to be missing').toBe('My parcel arrived broken.')
  })

  test('a reaction to an answer counts; one to other people’s words is nobody’s business', async () => {
    const { slack, hears, until } = bench
    const ada = slack.user('ada')
    const bob = slack.user('bob')
    const room = slack.room('general', 'channel', [ada, bob])
    await ada.says('What are your opening hours?')
    await hears(ada.dm(), said(1))
    const theirs = await bob.says('Lunch?', { in: room })
    expect((await ada.reacts('thumbsdown', ada.last())).map((ack) => ack.status)).toEqual([200])
    expect((await ada.reacts('rage', theirs)).map((ack) => ack.status)).toEqual([200])
    await until(async () => expect(await reactionsOf(ada.id)).toEqual(['👎']))
  })

  test('who is from another workspace is answered in the channel that is shared, and can choose there', async () => {
    const { slack, hears } = bench
    const grace = slack.user('Grace', { team: 'T0FOREIGN1' })
    const room = slack.room('shared', 'channel', [grace])
    const { message } = await grace.says(`<@${slack.team.bot.user}> my parcel arrived broken.`, { in: room })
    const [answer] = await hears(room, said(1))
    expect(answer?.thread).toBe(message.ts)
    const number = await caseOf(grace.id)
    await bench.agent({ do: 'claim', case: number })
    await bench.agent({ do: 'remedy', case: number, remedy: 'a new one by courier', amount: null, text: null })
    const offered = (await hears(room, (all) => all.some((one) => one.buttons.length === 2))).at(-1)
    const offer = room.messages.find((one) => one.ts === offered?.ts)
    if (!offer) throw new Error('the offer is gone')
    expect((await grace.presses(offered?.buttons[0] ?? '', { room, message: offer })).status).toBe(200)
    expect(await bench.rows('pressed', `slack:${slack.team.id}:${grace.id}`)).toHaveLength(1)
  })

  test('a long answer is said in several messages, whole', async () => {
    const { slack, hears } = bench
    const ada = slack.user('ada')
    const quoted = `My parcel is late: ${'it was to come on Monday and did not, '.repeat(100)}and I wait.`
    expect((await ada.says(quoted)).acks[0]?.status).toBe(200)
    await hears(ada.dm(), said(1))
    for (const one of saidIn(ada.dm())) expect(one.text.length).toBeLessThanOrEqual(4000)
  })

  test('every message has a text beside its blocks, and calls nobody', async () => {
    const { slack, hears } = bench
    const ada = slack.user('@channel')
    await ada.says('My parcel is late <!channel> <!here> @channel @everyone, order 48213377 &amp; more.')
    await hears(ada.dm(), said(1))
    for (const message of ada.dm().messages.filter((one) => one.botId !== null)) {
      expect(message.text).not.toBe('')
      expect(`${message.text} ${readable(message.blocks)}`).not.toMatch(/@(?:channel|here|everyone)|<!/)
    }
  })

  test('whoever writes faster than people do is told once, and not answered', async () => {
    const { slack, until } = bench
    const loop = slack.user('loop')
    for (let i = 0; i < 70; i += 1) await loop.says(`I am a loop ${i}`)
    await until(() => expect(slack.world.ephemeral.filter((one) => one.user === loop.id)).toHaveLength(1))
    expect(slack.world.ephemeral.at(-1)?.text).toMatch(/a lot of messages/)
    expect((await messagesOf(loop.id)).length).toBeLessThan(70)
  })

  async function messagesOf(user: string): Promise<{ text: string }[]> {
    const customer = `slack:${bench.slack.team.id}:${user}`
    const { messages } = (await bench.bot.engine.view({ of: 'messages', customer, after: null })) as {
      messages: { from: string; text: string }[]
    }
    return messages.filter((one) => one.from === 'customer')
  }

  async function caseOf(user: string): Promise<number> {
    const { cases } = (await bench.bot.engine.view({ of: 'cases', status: null })) as {
      cases: { case: number; customer: string }[]
    }
    return cases.find((one) => one.customer.endsWith(user))?.case ?? 0
  }

  async function reactionsOf(user: string): Promise<string[]> {
    const rows = await bench.rows('reacted', `slack:${bench.slack.team.id}:${user}`)
    return rows.map((row) => row.emoji as string)
  }
})
