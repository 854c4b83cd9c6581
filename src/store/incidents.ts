/** Incidents: one failure that hits many, with the cases that it hit (P27). */

import { nextNumber } from './cases.ts'
import type { NewId } from './ids.ts'
import type { Db } from './schema.ts'

export interface Incident {
  id: string
  number: number
  text: string
  state: string
}

export async function byNumber(db: Db, number: number): Promise<Incident | null> {
  const row = await db
    .selectFrom('incidents')
    .select(['id', 'number', 'text', 'state'])
    .where('number', '=', number)
    .executeTakeFirst()
  return row ?? null
}

export async function insert(tx: Db, newId: NewId, text: string, at: number): Promise<Incident> {
  const incident = { id: newId(at), number: await nextNumber(tx, 'incident'), text, state: 'open' }
  await tx
    .insertInto('incidents')
    .values({ ...incident, opened_at: at })
    .execute()
  return incident
}

export async function update(tx: Db, id: string, text: string): Promise<void> {
  await tx.updateTable('incidents').set({ text }).where('id', '=', id).execute()
}

export async function close(tx: Db, id: string, at: number): Promise<void> {
  await tx.updateTable('incidents').set({ state: 'closed', closed_at: at }).where('id', '=', id).execute()
}

export async function link(tx: Db, incident: string, caseIds: readonly string[]): Promise<void> {
  if (caseIds.length === 0) return
  await tx
    .insertInto('incident_cases')
    .values(caseIds.map((case_id) => ({ incident, case_id })))
    .onConflict((c) => c.columns(['incident', 'case_id']).doNothing())
    .execute()
}

/** The conversations of its cases, each once, and the cases' numbers. */
export async function affected(
  db: Db,
  incident: string,
): Promise<{ case_id: string; number: number; conversation: string; customer: string }[]> {
  return await db
    .selectFrom('incident_cases')
    .innerJoin('cases', 'cases.id', 'incident_cases.case_id')
    .select(['cases.id as case_id', 'cases.number', 'cases.conversation', 'cases.customer'])
    .where('incident_cases.incident', '=', incident)
    .orderBy('cases.number')
    .execute()
}
