/** What was said to a customer, and what became of it. */
import { sql } from 'kysely'
import type { Cursor, Point } from './messages.ts'
import { type OutboxRow, parse } from './outbox.ts'
import type { Db } from './schema.ts'

/** All that a customer could read of what was said to them. */
function toldTo(db: Db, customer: string) {
  return db
    .selectFrom('outbox')
    .selectAll()
    .where('customer', '=', customer)
    .where('audience', '=', 'customer')
    .where('type', '=', 'say')
    .where('state', '=', 'sent')
}

/** What a customer was told after a point, oldest first. */
export async function saidTo(db: Db, customer: string, after: Cursor, atMost: number): Promise<OutboxRow[]> {
  const rows = await toldTo(db, customer)
    .where(sql<boolean>`(shown_at, id) > (${after.at}, ${after.id})`)
    .orderBy('shown_at')
    .orderBy('id')
    .limit(atMost)
    .execute()
  return rows.map(parse)
}

/** What a customer had been told until then, the last of it, oldest first. */
export async function toldUntil(db: Db, { customer, conversation, id }: Point, atMost: number): Promise<OutboxRow[]> {
  const rows = await toldTo(db, customer)
    .where('conversation', '=', conversation)
    .where('id', '<', id)
    .orderBy('shown_at', 'desc')
    .orderBy('id', 'desc')
    .limit(atMost)
    .execute()
  return rows.map(parse).toReversed()
}

/** Has anything to the customer failed for good in this conversation since then? */
export async function failedSince(db: Db, customer: string, conversation: string, since: number): Promise<boolean> {
  const row = await db
    .selectFrom('outbox')
    .select('id')
    .where('customer', '=', customer)
    .where('conversation', '=', conversation)
    .where('audience', '=', 'customer')
    .where('sent_at', 'is', null)
    .where('state', '=', 'failed')
    .where('created_at', '>=', since)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** A button further back than this many messages is too old to be meant. */
const offersAtMost = 200

/** The newest message to a customer that offers a button. */
export async function offering(db: Db, customer: string, button: string): Promise<OutboxRow | null> {
  const rows = await toldTo(db, customer)
    .orderBy('shown_at', 'desc')
    .orderBy('id', 'desc')
    .limit(offersAtMost)
    .execute()
  const found = rows
    .map(parse)
    .find(({ outgoing }) => outgoing.type === 'say' && outgoing.buttons.some(({ id }) => id === button))
  return found ?? null
}
