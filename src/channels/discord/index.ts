/** Discord as a channel: connected by its gateway, shown by REST. What comes in is stored before anything else. */
import { setTimeout as pause } from 'node:timers/promises'
import { type GatewayDispatchPayload, GatewayIntentBits, Routes } from 'discord.js'
import { ZodError } from 'zod'
import { Gone, TryAgain } from '../../domain/faults.ts'
import type { Incoming, Outgoing } from '../../domain/message.ts'
import type { FormName, Front, Keep, Platform, Received } from '../../domain/ports.ts'
import { type Api, createApi, Refusal, refusedWith } from './api.ts'
import { type CommandWords, commandsOf, registerCommands } from './commands.ts'
import { createGateway, type Gateway, Unwelcome } from './gateway.ts'
import { type Acting, interacted } from './interactions.ts'
import { createLines } from './lines.ts'
import { fetchSince, whereToLook } from './missed.ts'
import { createPosting } from './post.ts'
import { deleted, edited, type Hearing, heard, reacted } from './receive.ts'
import { createRooms } from './rooms.ts'
import { answers, code, type Message, shapes } from './shapes.ts'

export interface DiscordParts {
  token: string
  /** A proxy, or a Discord of one's own. */
  url?: string | undefined
  keep: Keep
  now(): number
  log: {
    info(what: object, message: string): void
    warn(what: object, message: string): void
    error(what: object, message: string): void
  }
  /** False where another process holds the sockets: this one only shows. */
  receives: boolean
  /** By locale, the first for everybody else. */
  words: readonly [CommandWords, ...CommandWords[]]
}

export interface Discord extends Platform {
  /** For people: what runs, and what is missing. */
  status(): string
  /** Resolves once Discord has us, or plainly will not. */
  ready: Promise<void>
}

/** What works without anybody's leave. Message Content is asked for where the app has been given it. */
const intents =
  GatewayIntentBits.Guilds |
  GatewayIntentBits.GuildMessages |
  GatewayIntentBits.GuildMessageReactions |
  GatewayIntentBits.DirectMessages |
  GatewayIntentBits.DirectMessageReactions
const mayRead = (1 << 18) | (1 << 19)

const triesAtMost = 6

export const withoutContent =
  'without the Message Content intent it reads direct messages, mentions and forms alone: not what is said in threads, support channels and the desk without a mention'

export function createDiscord({ token, url, keep, now, log, words, receives }: DiscordParts): Discord {
  let state = 'connecting'
  let told = ''
  let reads = false
  let stopping = false
  let gateway: Gateway | null = null
  let self = { user: '', application: '' }
  let isReady = () => {}
  const ready = new Promise<void>((resolve) => {
    isReady = resolve
  })
  const api: Api = createApi(token, url, () =>
    away('Discord refuses the token: set DISCORD_TOKEN to the one of the developer portal'),
  )
  const rooms = createRooms(api, keep)
  let front: Front | null = null
  const lines = createLines()

  /** Said once, until it is back. */
  function away(reason: string): void {
    state = `not connected: ${reason}`
    if (told === reason || stopping) return
    told = reason
    log.warn({ reason }, 'Discord is not there; trying on')
  }

  const failed = (error: unknown, what: string) => {
    if (error instanceof Unwelcome) away(error.message)
    else log.error({ err: error, what }, 'Discord: something failed')
  }

  const channel = createPosting({
    api,
    rooms,
    self: () => self.user,
    async trouble(user, reason) {
      await store({
        type: 'trouble',
        id: `trouble:${user}:${now()}`,
        place: { channel: 'discord', workspace: '-', room: user, thread: null },
        author: { id: `discord:-:${self.user}`, name: 'Discord' },
        at: now(),
        about: `discord:-:${user}`,
        reason: 'unreachable',
        text: reason,
      })
    },
  })

  const toFront = (): Front => {
    if (front === null) throw new Error('Discord was not connected to anything')
    return front
  }

  /** However long the database takes: what was not stored would be lost with this process. */
  async function store(incoming: Incoming): Promise<Received> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await toFront().receive(incoming)
      } catch (error) {
        if (stopping) return { type: 'draining' }
        if (tries === 0) failed(error, incoming.type)
        await pause(Math.min(10_000, 250 * 2 ** tries))
      }
    }
  }

  const hearing: Hearing = {
    api,
    rooms,
    front: {
      receive: (incoming) => store(incoming),
      view: (request) => toFront().view(request),
      submit: (form) => toFront().submit(form),
    },
    self: () => self.user,
    reads: () => reads,
    async unread(message) {
      log.info({ message: message.id }, withoutContent)
    },
    left({ id: customer }, place, message, missing) {
      const tell = async () => {
        for (const { name, tooLarge } of missing) {
          const line = tooLarge ? ('tooLarge' as const) : ('unreadable' as const)
          const text = await toFront().view({ of: 'words', customer, line, values: { name } })
          const said: Outgoing = { type: 'say', text, buttons: [], from: 'bot', agent: null }
          await channel.post(place, said, `${message}:${name}`)
        }
      }
      tell().catch((error) => failed(error, 'a file that was not taken'))
    },
  }

  const entries = new Map<string, FormName>([
    [words[0].wrong, 'wrong'],
    [words[0].record, 'record'],
  ])
  const acting: Acting = {
    ...hearing,
    keep,
    store,
    entry: (name) => entries.get(name) ?? null,
    late(error) {
      const known = refusedWith(error, code.unknownInteraction, code.acknowledged)
      log[known ? 'info' : 'warn']({ err: error }, 'Discord did not take an answer to a press or a command')
    },
  }

  /** True where it need never come again. */
  const isStored = (received: Received | null) => received?.type !== 'draining'

  async function take(incoming: Incoming | null): Promise<boolean> {
    return incoming === null || isStored(await store(incoming))
  }

  const say = async (message: Message) => take(await heard(hearing, message))

  /** What a fault of Discord's keeps from being understood is looked at again; given up, it comes again with a restart. */
  async function persistently(what: string, act: () => Promise<boolean>): Promise<boolean> {
    for (let tries = 0; tries < triesAtMost && !stopping; tries += 1) {
      try {
        return await act()
      } catch (error) {
        // A shape that we do not know will be none the better for it.
        if (error instanceof ZodError) throw error
        if (tries === 0 && !(error instanceof TryAgain)) failed(error, what)
        await patience(error instanceof TryAgain ? error.afterMs : 500 * 2 ** tries)
      }
    }
    return false
  }

  const inLine = (channel: string, what: string, act: () => Promise<boolean>) =>
    lines.after(channel, () => persistently(what, act))

  /** Messages of one channel in their order; of different ones side by side. */
  async function handle({ t, d }: GatewayDispatchPayload, id: string): Promise<boolean> {
    switch (t) {
      case 'READY': {
        const { user, application } = shapes.ready.parse(d)
        self = { user: user.id, application: application.id }
        await keep.set('self', JSON.stringify(self))
        await registerCommands(api, keep, self.application, commandsOf(words)).catch((error) =>
          failed(error, 'commands'),
        )
        return true
      }
      case 'GUILD_CREATE': {
        const guild = shapes.guild.parse(d)
        for (const one of [...guild.channels, ...guild.threads]) rooms.learn(one, guild.id)
        for (const role of guild.roles) rooms.roles.set(role.id, role.name)
        return true
      }
      case 'CHANNEL_CREATE':
      case 'CHANNEL_UPDATE':
      case 'THREAD_CREATE':
      case 'THREAD_UPDATE':
        rooms.learn(shapes.channel.parse(d))
        return true
      case 'CHANNEL_DELETE':
      case 'THREAD_DELETE':
        rooms.forget(d.id)
        return true
      case 'MESSAGE_CREATE': {
        if (d.author.id === self.user) return true
        const message = shapes.message.parse(d)
        return await inLine(message.channel_id, t, () => say(message))
      }
      case 'MESSAGE_UPDATE': {
        // Links that got their preview come as updates too, without an author or a time of editing.
        const message = shapes.message.safeParse(d)
        if (!message.success || message.data.author.id === self.user) return true
        return await inLine(d.channel_id, t, async () => take(await edited(hearing, message.data)))
      }
      case 'MESSAGE_DELETE': {
        const gone = shapes.gone.parse(d)
        return await inLine(gone.channel_id, t, async () => take(await deleted(hearing, gone, now())))
      }
      case 'MESSAGE_DELETE_BULK': {
        const { ids, ...where } = shapes.allGone.parse(d)
        return await inLine(where.channel_id, t, async () => {
          for (const one of ids) if (!(await take(await deleted(hearing, { ...where, id: one }, now())))) return false
          return true
        })
      }
      case 'MESSAGE_REACTION_ADD': {
        const reaction = shapes.reaction.parse(d)
        return await inLine(reaction.channel_id, t, async () => take(await reacted(hearing, reaction, id, now())))
      }
      case 'INTERACTION_CREATE':
        return await persistently(t, async () => isStored(await interacted(acting, shapes.interaction.parse(d))))
      default:
        return true
    }
  }

  /** A session that was lost took with it what came meanwhile; its messages at least can be fetched. */
  async function catchUp(): Promise<void> {
    const missing = { api, rooms, front: hearing.front, stopping: () => stopping, failed }
    await Promise.all(
      (await whereToLook(missing)).map((since) => lines.after(since.room, () => fetchSince(missing, since, say))),
    )
  }

  async function whoWeAre(): Promise<void> {
    const kept = await keep.get('self')
    if (kept !== null) self = JSON.parse(kept)
    for (let tries = 0; !stopping; tries += 1) {
      try {
        const { flags } = await api.get(Routes.currentApplication(), answers.application)
        reads = ((flags ?? 0) & mayRead) !== 0
        return
      } catch (error) {
        if (api.refused())
          throw new Unwelcome(4004, 'Discord refuses the token: set DISCORD_TOKEN to the one of the developer portal')
        // A proxy may not know this route: then we do without what we might not have.
        if (error instanceof Refusal || error instanceof Gone) return
        away(error instanceof Error ? error.message : String(error))
        await patience(Math.min(60_000, 1_000 * 2 ** tries))
      }
    }
  }

  let hurry = () => {}
  function patience(ms: number): Promise<void> {
    if (stopping) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      hurry = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function begin(): Promise<void> {
    await whoWeAre()
    if (stopping) return
    gateway = createGateway({
      api,
      token,
      intents: intents | (reads ? GatewayIntentBits.MessageContent : 0),
      keep,
      handle,
      connected(anew) {
        state = `connected${reads ? '' : `; ${withoutContent}`}`
        if (told !== '') log.info({}, 'Discord is back')
        told = ''
        if (anew) void catchUp().catch((error) => failed(error, 'what was missed'))
      },
      away,
      failed,
    })
    await gateway.connect()
  }

  return {
    channel: {
      ...channel,
      async stop() {
        stopping = true
        hurry()
        await gateway?.stop()
        api.rest.clearHashSweeper()
        api.rest.clearHandlerSweeper()
      },
    },
    async connect(given) {
      front = given
      if (!receives) return isReady()
      begin()
        .catch((error) => failed(error, 'connecting'))
        .finally(isReady)
    },
    status: () => state,
    ready,
  }
}
