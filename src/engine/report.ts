/** How the desk learns what became of words to a customer: a mark on the line that they came from, and a reason. */
import { part } from '../domain/decision.ts'
import type { Outgoing, Touch } from '../domain/message.ts'
import * as cases from '../store/cases.ts'
import * as customers from '../store/customers.ts'
import type * as outbox from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import * as sources from '../store/sources.ts'
import { failedSince } from '../store/told.ts'
import { writtenForDesk } from './atdesk.ts'
import { deskOfCase } from './desks.ts'
import { shortName } from './happened.ts'
import { type LineBody, markFor, markOf } from './lines.ts'
import { newRow } from './newrow.ts'
import { type Parts, standsAtCommit } from './parts.ts'

/** Marks on the agent's line that a row to a customer came from, if it came from one. */
export async function lineMarks(
  parts: Parts,
  tx: Db,
  row: outbox.OutboxRow,
  how: 'delivered' | 'failed',
): Promise<outbox.NewOutboxRow[]> {
  if (row.audience !== 'customer' || row.outgoing.type !== 'say' || row.outgoing.from !== 'agent') return []
  const lines = (await sources.carriedBy(tx, row.id)).filter((one) => one.type === 'line' && one.deleted_at === null)
  const marks = lines.map((one): Touch => {
    const body: LineBody = JSON.parse(one.body)
    return markFor(body, markOf[how])
  })
  return await Promise.all(marks.map((mark) => atDesk(parts, tx, row, mark)))
}

/** Of the bot's own words that did not arrive, the desk is told once in this time: a closed door stays closed. */
const tellAgainAfterMs = 24 * 60 * 60_000

/** What a customer did not get is told in the case's thread. A row of the desk's own that fails is only in the log. */
export async function tellDesk(
  parts: Parts,
  tx: Db,
  row: outbox.OutboxRow,
  reason: string,
): Promise<outbox.NewOutboxRow[]> {
  if (row.audience !== 'customer') return []
  const now = parts.clock.now()
  const byPerson = row.outgoing.type === 'say' && row.outgoing.from === 'agent'
  if (!byPerson && (await failedSince(tx, row.customer, row.conversation, now - tellAgainAfterMs))) return []
  const kase = row.caseId === null ? null : await cases.byId(tx, row.caseId)
  const { name } = (await customers.find(tx, row.customer)) ?? { name: shortName(row.customer) }
  const told = part('desk.undelivered', { number: kase?.number ?? null, customer: name, reason })
  const { text } = writtenForDesk(parts, told, now)
  const alert: Outgoing = { type: 'alert', reason: 'undelivered', text, case: kase?.number ?? null, buttons: [] }
  return [...(await lineMarks(parts, tx, row, 'failed')), await atDesk(parts, tx, row, alert)]
}

/** Something for the desk to see of a case, in its thread; of none, in the room. */
export async function atDesk(
  parts: Parts,
  tx: Db,
  { conversation, customer, caseId }: Pick<outbox.OutboxRow, 'conversation' | 'customer' | 'caseId'>,
  outgoing: Outgoing | Touch,
): Promise<outbox.NewOutboxRow> {
  const now = parts.clock.now()
  const desk = caseId === null ? parts.desk : await deskOfCase(parts, tx, caseId)
  return newRow(
    {
      id: parts.store.newId(now),
      conversation,
      customer,
      caseId,
      audience: 'desk',
      place: { ...desk, thread: null },
      outgoing,
      script: null,
      turn: null,
      notBefore: now,
    },
    { now, delivered: standsAtCommit(parts, desk) },
  )
}
