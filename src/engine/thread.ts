/** What is shown of a case at its desk stands in one thread: the card opens it, the rule is its first line. */
import type { Outgoing, Place, Touch } from '../domain/message.ts'
import type { Channel, Posted } from '../domain/ports.ts'
import * as cases from '../store/cases.ts'
import type { OutboxRow } from '../store/outbox.ts'
import * as outbox from '../store/outbox.ts'
import * as sources from '../store/sources.ts'
import * as threads from '../store/threads.ts'
import { freshCard, ruleOf, wordedCard } from './desks.ts'
import type { Parts } from './parts.ts'

/** Throws `Gone` when the card or its thread is not there any more: forgotten, the next attempt posts them anew. */
export async function showAtDesk(parts: Parts, channel: Channel, row: OutboxRow): Promise<Posted> {
  const { read } = parts.store
  const { outgoing } = row
  const kase = row.caseId === null ? null : await cases.byId(read, row.caseId)
  if (kase === null) return await line(parts, channel, row, outgoing, null, null)
  let known = await threads.ofCase(read, kase.id)
  if (known === null) {
    // Opened before its desk was on a platform.
    const desk = { channel: row.place.channel, workspace: row.place.workspace, room: row.place.room }
    await parts.store.write((tx) => threads.give(tx, kase.id, desk))
    known = { caseId: kase.id, desk, thread: null, card: null, rule: null }
  }
  const room = { ...known.desk, thread: null }
  let shown: Posted | null = null
  if (known.card === null) {
    const card = await wordedCard(
      parts,
      read,
      kase,
      outgoing.type === 'card' ? outgoing : await freshCard(parts, read, kase),
    )
    const id = outgoing.type === 'card' ? row.id : parts.store.newId(parts.clock.now())
    shown = (await found(parts, channel, row, room, card)) ?? (await channel.post(room, card, id))
    known = { ...known, card: shown.id, thread: shown.thread ?? null }
    const { card: posted, thread } = known
    await parts.store.write((tx) => threads.set(tx, kase.id, { card: posted, thread }))
  } else if (outgoing.type === 'card') {
    await channel.edit?.(room, known.card, await wordedCard(parts, read, kase, outgoing))
    shown = { id: known.card }
  }
  if (known.rule === null) {
    const place = { ...room, thread: known.thread }
    const { id } = await channel.post(place, await ruleOf(parts, read, kase), kase.id)
    await parts.store.write((tx) => threads.set(tx, kase.id, { rule: id }))
  }
  if (outgoing.type === 'card' && shown) return shown
  return await line(parts, channel, row, outgoing, known.thread, kase)
}

export function isTouch(outgoing: OutboxRow['outgoing']): outgoing is Touch {
  return outgoing.type === 'mark' || outgoing.type === 'change' || outgoing.type === 'remove'
}

/** Does it to what stands there. */
export async function touchAt(
  parts: Parts,
  channel: Channel,
  place: Place,
  touch: Touch,
  kase: cases.StoredCase | null,
): Promise<Posted> {
  switch (touch.type) {
    case 'mark':
      if (touch.instead !== null) await channel.unreact?.(place, touch.of, touch.instead)
      await channel.react?.(place, touch.of, touch.emoji)
      break
    case 'change': {
      const now = await asItStands(parts, touch.row, kase)
      if (now) await channel.edit?.(place, touch.of, now)
      break
    }
    case 'remove':
      await channel.remove?.(place, touch.of)
      break
    default:
      touch satisfies never
  }
  return { id: touch.of }
}

async function asItStands(parts: Parts, row: string | null, kase: cases.StoredCase | null): Promise<Outgoing | null> {
  const { read } = parts.store
  if (row === null) return kase && (await ruleOf(parts, read, kase))
  const known = await outbox.byId(read, row)
  return known === null || isTouch(known.outgoing) ? null : known.outgoing
}

async function line(
  parts: Parts,
  channel: Channel,
  row: OutboxRow,
  outgoing: OutboxRow['outgoing'],
  thread: string | null,
  kase: cases.StoredCase | null,
): Promise<Posted> {
  const place = { ...row.place, thread }
  if (isTouch(outgoing)) return await touchAt(parts, channel, place, outgoing, kase)
  const posted = await found(parts, channel, row, place, outgoing)
  return posted ?? (await channel.post(place, outgoing, row.id, await filesOf(parts, row, outgoing)))
}

/** An attempt that may have come through is looked for before it is repeated, once the platform itself may have forgotten it. */
export async function found(
  { clock }: Parts,
  channel: Channel,
  { begunAt, id }: OutboxRow,
  place: Place,
  outgoing: Outgoing,
): Promise<Posted | null> {
  if (begunAt === null || clock.now() - begunAt < (channel.remembersMs ?? 0)) return null
  return (await channel.findSent?.(place, id, outgoing)) ?? null
}

async function filesOf(parts: Parts, row: OutboxRow, outgoing: Outgoing) {
  const has = outgoing.type === 'relay' && outgoing.files.length > 0
  return has ? await sources.filesOf(parts.store.read, row.id) : undefined
}
