/** What was said changes where it stands: an agent's words with the customer, a customer's words at the desk. */
import { part } from '../domain/decision.ts'
import type { Touch } from '../domain/message.ts'
import * as messages from '../store/messages.ts'
import * as outbox from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import * as sources from '../store/sources.ts'
import * as threads from '../store/threads.ts'
import { writtenForDesk } from './atdesk.ts'
import { type Draft, row } from './outgoing.ts'
import { standsAtCommit } from './parts.ts'

/** Carries out what a turn changed of words that stand already. True when there is something to deliver. */
export async function touch(draft: Draft, tx: Db): Promise<boolean> {
  const rows: outbox.NewOutboxRow[] = []
  for (const effect of draft.effects) {
    if (effect.type === 'reword') rows.push(...(await reworded(draft, tx, effect.of, effect.text)))
    if (effect.type === 'retract') rows.push(...(await reworded(draft, tx, effect.of, null)))
  }
  for (const arrived of draft.arrived)
    if (arrived.type === 'edited' || arrived.type === 'deleted') rows.push(...(await mirrored(draft, tx, arrived)))
  await outbox.insert(tx, rows)
  return rows.length > 0
}

/** An agent's words: what waits is changed before it leaves, what has left is changed with the customer. */
async function reworded(draft: Draft, tx: Db, of: string, text: string | null): Promise<outbox.NewOutboxRow[]> {
  const said = (await sources.carrying(tx, of)).filter((one) => one.audience === 'customer')
  const rows: outbox.NewOutboxRow[] = []
  for (const one of said) {
    if (one.outgoing.type !== 'say' || one.state === 'dropped') continue
    if (text === null) await outbox.drop(tx, one.id)
    else await outbox.rewrite(tx, one.id, { ...one.outgoing, text })
    rows.push(...elsewhere(draft, one, text === null ? 'remove' : 'change'))
  }
  return rows
}

/** A customer's words at the desk: nobody there must answer what is gone. */
async function mirrored(draft: Draft, tx: Db, changed: messages.MessageRow): Promise<outbox.NewOutboxRow[]> {
  const body: { message: string } = JSON.parse(changed.body)
  const original = await messages.byPlatformId(tx, changed.channel, body.message)
  if (original === null) return []
  const rows: outbox.NewOutboxRow[] = []
  const gone = writtenForDesk(draft.parts, part('desk.deleted'), draft.now).text
  for (const one of await sources.carrying(tx, original.id)) {
    // What this very turn says of it is not what stood there.
    if (one.outgoing.type !== 'relay' || one.audience !== 'desk' || one.turn === draft.turn) continue
    const live = (await sources.carriedBy(tx, one.id)).filter((row) => row.deleted_at === null)
    const text = live.map((row) => row.text).join('\n')
    const files = live.length === 0 ? [] : one.outgoing.files
    await outbox.rewrite(tx, one.id, { ...one.outgoing, text: live.length === 0 ? gone : text, files })
    rows.push(...elsewhere(draft, one, 'change'))
  }
  const { kase } = draft
  const thread = kase && (await threads.ofCase(tx, kase.id))
  // Said before the case was opened, it stands in the thread's first line.
  if (kase && thread?.rule && original.id < kase.id)
    rows.push(row(draft, 'desk', { type: 'change', of: thread.rule, row: null }, null))
  return rows
}

/** The same change where a platform shows it already; a page reads the row. */
function elsewhere(draft: Draft, shown: outbox.OutboxRow, how: 'change' | 'remove'): outbox.NewOutboxRow[] {
  const { platformId, place, audience, caseId } = shown
  if (shown.state !== 'sent' || platformId === null) return []
  if (standsAtCommit(draft.parts, place)) return []
  const what: Touch =
    how === 'remove' ? { type: 'remove', of: platformId } : { type: 'change', of: platformId, row: shown.id }
  return [{ ...row(draft, audience, what, null), place, caseId }]
}
