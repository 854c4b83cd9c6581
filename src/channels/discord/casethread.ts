/** A case at the desk: its card, and the thread that it opens. In a forum a post is both, elsewhere the thread begins with the card. */
import { Routes } from 'discord.js'
import type { Outgoing, Place } from '../../domain/message.ts'
import type { Posted } from '../../domain/ports.ts'
import { type Looking, ownSince, rowMadeAt, skewMs } from './found.ts'
import { nonceOf } from './nonce.ts'
import { bodiesOf, shortened } from './render.ts'
import type { Rooms } from './rooms.ts'
import { answers, isForumType, type Message, madeAt } from './shapes.ts'
import { postIn, threadOf } from './threads.ts'

interface Desk extends Looking {
  rooms: Rooms
}

type CardShown = Extract<Outgoing, { type: 'card' }>

export async function openCase(desk: Desk, place: Place, outgoing: CardShown, id: string): Promise<Posted> {
  const { api, rooms } = desk
  const room = await rooms.find(place.room)
  const [body] = bodiesOf(outgoing)
  const name = caseTitle(outgoing)
  if (isForumType(room.type)) {
    // A new post in a forum takes no nonce: what stands is looked for first.
    const standing = await findCase(desk, place, outgoing, id)
    if (standing) return standing
    const thread = await postIn(desk, room.id, name, body)
    return { id: thread, thread }
  }
  const sent = await api.post(Routes.channelMessages(room.id), answers.posted, {
    body: { ...body, nonce: nonceOf(id, 0), enforce_nonce: true },
  })
  return { id: sent.id, thread: await threadOf(desk, room.id, sent.id, name) }
}

/** Names of threads may be changed twice in ten minutes: nothing that changes stands in one. */
function caseTitle({ card }: CardShown): string {
  return shortened(`#${card.case} ${card.summary.replaceAll(/\s+/gu, ' ')}`, 100)
}

export async function findCase(desk: Desk, place: Place, outgoing: CardShown, id: string): Promise<Posted | null> {
  const { api, rooms } = desk
  const room = await rooms.find(place.room)
  if (!isForumType(room.type)) {
    const card = (await ownSince(desk, room.id, id)).find((one) => isCardOf(one, outgoing.card.case))
    return card ? { id: card.id, thread: await threadOf(desk, room.id, card.id, caseTitle(outgoing)) } : null
  }
  const { threads } = await api.get(Routes.guildActiveThreads(room.guild ?? ''), answers.threads)
  const prefix = `#${outgoing.card.case} `
  const found = threads.find(
    (one) =>
      one.parent_id === room.id &&
      (one.name ?? '').startsWith(prefix) &&
      Number(madeAt(one.id)) >= rowMadeAt(id) - skewMs,
  )
  return found ? { id: found.id, thread: found.id } : null
}

/** Its buttons say whose card it is. */
function isCardOf({ components }: Message, number: number): boolean {
  return new RegExp(`"desk\\|\\w+\\|${number}"`, 'u').test(JSON.stringify(components ?? []))
}

/** A card in a forum stands in its own thread, which has its id. */
export async function cardRoom({ rooms }: Desk, place: Place, message: string): Promise<string> {
  return isForumType((await rooms.find(place.room)).type) ? message : place.room
}
