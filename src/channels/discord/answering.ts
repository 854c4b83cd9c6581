/** How Discord is answered within its three seconds: what was done is stored first, wherever that can be. */
import { Routes } from 'discord.js'
import { z } from 'zod'
import type { Incoming, Place } from '../../domain/message.ts'
import type { FormName, Front, Keep, Received } from '../../domain/ports.ts'
import type { Api } from './api.ts'
import { split } from './markup.ts'
import type { Rooms } from './rooms.ts'
import type { Interaction } from './shapes.ts'

export interface Acting {
  api: Api
  front: Front
  rooms: Rooms
  keep: Keep
  self(): string
  /** Stores it, however long the database takes; false while the bot shuts down. */
  store(incoming: Incoming): Promise<Received>
  /** Which form a menu entry opens, by its registered name. */
  entry(name: string): FormName | null
  /** The bot says it there; the same id never shows twice. */
  show(place: Place, text: string, id: string): Promise<unknown>
  /** An answer that Discord did not take: too late, or given already. */
  late(error: unknown): void
}

export const reply = { message: 4, deferred: 5, untouched: 6, changed: 7, modal: 9 } as const
export const ephemeral = 1 << 6
/** Discord waits for three seconds; what is not stored by then is acknowledged meanwhile. */
const ackWithinMs = 2_000

export async function answer(
  { api, late }: Acting,
  { id, token }: Interaction,
  how: number,
  data?: object,
): Promise<void> {
  try {
    const body = data === undefined ? { type: how } : { type: how, data }
    await api.send(Routes.interactionCallback(id, token), { body, withoutToken: true })
  } catch (error) {
    late(error)
  }
}

export const noPings = { allowed_mentions: { parse: [] } }

export async function whisper(
  acting: Acting,
  interaction: Interaction,
  content: string,
  components: object[] = [],
): Promise<void> {
  const [first, ...rest] = bodiesFor(content, components, ephemeral)
  await answer(acting, interaction, reply.message, first)
  await follow(acting, interaction, rest)
}

/** To all who are there. */
export async function tell(acting: Acting, interaction: Interaction, content: string): Promise<void> {
  const [first, ...rest] = bodiesFor(content, [], 0)
  await answer(acting, interaction, reply.message, first)
  await follow(acting, interaction, rest)
}

/** After a deferral: what the first answer becomes. */
export async function amend(
  acting: Acting,
  interaction: Interaction,
  content: string,
  components: object[] = [],
): Promise<void> {
  const { api, late } = acting
  const [body, ...rest] = bodiesFor(content, components, ephemeral)
  try {
    const route = Routes.webhookMessage(interaction.application_id, interaction.token, '@original')
    await api.patch(route, z.unknown(), { body, withoutToken: true })
  } catch (error) {
    return late(error)
  }
  await follow(acting, interaction, rest)
}

/** What is longer than a message goes on in the next; buttons stand under the last. */
function bodiesFor(content: string, components: object[], flags: number): object[] {
  const parts = split(content, 2_000)
  return parts.map((part, i) => ({
    content: part,
    components: i === parts.length - 1 ? components : [],
    flags,
    ...noPings,
  }))
}

async function follow(
  { api, late }: Acting,
  { application_id, token }: Interaction,
  bodies: readonly object[],
): Promise<void> {
  try {
    for (const body of bodies) await api.send(Routes.webhook(application_id, token), { body, withoutToken: true })
  } catch (error) {
    late(error)
  }
}

/** Stored, and then acknowledged; acknowledged in time where the store is slow. */
export async function storedThenAcknowledged(
  acting: Acting,
  interaction: Interaction,
  incoming: Incoming,
  acknowledge: (received: Received) => Promise<void>,
): Promise<Received> {
  const storing = acting.store(incoming)
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ackWithinMs)
  })
  const received = await Promise.race([storing, patience])
  clearTimeout(timer)
  if (received === null) await answer(acting, interaction, reply.untouched)
  else await acknowledge(received)
  return await storing
}
