/** What was said while we were away: fetched from where we know people to be, oldest first, when no session was left. */
import { Routes } from 'discord.js'
import { Gone, TryAgain, Undeliverable } from '../../domain/faults.ts'
import type { Front } from '../../domain/ports.ts'
import type { Api } from './api.ts'
import type { Lines } from './lines.ts'
import type { Rooms } from './rooms.ts'
import { answers, type Message } from './shapes.ts'

export interface Missing {
  api: Api
  front: Front
  rooms: Rooms
  lines: Lines
  /** As if it came just now; what is known already is known. */
  say(message: Message): Promise<unknown>
  stopping(): boolean
  pause(ms: number): Promise<void>
  failed(error: unknown, what: string): void
}

const pageOf = 100
/** Beyond this nobody wants an answer any more, and a busy channel would be read for ever. */
const pagesAtMost = 20
/** Discord takes 50 requests a second from all of us together: what is said now must get through as well. */
const atOnce = 4

interface Since {
  room: string
  after: string
}

export async function catchUp(missing: Missing): Promise<void> {
  const rooms = (await whereToLook(missing)).values()
  const look = async () => {
    for (const since of rooms) await missing.lines.after(since.room, () => fetchSince(missing, since))
  }
  await Promise.all(Array.from({ length: atOnce }, look))
}

/** A channel in which threads were begun is looked at too: there the next one may begin. */
async function whereToLook({ front, rooms, failed }: Missing): Promise<Since[]> {
  const places = await front.view({ of: 'places', channel: 'discord' })
  const since = new Map<string, string>()
  const look = (room: string, after: string) => {
    const known = since.get(room)
    if (known === undefined || BigInt(after) > BigInt(known)) since.set(room, after)
  }
  for (const { place, newest } of places) {
    // Ids of edits, reactions and joint messages begin with a message's.
    const after = /^\d+/u.exec(newest ?? '')?.[0]
    if (after === undefined) continue
    if (place.thread !== null) look(place.room, after)
    try {
      look(await rooms.shownAt(place), after)
    } catch (error) {
      // One that cannot be reached any more keeps us from no other.
      if (!(error instanceof Undeliverable)) failed(error, `the channel of ${place.room}`)
    }
  }
  return [...since].map(([room, after]) => ({ room, after }))
}

/** Everything after that message, oldest first; each is handed over before the next page is asked for. */
async function fetchSince(missing: Missing, { room, after }: Since): Promise<void> {
  let newest = after
  for (let page = 0; page < pagesAtMost && !missing.stopping(); page += 1) {
    const found = await patiently(missing, room, newest)
    const messages = found.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
    for (const message of messages) await missing.say(message)
    newest = messages.at(-1)?.id ?? newest
    if (messages.length < pageOf) return
  }
}

const triesAtMost = 6

async function patiently({ api, stopping, pause, failed }: Missing, room: string, after: string): Promise<Message[]> {
  for (let tries = 0; tries < triesAtMost && !stopping(); tries += 1) {
    try {
      return await api.get(Routes.channelMessages(room), answers.messages, { limit: String(pageOf), after })
    } catch (error) {
      // A channel that is gone, or closed to us, has nothing for us.
      if (error instanceof Gone || error instanceof Undeliverable) return []
      if (tries === triesAtMost - 1) failed(error, `messages of ${room}`)
      await pause(error instanceof TryAgain ? error.afterMs : 1_000 * 2 ** tries)
    }
  }
  return []
}
