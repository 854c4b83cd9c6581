/**
 * What was said while we were away: Slack sends an event again for some minutes only. Looked up in the places where
 * something was said lately, and taken like any other; what is known already is known by its id.
 */
import type { Front, KnownPlace } from '../../domain/ports.ts'
import type { Api } from './api.ts'
import type { Origin } from './events.ts'
import { isPerson } from './ids.ts'
import type { Log } from './parts.ts'
import { type Event, events } from './payloads.ts'
import type { Rooms } from './rooms.ts'

export interface CatchUpParts {
  api: Api
  rooms: Rooms
  front: Front
  take(origin: Origin, event: Event): Promise<void>
  /** Our own user in each workspace. */
  bots: ReadonlyMap<string, string>
  wait(ms: number): Promise<void>
  /** Slack allows fifty of these a minute. */
  betweenMs: number
  log: Log
}

const pageAtMost = 200

/** One at a time: a second call while one runs waits for it, and looks again. */
export function createCatchUp(parts: CatchUpParts): () => Promise<void> {
  let last = Promise.resolve()
  return () => {
    last = last.catch(() => undefined).then(() => catchUp(parts))
    return last
  }
}

interface Look {
  method: 'conversations.history' | 'conversations.replies'
  place: KnownPlace['place']
  after: string
}

async function catchUp(parts: CatchUpParts): Promise<void> {
  const known = await parts.front.view({ of: 'places', channel: 'slack' })
  for (const [i, look] of looksAt(known).entries()) {
    if (i > 0) await parts.wait(parts.betweenMs)
    await lookAt(parts, look).catch((error: unknown) =>
      // A room that is gone, or is not ours to read any more, keeps nothing else from being looked at.
      parts.log.info({ room: look.place.room, err: error }, 'what was said there meanwhile could not be looked up'),
    )
  }
}

/** Each thread and each person's direct messages by itself; of a channel what has begun since: it may mention us. */
function looksAt(known: readonly KnownPlace[]): Look[] {
  const looks: Look[] = []
  const channels = new Map<string, Look>()
  for (const { place, newest, at } of known) {
    const after = tsIn(newest) ?? (at / 1000).toFixed(6)
    const isThread = place.thread !== null
    looks.push({ method: isThread ? 'conversations.replies' : 'conversations.history', place, after })
    const channel = `${place.workspace}:${place.room}`
    const sooner = channels.get(channel)?.after
    if (isThread && !isPerson(place.room) && (sooner === undefined || after < sooner))
      channels.set(channel, { method: 'conversations.history', place: { ...place, thread: null }, after })
  }
  return [...looks, ...channels.values()]
}

/** Presses and reactions are named after the message that they are under. */
function tsIn(message: string | null): string | null {
  return message === null ? null : (/^[A-Z0-9]+:(\d+\.\d+)/u.exec(message)?.[1] ?? null)
}

async function lookAt({ api, rooms, bots, take }: CatchUpParts, { method, place, after }: Look): Promise<void> {
  const { workspace, room } = await rooms.of(place)
  const bot = bots.get(workspace)
  if (bot === undefined) return
  const { messages = [] } = await api.call<{ messages?: object[] }>(workspace, method, {
    channel: room,
    ...(place.thread === null ? {} : { ts: place.thread }),
    oldest: after,
    limit: pageAtMost,
  })
  const ordered = method === 'conversations.history' ? messages.toReversed() : messages
  for (const message of ordered) {
    const event = events.safeParse({
      ...message,
      type: 'message',
      channel: room,
      channel_type: isPerson(place.room) ? 'im' : 'channel',
    })
    // The thread's first message comes with every page of its replies.
    if (event.success && 'ts' in event.data && event.data.ts > after)
      await take({ workspace, bot, last: true }, event.data)
  }
}
