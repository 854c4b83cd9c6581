/** Suggestions: similar ones are one, and people are counted, not messages (P20). */

import { nextNumber } from './cases.ts'
import type { NewId } from './ids.ts'
import type { Db } from './schema.ts'

export interface Suggestion {
  id: string
  number: number
  text: string
  status: string
}

export interface Giver {
  customer: string
  conversation: string
  text: string
}

export async function open(db: Db): Promise<Suggestion[]> {
  return await db
    .selectFrom('suggestions')
    .select(['id', 'number', 'text', 'status'])
    .where('status', 'in', ['open', 'planned'])
    .orderBy('number', 'desc')
    .limit(500)
    .execute()
}

export async function byNumber(db: Db, number: number): Promise<Suggestion | null> {
  const row = await db
    .selectFrom('suggestions')
    .select(['id', 'number', 'text', 'status'])
    .where('number', '=', number)
    .executeTakeFirst()
  return row ?? null
}

export async function insert(tx: Db, newId: NewId, text: string, at: number): Promise<Suggestion> {
  const suggestion = { id: newId(at), number: await nextNumber(tx, 'suggestion'), text, status: 'open' }
  await tx
    .insertInto('suggestions')
    .values({ ...suggestion, created_at: at })
    .execute()
  return suggestion
}

/** Counts a person once, however often they ask. Returns how many people there are now. */
export async function addGiver(tx: Db, suggestion: string, giver: Giver, at: number): Promise<number> {
  await tx
    .insertInto('suggestion_people')
    .values({ suggestion, ...giver, at })
    .onConflict((c) => c.columns(['suggestion', 'customer']).doNothing())
    .execute()
  return (await givers(tx, suggestion)).length
}

export async function givers(db: Db, suggestion: string): Promise<Giver[]> {
  return await db
    .selectFrom('suggestion_people')
    .select(['customer', 'conversation', 'text'])
    .where('suggestion', '=', suggestion)
    .orderBy('at')
    .execute()
}

export async function setStatus(tx: Db, id: string, status: string): Promise<void> {
  await tx.updateTable('suggestions').set({ status }).where('id', '=', id).execute()
}
