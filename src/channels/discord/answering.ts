/** How Discord is answered within its three seconds: what was done is stored first, wherever that can be. */
import { Routes } from 'discord.js'
import { z } from 'zod'
import type { Incoming, Place } from '../../domain/message.ts'
import type { FormName, Front, Keep, Received } from '../../domain/ports.ts'
import type { Api } from './api.ts'
import { shortened } from './render.ts'
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
  await answer(acting, interaction, reply.message, {
    content: shortened(content, 2_000),
    components,
    flags: ephemeral,
    ...noPings,
  })
}

/** After a deferral: what the first answer becomes. */
export async function amend(
  { api, late }: Acting,
  { application_id, token }: Interaction,
  content: string,
  components: object[] = [],
): Promise<void> {
  try {
    const route = Routes.webhookMessage(application_id, token, '@original')
    await api.patch(route, z.unknown(), {
      body: { content: shortened(content, 2_000), components, ...noPings },
      withoutToken: true,
    })
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
