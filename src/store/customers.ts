/** Customers: who they are, what they prefer, which variants they have heard. */
import { sql } from 'kysely'
import type { Customer } from '../domain/customer.ts'
import { kept } from './kept.ts'
import type { Db, Schema } from './schema.ts'

/** Script → numbers of the variants already said (P8). */
export type Used = Record<string, number[]>

export interface KnownCustomer extends Customer {
  used: Used
}

const selectById = kept(['id'], (db, { id }: { id: string }) =>
  db.selectFrom('customers').selectAll().where('id', '=', id),
)

export async function find(db: Db, id: string): Promise<KnownCustomer | null> {
  const [row] = await selectById(db, { id })
  return row ? parse(row) : null
}

type NewCustomer = Pick<Schema['customers'], 'id' | 'name' | 'timezone' | 'tier' | 'used' | 'created_at'>

const insertOne = kept(['id', 'name', 'timezone', 'tier', 'used', 'created_at'], (db, customer: NewCustomer) =>
  db
    .insertInto('customers')
    .values(customer)
    .onConflict((c) => c.column('id').doNothing()),
)

export type Introduction = Pick<Customer, 'id' | 'name' | 'timezone' | 'tier'>

/** The customer, made at their first word; a time zone or tier that is newly told replaces the old. */
export async function findOrMake(
  tx: Db,
  { id, name, timezone, tier }: Introduction,
  at: number,
): Promise<KnownCustomer> {
  const known = await find(tx, id)
  if (known) {
    const told = { ...(timezone === null ? {} : { timezone }), ...(tier === null ? {} : { tier }) }
    const news = (timezone !== null && timezone !== known.timezone) || (tier !== null && tier !== known.tier)
    if (news) await tx.updateTable('customers').set(told).where('id', '=', id).execute()
    return news ? { ...known, ...told } : known
  }
  await insertOne(tx, { id, name, timezone, tier, used: '{}', created_at: at })
  return { id, name, timezone, tier, language: null, greetedAt: null, stoppedAt: null, blockedAt: null, used: {} }
}

type Changing = Omit<Schema['customers'], 'name' | 'created_at'>

const updateOne = kept(
  ['id', 'language', 'timezone', 'tier', 'greeted_at', 'stopped_at', 'blocked_at', 'used'],
  (db, { id, blocked_at, ...columns }: Changing) =>
    db
      .updateTable('customers')
      // A block that came while the turn ran stays: no turn takes one away.
      .set({ ...columns, blocked_at: sql<number | null>`coalesce(${blocked_at}, blocked_at)` })
      .where('id', '=', id),
)

export async function update(tx: Db, customer: KnownCustomer): Promise<void> {
  await updateOne(tx, {
    id: customer.id,
    language: customer.language,
    timezone: customer.timezone,
    tier: customer.tier,
    greeted_at: customer.greetedAt,
    stopped_at: customer.stoppedAt,
    blocked_at: customer.blockedAt,
    used: JSON.stringify(customer.used),
  })
}

export async function block(tx: Db, id: string, at: number): Promise<void> {
  await tx.updateTable('customers').set({ blocked_at: at }).where('id', '=', id).execute()
}

function parse(row: Schema['customers']): KnownCustomer {
  return {
    id: row.id,
    name: row.name,
    language: row.language,
    timezone: row.timezone,
    tier: row.tier,
    greetedAt: row.greeted_at,
    stoppedAt: row.stopped_at,
    blockedAt: row.blocked_at,
    used: JSON.parse(row.used),
  }
}
