/** What must hold of a database at rest, whatever happened before. Returns what does not hold, a line each. */
import { sql } from 'kysely'
import type { Case } from '../../src/domain/case.ts'
import type { Store } from '../../src/store/open.ts'

export async function unaccounted(store: Store, now: number): Promise<string[]> {
  const found = await Promise.all(rules.map((rule) => rule(store, now)))
  return found.flat()
}

type Rule = (store: Store, now: number) => Promise<string[]>

const rules: Rule[] = [unhandled, unsent, stillDue, promisesAtEnd, timersAtEnd, unreminded, saidTwice, outOfOrder]

async function unhandled({ read }: Store): Promise<string[]> {
  const rows = await read.selectFrom('messages').selectAll().where('handled_at', 'is', null).execute()
  const marked = await read.selectFrom('conversations').selectAll().where('ready_at', 'is not', null).execute()
  return [
    ...rows.map((row) => `message ${row.platform_id} (${row.type}) was never handled`),
    ...marked.map((row) => `conversation ${row.key} is still marked as having work`),
  ]
}

async function unsent({ read }: Store): Promise<string[]> {
  const rows = await read.selectFrom('outbox').selectAll().where('state', 'in', ['waiting', 'begun']).execute()
  return rows.map((row) => `outbox row ${row.id} is still ${row.state}: ${row.body}`)
}

async function stillDue({ read }: Store, now: number): Promise<string[]> {
  const rows = await read.selectFrom('timers').selectAll().where('due_at', '<=', now).execute()
  return rows.map((row) => `the timer ${row.timer} ${row.key} should have rung`)
}

const ended = new Set(['closed', 'withdrawn'])

/** A case that ended owes nothing; one that is resolved has kept what it promised. */
async function promisesAtEnd({ read }: Store): Promise<string[]> {
  const rows = await read
    .selectFrom('promises')
    .innerJoin('cases', 'cases.id', 'promises.case_id')
    .select(['cases.number', 'cases.status', 'promises.what', 'promises.n'])
    .where('promises.state', 'in', ['made', 'at risk'])
    .where('cases.status', 'in', ['closed', 'withdrawn', 'resolved'])
    .execute()
  return rows.map((row) => `case ${row.number} is ${row.status}, but promise ${row.n} (${row.what}) is open`)
}

async function timersAtEnd({ read }: Store): Promise<string[]> {
  const rows = await read
    .selectFrom('timers')
    .innerJoin('cases', 'cases.id', 'timers.case_id')
    .select(['cases.number', 'cases.status', 'timers.timer'])
    .execute()
  return rows
    .filter((row) => ended.has(row.status))
    .map((row) => `case ${row.number} is ${row.status}, but its timer ${row.timer} still runs`)
}

/** An open promise has a timer at its end, and a case in which we have a move never waits without a clock. */
async function unreminded({ read }: Store): Promise<string[]> {
  const open = await read
    .selectFrom('promises')
    .innerJoin('cases', 'cases.id', 'promises.case_id')
    .select(['cases.number', 'promises.case_id', 'promises.n', 'promises.due'])
    .where('promises.state', 'in', ['made', 'at risk'])
    .execute()
  const timers = await read.selectFrom('timers').selectAll().execute()
  const has = (caseId: string, timer: string, key?: string) =>
    timers.some((row) => row.case_id === caseId && row.timer === timer && (key === undefined || row.key === key))
  const forgotten = open.filter((row) => !has(row.case_id, 'promise.due', String(row.n)))
  const live = await read
    .selectFrom('cases')
    .selectAll()
    .where('status', 'in', ['open', 'waiting', 'resolved'])
    .execute()
  const clockless = live.filter((row) => !timers.some((timer) => timer.case_id === row.id))
  return [
    ...forgotten.map((row) => `promise ${row.n} of case ${row.number} is open, and nothing rings at its end`),
    ...clockless.map((row) => `case ${row.number} is ${row.status}, and no clock runs for it`),
  ]
}

/** Nothing was said twice in one turn. */
async function saidTwice({ read }: Store): Promise<string[]> {
  const { rows } = await sql<{ customer: string; body: string; created_at: number; n: number }>`
    select customer, body, created_at, count(*) as n from outbox
    where audience = 'customer' and state = 'sent' and script is not null
    group by customer, conversation, body, created_at having count(*) > 1`.execute(read)
  return rows.map((row) => `${row.customer} was told ${row.n} times at once: ${row.body}`)
}

/** Turns took messages in the order of their arrival, and replies left in the order in which they were written. */
async function outOfOrder({ read }: Store): Promise<string[]> {
  const messages = await read.selectFrom('messages').selectAll().orderBy('conversation').orderBy('id').execute()
  const told = await read
    .selectFrom('outbox')
    .selectAll()
    .where('audience', '=', 'customer')
    .where('state', '=', 'sent')
    .orderBy('conversation')
    .orderBy('id')
    .execute()
  const late = messages.filter((row, i) => {
    const before = messages[i - 1]
    return before?.conversation === row.conversation && Number(before.handled_at) > Number(row.handled_at)
  })
  const overtaken = told.filter((row, i) => {
    const before = told[i - 1]
    return before?.conversation === row.conversation && Number(before.sent_at) > Number(row.sent_at)
  })
  return [
    ...late.map((row) => `message ${row.platform_id} was handled before an earlier one`),
    ...overtaken.map((row) => `a later reply overtook an earlier one: ${row.body}`),
  ]
}

/** From now on the database itself refuses to have a message handled a second time. */
export async function refuseSecondTurns({ read, engine }: Store): Promise<void> {
  if (engine === 'sqlite') {
    await sql`create trigger handled_once before update of handled_at on messages when old.handled_at is not null
      begin select raise(abort, 'a message was handled twice'); end`.execute(read)
    return
  }
  await sql`create function refuse_second_turn() returns trigger as $$
    begin raise exception 'a message was handled twice'; end $$ language plpgsql`.execute(read)
  await sql`create trigger handled_once before update of handled_at on messages for each row
    when (old.handled_at is not null) execute function refuse_second_turn()`.execute(read)
}

export async function casesOf({ read }: Store): Promise<(Case & { number: number; customer: string })[]> {
  const rows = await read.selectFrom('cases').selectAll().orderBy('number').execute()
  return rows.map((row) => ({ ...JSON.parse(row.state), number: row.number, customer: row.customer }))
}
