/** Where somebody speaks with us alone. */
import { Gone, Undeliverable } from '../../domain/faults.ts'
import type { Author, Place } from '../../domain/message.ts'
import { type Acting, answer, ephemeral, reply } from './answering.ts'
import { channelType, type Interaction, isThreadType } from './shapes.ts'
import { openPrivate } from './threads.ts'

/** The first answer was put off meanwhile: what it becomes is an amendment. */
export interface OwnPlace {
  place: Place
  link: string
}

/**
 * Where somebody can speak with us alone: their direct messages, or a private thread under the channel, in which they go
 * on later. Null where they are in such a place already.
 */
export async function ownPlace(
  acting: Acting,
  interaction: Interaction,
  { id, name }: Author,
  place: Place,
): Promise<OwnPlace | null> {
  const { api, front, rooms } = acting
  if (!interaction.guild_id) return null
  const facts = await front.view({ of: 'place', place, author: id })
  if (place.thread !== null && facts.known) return null
  await answer(acting, interaction, reply.deferred, { flags: ephemeral })
  const user = id.split(':').at(-1) ?? id
  const room = await rooms.find(place.room)
  if (room.type === channelType.text) {
    await rooms.seen(user, room.id)
    const thread = (await standing(acting, user, room.id)) ?? (await openPrivate({ api, rooms }, room.id, user, name))
    if (thread !== null) {
      await rooms.putOwn(user, room.id, thread)
      return { place: { ...place, thread }, link: `<#${thread}>` }
    }
  }
  const direct: Place = { ...place, room: user, thread: null }
  return { place: direct, link: `<#${await rooms.shownAt(direct)}>` }
}

/** The thread that they were given here before, if it is there still. */
async function standing({ rooms }: Acting, user: string, room: string): Promise<string | null> {
  const thread = await rooms.ownIn(user, room)
  if (thread === null) return null
  try {
    return isThreadType((await rooms.find(thread)).type) ? thread : null
  } catch (error) {
    if (error instanceof Gone || error instanceof Undeliverable) return null
    throw error
  }
}
