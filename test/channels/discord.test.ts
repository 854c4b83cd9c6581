/** Customers on Discord, through the genuine client against a Discord of one's own. */
import { afterEach, describe, expect, test } from 'vitest'
import { buttonsOf, kind } from '../counterparts/discord/index.ts'
import { hears, lastShown, mayRead, type Setting, type Stage, startBot } from './discord-stage.ts'

const stages: Stage[] = []

async function begin(setting: Setting = {}): Promise<Stage> {
  const stage = await startBot(setting)
  stages.push(stage)
  return stage
}

afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.stop()
})

describe('direct messages', () => {
  test('a complaint is heard, and answered where it was said', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    ada.says('This is the third time my parcel is late. I have guests on Saturday!')
    const [reply = ''] = await hears(stage, ada.direct())
    expect(reply).toMatch(/sorry|apolog/i)
    expect(reply).toMatch(/parcel/i)
    expect(reply).toMatch(/automated/i)
    expect(await stage.engine.view({ of: 'cases', status: null })).toMatchObject({
      cases: [{ customer: `discord:-:${ada.id}`, kind: 'complaint' }],
    })
    expect(stage.complaints).toEqual([])
  })

  test('a question asked twice by the gateway is answered once', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    const { discord } = stage
    const said = ada.says('What are your opening hours?')
    await hears(stage, ada.direct())
    // The very same message is dispatched again, as after a resume.
    discord.gateway.dispatch({ t: 'MESSAGE_CREATE', guild: null, needs: 0, d: () => ({ ...said, channel_type: 1 }) })
    ada.says('Do you ship abroad?')
    await hears(stage, ada.direct(), 2)
    expect(discord.shown(ada.direct())).toHaveLength(2)
  })

  test('edits and deletes travel, also of messages that nobody has cached', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    const first = ada.says('My parcel is late, order 1234.')
    await hears(stage, ada.direct())
    await stage.restart()
    ada.edits(first, 'My parcel is late, order 4321.')
    await expect.poll(() => textsOf(stage, ada.id)).toContain('My parcel is late, order 4321.')
    const second = ada.says('Oh, and the box is broken.')
    await expect.poll(() => textsOf(stage, ada.id)).toContain('Oh, and the box is broken.')
    ada.deletes(second)
    await expect.poll(() => textsOf(stage, ada.id)).not.toContain('Oh, and the box is broken.')
    expect(stage.complaints).toEqual([])
  })

  test('a link that gets its preview is no edit', async () => {
    const stage = await begin()
    const { discord } = stage
    const ada = discord.person('ada')
    const said = ada.says('What are your opening hours? https://example.com')
    await hears(stage, ada.direct())
    discord.gateway.dispatch({
      t: 'MESSAGE_UPDATE',
      guild: null,
      needs: 0,
      d: () => ({ id: said.id, channel_id: said.channel_id, embeds: [{}] }),
    })
    ada.says('Do you ship abroad?')
    await hears(stage, ada.direct(), 2)
    expect(discord.shown(ada.direct())).toHaveLength(2)
    expect(stage.complaints).toEqual([])
  })

  test('files come as bytes; one that is too large is named, and the text is taken', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    const photo = Buffer.from('the broken box')
    ada.says('My box arrived broken, see the photo.', {
      files: [
        { name: 'box.jpg', type: 'image/jpeg', bytes: photo },
        { name: 'film.mp4', type: 'video/mp4', bytes: Buffer.alloc(30 * 1024 * 1024) },
      ],
    })
    await hears(stage, ada.direct())
    const files = await stage.store.read.selectFrom('files').selectAll().execute()
    expect(files.map(({ name, type, size }) => ({ name, type, size }))).toEqual([
      { name: 'box.jpg', type: 'image/jpeg', size: photo.length },
    ])
    expect(Buffer.from(files[0]?.bytes ?? []).toString()).toBe('the broken box')
    expect((await textsOf(stage, ada.id))[0]).toMatch(/\[film\.mp4\]/)
    await expect
      .poll(() => stage.discord.shown(ada.direct()).map(({ content }) => content))
      .toContainEqual(expect.stringMatching(/“film\.mp4” is larger than 10 MB/))
  })

  test('a 2 MB paste does not stop the bot, and long words are split at paragraphs', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    ada.says('x'.repeat(2 * 1024 * 1024))
    ada.says('What are your opening hours?')
    await hears(stage, ada.direct())
  })

  test('long words are split at paragraphs, and the buttons stand under the last', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    const paragraph = 'This is a long paragraph of what we have found out. '.repeat(20).trim()
    await stage.bot.channel.post(
      { channel: 'discord', workspace: '-', room: ada.id, thread: null },
      {
        type: 'say',
        text: [paragraph, paragraph, paragraph].join('\n\n'),
        buttons: [{ id: 'human', label: 'Talk to a person' }],
        from: 'bot',
        agent: null,
      },
      '019db9c2-0000-7000-8000-000000000001',
    )
    const texts = stage.discord.shown(ada.direct())
    expect(texts.map((message) => message.content)).toEqual([paragraph, paragraph, paragraph])
    expect(texts.map((message) => buttonsOf(message))).toEqual([[], [], ['Talk to a person']])
  })

  test('who writes faster than people do is told once, and not answered as fast', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    for (let n = 0; n < 90; n += 1) ada.says(`I am number ${n}`)
    const tooFast = () => stage.discord.shown(ada.direct()).filter(({ content }) => /a lot of messages/.test(content))
    await expect.poll(tooFast, { timeout: 10_000 }).toHaveLength(1)
    await stage.engine.settle()
    expect(tooFast()).toHaveLength(1)
    expect((await textsOf(stage, ada.id)).length).toBeLessThanOrEqual(62)
    expect(stage.discord.shown(ada.direct()).length).toBeLessThan(45)
  })

  test('bots and webhooks are not answered, themselves least of all', async () => {
    const stage = await begin()
    const { discord } = stage
    const robot = discord.person('robot')
    robot.user.bot = true
    robot.says('Do you ship abroad?')
    const ada = discord.person('ada')
    ada.says('Do you ship abroad?')
    await hears(stage, ada.direct())
    expect(discord.shown(robot.direct())).toEqual([])
  })

  test('buttons work after a restart, however old their message', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    ada.says('What are your opening hours?')
    await hears(stage, ada.direct())
    await stage.bot.channel.post(
      { channel: 'discord', workspace: '-', room: ada.id, thread: null },
      { type: 'say', text: 'Is that all?', buttons: [{ id: 'human', label: 'A person' }], from: 'bot', agent: null },
      '019db9c2-0000-7000-8000-000000000002',
    )
    const offered = lastShown(stage, ada.direct())
    await stage.restart()
    const { answer } = await ada.presses(offered, 'A person')
    expect(answer, 'acknowledged: chosen is chosen').toMatchObject({ type: 7, data: { components: [] } })
    await hears(stage, ada.direct(), 3)
    expect(await stage.engine.view({ of: 'cases', status: null })).toMatchObject({ cases: [{ kind: 'inquiry' }] })
  })
})

describe('in a server', () => {
  test('a mention is answered in a thread of its own, where no further mention is needed', async () => {
    const stage = await begin({ before: mayRead })
    const { discord } = stage
    const ada = discord.person('ada')
    const bob = discord.person('bob')
    const guild = discord.guild()
    const shop = discord.channel(guild, 'shop')
    discord.gateway.drop()
    ada.writes(shop, 'My parcel is late.')
    const asked = ada.writes(shop, '@bot my parcel is late, order 77.')
    await hears(stage, () => discord.threadsOf(shop)[0])
    const [thread] = discord.threadsOf(shop)
    if (!thread) throw new Error('no thread')
    expect(thread.id, 'the thread begins with the message').toBe(asked.id)
    expect(discord.shown(shop), 'nothing in the channel itself').toEqual([])
    expect((await textsOf(stage, ada.id))[0], 'being addressed is no part of what is said').toBe(
      'my parcel is late, order 77.',
    )

    bob.writes(thread, 'Same here!')
    ada.writes(thread, 'It is the third time!')
    await hears(stage, thread, 2)
    expect(await textsOf(stage, bob.id), 'people among themselves').toEqual([])
    expect(discord.threadsOf(shop)).toHaveLength(1)
    expect(stage.complaints.filter((line) => !line.includes('trying on'))).toEqual([])
  })

  test('nothing said can ping anybody', async () => {
    const stage = await begin()
    const { discord } = stage
    const ada = discord.person('ada')
    ada.says('Hello <@&1> @everyone <@!2>, what are your opening hours?')
    await hears(stage, ada.direct())
    const sent = discord.rest.calls.filter((call) => call.method === 'POST' && call.path.endsWith('/messages'))
    for (const { body } of sent) expect(body.allowed_mentions).toEqual({ parse: [] })
  })

  test('a support channel: every post has a private thread of its own', async () => {
    const { stage, support } = await withSupport(kind.text)
    const { discord } = stage
    const ada = discord.person('ada')
    support.guild.members.add(ada.id)
    ada.writes(support.channel, 'The lamp I bought is broken.')
    await hears(stage, () => discord.threadsOf(support.channel)[0])
    const [thread] = discord.threadsOf(support.channel)
    expect(thread).toMatchObject({ type: kind.private })
    expect([...(thread?.members ?? [])]).toContain(ada.id)
    expect(discord.shown(support.channel)).toEqual([])
    if (thread) ada.writes(thread, 'And I want my money back.')
    await expect.poll(() => textsOf(stage, ada.id)).toContain('And I want my money back.')
  })

  test('a support channel without private threads has public ones', async () => {
    const { stage, support } = await withSupport(kind.text)
    support.channel.permission_overwrites = [{ id: support.guild.id, type: 0, allow: '0', deny: String(1n << 36n) }]
    const ada = stage.discord.person('ada')
    const asked = ada.writes(support.channel, 'The lamp I bought is broken.')
    await hears(stage, () => stage.discord.threadsOf(support.channel)[0])
    expect(stage.discord.threadsOf(support.channel)[0]).toMatchObject({ type: kind.public, id: asked.id })
  })

  test('a support forum: each post is answered in itself', async () => {
    const { stage, support } = await withSupport(kind.forum)
    const ada = stage.discord.person('ada')
    const { thread } = ada.posts(support.channel, 'Broken lamp', 'The lamp I bought is broken.')
    await hears(stage, thread)
    stage.discord.person('bob').writes(thread, 'I like lamps.')
    ada.writes(thread, 'What are your opening hours?')
    await hears(stage, thread, 2)
  })
})

async function withSupport(type: number) {
  const stage = await begin({
    before(discord) {
      mayRead(discord)
      const guild = discord.guild()
      discord.channel(guild, 'help', type)
    },
  })
  const [guild] = stage.discord.world.guilds.values()
  const channel = [...stage.discord.world.channels.values()].find((one) => one.name === 'help')
  if (!guild || !channel) throw new Error('the support channel is missing')
  stage.policy.support = [`discord:${channel.id}`]
  return { stage, support: { guild, channel } }
}

/** What we have of somebody, in order. */
async function textsOf({ store }: Stage, user: string): Promise<string[]> {
  const rows = await store.read
    .selectFrom('messages')
    .select('text')
    .where('customer', '=', `discord:-:${user}`)
    .where('type', '=', 'said')
    .orderBy('id')
    .execute()
  return rows.map(({ text }) => text)
}
