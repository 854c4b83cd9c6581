/** What happened in Slack, as the engine takes it. Whether it is any of ours is told here; what it means is not. */
import type { Author, Incoming, Place } from '../../domain/message.ts'
import type { Front } from '../../domain/ports.ts'
import type { Api } from './api.ts'
import type { Fetched, Files } from './files.ts'
import { customerId, messageId, placeIn, timeOf } from './ids.ts'
import type { MessageEvent, ReactionEvent } from './payloads.ts'
import type { Known, People } from './people.ts'
import type { Telling } from './private.ts'
import type { Rooms } from './rooms.ts'
import type { Talk } from './talk.ts'
import { emojiOf, plain } from './text.ts'

export interface Receiving {
  front: Front
  api: Api
  people: People
  rooms: Rooms
  files: Files
  talk: Talk
  telling: Pick<Telling, 'fileLost'>
  /** Is the app shown as an agent there? Then each text in direct messages begins a thread (PLATFORMS, "Agent DM"). */
  isAgent(workspace: string): boolean
}

/** Where an event is from: the workspace of the installation that it is for, and that one's own user. */
export interface Origin {
  workspace: string
  bot: string
  /** The last time that Slack sends it. */
  last: boolean
}

/** Subtypes in which somebody says something; all others are Slack's own notices. */
const saidSubtypes = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message'])

/** What is to be received; nothing where it is not for us. */
export async function fromMessage(parts: Receiving, origin: Origin, event: MessageEvent): Promise<Incoming[]> {
  if (event.subtype === 'message_changed') return await edited(parts, origin, event)
  if (event.subtype === 'message_deleted') return await deleted(parts, origin, event)
  if (!saidSubtypes.has(event.subtype)) return []
  const { user, bot_id } = event
  // Bots are not answered, not even by each other (PLATFORMS, pain 16).
  if (user === undefined || bot_id !== undefined || user === origin.bot) return []
  const place = await placeOf(parts, origin, event, user)
  const { text, mentions } = await plainOf(parts, origin, event.text)
  if (!(await isForUs(parts, origin, event, place, user, mentions))) return []
  const person = await parts.people.find(origin.workspace, user)
  if (person.isBot) return []
  const fetched = await filesOf(parts, origin, event)
  const unseen = [...fetched.tooLarge, ...fetched.missing].map((name) => `📎 ${name}`)
  const to = { workspace: origin.workspace, room: event.channel, thread: event.thread_ts ?? null, user }
  for (const name of fetched.tooLarge) parts.telling.fileLost(to, 'tooLarge', name)
  for (const name of fetched.missing) parts.telling.fileLost(to, 'unreadable', name)
  return [
    {
      type: 'said',
      id: messageId({ room: event.channel, ts: event.ts }),
      place,
      author: authorOf(origin, user, person),
      at: timeOf(event.ts),
      text: [text, ...unseen].filter((line) => line !== '').join('\n'),
      files: fetched.files,
      timezone: person.timezone,
      locale: person.locale,
      tier: null,
    },
  ]
}

/** Direct messages are a place by the person; in a channel a conversation is a thread. */
async function placeOf(parts: Receiving, { workspace }: Origin, event: MessageEvent, user: string): Promise<Place> {
  const { channel, thread_ts, ts } = event
  if (event.channel_type !== 'im' && !channel.startsWith('D')) return placeIn(workspace, channel, thread_ts ?? ts)
  parts.rooms.learn(workspace, user, channel)
  return placeIn(workspace, user, parts.isAgent(workspace) ? (thread_ts ?? ts) : null)
}

/**
 * In direct messages everything is; at the desk every line of a thread. In a channel what mentions us, and what is said
 * after that in the thread by whoever did, unless they are talking to somebody else (PLATFORMS, pain 9); in a channel for
 * support, what begins a thread.
 */
async function isForUs(
  { front, talk }: Receiving,
  { workspace, bot }: Origin,
  event: MessageEvent,
  place: Place,
  user: string,
  mentions: string[],
): Promise<boolean> {
  if (event.channel_type === 'im' || event.channel.startsWith('D')) return true
  const addressed = mentions.includes(bot)
  const inThread = event.thread_ts !== undefined
  const thread = messageId({ room: event.channel, ts: place.thread ?? event.ts })
  const asked = inThread ? { author: customerId(workspace, user) } : {}
  const facts = await front.view({ of: 'place', place, ...asked })
  if (facts.desk) return addressed || inThread
  // In a channel that policy names for support, whatever begins a thread is for us.
  if (addressed || (facts.support && !inThread)) {
    talk.addressed(thread)
    return true
  }
  if (!inThread) return false
  if (!facts.known || mentions.length > 0) {
    talk.aside(thread)
    return false
  }
  return !talk.isAside(thread)
}

async function edited(parts: Receiving, origin: Origin, event: MessageEvent): Promise<Incoming[]> {
  const { message, previous_message: before, channel } = event
  // An unfurled link changes a message too, and so do we: an edit has another text, and says who edited (PLATFORMS, pain 16).
  if (!message?.user || message.bot_id !== undefined || message.user === origin.bot) return []
  if (message.subtype === 'tombstone')
    return await deleted(parts, origin, { ...event, previous_message: message, deleted_ts: message.ts })
  if (message.edited === undefined || message.text === before?.text) return []
  const said = { ...event, ts: message.ts, thread_ts: message.thread_ts }
  const place = await placeOf(parts, origin, said, message.user)
  const { text, mentions } = await plainOf(parts, origin, message.text)
  const known = messageId({ room: channel, ts: message.ts })
  const person = await parts.people.find(origin.workspace, message.user)
  const author = authorOf(origin, message.user, person)
  const owner = await parts.front.view({ of: 'author', channel: 'slack', message: known })
  if (owner === null) {
    // Somebody forgot to mention us, and does so now.
    const calls = mentions.includes(origin.bot) && !mentioned(before?.text, origin.bot)
    return calls
      ? await fromMessage(parts, origin, { ...event, ...message, subtype: undefined, user: message.user })
      : []
  }
  const at = timeOf(message.edited.ts)
  return [{ type: 'edited', id: `${known}:edited:${message.edited.ts}`, place, author, at, message: known, text }]
}

async function deleted(parts: Receiving, origin: Origin, event: MessageEvent): Promise<Incoming[]> {
  const { previous_message: before, deleted_ts, channel } = event
  if (!before?.user || before.bot_id !== undefined || deleted_ts === undefined) return []
  const known = messageId({ room: channel, ts: deleted_ts })
  if ((await parts.front.view({ of: 'author', channel: 'slack', message: known })) === null) return []
  const place = await placeOf(parts, origin, { ...event, ts: deleted_ts, thread_ts: before.thread_ts }, before.user)
  const person = await parts.people.find(origin.workspace, before.user)
  const author = authorOf(origin, before.user, person)
  return [{ type: 'deleted', id: `${known}:deleted`, place, author, at: timeOf(event.ts), message: known }]
}

interface History {
  messages?: { ts?: string; thread_ts?: string; text?: string; user?: string }[]
}

/** A reaction to our words, or to one's own. The event names no thread and no text: both are looked up. */
export async function fromReaction(parts: Receiving, origin: Origin, event: ReactionEvent): Promise<Incoming[]> {
  const { user, item, item_user, reaction } = event
  const { channel, ts } = item
  const own = item_user === user
  if (item.type !== 'message' || channel === undefined || ts === undefined || user === origin.bot) return []
  if (!own && item_user !== origin.bot) return []
  const person = await parts.people.find(origin.workspace, user)
  if (person.isBot) return []
  const direct = channel.startsWith('D')
  const found = own || !direct ? await lookUp(parts, origin.workspace, channel, ts) : null
  const place = await placeOf(
    parts,
    origin,
    { type: 'message', text: '', channel, ts, thread_ts: found?.thread_ts },
    user,
  )
  const text = own ? (await plainOf(parts, origin, found?.text ?? '')).text : null
  if (own && text === '') return []
  return [
    {
      type: 'reacted',
      id: `${messageId({ room: channel, ts })}:${user}:${reaction}:${event.event_ts}`,
      place,
      author: authorOf(origin, user, person),
      at: timeOf(event.event_ts),
      emoji: emojiOf(reaction),
      to: messageId({ room: channel, ts }),
      text,
    },
  ]
}

async function lookUp({ api }: Receiving, workspace: string, channel: string, ts: string) {
  const args = { channel, ts, oldest: ts, latest: ts, inclusive: true, limit: 1 }
  const { messages = [] } = await api.call<History>(workspace, 'conversations.replies', args)
  return messages.find((message) => message.ts === ts) ?? null
}

async function filesOf({ files }: Receiving, { workspace, last }: Origin, event: MessageEvent): Promise<Fetched> {
  if (event.files === undefined || event.files.length === 0) return { files: [], tooLarge: [], missing: [] }
  return await files.down(workspace, event.files, last)
}

/** With the names of those that it mentions. */
async function plainOf({ people }: Receiving, { workspace, bot }: Origin, raw: string) {
  const others = [...raw.matchAll(/<@([UW][A-Z0-9]+)>/gu)].map(([, id = '']) => id).filter((id) => id !== bot)
  await Promise.all(others.map((id) => people.find(workspace, id)))
  return plain(raw, bot, (id) => people.nameOf(workspace, id))
}

function mentioned(text: string | undefined, bot: string): boolean {
  return text?.includes(`<@${bot}`) === true
}

export function authorOf({ workspace }: Pick<Origin, 'workspace'>, user: string, person: Pick<Known, 'name'>): Author {
  return { id: customerId(workspace, user), name: person.name }
}
