/** Discord as a channel: connected by its gateway, shown by REST. What comes in is stored before anything else. */
import { GatewayIntentBits } from 'discord.js'
import type { Incoming, Outgoing, Place } from '../../domain/message.ts'
import type { FormName, Front, Keep, Platform, Received } from '../../domain/ports.ts'
import type { Acting } from './answering.ts'
import { type Api, createApi, refusedWith } from './api.ts'
import { type CommandWords, commandsOf, registerCommands } from './commands.ts'
import { createEvents } from './events.ts'
import { createGateway, type Gateway, tokenRefused, Unwelcome } from './gateway.ts'
import { createLines } from './lines.ts'
import { catchUp } from './missed.ts'
import { createPosting } from './post.ts'
import type { Hearing } from './receive.ts'
import { createRooms } from './rooms.ts'
import { createSelf } from './self.ts'
import { code } from './shapes.ts'
import { createTelling } from './telling.ts'
import { createVoices } from './webhooks.ts'

export interface DiscordParts {
  token: string
  /** A proxy, or a Discord of one's own. */
  url?: string | undefined
  keep: Keep
  now(): number
  log: Record<'info' | 'warn' | 'error', (what: object, message: string) => void>
  /** False where another process holds the sockets: this one only shows. */
  receives: boolean
  /** Seconds until somebody may write again; 0 for at once. */
  waitFor(customer: string): Promise<number>
  /** Of our entries in Discord's menus, by locale, the first for everybody else. */
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

export const withoutContent =
  'without the Message Content intent it reads direct messages, mentions and forms alone: not what is said in threads, support channels and the desk without a mention'

const longestPauseMs = 60_000

export function createDiscord({ token, url, keep, now, log, words, receives, waitFor }: DiscordParts): Discord {
  let state = 'connecting'
  let told = ''
  let stopping = false
  let gateway: Gateway | null = null
  let front: Front | null = null
  const pauses = new Set<() => void>()
  let isReady = () => {}
  const ready = new Promise<void>((resolve) => {
    isReady = resolve
  })
  const api: Api = createApi(token, url, () => away(tokenRefused))
  const rooms = createRooms(api, keep, (error) => failed(error, 'what is known of a channel'))
  const voices = createVoices(api, keep)
  const lines = createLines()
  const self = createSelf(api, keep)

  /** Said once, until it is back. */
  function away(reason: string): void {
    state = `not connected: ${reason}`
    if (told === reason || stopping) return
    told = reason
    log.warn({ reason }, 'Discord is not there; trying on')
  }

  function failed(error: unknown, what: string): void {
    if (error instanceof Unwelcome) away(error.message)
    else log.error({ err: error, what }, 'Discord: something failed')
  }

  function pause(ms: number): Promise<void> {
    if (stopping) return Promise.resolve()
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        pauses.delete(end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      pauses.add(end)
    })
  }

  function theFront(): Front {
    if (front === null) throw new Error('Discord was not connected to anything')
    return front
  }

  /** However long the database takes: what was not stored would be lost with this process. */
  async function store(incoming: Incoming): Promise<Received> {
    for (let tries = 0; !stopping; tries += 1) {
      try {
        return await theFront().receive(incoming)
      } catch (error) {
        if (tries === 0) failed(error, incoming.type)
        await pause(Math.min(longestPauseMs, 250 * 2 ** tries))
      }
    }
    return { type: 'draining' }
  }

  const channel = createPosting({
    api,
    rooms,
    voices,
    async self() {
      await self.remember()
      return self.user()
    },
    async trouble(user, reason) {
      await store({
        type: 'trouble',
        id: `trouble:${user}:${now()}`,
        place: { channel: 'discord', workspace: '-', room: user, thread: null },
        author: { id: `discord:-:${self.user()}`, name: 'Discord' },
        at: now(),
        about: `discord:-:${user}`,
        reason: 'unreachable',
        text: reason,
      })
    },
  })

  const show = (place: Place, text: string, id: string) => channel.post(place, bots(text), id)
  const telling = createTelling({ front: theFront, keep, now, self: self.user, show, failed })

  const hearing: Hearing = {
    api,
    rooms,
    front: {
      receive: store,
      view: (request) => theFront().view(request),
      submit: (submission) => theFront().submit(submission),
    },
    self: self.user,
    reads: self.reads,
    telling,
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
    show,
    late(error) {
      const known = refusedWith(error, code.unknownInteraction, code.acknowledged)
      log[known ? 'info' : 'warn']({ err: error }, 'Discord did not take an answer to a press or a command')
    },
  }

  const events = createEvents({
    hearing,
    acting,
    rooms,
    voices,
    lines,
    now,
    store,
    waitFor,
    introduced: self.introduced,
    stopping: () => stopping,
    pause,
    failed,
  })

  async function whoWeAre(): Promise<void> {
    await self.remember()
    for (let tries = 0; !stopping; tries += 1) {
      try {
        return await self.look()
      } catch (error) {
        if (error instanceof Unwelcome) throw error
        away(error instanceof Error ? error.message : String(error))
        await pause(Math.min(longestPauseMs, 1_000 * 2 ** tries))
      }
    }
  }

  async function begin(): Promise<void> {
    await whoWeAre()
    if (stopping) return
    gateway = createGateway({
      api,
      token,
      intents: intents | (self.reads() ? GatewayIntentBits.MessageContent : 0),
      keep,
      handle: events.handle,
      connected(anew) {
        state = `connected${self.reads() ? '' : `; ${withoutContent}`}`
        if (told !== '') log.info({}, 'Discord is back')
        told = ''
        // A session that was lost took with it what came meanwhile; its messages at least can be fetched.
        const missing = {
          api,
          rooms,
          front: hearing.front,
          lines,
          say: events.say,
          stopping: () => stopping,
          pause,
          failed,
        }
        if (anew) catchUp(missing).catch((error) => failed(error, 'what was missed'))
      },
      away,
      failed,
    })
    await gateway.connect()
    const application = self.application()
    if (application !== '' && !stopping) await registerCommands(api, keep, application, commandsOf(words))
  }

  return {
    channel: {
      ...channel,
      async stop() {
        stopping = true
        for (const end of [...pauses]) end()
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

function bots(text: string): Outgoing {
  return { type: 'say', text, buttons: [], from: 'bot', agent: null }
}
