/**
 * Showing, exactly once: each piece of a text carries a nonce made of our own id, which Discord honours for some minutes;
 * after that the bot's own recent messages are looked at. A closed DM becomes a private thread, and the desk is told.
 */
import { createHash } from 'node:crypto'
import { type RouteLike, Routes } from 'discord.js'
import { Gone, Undeliverable } from '../../domain/faults.ts'
import type { FileContent, Outgoing, Place } from '../../domain/message.ts'
import type { Channel, Posted } from '../../domain/ports.ts'
import { type Api, refusedWith } from './api.ts'
import { openPrivate } from './receive.ts'
import { type Body, bodiesOf, shortened } from './render.ts'
import type { Rooms } from './rooms.ts'
import { answers, code, isForumType, isThreadType, type Message, madeAt, snowflakeAt } from './shapes.ts'

export interface Posting {
  api: Api
  rooms: Rooms
  self(): string
  /** Somebody cannot be reached as they were: the desk hears of it. */
  trouble(user: string, reason: string): Promise<void>
}

/** Pieces of a text are several messages and one id to everybody else. */
const joint = '+'
const rememberedMs = 120_000
/** Clocks differ; what is looked for cannot be older than its row by more. */
const skewMs = 60_000

export function createPosting(posting: Posting): Omit<Channel, 'stop'> {
  const { api, rooms } = posting
  /** Of what was found in part: our id → the pieces that stand already. */
  const begun = new Map<string, string[]>()

  async function post(
    place: Place,
    outgoing: Outgoing,
    id: string,
    files: readonly FileContent[] = [],
  ): Promise<Posted> {
    const standing = begun.get(id) ?? []
    begun.delete(id)
    if (outgoing.type === 'card') return await openCase(posting, place, outgoing, id)
    const room = await roomFor(posting, place)
    const bodies = bodiesOf(outgoing)
    const ids = [...standing]
    for (const [i, body] of bodies.entries()) {
      if (i < standing.length) continue
      const attached = i === bodies.length - 1 ? files : []
      const nonce = nonceOf(id, i)
      ids.push((await send(posting, room, place, { ...body, nonce, enforce_nonce: true }, attached)).id)
    }
    return { id: ids.join(joint) }
  }

  return {
    remembersMs: rememberedMs,
    post,
    async edit(place, message, outgoing) {
      const room = outgoing.type === 'card' ? await cardRoom(posting, place, message) : await rooms.shownAt(place)
      const ids = message.split(joint)
      const bodies = bodiesOf(outgoing)
      for (const [i, id] of ids.entries()) {
        const body = bodies[i]
        const route = Routes.channelMessage(room, id)
        if (body) await unarchived(posting, room, () => api.patch(route, answers.posted, { body }))
        else await api.delete(route)
      }
      // A text that has grown beyond its messages goes on in new ones.
      for (const [i, body] of bodies.entries())
        if (i >= ids.length)
          await send(posting, room, place, { ...body, nonce: nonceOf(message, i), enforce_nonce: true })
    },
    async remove(place, message) {
      const room = await rooms.shownAt(place)
      for (const id of message.split(joint)) await api.delete(Routes.channelMessage(room, id))
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
    async findSent(place, id, outgoing) {
      if (outgoing.type === 'card') return await findCase(posting, place, outgoing, id)
      const room = await rooms.shownAt(place)
      const found = matching(await ownSince(posting, room, id), bodiesOf(outgoing))
      if (found.length === bodiesOf(outgoing).length) return { id: found.join(joint) }
      if (found.length > 0) begun.set(id, found)
      return null
    },
  }
}

/** 22 characters of our id (16 bytes as base64url) and the number of the piece: Discord takes 25. */
export function nonceOf(id: string, piece: number): string {
  const hex = id.replaceAll('-', '')
  const bytes = /^[0-9a-f]{32}$/iu.test(hex)
    ? Buffer.from(hex, 'hex')
    : createHash('sha256').update(id).digest().subarray(0, 16)
  return `${bytes.toString('base64url')}${String(piece % 100).padStart(2, '0')}`
}

/** The first 48 bits of our ids are the time at which they were made. */
function rowMadeAt(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
}

function lastOf(message: string): string {
  return message.split(joint).at(-1) ?? message
}

/** Where it is to be shown. The thread of a message is made when there is something to say in it. */
async function roomFor({ api, rooms }: Posting, place: Place): Promise<string> {
  const id = await rooms.shownAt(place)
  if (place.thread === null || (await isThere(rooms, id))) return id
  try {
    const name = shortened((await threadTitle(api, place)) || '💬', 90)
    const thread = await api.post(Routes.threads(place.room, place.thread), answers.channel, {
      body: { name, auto_archive_duration: 10_080 },
    })
    rooms.learn(thread)
  } catch (error) {
    if (!refusedWith(error, code.hasThread)) throw error
  }
  return id
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
async function threadTitle(api: Api, { room, thread }: Place): Promise<string> {
  if (thread === null) return ''
  const { author, member } = await api.get(Routes.channelMessage(room, thread), answers.message)
  return member?.nick || author.global_name || author.username
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
  const attempt = (to: string) =>
    api.post(Routes.channelMessages(to), answers.posted, files.length === 0 ? { body } : { body, files: [...files] })
  try {
    return await attempt(room)
  } catch (error) {
    if (!refusedWith(error, code.noDirect, code.noSharedServer)) throw error
    return await attempt(await another(posting, place, error instanceof Error ? error.message : ''))
  }
}

/** They take no direct messages: a private thread where they were last heard, from which they go on as before. */
async function another(posting: Posting, place: Place, reason: string): Promise<string> {
  const { api, rooms, trouble } = posting
  const user = place.room
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

type CardShown = Extract<Outgoing, { type: 'card' }>

/** A card, and the thread of its case: a post in a forum is both, elsewhere the thread begins with the card. */
async function openCase(posting: Posting, place: Place, outgoing: CardShown, id: string): Promise<Posted> {
  const { api, rooms } = posting
  const room = await rooms.find(place.room)
  const [body] = bodiesOf(outgoing)
  const name = caseTitle(outgoing)
  if (isForumType(room.type)) {
    // A new post in a forum takes no nonce: what stands is looked for first.
    const standing = await findCase(posting, place, outgoing, id)
    if (standing) return standing
    const thread = await api.post(Routes.threads(room.id), answers.channel, {
      body: { name, auto_archive_duration: 10_080, message: body },
    })
    rooms.learn(thread)
    return { id: thread.id, thread: thread.id }
  }
  const sent = await api.post(Routes.channelMessages(room.id), answers.posted, {
    body: { ...body, nonce: nonceOf(id, 0), enforce_nonce: true },
  })
  return { id: sent.id, thread: await threadOf(posting, room.id, sent.id, name) }
}

/** The thread that begins with a message has its id. */
async function threadOf({ api, rooms }: Posting, room: string, message: string, name: string): Promise<string> {
  try {
    const body = { name, auto_archive_duration: 10_080 }
    rooms.learn(await api.post(Routes.threads(room, message), answers.channel, { body }))
  } catch (error) {
    if (!refusedWith(error, code.hasThread)) throw error
  }
  return message
}

/** Names of threads may be changed twice in ten minutes: nothing that changes stands in one. */
function caseTitle({ card }: CardShown): string {
  return shortened(`#${card.case} ${card.customer}: ${card.summary.replaceAll(/\s+/gu, ' ')}`, 100)
}

async function findCase(posting: Posting, place: Place, outgoing: CardShown, id: string): Promise<Posted | null> {
  const { api, rooms } = posting
  const room = await rooms.find(place.room)
  if (!isForumType(room.type)) {
    const mark = JSON.stringify(`desk|`).slice(1, -1)
    const own = await ownSince(posting, room.id, id)
    const card = own.find((one) => JSON.stringify(one.components ?? []).includes(mark) && titled(one, outgoing))
    return card ? { id: card.id, thread: await threadOf(posting, room.id, card.id, caseTitle(outgoing)) } : null
  }
  const { threads } = await api.get(Routes.guildActiveThreads(room.guild ?? ''), answers.threads)
  const prefix = `#${outgoing.card.case} `
  const found = threads.find(
    (one) =>
      one.parent_id === room.id &&
      (one.name ?? '').startsWith(prefix) &&
      Number(madeAt(one.id)) >= rowMadeAt(id) - skewMs,
  )
  return found ? { id: found.id, thread: found.id } : null
}

function titled({ components }: Message, { card }: CardShown): boolean {
  return JSON.stringify(components ?? []).includes(`#${card.case} `)
}

/** A card in a forum stands in its own thread, which has its id. */
async function cardRoom({ rooms }: Posting, place: Place, message: string): Promise<string> {
  return isForumType((await rooms.find(place.room)).type) ? message : place.room
}

/** The bot's own messages since our row was made, oldest first. */
async function ownSince({ api, self }: Posting, room: string, id: string): Promise<Message[]> {
  const after = snowflakeAt(rowMadeAt(id) - skewMs)
  const page = await api.get(Routes.channelMessages(room), answers.messages, { limit: '100', after })
  return page.filter((one) => one.author.id === self() || one.webhook_id).toReversed()
}

/** The longest beginning of what was to be said that stands there, message by message. */
function matching(own: readonly Message[], bodies: readonly Body[]): string[] {
  const found: string[] = []
  for (const body of bodies) {
    const from = found.length === 0 ? 0 : own.findIndex((one) => one.id === found.at(-1)) + 1
    const one = own.slice(from).find((message) => message.content === body.content?.trim())
    if (!one) break
    found.push(one.id)
  }
  return found
}
