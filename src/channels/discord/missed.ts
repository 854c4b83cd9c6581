/** What was said while we were away: fetched from where we know people to be, oldest first, when no session was left. */

import { setTimeout as pause } from 'node:timers/promises'
import { Routes } from 'discord.js'
import { Gone, TryAgain, Undeliverable } from '../../domain/faults.ts'
import type { Front } from '../../domain/ports.ts'
import type { Api } from './api.ts'
import type { Rooms } from './rooms.ts'
import { answers, type Message } from './shapes.ts'

export interface Missing {
  api: Api
  front: Front
  rooms: Rooms
  stopping(): boolean
  failed(error: unknown, what: string): void
}

const pageOf = 100
/** Beyond this nobody wants an answer any more, and a busy channel would be read for ever. */
const pagesAtMost = 20

/** Where to look, and since which message. */
export interface Since {
  room: string
  after: string
}

/** A channel in which threads were begun is looked at too: there the next one may begin. */
export async function whereToLook({ front, rooms }: Missing): Promise<Since[]> {
  const places = await front.view({ of: 'places', channel: 'discord' })
  const since = new Map<string, string>()
  const older = (room: string, after: string) => {
    const known = since.get(room)
    if (known === undefined || BigInt(after) > BigInt(known)) since.set(room, after)
  }
  for (const { place, newest } of places) {
    // Ids of edits, reactions and joint messages are not of one message.
    const after = /^\d+/u.exec(newest ?? '')?.[0]
    if (after === undefined) continue
    older(await rooms.shownAt(place), after)
    if (place.thread !== null) older(place.room, after)
  }
  return [...since].map(([room, after]) => ({ room, after }))
}

/** Everything after that message, oldest first; each is handed over before the next page is asked for. */
export async function fetchSince(
  missing: Missing,
  { room, after }: Since,
  take: (message: Message) => Promise<unknown>,
): Promise<void> {
  let newest = after
  for (let page = 0; page < pagesAtMost && !missing.stopping(); page += 1) {
    const found = await patiently(missing, room, newest)
    const messages = found.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
    for (const message of messages) await take(message)
    newest = messages.at(-1)?.id ?? newest
    if (messages.length < pageOf) return
  }
}

async function patiently({ api, stopping, failed }: Missing, room: string, after: string): Promise<Message[]> {
  for (let tries = 0; tries < 5 && !stopping(); tries += 1) {
    try {
      return await api.get(Routes.channelMessages(room), answers.messages, { limit: String(pageOf), after })
    } catch (error) {
      // A channel that is gone, or closed to us, has nothing for us.
      if (error instanceof Gone || error instanceof Undeliverable) return []
      if (tries === 4) failed(error, `messages of ${room}`)
      await pause(error instanceof TryAgain ? error.afterMs : 1_000 * 2 ** tries)
    }
  }
  return []
}
