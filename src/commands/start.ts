/** `start`: the whole bot. Says what runs, what does not, and which setting would turn it on. */

import { watch } from 'node:fs'
import { webAtCommit } from '../channels/web/channel.ts'
import { createHub } from '../channels/web/hub.ts'
import { createRate } from '../channels/web/rate.ts'
import { type Hands, isLoopback, startWeb } from '../channels/web/server.ts'
import { letPass, type MovableClock, parseSpan, systemClock } from '../clock.ts'
import { type Config, cacheDirOf, Refusal } from '../config.ts'
import type { ChannelName } from '../domain/message.ts'
import type { Channel, Platform } from '../domain/ports.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import type { Log } from '../engine/parts.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { openCache } from '../store/cache.ts'
import * as lessons from '../store/lessons.ts'
import { openStore, type Store } from '../store/open.ts'
import { keepIn } from '../store/settings.ts'
import { livePrompts, partsOf } from '../wiring.ts'
import { createWriter } from '../writing/compose.ts'
import { argumentsOf } from './arguments.ts'
import { reasonOf, refusalOf } from './database.ts'
import { modelOf } from './model.ts'
import { hasSlack, platformsOf } from './platforms.ts'
import { whenAskedToStop } from './stopping.ts'
import { welcome } from './welcome.ts'

/** How long turns in flight may take to finish when the bot is asked to stop. */
const stopWithinMs = 10_000

export interface Running {
  /** Of the web channel, where this process has one. */
  address: string | null
  engine: Engine
  platforms: ReadonlyMap<ChannelName, Platform>
  stop(): Promise<void>
}

/** `paceMs` is the time between two messages in a room of a platform: only tests have other rooms than people's. */
export async function start(config: Config, say: (line: string) => void, paceMs = 1000): Promise<Running> {
  refuseUnfit(config)
  const log = createLog(config.LOG_LEVEL)
  const metrics = createMetrics()
  const hub = createHub()
  const { store, prompts, reload, relearn, clock } = await openAll(config, log)
  const cache = await openCache(config.CACHE_URL, (error) =>
    log.warn({ err: error }, 'the cache does not answer; going on without it'),
  )
  const waitFor = createRate(cache, () => prompts.policy.limits.messagesPerMinute)
  const platforms = await platformsOf(config, {
    log,
    keep: (prefix) => keepIn(store, prefix),
    waitFor,
    desks: () => [config.DESK, ...prompts.policy.desks.map((one) => one.desk)],
    labels: (names, locale) =>
      createWriter(prompts.scripts)
        .buttons(names, locale)
        .map(({ label }) => label),
    paceMs,
  })
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const model = await modelOf(config, {
    instructions: () => prompts.instructions,
    clock,
    timezone: prompts.policy.timezone ?? timezone,
    log,
    keep: keepIn(store, 'model'),
    cache,
    told: (call) => metrics.called(call),
    usedUp: (day) => void tellSpent(engine, day, clock.now()).catch((error) => log.error({ err: error }, 'not told')),
  })
  const parts = partsOf({
    prompts,
    store,
    clock,
    log,
    model,
    channels: new Map([['web', webAtCommit], ...channelsOf(platforms)]),
    timezone,
    desk: config.DESK,
    quietMs: config.QUIET_MS,
    happened(lines) {
      metrics.happened(lines)
      for (const person of new Set(lines.map((line) => line.person))) hub.stir(person)
    },
  })
  const engine: Engine = await createEngine(parts, wakingOf(config))
  // A database that is away just then must not end the process: the next jump brings the clock along.
  const follow = () => clock.follow().catch((error) => log.warn({ err: error }, 'the clock was not moved along'))
  await store.bus?.listen((news) => void (news === clockMoved ? follow() : hub.stir(news)))
  let stopping = false
  /** Nothing of it stays behind: no lock on the file, and no turn. */
  const undo = async (error: unknown, taken: string): Promise<never> => {
    await engine.stop()
    for (const { channel } of platforms.values()) await channel.stop()
    await cache.close()
    await store.close()
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new Refusal(`${taken}, or stop what uses it`)
    throw error
  }
  const web =
    config.ROLE === 'worker'
      ? null
      : await startWeb({
          host: config.HOST,
          port: config.PORT,
          front: engine,
          hub,
          now: () => clock.now(),
          zone: () => parts.hours.timezone,
          waitFor,
          metrics: () => metrics.text(),
          notReady: () => (stopping ? 'shutting down' : null),
          clock: handsOf(config, clock, engine, store, platforms.size > 0),
          failed: (error) => log.error({ err: error }, 'a request failed'),
        }).catch((error: unknown) => undo(error, `port ${config.PORT} is taken: set PORT to another`))
  for (const platform of platforms.values())
    await platform
      .connect(engine)
      .catch((error: unknown) => undo(error, `port ${config.SLACK_PORT} is taken: set SLACK_PORT to another`))
  const unwatch = watchPrompts([prompts.dir, ...(config.KNOWLEDGE_DIR ? [config.KNOWLEDGE_DIR] : [])], reload)
  const learning = setInterval(() => void relearn(), relearnMs)
  say(welcome(config, web?.address ?? null).join('\n'))
  return {
    address: web?.address ?? null,
    engine,
    platforms,
    async stop() {
      stopping = true
      clearInterval(learning)
      unwatch()
      await Promise.race([engine.stop(), new Promise((resolve) => setTimeout(resolve, stopWithinMs).unref())])
      for (const { channel } of platforms.values()) await channel.stop()
      await web?.stop()
      await cache.close()
      await store.close()
    },
  }
}

function channelsOf(platforms: ReadonlyMap<ChannelName, Platform>): [ChannelName, Channel][] {
  return [...platforms].map(([name, { channel }]) => [name, channel])
}

/** Told between processes beside the ids of people, which all have colons. */
const clockMoved = 'clock'

/**
 * The playground's hands on the clock, where this process runs turns and takes messages in. One jump at a time: what
 * falls due on the way happens at its own time. Other processes on the same database go along. With a platform set
 * (`isLive`) time is everybody's: nobody moves it.
 */
function handsOf({ ROLE }: Config, clock: MovableClock, engine: Engine, store: Store, isLive: boolean): Hands {
  const { bus } = store
  const moved = {
    now: () => clock.now(),
    async set(at: number) {
      await clock.set(at)
      if (bus) await store.write((tx) => bus.tell(tx, clockMoved))
    },
  }
  const jump = async (ms: number) => {
    await letPass(moved, engine, clock.now() + ms)
    engine.look()
  }
  let jumps = Promise.resolve()
  const pass = (ms: number) => {
    jumps = jumps.catch(() => undefined).then(() => jump(ms))
    return jumps
  }
  return { offset: () => clock.offset(), parse: parseSpan, pass: ROLE === 'all' && !isLive ? pass : null }
}

/** Settings that are well formed each, and yet no bot could run by them. */
function refuseUnfit(config: Config): void {
  const { HOST, DESK, DISCORD_TOKEN } = config
  if (!isLoopback(HOST))
    throw new Refusal(
      `HOST=${HOST} would open the bot to others, and sign-in is not there yet: leave HOST at 127.0.0.1`,
    )
  if (DESK.startsWith('slack:') && !hasSlack(config))
    throw new Refusal(`DESK=${DESK} needs Slack: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or leave DESK at web`)
  if (DESK.startsWith('discord:') && DISCORD_TOKEN === undefined)
    throw new Refusal(`DESK=${DESK} needs Discord: set DISCORD_TOKEN, or leave DESK at web`)
}

/** The desk learns that the day's budget is used up; of several processes, from the first. */
async function tellSpent(engine: Engine, day: string, at: number): Promise<void> {
  const place = { channel: 'web' as const, workspace: '-', room: 'desk', thread: null }
  const author = { id: 'web:-:model', name: 'model' }
  const told = { type: 'trouble' as const, about: null, reason: 'spent', text: '' }
  await engine.receive({ ...told, id: `spent-${day}`, place, author, at })
}

/** `prompts learn`, and `forget`, are other processes: what they changed is looked for this often. */
const relearnMs = 15_000

/** Editors write a file in several steps: the files are looked at once it has been quiet. */
const settledMs = 300

function watchPrompts(dirs: readonly string[], reload: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined
  const watchers = dirs.map((dir) => {
    const watcher = watch(dir, { recursive: true }, () => {
      clearTimeout(timer)
      timer = setTimeout(() => void reload(), settledMs)
    })
    // A folder that cannot be watched only means that edits wait for the next start.
    return watcher.on('error', () => undefined)
  })
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}

function wakingOf({ database, ROLE }: Config) {
  if (database.engine === 'sqlite') return 'alone'
  return ROLE === 'channels' ? 'receiving' : 'between'
}

/** What the bot keeps, and what is read and written there before it can begin. */
async function openAll(config: Config, log: Log) {
  const store = await openStore(config.database, { alone: true }).catch((error: unknown) => {
    throw new Refusal(reasonOf(error, config))
  })
  try {
    const kept = keepIn(store, 'prompts')
    const live = await livePrompts(config, cacheDirOf(config), kept, log, () => lessons.taken(store.read))
    return { store, ...live, clock: await systemClock(keepIn(store, 'clock')) }
  } catch (error) {
    await store.close()
    throw refusalOf(error, config)
  }
}

/** Runs until Ctrl-C or a stop from outside. */
export async function startCommand(config: Config, args: string[]): Promise<void> {
  argumentsOf(args, 'start', {})
  const running = start(config, (line) => process.stdout.write(`${line}\n`))
  whenAskedToStop(() => {
    process.stdout.write('Stopping: turns in hand are finished first.\n')
    void running
      .then(({ stop }) => stop())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      )
  })
  await running
}
