/**
 * Showing, exactly once: each piece of a text carries a nonce made of our own id, which Discord honours for some minutes;
 * after that the bot's own recent messages are looked at. A closed DM becomes a private thread, and the desk is told.
 */
import { type RouteLike, Routes } from 'discord.js'
import { Gone, Undeliverable } from '../../domain/faults.ts'
import type { FileContent, Outgoing, Place } from '../../domain/message.ts'
import type { Channel, Posted } from '../../domain/ports.ts'
import { refusedWith } from './api.ts'
import { cardRoom, findCase, openCase } from './casethread.ts'
import { type Looking, matching, ownSince } from './found.ts'
import { nonceOf } from './nonce.ts'
import { type Body, bodiesOf, shortened } from './render.ts'
import type { Rooms } from './rooms.ts'
import { answers, code, isThreadType } from './shapes.ts'
import { openPrivate, threadOf } from './threads.ts'
import type { Voices } from './webhooks.ts'

export interface Posting extends Looking {
  rooms: Rooms
  voices: Voices
  /** Somebody cannot be reached as they were: the desk hears of it. */
  trouble(user: string, reason: string): Promise<void>
}

/** Pieces of a text are several messages and one id to everybody else. */
const joint = '+'
const rememberedMs = 120_000

export function createPosting(posting: Posting): Omit<Channel, 'stop'> {
  const { api, rooms, voices } = posting
  /** Of what was found in part: our id → the pieces that stand already. */
  const begun = new Map<string, string[]>()

  async function findSent(place: Place, id: string, outgoing: Outgoing): Promise<Posted | null> {
    if (outgoing.type === 'card') return await findCase(posting, place, outgoing, id)
    const own = await ownSince(posting, await rooms.shownAt(place), id)
    const wanted = [bodiesOf(outgoing), bodiesOf(outgoing, true)]
    const found = wanted.map((bodies) => matching(own, bodies)).toSorted((a, b) => b.length - a.length)[0] ?? []
    if (found.length === wanted[0]?.length) return { id: found.join(joint) }
    if (found.length > 0) begun.set(id, found)
    return null
  }

  async function post(
    place: Place,
    outgoing: Outgoing,
    id: string,
    files: readonly FileContent[] = [],
  ): Promise<Posted> {
    if (outgoing.type === 'card') return await openCase(posting, place, outgoing, id)
    const room = await roomFor(posting, place)
    if (outgoing.type === 'say' && outgoing.agent !== null && place.thread !== null) {
      // A webhook takes no nonce: what stands is looked for first.
      const sent =
        (await findSent(place, id, outgoing)) ?? (await speakAs(outgoing.agent, place, room, outgoing, id, files))
      if (sent) return sent
    }
    const bodies = bodiesOf(outgoing)
    const ids = taken(id)
    for (const [i, body] of bodies.entries()) {
      if (i < ids.length) continue
      const attached = i === bodies.length - 1 ? files : []
      ids.push((await send(posting, room, place, { ...body, nonce: nonceOf(id, i), enforce_nonce: true }, attached)).id)
    }
    return { id: ids.join(joint) }
  }

  function taken(id: string): string[] {
    const standing = begun.get(id) ?? []
    begun.delete(id)
    return [...standing]
  }

  /** In an agent's own name; null where the server does not let us. */
  async function speakAs(
    agent: string,
    place: Place,
    room: string,
    outgoing: Outgoing,
    id: string,
    files: readonly FileContent[],
  ): Promise<Posted | null> {
    const bodies = bodiesOf(outgoing, true)
    const ids = taken(id)
    for (const [i, body] of bodies.entries()) {
      if (i < ids.length) continue
      const attached = i === bodies.length - 1 ? files : []
      const sent = await voices.say(agent, place.room, room, body, attached)
      if (sent === null) {
        // It began in their name and can go on so no longer: what stands is left to stand.
        if (ids.length > 0) begun.set(id, ids)
        return null
      }
      ids.push(sent.id)
    }
    return { id: ids.join(joint) }
  }

  /** A message of the bot's, or one that it said in somebody's name. */
  async function change(place: Place, room: string, message: string, body: Body, named: Body): Promise<void> {
    try {
      await unarchived(posting, room, () => api.patch(Routes.channelMessage(room, message), answers.posted, { body }))
    } catch (error) {
      if (!refusedWith(error, code.notTheAuthor)) throw error
      if (!(await voices.edit(place.room, room, message, named))) throw error
    }
  }

  return {
    remembersMs: rememberedMs,
    post,
    findSent,
    async edit(place, message, outgoing) {
      const room = outgoing.type === 'card' ? await cardRoom(posting, place, message) : await rooms.shownAt(place)
      const ids = message.split(joint)
      const bodies = bodiesOf(outgoing)
      const named = bodiesOf(outgoing, true)
      for (const [i, id] of ids.entries()) {
        const body = bodies[i]
        if (body) await change(place, room, id, body, named[i] ?? body)
        else await api.delete(Routes.channelMessage(room, id))
      }
      // A text that has grown beyond its messages goes on in new ones.
      for (const [i, body] of bodies.entries())
        if (i >= ids.length)
          await send(posting, room, place, { ...body, nonce: nonceOf(message, i), enforce_nonce: true })
    },
    async remove(place, message) {
      const room = await rooms.shownAt(place)
      for (const id of message.split(joint)) {
        try {
          await api.delete(Routes.channelMessage(room, id))
        } catch (error) {
          if (!(error instanceof Undeliverable) || !(await voices.remove(place.room, room, id))) throw error
        }
      }
    },
    async react(place, message, emoji) {
      const room = await rooms.shownAt(place)
      const route = Routes.channelMessageOwnReaction(room, lastOf(message), encodeURIComponent(emoji))
      await unarchived(posting, room, () => api.put(route))
    },
    async unreact(place, message, emoji) {
      const room = await rooms.shownAt(place)
      await api.delete(Routes.channelMessageOwnReaction(room, lastOf(message), encodeURIComponent(emoji)))
    },
    async showWorking(place) {
      await api.send(Routes.channelTyping(await rooms.shownAt(place)), {})
    },
  }
}

function lastOf(message: string): string {
  return message.split(joint).at(-1) ?? message
}

/** Where it is to be shown. The thread of a message is made when there is something to say in it. */
async function roomFor(posting: Posting, place: Place): Promise<string> {
  const { room, thread } = place
  if (thread === null) return await posting.rooms.shownAt(place)
  if (await isThere(posting.rooms, thread)) return thread
  return await threadOf(posting, room, thread, await threadTitle(posting.api, room, thread))
}

async function isThere(rooms: Rooms, thread: string): Promise<boolean> {
  try {
    return isThreadType((await rooms.find(thread)).type)
  } catch (error) {
    if (error instanceof Gone) return false
    throw error
  }
}

/** A thread is named by whose message it answers. */
async function threadTitle(api: Posting['api'], room: string, message: string): Promise<string> {
  const { author, member } = await api.get(Routes.channelMessage(room, message), answers.message)
  return shortened(member?.nick || author.global_name || author.username || '💬', 90)
}

interface Sending extends Body {
  nonce: string
  enforce_nonce: true
}

async function send(
  posting: Posting,
  room: string,
  place: Place,
  body: Sending,
  files: readonly FileContent[] = [],
): Promise<{ id: string }> {
  const { api } = posting
  const attempt = (to: string, attached: readonly FileContent[], what: Sending = body) =>
    api.post(
      Routes.channelMessages(to),
      answers.posted,
      attached.length === 0 ? { body: what } : { body: what, files: [...attached] },
    )
  try {
    return await attempt(room, files)
  } catch (error) {
    if (refusedWith(error, code.tooLarge)) return await attempt(room, [], unattached(body, files))
    if (!refusedWith(error, code.noDirect, code.noSharedServer)) throw error
    return await attempt(await another(posting, place, error instanceof Error ? error.message : ''), files)
  }
}

/** Larger than the server takes: the words go, and name what they came with. */
function unattached(body: Sending, files: readonly FileContent[]): Sending {
  const names = files.map(({ name }) => `[${name}]`).join(' ')
  return { ...body, content: `${shortened(body.content ?? '', 2_000 - names.length - 1)}\n${names}`.trim() }
}

/**
 * They take no direct messages: a private thread where they were last heard, from which they go on as before; the same
 * each time that their door is closed. The desk hears of it the first time.
 */
async function another(posting: Posting, place: Place, reason: string): Promise<string> {
  const { api, rooms, trouble } = posting
  const user = place.room
  const lent = await rooms.lentTo(user)
  if (lent !== null && (await isThere(rooms, lent))) {
    await rooms.lend(user, lent)
    return lent
  }
  const seen = await rooms.lastSeen(user)
  const thread = seen === null ? null : await openPrivate({ api, rooms }, seen, user, '💬')
  if (thread === null) throw new Undeliverable(reason)
  await rooms.lend(user, thread)
  await trouble(user, reason)
  return thread
}

/** An idle thread is put away by itself; what is not a message finds it closed. */
async function unarchived<T>({ api }: Posting, room: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!refusedWith(error, code.archived)) throw error
    await api.patch(Routes.channel(room) as RouteLike, answers.channel, { body: { archived: false } })
    return await act()
  }
}
