/** One person may write to us from several accounts, on Slack, on Discord and on the web; an agent tells which are one's. */
import type { NewId } from './ids.ts'
import type { Db } from './schema.ts'

export interface Account {
  id: string
  name: string
}

/** The other accounts of the same person, in the order in which we met them. */
export async function othersOf(db: Db, id: string): Promise<Account[]> {
  return await db
    .selectFrom('customers')
    .innerJoin('customers as mine', 'mine.person', 'customers.person')
    .select(['customers.id', 'customers.name'])
    .where('mine.id', '=', id)
    .where('customers.id', '!=', id)
    .orderBy('customers.created_at')
    .execute()
}

/** All accounts of the person, that one first. */
export async function accountsOf(db: Db, id: string): Promise<string[]> {
  return [id, ...(await othersOf(db, id)).map((one) => one.id)]
}

/** The account that an agent names: by its id, or by the number of a case of theirs. */
export async function named(db: Db, text: string): Promise<Account | null> {
  const number = /^#?(\d{1,9})$/u.exec(text.trim())?.[1]
  const found =
    number === undefined
      ? await db.selectFrom('customers').select(['id', 'name']).where('id', '=', text.trim()).executeTakeFirst()
      : await db
          .selectFrom('customers')
          .innerJoin('cases', 'cases.customer', 'customers.id')
          .select(['customers.id', 'customers.name'])
          .where('cases.number', '=', Number(number))
          .executeTakeFirst()
  // The desk's own conversation has a name too, and is nobody.
  return found === undefined || found.id.endsWith(':desk') ? null : found
}

/**
 * Two accounts, and all that were linked with either, are one person's from now on. What each row says stays its account's
 * own; what somebody asked of us, to be left alone or to be read by no model, holds wherever they are.
 */
export async function link(tx: Db, newId: NewId, one: string, other: string, at: number): Promise<void> {
  const ids = [...(await accountsOf(tx, one)), ...(await accountsOf(tx, other))]
  const rows = await tx
    .selectFrom('customers')
    .select(['stopped_at', 'blocked_at', 'no_model_at'])
    .where('id', 'in', ids)
    .execute()
  const first = (column: 'stopped_at' | 'blocked_at' | 'no_model_at') =>
    rows.map((row) => row[column]).find((known) => known !== null) ?? null
  const asked = { stopped_at: first('stopped_at'), blocked_at: first('blocked_at'), no_model_at: first('no_model_at') }
  await tx
    .updateTable('customers')
    .set({ person: newId(at), ...asked })
    .where('id', 'in', ids)
    .execute()
}

/** That account is its own person's again; one that is left alone by it is, too. What named them to each other goes. */
export async function unlink(tx: Db, id: string): Promise<void> {
  const others = (await othersOf(tx, id)).map((one) => one.id)
  const alone = others.length === 1 ? [id, ...others] : [id]
  await tx.updateTable('customers').set({ person: null }).where('id', 'in', alone).execute()
  const told = await tx
    .selectFrom('messages')
    .select(['id', 'body'])
    .where('customer', 'in', [id, ...others])
    .where('type', '=', 'commanded')
    .where('body', 'like', '%"do":"link"%')
    .execute()
  for (const { id: message, body } of told)
    await tx
      .updateTable('messages')
      .set({ body: JSON.stringify({ ...JSON.parse(body), to: '' }) })
      .where('id', '=', message)
      .execute()
}
