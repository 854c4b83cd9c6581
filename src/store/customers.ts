/** Customers: who they are, what they prefer, which variants they have heard. */
import type { Customer, Locale } from '../domain/customer.ts'
import { accountsOf } from './accounts.ts'
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
  if (!row) return null
  return row.person === null ? parse(row) : await wholeOf(db, row, row.person)
}

/** With what is known of them by their other accounts: what this one does not tell, and which wordings they have heard. */
async function wholeOf(db: Db, row: Schema['customers'], person: string): Promise<KnownCustomer> {
  const rows = await db
    .selectFrom('customers')
    .selectAll()
    .where('person', '=', person)
    .where('id', '!=', row.id)
    .orderBy('created_at')
    .execute()
  const own = parse(row)
  const others = rows.map(parse)
  const used = together([own, ...others].map((one) => one.used))
  const known = (of: 'language' | 'timezone' | 'tier') =>
    [own, ...others].map((one) => one[of]).find((value) => value !== null) ?? null
  return {
    ...own,
    language: known('language'),
    timezone: known('timezone'),
    tier: known('tier'),
    used,
    also: others.map(({ id }) => id),
  }
}

/** All that was heard, by whichever account. */
export function together(heard: readonly Used[]): Used {
  const all: Used = {}
  for (const used of heard)
    for (const [script, said] of Object.entries(used)) all[script] = [...new Set([...(all[script] ?? []), ...said])]
  return all
}

type NewCustomer = Pick<Schema['customers'], 'id' | 'name' | 'language' | 'timezone' | 'tier' | 'used' | 'created_at'>

const insertOne = kept(
  ['id', 'name', 'language', 'timezone', 'tier', 'used', 'created_at'],
  (db, customer: NewCustomer) =>
    db
      .insertInto('customers')
      .values(customer)
      .onConflict((c) => c.column('id').doNothing()),
)

/** `locale`: what a newcomer is taken to read until they write. */
export type Introduction = Pick<Customer, 'id' | 'name' | 'timezone' | 'tier'> & { locale?: Locale | null }

/** What people are called, by their ids. */
export async function namesOf(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('customers').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

/** The customer, made at their first word; a name, time zone or tier that is newly told replaces the old. */
export async function findOrMake(tx: Db, introduction: Introduction, at: number): Promise<KnownCustomer> {
  return await meet(tx, await find(tx, introduction.id), introduction, at)
}

/** The same, of one who was looked for already. */
export async function meet(
  tx: Db,
  known: KnownCustomer | null,
  { id, name, timezone, tier, locale = null }: Introduction,
  at: number,
): Promise<KnownCustomer> {
  if (known) {
    const zone = known.chosen?.includes('timezone') ? null : timezone
    // Whoever was first known by their id alone, or calls themselves otherwise by now. An id is no name.
    const called = name === known.name || id.endsWith(`:${name}`) ? null : name
    const told = {
      ...(called === null ? {} : { name: called }),
      ...(zone === null ? {} : { timezone: zone }),
      ...(tier === null ? {} : { tier }),
    }
    const news = called !== null || (zone !== null && zone !== known.timezone) || (tier !== null && tier !== known.tier)
    if (news) await tx.updateTable('customers').set(told).where('id', '=', id).execute()
    return news ? { ...known, ...told } : known
  }
  await insertOne(tx, { id, name, language: locale, timezone, tier, used: '{}', created_at: at })
  return {
    id,
    name,
    timezone,
    tier,
    language: locale,
    greetedAt: null,
    stoppedAt: null,
    blockedAt: null,
    noModelAt: null,
    used: {},
  }
}

/** What a turn may learn of a customer: all but who they are. */
export type Learnt = Partial<Omit<KnownCustomer, 'id' | 'name' | 'also'>>

/** What somebody asks of us, or we of them, holds for the person, from whichever account they write. */
const wishes = ['stopped_at', 'blocked_at', 'no_model_at'] as const
const learnable = ['language', 'timezone', 'tier', 'greeted_at', 'chosen', 'used', ...wishes] as const
type Columns = { [name in (typeof learnable)[number]]?: Schema['customers'][name] | undefined }

/** Writes what was learnt and nothing else: what others wrote meanwhile, a time zone or a block, stays. */
export async function change(tx: Db, id: string, learnt: Learnt): Promise<void> {
  const columns = columnsOf(learnt)
  const names = learnable.filter((name) => columns[name] !== undefined)
  if (names.length === 0) return
  const key = names.join()
  const update = updates.get(key) ?? updateOf(names)
  updates.set(key, update)
  await update(tx, { id, ...columns })
  const asked = wishes.filter((name) => columns[name] !== undefined)
  if (asked.length > 0) await everywhere(tx, id, Object.fromEntries(asked.map((name) => [name, columns[name]])))
}

/** An update for each set of columns that is learnt together: there are few. */
const updates = new Map<string, ReturnType<typeof updateOf>>()

function updateOf(names: (typeof learnable)[number][]) {
  return kept(['id', ...names], (db, { id, ...columns }: Columns & { id: string }) =>
    db.updateTable('customers').set(columns).where('id', '=', id),
  )
}

async function everywhere(tx: Db, id: string, asked: Columns): Promise<void> {
  await tx
    .updateTable('customers')
    .set(asked)
    .where('id', 'in', await accountsOf(tx, id))
    .execute()
}

function columnsOf({
  language,
  timezone,
  tier,
  greetedAt,
  stoppedAt,
  blockedAt,
  noModelAt,
  chosen,
  used,
}: Learnt): Columns {
  return {
    language,
    timezone,
    tier,
    greeted_at: greetedAt,
    stopped_at: stoppedAt,
    blocked_at: blockedAt,
    no_model_at: noModelAt,
    chosen: chosen && JSON.stringify(chosen),
    used: used && JSON.stringify(used),
  }
}

export async function block(tx: Db, id: string, at: number): Promise<void> {
  await everywhere(tx, id, { blocked_at: at })
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
    noModelAt: row.no_model_at,
    ...(row.chosen === null ? {} : { chosen: JSON.parse(row.chosen) }),
    used: JSON.parse(row.used),
  }
}
