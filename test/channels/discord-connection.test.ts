/** The connection: sessions that outlive drops and restarts, and a Discord that is away, limits, refuses or loses answers. */

import { GatewayIntentBits } from 'discord.js'
import { afterEach, describe, expect, test } from 'vitest'
import { startDiscord } from '../counterparts/discord/index.ts'
import { contentFlag } from '../counterparts/discord/world.ts'
import { hears, type Setting, type Stage, startBot } from './discord-stage.ts'

const stages: Stage[] = []

async function begin(setting: Setting = {}): Promise<Stage> {
  const stage = await startBot(setting)
  stages.push(stage)
  return stage
}

afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.stop()
})

const identify = 2
const resume = 6
const handshakes = ({ discord }: Stage) => discord.gateway.seen.map(({ op }) => op)

describe('intents', () => {
  test('the smallest set, none of it privileged; what is lost is said', async () => {
    const stage = await begin()
    const asked = Number(stage.discord.gateway.seen[0]?.d.intents)
    const { Guilds, GuildMessages, GuildMessageReactions, DirectMessages, DirectMessageReactions } = GatewayIntentBits
    expect(asked).toBe(Guilds | GuildMessages | GuildMessageReactions | DirectMessages | DirectMessageReactions)
    expect(stage.bot.status()).toMatch(/without the Message Content intent/)
  })

  test('Message Content is asked for where the app has been given it', async () => {
    const stage = await begin({
      before({ world }) {
        world.application.flags = contentFlag
      },
    })
    expect(Number(stage.discord.gateway.seen[0]?.d.intents) & GatewayIntentBits.MessageContent).not.toBe(0)
    expect(stage.bot.status()).toBe('connected')
  })
})

describe('sessions', () => {
  test('after a drop the session goes on: nothing is lost, nothing comes twice', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    ada.says('What are your opening hours?')
    await hears(stage, ada.direct())
    stage.discord.gateway.cut()
    ada.says('Do you ship abroad?')
    await hears(stage, ada.direct(), 2)
    expect(handshakes(stage)).toEqual([identify, resume])
    expect(stage.discord.shown(ada.direct())).toHaveLength(2)
  })

  test('asked to reconnect (op 7), it does, and resumes', async () => {
    const stage = await begin()
    stage.discord.gateway.askToReconnect()
    await expect.poll(() => handshakes(stage)).toEqual([identify, resume])
    const ada = stage.discord.person('ada')
    ada.says('Do you ship abroad?')
    await hears(stage, ada.direct())
  })

  test('an invalid session (op 9) begins anew, and what was missed is fetched', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    ada.says('What are your opening hours?')
    await hears(stage, ada.direct())
    stage.discord.gateway.invalidate(false)
    ada.says('Do you ship abroad?')
    await hears(stage, ada.direct(), 2)
    expect(handshakes(stage)).toEqual([identify, identify])
    expect(stage.discord.shown(ada.direct())).toHaveLength(2)
  })

  test('after a long absence no session is left: what was said is fetched and handled, once', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    ada.says('What are your opening hours?')
    await hears(stage, ada.direct())
    await stage.restart(() => {
      ada.says('Do you ship abroad?')
      stage.discord.gateway.forget()
    })
    await hears(stage, ada.direct(), 2)
    expect(handshakes(stage)).toEqual([identify, resume, identify])
    await stage.restart(() => stage.discord.gateway.forget())
    await expect.poll(() => stage.bot.status()).toMatch(/^connected/)
    expect(stage.discord.shown(ada.direct())).toHaveLength(2)
  })

  test('a gateway that no longer answers heartbeats is left, and the session resumed', async () => {
    const discord = await startDiscord()
    discord.gateway.heartbeatMs = 50
    discord.gateway.mute = true
    const stage = await begin({ discord })
    await expect.poll(() => handshakes(stage)).toEqual(expect.arrayContaining([identify, resume]))
    discord.gateway.mute = false
    const ada = discord.person('ada')
    ada.says('Do you ship abroad?')
    await hears(stage, ada.direct())
  })

  test('a restart resumes: what was said, edited and deleted meanwhile comes again', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    const first = ada.says('My parcel is late, order 1234.')
    await hears(stage, ada.direct())
    await stage.restart(() => {
      ada.edits(first, 'My parcel is late, order 4321.')
      const wrong = ada.says('Forget it')
      ada.deletes(wrong)
      ada.says('Do you ship abroad?')
    })
    await hears(stage, ada.direct(), 2)
    expect(handshakes(stage)).toEqual([identify, resume])
    expect(stage.discord.gateway.closes.every((code) => code !== 1000 && code !== 1001)).toBe(true)
    const rows = await stage.store.read.selectFrom('messages').select('text').where('type', '=', 'said').execute()
    expect(rows.map(({ text }) => text)).toEqual(['My parcel is late, order 4321.', '', 'Do you ship abroad?'])
  })

  test('what could not be stored when the bot stopped comes again', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    ada.says('What are your opening hours?')
    await hears(stage, ada.direct())
    await stage.engine.stop()
    ada.says('Do you ship abroad?')
    await expect.poll(() => stage.discord.gateway.heartbeats).toBeGreaterThanOrEqual(0)
    await stage.restart()
    await hears(stage, ada.direct(), 2)
  })

  test('shards as Discord asks for them; direct messages come on the first', async () => {
    const discord = await startDiscord()
    discord.gateway.shards = 3
    const guilds = [discord.guild('one'), discord.guild('two'), discord.guild('three')]
    const stage = await begin({ discord })
    expect(discord.gateway.seen.map(({ d }) => d.shard)).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ])
    const ada = discord.person('ada')
    ada.says('Do you ship abroad?')
    await hears(stage, ada.direct())
    for (const guild of guilds) {
      const room = discord.channel(guild, 'shop')
      ada.writes(room, '@bot what are your opening hours?')
      await hears(stage, () => discord.threadsOf(room)[0])
    }
  })
})

describe('commands', () => {
  test('are registered once, and again when they changed', async () => {
    const stage = await begin()
    const puts = () =>
      stage.discord.rest.calls.filter(({ method, path }) => method === 'PUT' && path.endsWith('/commands'))
    await expect.poll(puts).toHaveLength(1)
    await stage.restart(() => stage.discord.gateway.forget())
    await expect.poll(() => handshakes(stage)).toEqual([identify, resume, identify])
    expect(puts()).toHaveLength(1)
    expect(stage.discord.world.commands.map(({ name }) => name)).toEqual([
      'support',
      'Something went wrong here',
      'Record a failure',
    ])
  })
})

describe('a Discord that is away, or will not', () => {
  test('away at the start: said once, tried on, and all else runs', async () => {
    const discord = await startDiscord()
    discord.fault({ method: 'GET', path: /applications/, status: 503, times: 1 })
    const stage = await begin({ discord, connecting: true })
    await expect.poll(() => stage.complaints.filter((line) => line.includes('trying on'))).toHaveLength(1)
    const web = { channel: 'web' as const, workspace: '-', room: 'bob', thread: null }
    const author = { id: 'web:-:bob', name: 'bob' }
    const said = { type: 'said' as const, text: 'Hello', files: [], timezone: null, tier: null }
    expect(await stage.engine.receive({ id: 'w1', place: web, author, at: 0, ...said })).toMatchObject({
      type: 'stored',
    })
    await expect.poll(() => stage.bot.status(), { timeout: 10_000 }).toMatch(/^connected/)
  })

  test('a token that is refused is said once, and never tried again', async () => {
    const discord = await startDiscord()
    const token = discord.world.token
    discord.world.token = 'another'
    const stage = await begin({ discord })
    expect(stage.bot.status()).toMatch(/DISCORD_TOKEN/)
    const asked = discord.rest.calls.length
    await expect(
      stage.bot.channel.post(place('1'), { type: 'say', text: 'Hello', buttons: [], from: 'bot', agent: null }, id(1)),
    ).rejects.toThrow(/token/)
    expect(discord.rest.calls, 'asked no more').toHaveLength(asked)
    expect(stage.complaints.filter((line) => line.includes('DISCORD_TOKEN'))).toHaveLength(1)
    discord.world.token = token
  })

  test('an intent that is not allowed is said, with what to do', async () => {
    const discord = await startDiscord()
    discord.world.application.flags = contentFlag
    const stage = await begin({ discord })
    discord.world.application.flags = 0
    await stage.restart(() => discord.gateway.forget())
    // The switch was turned off meanwhile: it is asked for no more.
    expect(stage.bot.status()).toMatch(/without the Message Content intent/)
  })
})

const place = (room: string) => ({ channel: 'discord' as const, workspace: '-', room, thread: null })
const id = (n: number) => `019db9c2-0000-7000-8000-${String(n).padStart(12, '0')}`

describe('exactly once', () => {
  test('a 500 after the post was stored does not double it', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    stage.discord.fault({ method: 'POST', path: /\/messages$/, afterwards: true })
    ada.says('What are your opening hours?')
    await expect
      .poll(() => stage.discord.rest.calls.filter(({ path }) => path.endsWith('/messages')), { timeout: 10_000 })
      .toHaveLength(2)
    expect(stage.discord.shown(ada.direct())).toHaveLength(1)
  })

  test('an answer that is cut off does not double it either', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    stage.discord.fault({ method: 'POST', path: /\/messages$/, afterwards: true, cut: true })
    ada.says('What are your opening hours?')
    await expect
      .poll(() => stage.discord.rest.calls.filter(({ path }) => path.endsWith('/messages')), { timeout: 10_000 })
      .toHaveLength(2)
    expect(stage.discord.shown(ada.direct())).toHaveLength(1)
  })

  test('the nonce has 22 characters of our id and two digits', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    ada.says('What are your opening hours?')
    await hears(stage, ada.direct())
    const [sent] = stage.discord.rest.calls.filter(({ path }) => path.endsWith('/messages'))
    expect(sent?.body).toMatchObject({ enforce_nonce: true, nonce: expect.stringMatching(/^[\w-]{22}00$/) })
  })

  test('long after, its own recent messages are looked at, and the rest is sent', async () => {
    const stage = await begin()
    const { discord, bot } = stage
    const ada = discord.person('ada')
    ada.says('What are your opening hours?')
    await hears(stage, ada.direct())
    const long = ['one', 'two', 'three'].map((word) => `${word} `.repeat(300).trim()).join('\n\n')
    const outgoing = { type: 'say' as const, text: long, buttons: [], from: 'bot' as const, agent: null }
    const row = `${Date.now()
      .toString(16)
      .padStart(12, '0')
      .replace(/^(.{8})(.{4})$/u, '$1-$2')}-7000-8000-000000000003`
    discord.fault({ method: 'POST', path: /\/messages$/, status: 200, times: 1 })
    discord.rest.faults.length = 0
    const parts = discord.shown(ada.direct()).length
    await bot.channel.post(place(ada.id), outgoing, row)
    const sent = discord.shown(ada.direct()).slice(parts)
    expect(sent.length).toBeGreaterThan(1)
    const whole = await bot.channel.findSent?.(place(ada.id), row, outgoing)
    expect(whole?.id).toBe(sent.map((one) => one.id).join('+'))

    // The last piece never arrived: only that one is sent again.
    const channel = ada.direct()
    channel.messages = channel.messages.filter((one) => one !== sent.at(-1))
    expect(await bot.channel.findSent?.(place(ada.id), row, outgoing)).toBeNull()
    const calls = discord.rest.calls.length
    await bot.channel.post(place(ada.id), outgoing, row)
    expect(discord.rest.calls.slice(calls).filter(({ method }) => method === 'POST')).toHaveLength(1)
  })
})

describe('limits and refusals', () => {
  test('429: obeyed, not waited for, and delivered', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    stage.discord.fault({ method: 'POST', path: /\/messages$/, status: 429, retryAfter: 0.3 })
    const before = Date.now()
    ada.says('What are your opening hours?')
    await hears(stage, ada.direct())
    expect(Date.now() - before).toBeGreaterThanOrEqual(300)
    expect(stage.discord.shown(ada.direct())).toHaveLength(1)
  })

  test('direct messages closed: a private thread where they were last seen, and the desk is told', async () => {
    const stage = await begin()
    const { discord } = stage
    const ada = discord.person('ada')
    const guild = discord.guild()
    const shop = discord.channel(guild, 'shop')
    stage.discord.gateway.cut()
    ada.writes(shop, '@bot hello')
    await hears(stage, () => discord.threadsOf(shop)[0])
    ada.closesDirect()
    ada.says('My parcel is late again!')
    await hears(stage, () => discord.threadsOf(shop).find(({ type }) => type === 12))
    const thread = discord.threadsOf(shop).find(({ type }) => type === 12)
    expect([...(thread?.members ?? [])]).toContain(ada.id)
    const trouble = () =>
      stage.store.read.selectFrom('messages').select(['customer', 'text']).where('type', '=', 'trouble').execute()
    await expect
      .poll(trouble)
      .toEqual([{ customer: `discord:-:${ada.id}`, text: expect.stringMatching(/direct messages/) }])

    // There they go on, in the same conversation; so it is when they write to the closed door again.
    if (thread) ada.writes(thread, '@bot it is order 77')
    await hears(stage, () => thread, 2)
    ada.says('What are your opening hours?')
    await hears(stage, () => thread, 3)
    expect(discord.threadsOf(shop).filter(({ type }) => type === 12)).toHaveLength(1)
    expect(await trouble()).toHaveLength(1)
    const conversations = await stage.store.read
      .selectFrom('conversations')
      .selectAll()
      .where('room', '=', ada.id)
      .execute()
    expect(conversations).toHaveLength(1)
  })

  test.each([
    ['closed, with nowhere else to go', 403, 50007],
    ['a channel that may not be seen', 403, 50001],
    ['a missing permission', 403, 50013],
    ['a body that Discord will not have', 400, 50035],
  ])('%s: one try, no storm', async (_what, status, code) => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    stage.discord.fault({ method: 'POST', path: /\/messages$/, status, code, times: 99 })
    const direct = place(ada.id)
    ada.direct()
    await expect(
      stage.bot.channel.post(direct, { type: 'say', text: 'Hello', buttons: [], from: 'bot', agent: null }, id(9)),
    ).rejects.toMatchObject({ constructor: expect.objectContaining({ prototype: expect.anything() }) })
    expect(stage.discord.rest.calls.filter(({ path }) => path.endsWith('/messages'))).toHaveLength(1)
  })

  test.each([
    ['unknown by now', 404, 10062],
    ['acknowledged before', 400, 40060],
  ])('an interaction that is %s loses nothing of what was pressed', async (_what, status, code) => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    ada.says('What are your opening hours?')
    await hears(stage, ada.direct())
    stage.discord.fault({ method: 'POST', path: /callback$/, status, code })
    await stage.bot.channel.post(
      place(ada.id),
      { type: 'say', text: 'Well?', buttons: [{ id: 'human', label: 'A person' }], from: 'bot', agent: null },
      id(4),
    )
    const offered = stage.discord.shown(ada.direct()).at(-1)
    if (!offered) throw new Error('nothing was shown')
    await ada.presses(offered, 'A person').catch((error) => expect(String(error)).toMatch(/failed/))
    await hears(stage, ada.direct(), 3)
  })

  test('/support is stored before it is answered', async () => {
    const stage = await begin()
    await expect.poll(() => stage.discord.world.commands).toHaveLength(3)
    const ada = stage.discord.person('ada')
    const { answer } = await ada.runs('support', { text: 'My parcel is late.' })
    expect(answer).toMatchObject({ type: 4, data: { content: '> My parcel is late.' } })
    const rows = await stage.store.read.selectFrom('messages').select('text').execute()
    expect(rows).toEqual([{ text: 'My parcel is late.' }])
  })
})
