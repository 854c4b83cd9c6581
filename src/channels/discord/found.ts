/** What the bot has said there already: looked at before anything is said again whose fate is not known. */
import { Routes } from 'discord.js'
import type { Api } from './api.ts'
import type { Body } from './render.ts'
import { answers, type Message, snowflakeAt } from './shapes.ts'

export interface Looking {
  api: Api
  /** Another process may know who we are before this one does. */
  self(): Promise<string>
}

/** Clocks differ; what is looked for cannot be older than its row by more. */
export const skewMs = 60_000

/** The first 48 bits of our ids are the time at which they were made. */
export function rowMadeAt(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
}

/** The bot's own messages since our row was made, oldest first. */
export async function ownSince({ api, self }: Looking, room: string, id: string): Promise<Message[]> {
  const after = snowflakeAt(rowMadeAt(id) - skewMs)
  const me = await self()
  const page = await api.get(Routes.channelMessages(room), answers.messages, { limit: '100', after })
  return page.filter((one) => one.author.id === me || one.webhook_id).toReversed()
}

/** The longest beginning of what was to be said that stands there, message by message. */
export function matching(own: readonly Message[], bodies: readonly Body[]): string[] {
  const found: string[] = []
  for (const body of bodies) {
    const from = found.length === 0 ? 0 : own.findIndex((one) => one.id === found.at(-1)) + 1
    const one = own.slice(from).find((message) => message.content === body.content?.trim())
    if (!one) break
    found.push(one.id)
  }
  return found
}
