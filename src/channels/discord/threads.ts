/** Threads that the bot makes: the one that begins with a message, one in a forum, and private ones with one person in them. */
import { Routes } from 'discord.js'
import { Gone } from '../../domain/faults.ts'
import { type Api, Refusal, refusedWith } from './api.ts'
import type { Body } from './render.ts'
import type { Rooms } from './rooms.ts'
import { answers, channelType, code } from './shapes.ts'

interface Threading {
  api: Api
  rooms: Rooms
}

/** A week without a word, as long as Discord lets it be: then it is put away, and comes back with the next. */
const idle = { auto_archive_duration: 10_080 }
const nameAtMost = 90

/** The thread that begins with a message has its id. Made before, it stands. */
export async function threadOf(
  { api, rooms }: Threading,
  room: string,
  message: string,
  name: string,
): Promise<string> {
  try {
    rooms.learn(await api.post(Routes.threads(room, message), answers.channel, { body: { name, ...idle } }))
  } catch (error) {
    if (!refusedWith(error, code.hasThread)) throw error
  }
  return message
}

/** A post in a forum: a thread, and its first message, which has its id. */
export async function postIn(
  { api, rooms }: Threading,
  forum: string,
  name: string,
  message: Body | undefined,
): Promise<string> {
  const thread = await api.post(Routes.threads(forum), answers.channel, { body: { name, ...idle, message } })
  return rooms.learn(thread).id
}

/** Seen by that person and by us; null where the server does not let us. */
export async function openPrivate(
  { api, rooms }: Threading,
  channel: string,
  user: string,
  name: string,
): Promise<string | null> {
  try {
    const thread = await api.post(Routes.threads(channel), answers.channel, {
      body: { name: name.slice(0, nameAtMost), type: channelType.privateThread, invitable: false, ...idle },
    })
    rooms.learn(thread)
    await api.put(Routes.threadMembers(thread.id, user))
    return thread.id
  } catch (error) {
    if (error instanceof Refusal || error instanceof Gone) return null
    throw error
  }
}
