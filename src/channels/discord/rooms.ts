/** What is known of Discord's channels, and which of them a place of ours is. Learned from the gateway, else asked. */
import { Routes } from 'discord.js'
import { Gone } from '../../domain/faults.ts'
import type { Place } from '../../domain/message.ts'
import type { Keep } from '../../domain/ports.ts'
import type { Api } from './api.ts'
import { answers, type ChannelPayload, isThreadType } from './shapes.ts'

export interface Room {
  id: string
  type: number
  name: string
  guild: string | null
  parent: string | null
  owner: string | null
}

export interface Rooms {
  learn(payload: ChannelPayload, guild?: string): Room
  forget(id: string): void
  roles: Map<string, string>
  name(id: string): string | null
  find(id: string): Promise<Room>
  /** The place that a channel of a guild is to us: a thread belongs to its parent; one lent for closed DMs is those. */
  placeOf(room: Room): Promise<Place>
  /** Direct messages have the person for their room: so an agent can write to somebody who never wrote. */
  directly(user: string, channel: string): Place
  /** The channel in which a place is shown. */
  shownAt(place: Place): Promise<string>
  /** Direct messages with this person go through that thread, until they write in those again. */
  lend(user: string, thread: string): Promise<void>
  lentTo(user: string): Promise<string | null>
  /** A private thread that answers a message in its channel. */
  answerIn(message: string, thread: string): Promise<void>
  answeredIn(message: string): Promise<string | null>
  /** The private thread in which somebody speaks with us under a channel. */
  putOwn(user: string, room: string, thread: string): Promise<void>
  ownIn(user: string, room: string): Promise<string | null>
  /** Where somebody was last heard outside DMs: the way to them when they close those. */
  seen(user: string, room: string): Promise<void>
  lastSeen(user: string): Promise<string | null>
}

/** Forgotten when full: all of it can be asked again. */
const rememberedAtMost = 50_000

/** `failed`: something could not be kept that can be asked of Discord again. */
export function createRooms(api: Api, keep: Keep, failed: (error: unknown) => void): Rooms {
  const rooms = new Map<string, Room>()
  const roles = new Map<string, string>()
  const kept = keptIn(keep, failed)

  function remember(room: Room): Room {
    if (rooms.size >= rememberedAtMost) rooms.clear()
    rooms.set(room.id, room)
    return room
  }

  const place = (room: string, thread: string | null): Place => ({ channel: 'discord', workspace: '-', room, thread })

  return {
    learn({ id, type, name, guild_id, parent_id, owner_id }, guild) {
      return remember({
        id,
        type,
        name: name ?? '',
        guild: guild_id ?? guild ?? null,
        parent: parent_id ?? null,
        owner: owner_id ?? null,
      })
    },
    forget: (id) => void rooms.delete(id),
    roles,
    name: (id) => rooms.get(id)?.name ?? null,
    async find(id) {
      return rooms.get(id) ?? this.learn(await api.get(Routes.channel(id), answers.channel))
    },
    async placeOf(room) {
      if (!isThreadType(room.type)) return place(room.id, null)
      const user = await kept.get(`lent.for:${room.id}`)
      return user === null ? place(room.parent ?? room.id, room.id) : place(user, null)
    },
    directly(user, channel) {
      kept.learn(`direct:${user}`, channel)
      return place(user, null)
    },
    async shownAt({ room, thread }) {
      if (thread !== null) return thread
      const known = await kept.get(`direct:${room}`)
      if (known !== null) return known
      try {
        return (await this.find(room)).id
      } catch (error) {
        if (!(error instanceof Gone)) throw error
      }
      // No channel: a person to whom nobody of us has written yet.
      const channel = await api.post(Routes.userChannels(), answers.channel, { body: { recipient_id: room } })
      await kept.set(`direct:${room}`, channel.id)
      return channel.id
    },
    async lend(user, thread) {
      await kept.set(`lent:${user}`, thread)
      await kept.set(`lent.for:${thread}`, user)
      await kept.set(`direct:${user}`, thread)
    },
    lentTo: (user) => kept.get(`lent:${user}`),
    answerIn: (message, thread) => kept.set(`answered:${message}`, thread),
    answeredIn: (message) => kept.get(`answered:${message}`),
    putOwn: (user, room, thread) => kept.set(`own:${user}:${room}`, thread),
    ownIn: (user, room) => kept.get(`own:${user}:${room}`),
    seen: (user, room) => kept.set(`seen:${user}`, room),
    lastSeen: (user) => kept.get(`seen:${user}`),
  }
}

/** A Keep that remembers what it has seen; what is not there may have been put by another process since. */
function keptIn(keep: Keep, failed: (error: unknown) => void) {
  const known = new Map<string, string>()
  const remember = (key: string, value: string) => {
    if (known.size >= rememberedAtMost) known.clear()
    known.set(key, value)
  }
  return {
    async get(key: string): Promise<string | null> {
      const value = known.get(key) ?? (await keep.get(key))
      if (value !== null) remember(key, value)
      return value
    },
    async set(key: string, value: string): Promise<void> {
      if (known.get(key) === value) return
      await keep.set(key, value)
      remember(key, value)
    },
    /** Known at once, and kept when it can be: nobody waits for it. */
    learn(key: string, value: string): void {
      if (known.get(key) === value) return
      remember(key, value)
      keep.set(key, value).catch(failed)
    },
  }
}
