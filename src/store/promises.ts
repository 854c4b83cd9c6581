/** Promises: each with its time, and what became of it (P14). */
import { type Commitment, promiseStates, releases } from '../domain/commitment.ts'
import { kept, unlooked } from './kept.ts'
import type { Db, Schema } from './schema.ts'

export async function ofCase(db: Db, caseId: string): Promise<Commitment[]> {
  return (await selectOfCase(db, { caseId })).map(parse)
}

const selectOfCase = kept(['caseId'], (db, { caseId }: { caseId: string }) =>
  db.selectFrom('promises').selectAll().where('case_id', '=', unlooked(caseId, 'text')).orderBy('n'),
)

export async function put(tx: Db, caseId: string, promise: Commitment): Promise<void> {
  const { n, what, due, state, by, madeAt, renegotiated, because } = promise
  await putOne(tx, { case_id: caseId, n, what, due, state, by, made_at: madeAt, renegotiated, because })
}

const putOne = kept(
  ['case_id', 'n', 'what', 'due', 'state', 'by', 'made_at', 'renegotiated', 'because'],
  (db, promise: Schema['promises']) => {
    const { what, due, state, made_at, renegotiated, because } = promise
    return db
      .insertInto('promises')
      .values(promise)
      .onConflict((c) => c.columns(['case_id', 'n']).doUpdateSet({ what, due, state, made_at, renegotiated, because }))
  },
)

/** The open promise of each case that falls due first. */
export async function nextOf(db: Db, caseIds: readonly string[]): Promise<Map<string, Commitment>> {
  if (caseIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('promises')
    .selectAll()
    .where('case_id', 'in', caseIds)
    .where('state', 'in', ['made', 'at risk'])
    .orderBy('due', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.case_id, parse(row)]))
}

function parse(row: Schema['promises']): Commitment {
  const state = promiseStates.find((known) => known === row.state)
  if (!state) throw new Error(`the promise ${row.n} of case ${row.case_id} has the unknown state ${row.state}`)
  const { n, what, due, by, renegotiated } = row
  const because = releases.find((known) => known === row.because) ?? null
  return { n, what, due, state, by, madeAt: row.made_at, renegotiated, because }
}
