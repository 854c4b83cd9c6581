/** What people do on Discord, as `Incoming`: messages, edits, deletes, reactions. Bots and the system are not people. */
import { Routes } from 'discord.js'
import type { Author, Incoming, Place } from '../../domain/message.ts'
import type { Front } from '../../domain/ports.ts'
import type { Api } from './api.ts'
import { fetchFiles } from './files.ts'
import { fromDiscord, quote } from './markup.ts'
import type { Room, Rooms } from './rooms.ts'
import { answers, channelType, isThreadType, type Message, madeAt, type Reaction, type User } from './shapes.ts'
import type { Telling } from './telling.ts'
import { openPrivate } from './threads.ts'

export interface Hearing {
  api: Api
  front: Front
  rooms: Rooms
  /** The bot's own id; null until Discord has said who we are. */
  self(): string
  /** May we read what does not address us? */
  reads(): boolean
  telling: Telling
}

/** Ordinary messages and replies; all other types are the system's. */
const said = [0, 19]

export function authorOf(user: User, nick?: string | null): Author {
  return { id: `discord:-:${user.id}`, name: nick || user.global_name || user.username || user.id }
}

/** Null for what is nobody's business of ours. */
export async function heard(hearing: Hearing, message: Message): Promise<Incoming | null> {
  if (!isPersons(hearing, message)) return null
  const author = authorOf(message.author, message.member?.nick)
  const place = await placeOf(hearing, message, author)
  if (place === null) return null
  const text = textOf(hearing, message)
  if (text === '' && message.attachments.length === 0) {
    if (!hearing.reads() && isBlank(message)) hearing.telling.unread(author, place, message.id)
    return null
  }
  const { files, missing } = await fetchFiles(message.attachments)
  if (missing.length > 0) hearing.telling.left(author, place, message.id, missing)
  const names = missing.map(({ name }) => `[${name}]`)
  return {
    type: 'said',
    id: message.id,
    place,
    author,
    at: madeAt(message.id),
    text: [text, ...names].filter((part) => part !== '').join('\n'),
    files,
    timezone: null,
    tier: null,
  }
}

function isPersons({ self }: Hearing, { author, webhook_id, type }: Message): boolean {
  return author.bot !== true && author.id !== self() && !webhook_id && said.includes(type)
}

/** Nothing in it at all: Discord withholds what does not address us, where the intent is missing. */
function isBlank({ content, sticker_items, message_snapshots }: Message): boolean {
  return content === '' && !sticker_items?.length && !message_snapshots?.length
}

export function textOf({ rooms, self }: Pick<Hearing, 'rooms' | 'self'>, message: Message): string {
  const names = {
    user: (id: string) => {
      const user = message.mentions.find((one) => one.id === id)
      return user ? authorOf(user, user.member?.nick).name : null
    },
    role: (id: string) => rooms.roles.get(id) ?? null,
    channel: (id: string) => rooms.name(id),
  }
  const plain = (text: string) => fromDiscord(text, self(), names)
  const forwarded = message.message_snapshots?.map((one) => quote(plain(one.message.content))) ?? []
  const stickers = message.sticker_items?.map(({ name }) => `:${name.replaceAll(' ', '_')}:`) ?? []
  return [plain(message.content), ...forwarded, ...stickers].filter((part) => part !== '').join('\n')
}

/**
 * Where that is to us, or null where people talk among themselves. Direct messages, the desk and what addresses us are
 * ours; a thread in which somebody was answered goes on without a mention for them alone.
 */
async function placeOf(hearing: Hearing, message: Message, author: Author): Promise<Place | null> {
  const { rooms, front, self } = hearing
  if (!message.guild_id) return rooms.directly(message.author.id, message.channel_id)
  const room = await rooms.find(message.channel_id)
  const place = await rooms.placeOf(room)
  const isThread = isThreadType(room.type)
  // Whether they have spoken here before matters in threads alone: not every line of a busy channel is looked up.
  const facts = await front.view({ of: 'place', place, ...(isThread ? { author: author.id } : {}) })
  if (facts.desk) return place
  const addressed = message.mentions.some(({ id }) => id === self())
  if (isThread) {
    const theirs = facts.known || (facts.support && room.owner === message.author.id)
    return addressed || theirs ? place : null
  }
  if (!addressed && !facts.support) return null
  await rooms.seen(message.author.id, room.id)
  return { ...place, thread: await threadFor(hearing, message, room, author, facts.support) }
}

/**
 * A message in a channel is answered in a thread of its own: the one that begins with it, which has its very id and is
 * made when there is an answer. In a support channel it is a private one, where the server allows that.
 */
async function threadFor(
  { api, rooms, front }: Hearing,
  message: Message,
  room: Room,
  author: Author,
  support: boolean,
): Promise<string> {
  if (!support || room.type !== channelType.text) return message.id
  const known = await rooms.answeredIn(message.id)
  if (known !== null) return known
  if ((await front.view({ of: 'author', channel: 'discord', message: message.id })) !== null) return message.id
  const thread = await openPrivate({ api, rooms }, room.id, message.author.id, author.name)
  if (thread === null) return message.id
  await rooms.answerIn(message.id, thread)
  return thread
}

/** The text of somebody's own message as it now stands. */
export async function edited(hearing: Hearing, message: Message, event: string): Promise<Incoming | null> {
  if (!isPersons(hearing, message) || !message.edited_timestamp) return null
  const known = await whose(hearing, message.id)
  const text = textOf(hearing, message)
  // Without the intent an edit of what did not address us comes blank: what was said stands.
  if (known === null || (text === '' && !hearing.reads() && message.guild_id)) return null
  const author = authorOf(message.author, message.member?.nick)
  const at = Date.parse(message.edited_timestamp)
  const place = await placeOfMessage(hearing, message, author.id)
  return { type: 'edited', id: `${message.id}:${event}`, place, author, at, message: message.id, text }
}

export interface Removed {
  id: string
  channel_id: string
  guild_id?: string | null | undefined
}

/** Discord does not say who deleted what: whose it was is known where it was heard. */
export async function deleted(hearing: Hearing, removed: Removed, at: number): Promise<Incoming | null> {
  const known = await whose(hearing, removed.id)
  if (known === null) return null
  const place = await placeOfMessage(hearing, removed, known)
  const author = { id: known, name: known.split(':').at(-1) ?? known }
  return { type: 'deleted', id: `${removed.id}:deleted`, place, author, at, message: removed.id }
}

async function whose({ front }: Hearing, message: string): Promise<string | null> {
  return await front.view({ of: 'author', channel: 'discord', message })
}

/** Where a message stands that was heard before; `by` is whose conversation it is in. */
async function placeOfMessage(hearing: Hearing, { id, channel_id, guild_id }: Removed, by: string): Promise<Place> {
  const { rooms } = hearing
  if (!guild_id) return rooms.directly(by.split(':').at(-1) ?? by, channel_id)
  const room = await rooms.find(channel_id)
  const place = await rooms.placeOf(room)
  if (isThreadType(room.type)) return place
  const facts = await hearing.front.view({ of: 'place', place })
  return facts.desk ? place : { ...place, thread: (await rooms.answeredIn(id)) ?? id }
}

/** A reaction to a message of ours, or to one's own; others' are none of our business. */
export async function reacted(
  hearing: Hearing,
  reaction: Reaction,
  event: string,
  at: number,
): Promise<Incoming | null> {
  const { user_id: user, message_id: to, message_author_id: by, emoji, member } = reaction
  const own = by === user
  if (user === hearing.self() || member?.user?.bot === true) return null
  if (by && by !== hearing.self() && !own) return null
  const place = await placeOfMessage(hearing, { ...reaction, id: to }, user)
  const known = own ? await hearing.api.get(Routes.channelMessage(reaction.channel_id, to), answers.message) : null
  const person = member?.user ?? known?.author ?? (await hearing.api.get(Routes.user(user), answers.user))
  if (person.bot === true) return null
  const name = emoji.id ? `:${emoji.name ?? ''}:` : (emoji.name ?? '')
  return {
    type: 'reacted',
    // A reaction has no id: taken away and put again it is another, delivered twice it is the same.
    id: `${to}:${user}:${name}:${event}`,
    place,
    author: authorOf(person, member?.nick),
    at,
    emoji: name,
    to,
    text: known ? textOf(hearing, known) : null,
  }
}
