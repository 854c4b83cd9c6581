/** What the gateway tells, one by one: understood, stored, and only then done with. */
import type { GatewayDispatchPayload } from 'discord.js'
import { ZodError } from 'zod'
import { TryAgain } from '../../domain/faults.ts'
import type { Incoming } from '../../domain/message.ts'
import type { Received } from '../../domain/ports.ts'
import type { Acting } from './answering.ts'
import { interacted } from './interactions.ts'
import type { Lines } from './lines.ts'
import { authorOf, deleted, edited, type Hearing, heard, reacted } from './receive.ts'
import type { Rooms } from './rooms.ts'
import { type Message, shapes } from './shapes.ts'
import type { Voices } from './webhooks.ts'

export interface Eventful {
  hearing: Hearing
  acting: Acting
  rooms: Rooms
  voices: Voices
  lines: Lines
  now(): number
  store(incoming: Incoming): Promise<Received>
  /** Seconds until somebody may write again; 0 for at once. */
  waitFor(customer: string): Promise<number>
  /** READY has said who we are. */
  introduced(user: string, application: string): Promise<void>
  stopping(): boolean
  /** Waits, or not, where the bot shuts down. */
  pause(ms: number): Promise<void>
  failed(error: unknown, what: string): void
}

export interface Events {
  /** True where it need never come again. `id` is the event's own. */
  handle(event: GatewayDispatchPayload, id: string): Promise<boolean>
  /** A message that was fetched. */
  say(message: Message): Promise<boolean>
}

const triesAtMost = 6

export function createEvents(eventful: Eventful): Events {
  const { hearing, acting, rooms, voices, lines, now, store, waitFor, introduced, stopping, pause, failed } = eventful

  const isStored = (received: Received | null) => received?.type !== 'draining'

  async function take(incoming: Incoming | null): Promise<boolean> {
    return incoming === null || isStored(await store(incoming))
  }

  async function say(message: Message): Promise<boolean> {
    return await take(await heard(hearing, message))
  }

  /** As it comes in. What comes faster than people write is another bot's, or a script's: it is told once, and not answered. */
  async function sayNow(message: Message): Promise<boolean> {
    const incoming = await heard(hearing, message)
    const seconds = incoming?.type === 'said' ? await waitFor(incoming.author.id) : 0
    if (incoming === null || seconds === 0) return await take(incoming)
    hearing.telling.tooFast(incoming.author, incoming.place, message.id, seconds)
    return true
  }

  /** What a fault of Discord's keeps from being understood is looked at again; given up, it comes again with a restart. */
  async function persistently(what: string, act: () => Promise<boolean>): Promise<boolean> {
    for (let tries = 0; tries < triesAtMost && !stopping(); tries += 1) {
      try {
        return await act()
      } catch (error) {
        // A shape that we do not know will be none the better for it.
        if (error instanceof ZodError) throw error
        if (tries === 0 && !(error instanceof TryAgain)) failed(error, what)
        await pause(error instanceof TryAgain ? error.afterMs : 500 * 2 ** tries)
      }
    }
    return false
  }

  /** Messages of one channel in their order; of different ones side by side. */
  const inLine = (channel: string, what: string, act: () => Promise<boolean>) =>
    lines.after(channel, () => persistently(what, act))

  async function handle({ t, d }: GatewayDispatchPayload, id: string): Promise<boolean> {
    switch (t) {
      case 'READY': {
        const { user, application } = shapes.ready.parse(d)
        await introduced(user.id, application.id)
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
        if (d.author.id === hearing.self()) return true
        const message = shapes.message.parse(d)
        voices.learn(authorOf(message.author, message.member?.nick).name, message.author)
        return await inLine(message.channel_id, t, () => sayNow(message))
      }
      case 'MESSAGE_UPDATE': {
        // Links that got their preview come as updates too, without an author or a time of editing.
        const message = shapes.message.safeParse(d)
        if (!message.success || message.data.author.id === hearing.self()) return true
        return await inLine(d.channel_id, t, async () => take(await edited(hearing, message.data, id)))
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
      case 'INTERACTION_CREATE': {
        const interaction = shapes.interaction.parse(d)
        return await persistently(t, async () => isStored(await interacted(acting, interaction)))
      }
      default:
        return true
    }
  }

  return { handle, say }
}
