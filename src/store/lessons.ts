/** Messages that people filed otherwise than they were read, with what is personal taken out: the reader's own examples (P31). */
import type { Kind } from '../domain/reading.ts'
import type { Db, Schema } from './schema.ts'

export interface Lesson {
  /** The number of its case, by which people name it. */
  case: number
  /** Masked. */
  text: string
  /** As what it was read, and as what it was filed. */
  was: Kind
  kind: Kind
  by: string
  at: number
  /** Null: it waits to be taken. */
  takenAt: number | null
}

export type NewLesson = Omit<Schema['lessons'], 'taken_at'>

/** A case teaches one thing: who files it anew changes it, and then it waits again. */
export async function put(tx: Db, lesson: NewLesson): Promise<void> {
  const { text, turn, kind, by, at } = lesson
  await tx
    .insertInto('lessons')
    .values({ ...lesson, taken_at: null })
    .onConflict((c) => c.column('case_id').doUpdateSet({ text, turn, kind, by, at, taken_at: null }))
    .execute()
}

export async function all(db: Db): Promise<Lesson[]> {
  const rows = await db
    .selectFrom('lessons')
    .innerJoin('cases', 'cases.id', 'lessons.case_id')
    .select(['cases.number', 'text', 'was', 'lessons.kind', 'by', 'at', 'taken_at'])
    .orderBy('number')
    .execute()
  return rows.map(({ number, taken_at, ...lesson }) => ({ ...lesson, case: number, takenAt: taken_at }))
}

/** What the reader is to learn from, in a steady order. */
export async function taken(db: Db): Promise<Pick<Lesson, 'kind' | 'text'>[]> {
  return await db
    .selectFrom('lessons')
    .select(['kind', 'text'])
    .where('taken_at', 'is not', null)
    .orderBy('case_id')
    .execute()
}

/** All that wait, at once. */
export async function take(tx: Db, at: number): Promise<void> {
  await tx.updateTable('lessons').set({ taken_at: at }).where('taken_at', 'is', null).execute()
}

/** Forgets what a case taught, taken or waiting; false where there is nothing. */
export async function undo(tx: Db, number: number): Promise<boolean> {
  const of = tx.selectFrom('cases').select('id').where('number', '=', number)
  const gone = await tx.deleteFrom('lessons').where('case_id', '=', of).returning('case_id').execute()
  return gone.length > 0
}

/** Filed back as what it was read: there is nothing to learn. */
export async function drop(tx: Db, caseId: string): Promise<void> {
  await tx.deleteFrom('lessons').where('case_id', '=', caseId).execute()
}

/** The words of a turn were taken back: nothing is learnt from them. */
export async function dropTurn(tx: Db, turn: string): Promise<void> {
  await tx.deleteFrom('lessons').where('turn', '=', turn).execute()
}
