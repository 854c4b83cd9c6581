/**
 * What arrives, whichever way it came: events are stored before they are acknowledged, and are the engine's from then on;
 * what somebody waits for (a view, an answer to a press) goes through Bolt, with the real acknowledgement.
 */
import type { AckFn, App } from '@slack/bolt'
import { z } from 'zod'
import type { Incoming } from '../../domain/message.ts'
import type { Front } from '../../domain/ports.ts'
import { fromMessage, fromReaction, type Origin, type Receiving } from './events.ts'
import { NotYet } from './files.ts'
import { spotOf } from './ids.ts'
import type { Log } from './parts.ts'
import { type Event, envelope, events, eventTypes, type HomeEvent, installationOf } from './payloads.ts'

export interface Intake {
  /** Resolves once it is stored, or is none of ours. Throws Unready where Slack shall send it again. */
  event(body: unknown, retry: number): Promise<void>
  /** The same, of an event that was looked up, and not sent. */
  incoming(origin: Origin, event: Event): Promise<void>
  /** Bolt's listeners take it; `ack` is called within three seconds, or the throw says why not. */
  interaction(body: Record<string, unknown>, ack: AckFn<unknown>): Promise<void>
}

/** Not taken: Slack is to send it again. */
export class Unready extends Error {}

/** What has its own way: who opened the home page, which workspace removed the app. */
export interface Others {
  home(origin: Origin, event: HomeEvent): Promise<Incoming[]>
  removed(origin: Origin): Promise<Incoming[]>
}

export interface IntakeParts {
  front: Front
  app: App
  receiving: Receiving
  others: Others
  log: Log
  waitFor(customer: string): Promise<number>
  tooFast(incoming: Incoming, room: string): void
  /** Our own user in each workspace, for an envelope that names none. */
  bots: ReadonlyMap<string, string>
}

/** Slack tries an event four times in all. */
const lastRetry = 3

export function createIntake({ front, app, receiving, others, log, waitFor, tooFast, bots }: IntakeParts): Intake {
  async function incomingOf(origin: Origin, event: Event): Promise<Incoming[]> {
    switch (event.type) {
      case 'message':
      case 'app_mention':
        return await fromMessage(receiving, origin, event)
      case 'reaction_added':
        return await fromReaction(receiving, origin, event)
      case 'app_home_opened':
        return await others.home(origin, event)
      case 'app_uninstalled':
        return await others.removed(origin)
      case 'tokens_revoked':
        return event.tokens.bot === undefined ? [] : await others.removed(origin)
      default:
        return event satisfies never
    }
  }

  async function take(origin: Origin, event: Event): Promise<void> {
    for (const incoming of await incomingOf(origin, event).catch(unready)) {
      if (incoming.type === 'said' && (await waitFor(incoming.author.id)) > 0) {
        // Faster than people write: another bot, or a script. It is told once, and not answered (pain 16).
        tooFast(incoming, spotOf(incoming.id).room)
        continue
      }
      const received = await front.receive(incoming)
      if (received.type === 'draining') throw new Unready('the bot is shutting down')
      if (received.type === 'conflict') log.warn({ id: incoming.id }, 'that id belongs to somebody else’s message')
    }
  }

  return {
    async event(body, retry) {
      if (isLimited(body)) return log.warn({}, 'Slack holds back events: the app gets more than it may in an hour')
      const parsed = envelope.safeParse(body)
      if (!parsed.success)
        return log.warn({ fault: z.prettifyError(parsed.error) }, 'an event without its envelope is not taken')
      const { workspace, bot: named } = installationOf(parsed.data)
      const { event: raw, event_id: id } = parsed.data
      const bot = named ?? (workspace === null ? undefined : bots.get(workspace))
      if (workspace === null || bot === undefined || !eventTypes.includes(raw.type))
        return log.info({ event: raw.type, id }, 'an event of a sort that is not known here is ignored')
      const event = events.safeParse(raw)
      if (!event.success)
        return log.warn(
          { event: raw.type, id, fault: z.prettifyError(event.error) },
          'an event that lacks something is ignored',
        )
      await take({ workspace, bot, last: retry >= lastRetry }, event.data)
    },
    incoming: take,
    interaction: async (body, ack) => await app.processEvent({ body, ack }),
  }
}

function unready(error: unknown): never {
  throw error instanceof NotYet ? new Unready(error.message) : error
}

/** More than 30,000 events in an hour: Slack says so in an envelope of its own. */
function isLimited(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'type' in body && body.type === 'app_rate_limited'
}
