/** Complaints of one topic that come thicker than usual, and what people made of it: a row a topic, that of its last spike. */
import { sql } from 'kysely'
import { kept, unlooked } from './kept.ts'
import type { Db } from './schema.ts'

export type SpikeState = 'proposed' | 'declared' | 'refused'

export interface Spike {
  topic: string
  state: string
  /** When it was proposed. */
  at: number
  /** The outbox row that proposes it. */
  alert: string
}

interface Since {
  topic: string
  since: number
}

const countPeople = kept(['topic', 'since'], (db, { topic, since }: Since) =>
  db
    .selectFrom('cases')
    .select(sql<number>`cast(count(distinct customer) as integer)`.as('people'))
    .where('topic', '=', topic)
    .where('opened_at', '>', unlooked(since, 'bigint')),
)

/** How many customers complained of it since then. */
export async function peopleSince(db: Db, topic: string, since: number): Promise<number> {
  const [row] = await countPeople(db, { topic, since })
  return row?.people ?? 0
}

/** More than this are not counted: they tell no more of what is usual, and counting them would hold up whoever writes. */
const countedAtMost = 10_000

/** How many complaints of it there were between two times, of many the last, and when the first of them was; null for none. */
export async function past(
  db: Db,
  topic: string,
  from: number,
  to: number,
): Promise<{ n: number; first: number } | null> {
  const newest = db
    .selectFrom('cases')
    .select('opened_at')
    .where('topic', '=', topic)
    .where('opened_at', '>', from)
    .where('opened_at', '<=', to)
    .orderBy('opened_at', 'desc')
    .limit(countedAtMost)
  const row = await db
    .selectFrom(newest.as('newest'))
    .select(sql<number>`cast(count(*) as integer)`.as('n'))
    .select((e) => e.fn.min('opened_at').as('first'))
    .executeTakeFirst()
  return row?.first == null ? null : { n: row.n, first: row.first }
}

const selectSeen = kept(['topic'], (db, { topic }: { topic: string }) =>
  db.selectFrom('spikes').select('seen_at').where('topic', '=', topic),
)

/** When the last spike of it was last seen to go on; null for none. */
export async function seenAt(db: Db, topic: string): Promise<number | null> {
  const [row] = await selectSeen(db, { topic })
  return row?.seen_at ?? null
}

/** The numbers of its cases since then that have not come to an end. */
export async function casesSince(db: Db, topic: string, since: number): Promise<number[]> {
  const rows = await db
    .selectFrom('cases')
    .select(['number', 'status'])
    .where('topic', '=', topic)
    .where('opened_at', '>', since)
    .orderBy('number')
    .execute()
  return rows.flatMap(({ number, status }) => (status === 'closed' || status === 'withdrawn' ? [] : [number]))
}

/**
 * Puts down that a spike is proposed; false while the last one of this topic still goes on, that is until nothing of the
 * sort was seen since `quiet`. Of several turns at once, one proposes it.
 */
export async function propose(
  tx: Db,
  { caseId, quiet, at, topic, alert }: Omit<Spike, 'state'> & { caseId: string; quiet: number },
): Promise<boolean> {
  const row = { case_id: caseId, alert, state: 'proposed', at, seen_at: at }
  const made = await tx
    .insertInto('spikes')
    .values({ topic, ...row })
    .onConflict((c) => c.column('topic').doUpdateSet(row).where('spikes.seen_at', '<=', quiet))
    .returning('topic')
    .execute()
  return made.length > 0
}

export async function goesOn(tx: Db, topic: string, at: number): Promise<void> {
  await tx.updateTable('spikes').set({ seen_at: at }).where('topic', '=', topic).execute()
}

/** The spike that was proposed when this case tipped it. */
export async function ofCase(db: Db, number: number): Promise<Spike | null> {
  const row = await db
    .selectFrom('spikes')
    .innerJoin('cases', 'cases.id', 'spikes.case_id')
    .select(['spikes.topic', 'spikes.state', 'spikes.at', 'spikes.alert'])
    .where('cases.number', '=', number)
    .executeTakeFirst()
  return row ?? null
}

export async function settle(tx: Db, topic: string, state: SpikeState): Promise<void> {
  await tx.updateTable('spikes').set({ state }).where('topic', '=', topic).execute()
}

const countCause = kept(['cause', 'since'], (db, { cause, since }: { cause: string; since: number }) =>
  db
    .selectFrom(
      db
        .selectFrom('cases')
        .select('customer')
        .where('cause', '=', unlooked(cause, 'text'))
        .where('opened_at', '>', unlooked(since, 'bigint'))
        .orderBy('opened_at', 'desc')
        .limit(sql.lit(countedAtMost))
        .as('newest'),
    )
    .select([
      sql<number>`cast(count(*) as integer)`.as('n'),
      sql<number>`cast(count(distinct customer) as integer)`.as('people'),
    ]),
)

/** How many cases since then had this cause, and of how many customers. */
export async function causedSince(db: Db, cause: string, since: number): Promise<{ n: number; people: number }> {
  const [row] = await countCause(db, { cause, since })
  return row ?? { n: 0, people: 0 }
}
