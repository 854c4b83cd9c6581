/** The whole bot beside a Discord of its own: the real engine, the genuine client, real HTTP and WebSocket. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { CommandWords } from '../../src/channels/discord/commands.ts'
import { type Discord as Bot, createDiscord } from '../../src/channels/discord/index.ts'
import { webAtCommit } from '../../src/channels/web/channel.ts'
import { createRate } from '../../src/channels/web/rate.ts'
import type { ChannelName } from '../../src/domain/message.ts'
import type { Policy } from '../../src/domain/policy.ts'
import type { Channel, Model } from '../../src/domain/ports.ts'
import { createEngine, type Engine } from '../../src/engine/engine.ts'
import { openCache } from '../../src/store/cache.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { keepIn } from '../../src/store/settings.ts'
import { loadPrompts, partsOf } from '../../src/wiring.ts'
import { type Discord, startDiscord, textOf } from '../counterparts/discord/index.ts'
import { contentFlag, type Message, type Channel as Room } from '../counterparts/discord/world.ts'

const prompts = await loadPrompts({}, join(tmpdir(), 'amends-test-reader'))

export const words: [CommandWords, ...CommandWords[]] = [
  {
    locale: 'en',
    support: 'Talk to us',
    supportText: 'What is it about?',
    wrong: 'Something went wrong here',
    record: 'Record a failure',
  },
  { locale: 'zh-TW', support: '找我們', supportText: '什麼事？', wrong: '這裡出了問題', record: '記下一件失誤' },
]

export interface Stage {
  discord: Discord
  /** What the log complained of. */
  complaints: string[]
  store: Store
  engine: Engine
  bot: Bot
  /** In force; may be changed while the bot runs. */
  policy: Policy
  /** Ends the bot as a deploy does, and begins it anew on the same database. */
  restart(between?: () => void | Promise<void>): Promise<void>
  /** Ends the bot without a word: nothing is closed, nothing kept. */
  stop(): Promise<void>
}

export interface Setting {
  discord?: Discord
  store?: Store
  /** The desk's channel, made before the bot starts. */
  desk?: (discord: Discord) => Room
  policy?: Partial<Policy>
  model?: Model
  /** Before the bot connects. */
  before?: (discord: Discord) => void
  /** Does not wait for the connection. */
  connecting?: boolean
}

export async function startBot(setting: Setting = {}): Promise<Stage> {
  const discord = setting.discord ?? (await startDiscord())
  setting.before?.(discord)
  const desk = setting.desk?.(discord) ?? null
  const store = setting.store ?? (await openStore({ engine: 'sqlite', file: ':memory:' }, { alone: true }))
  const complaints: string[] = []
  const complain = (what: object, message: string) =>
    void complaints.push(
      `${message}: ${JSON.stringify(what, (_, value) => (value instanceof Error ? value.stack : value))}`,
    )
  const log = { info: () => undefined, warn: complain, error: complain }
  const clock = { now: Date.now }
  const cache = await openCache(undefined, () => undefined)
  const policy: Policy = { ...prompts.policy, ...setting.policy }
  const stage: Stage = {
    discord,
    complaints,
    store,
    policy,
    ...(await begin()),
    async restart(between) {
      await stage.engine.stop()
      await stage.bot.channel.stop()
      await between?.()
      Object.assign(stage, await begin())
    },
    async stop() {
      await stage.engine.stop()
      await stage.bot.channel.stop()
      await store.close()
      await discord.stop()
      expect(discord.rest.unknown, 'the bot calls what Discord does not have').toEqual([])
    },
  }

  async function begin(): Promise<{ engine: Engine; bot: Bot }> {
    const bot = createDiscord({
      token: discord.token,
      url: discord.url,
      keep: keepIn(store, 'discord'),
      now: Date.now,
      log,
      receives: true,
      words,
      waitFor: createRate(cache, () => policy.limits.messagesPerMinute),
    })
    const channels = new Map<ChannelName, Channel>([
      ['web', webAtCommit],
      ['discord', bot.channel],
    ])
    const parts = partsOf({
      prompts: { ...prompts, policy },
      store,
      clock,
      log,
      channels,
      timezone: 'Asia/Taipei',
      model: setting.model ?? null,
      desk: desk === null ? 'web' : `discord:${desk.id}`,
      quietMs: 0,
      happened: () => undefined,
    })
    const engine = await createEngine(parts, 'alone')
    await bot.connect(engine)
    if (!setting.connecting) await bot.ready
    return { engine, bot }
  }
  return stage
}

/** Waits until the bot has shown so many messages there; gives their texts. */
export async function hears(
  { discord }: Pick<Stage, 'discord'>,
  room: Room | (() => Room | undefined),
  count = 1,
): Promise<string[]> {
  const found = () => (typeof room === 'function' ? room() : room)
  const texts = () => {
    const here = found()
    return here ? discord.shown(here).map((message) => textOf(message)) : []
  }
  await expect.poll(texts, { timeout: 10_000, interval: 20 }).toSatisfy((all: string[]) => all.length >= count)
  return texts()
}

export function lastShown({ discord }: Pick<Stage, 'discord'>, room: Room): Message {
  const message = discord.shown(room).at(-1)
  if (!message) throw new Error('nothing was shown')
  return message
}

/** The switch for Message Content in the developer portal. */
export function mayRead({ world }: Discord): void {
  world.application.flags = contentFlag
}
