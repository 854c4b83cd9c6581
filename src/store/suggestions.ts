/** Suggestions: similar ones are one, and people are counted, not messages (P20). */

import { sql } from 'kysely'
import { nextNumber } from './cases.ts'
import type { NewId } from './ids.ts'
import { kept } from './kept.ts'
import type { Db, Schema } from './schema.ts'

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
  return await selectOpen(db, {})
}

/** Those that a new one may be the same as. */
const openAtMost = 500

const selectOpen = kept([], (db) =>
  db
    .selectFrom('suggestions')
    .select(['id', 'number', 'text', 'status'])
    // Written out, so that the engines see that the partial index serves.
    .where(sql<boolean>`status in ('open', 'planned')`)
    .orderBy('number', 'desc')
    .limit(sql.lit(openAtMost)),
)

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
  await insertOne(tx, { ...suggestion, created_at: at })
  return suggestion
}

const insertOne = kept(['id', 'number', 'text', 'status', 'created_at'], (db, suggestion: Schema['suggestions']) =>
  db.insertInto('suggestions').values(suggestion),
)

/** Counts a person once, however often they ask. Returns how many people there are now. */
export async function addGiver(tx: Db, suggestion: string, giver: Giver, at: number): Promise<number> {
  await insertGiver(tx, { suggestion, ...giver, at })
  const [row] = await countGivers(tx, { suggestion })
  return row?.people ?? 0
}

const insertGiver = kept(
  ['suggestion', 'customer', 'conversation', 'text', 'at'],
  (db, giver: Schema['suggestion_people']) =>
    db
      .insertInto('suggestion_people')
      .values(giver)
      .onConflict((c) => c.columns(['suggestion', 'customer']).doNothing()),
)

const countGivers = kept(['suggestion'], (db, { suggestion }: { suggestion: string }) =>
  db
    .selectFrom('suggestion_people')
    .select((e) => e.cast<number>(e.fn.countAll(), 'integer').as('people'))
    .where('suggestion', '=', suggestion),
)

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

/** What a customer wrote is said otherwise, or taken back (''): the suggestion goes on in the words of who else asks for it. */
export async function reword(tx: Db, customer: string, words: readonly string[], instead: string): Promise<void> {
  const given = await tx
    .selectFrom('suggestion_people')
    .innerJoin('suggestions', 'suggestions.id', 'suggestion_people.suggestion')
    .select(['suggestions.id', 'suggestions.text', 'suggestion_people.text as theirs'])
    .where('suggestion_people.customer', '=', customer)
    .execute()
  for (const { id, text, theirs } of given) {
    if (!words.includes(theirs)) continue
    await tx
      .updateTable('suggestion_people')
      .set({ text: instead })
      .where('suggestion', '=', id)
      .where('customer', '=', customer)
      .execute()
    if (text === theirs) await retell(tx, id, instead || (await wordsOfOthers(tx, id, customer)))
  }
}

/** What the first of the others asked for, in their words. */
export async function wordsOfOthers(db: Db, id: string, customer: string): Promise<string> {
  const other = await db
    .selectFrom('suggestion_people')
    .select('text')
    .where('suggestion', '=', id)
    .where('customer', '!=', customer)
    .where('text', '!=', '')
    .orderBy('at')
    .limit(1)
    .executeTakeFirst()
  return other?.text ?? ''
}

export async function retell(tx: Db, id: string, text: string): Promise<void> {
  await tx.updateTable('suggestions').set({ text }).where('id', '=', id).execute()
}
