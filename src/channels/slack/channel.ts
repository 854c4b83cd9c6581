/** The channel: what the engine asks to be shown, on Slack. Repeats are looked up first: a post has no id of its own there. */
import { Gone, TryAgain, Undeliverable } from '../../domain/faults.ts'
import type { FileContent, Outgoing, Place } from '../../domain/message.ts'
import type { Channel, Posted } from '../../domain/ports.ts'
import { type Api, SlackRefusal } from './api.ts'
import type { Files } from './files.ts'
import { messageId, spotOf, spotsOf } from './ids.ts'
import type { Pace } from './pace.ts'
import { named, refit, render, type Shown } from './render.ts'
import type { Rooms } from './rooms.ts'
import { emojiName } from './text.ts'

/** The mark by which what was posted is found again: opaque, for every member of a workspace can read it. */
const markType = 'amends_post'

interface At {
  workspace: string
  room: string
}

interface PostAnswer {
  channel?: string
  ts?: string
}

interface History {
  messages?: {
    ts?: string
    text?: string
    thread_ts?: string
    bot_id?: string
    metadata?: { event_type?: string; event_payload?: Record<string, unknown> }
  }[]
}

export function createChannel(
  api: Api,
  rooms: Rooms,
  files: Files,
  pace: Pace,
  wait: (ms: number) => Promise<void>,
): Channel {
  /** Of messages in parts: those that are there already, as far as `findSent` has seen. */
  const begun = new Map<string, string[]>()

  /** Under a person's name, or where the app may not do that, with the name before the words. */
  async function postOne(at: At, thread: string | null, { username, ...shown }: Shown, mark: object): Promise<string> {
    if (username === undefined) return await send(at, thread, shown, mark)
    try {
      return await send(at, thread, { ...shown, username }, mark)
    } catch (error) {
      if (!(error instanceof Undeliverable && error.message.includes('chat:write.customize'))) throw error
      return await send(at, thread, named(shown, username), mark)
    }
  }

  async function send({ workspace, room }: At, thread: string | null, shown: Shown, mark: object): Promise<string> {
    const answer = await call<PostAnswer>(workspace, 'chat.postMessage', {
      channel: room,
      ...shown,
      ...(thread === null ? {} : { thread_ts: thread }),
      metadata: { event_type: markType, event_payload: mark },
      unfurl_links: false,
      unfurl_media: false,
    })
    return answer.ts ?? ''
  }

  /** Whoever asks to wait is obeyed by all that goes to that workspace. */
  async function call<T extends object>(workspace: string, method: string, args: Record<string, unknown>): Promise<T> {
    try {
      return await api.call<T>(workspace, method, args)
    } catch (error) {
      if (error instanceof TryAgain) pace.hold(workspace, error.afterMs)
      throw error
    }
  }

  return {
    async post(place: Place, outgoing: Outgoing, id: string, contents: readonly FileContent[] = []): Promise<Posted> {
      const at = await rooms.of(place)
      const { workspace, room } = at
      pace.take(workspace, room)
      const parts = render(outgoing)
      const all = begun.get(id) ?? []
      for (const [i, part] of parts.entries()) {
        if (i < all.length) continue
        if (i > 0) await wait(pace.left(room))
        all.push(await postOne(at, place.thread, part, { id, part: i + 1, of: parts.length }))
      }
      begun.delete(id)
      const [first = ''] = all
      const opened = outgoing.type === 'card' ? first : null
      if (contents.length > 0) await files.up(workspace, room, place.thread ?? opened, contents)
      return { id: messageId({ room, ts: all.join('+') }), ...(opened === null ? {} : { thread: opened }) }
    },

    async edit(place, message, outgoing) {
      const { workspace } = await rooms.of(place)
      const spots = spotsOf(message)
      const parts = refit(render(outgoing), spots.length)
      for (const [i, { room, ts }] of spots.entries()) {
        const part = parts[i]
        // Text without blocks takes the blocks away: buttons go with them.
        if (part)
          await call(workspace, 'chat.update', { channel: room, ts, text: part.text, blocks: part.blocks ?? [] })
        else await api.call(workspace, 'chat.delete', { channel: room, ts }).catch(ignore(Gone))
      }
    },

    async remove(place, message) {
      const { workspace } = await rooms.of(place)
      for (const { room, ts } of spotsOf(message))
        await api.call(workspace, 'chat.delete', { channel: room, ts }).catch(ignore(Gone))
    },

    react: (place, message, emoji) => reaction(place, message, emoji, 'reactions.add', 'already_reacted'),
    unreact: (place, message, emoji) => reaction(place, message, emoji, 'reactions.remove', 'no_reaction'),

    /** In threads Slack says that we are at it; elsewhere it has no way but eyes. */
    async showWorking(place, message) {
      if (place.thread === null) return await reaction(place, message, '👀', 'reactions.add', 'already_reacted')
      const { workspace, room } = await rooms.of(place)
      await api.call(workspace, 'assistant.threads.setStatus', {
        channel_id: room,
        thread_ts: place.thread,
        status: '…',
      })
    },

    async findSent(place, id) {
      const { workspace, room } = await rooms.of(place)
      const method = place.thread === null ? 'conversations.history' : 'conversations.replies'
      const { messages = [] } = await call<History>(workspace, method, {
        channel: room,
        ...(place.thread === null ? {} : { ts: place.thread }),
        include_all_metadata: true,
        oldest: String(madeAt(id) / 1000 - skewSeconds),
        limit: 200,
      })
      const ours = messages
        .flatMap(({ ts, metadata }) => {
          const mark = metadata?.event_type === markType ? metadata.event_payload : undefined
          return mark?.id === id && ts !== undefined ? [{ ts, part: Number(mark.part), of: Number(mark.of) }] : []
        })
        .toSorted((a, b) => a.part - b.part)
      const [first] = ours
      if (!first) return null
      const all = ours.map(({ ts }) => ts)
      if (all.length < first.of) {
        begun.set(id, all)
        return null
      }
      return {
        id: messageId({ room, ts: all.join('+') }),
        ...(place.thread === null ? { thread: first.ts } : {}),
      }
    },

    stop: async () => undefined,
  }

  async function reaction(place: Place, message: string, emoji: string, method: string, done: string): Promise<void> {
    const { workspace } = await rooms.of(place)
    const { room, ts } = spotsOf(message).at(-1) ?? spotOf(message)
    const name = emojiName(emoji)
    await api.call(workspace, method, { channel: room, timestamp: ts, name }).catch((error: unknown) => {
      // It is as it should be already, or there is nothing left to react to.
      if (error instanceof Gone || (error instanceof SlackRefusal && error.code === done)) return
      throw error
    })
  }
}

/** Our ids tell when they were made (UUIDv7): nothing older can be it. Slack's clock may be some minutes away from ours. */
function madeAt(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) || 0
}
const skewSeconds = 300

function ignore(kind: typeof Gone) {
  return (error: unknown) => {
    if (!(error instanceof kind)) throw error
  }
}
