/**
 * A store with a past: one real conversation is held (a complaint, an agent who makes it good, a follow-up to come) and
 * its rows are then copied for as many customers as are wanted, each with ids and times of their own. The rows are so
 * what the engine writes today, whatever the schema has become.
 */
import { sql } from 'kysely'
import { setClock } from '../../src/clock.ts'
import type { Incoming } from '../../src/domain/message.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { idMaker } from '../../src/store/ids.ts'
import type { Db, Schema } from '../../src/store/schema.ts'
import { type Circumstances, partsOf } from '../../src/wiring.ts'

/** Messages and open timers that one conversation leaves. */
export const messagesEach = 10
export const timersEach = 1

type Table = keyof Schema
type Row = Record<string, unknown>

const tables = [
  'customers',
  'conversations',
  'messages',
  'cases',
  'case_events',
  'promises',
  'timers',
  'outbox',
] as const satisfies readonly Table[]

/** The copied customer of a number. */
export function customerOf(n: number): string {
  return `web:-:past-${n}`
}

/** Fills an empty store; `put` writes many rows of a table as fast as its engine can. */
export async function fill(
  circumstances: Omit<Circumstances, 'clock' | 'happened'>,
  copies: number,
  at: number,
  put: (table: Table, columns: string[], rows: Iterable<unknown[]>) => Promise<void>,
): Promise<void> {
  const model = await converse(circumstances, at)
  const db = circumstances.store.read
  for (const table of tables) await db.deleteFrom(table).execute()
  await db.updateTable('counters').set({ value: copies }).where('name', '=', 'case').execute()
  const ids = idsOf(model, copies, at)
  for (const table of tables) {
    const rows = model.get(table) ?? []
    const [first] = rows
    if (!first) throw new Error(`the conversation that is copied left nothing in ${table}`)
    await put(table, Object.keys(first), copiesOf(rows, copies, ids))
  }
}

/** Talks until ten messages have been exchanged and a check-in is all that is open. */
async function converse(circumstances: Omit<Circumstances, 'clock' | 'happened'>, at: number) {
  const clock = setClock(at)
  const engine = await createEngine(partsOf({ ...circumstances, clock, happened: () => undefined }), 'nobody')
  let n = 0
  const tell = async (author: { id: string; name: string }, room: string, what: object) => {
    n += 1
    clock.set(clock.now() + 60_000)
    const place = { channel: 'web', workspace: '-', room, thread: null }
    await engine.receive({ id: `model-${n}`, place, author, at: clock.now(), ...what } as Incoming)
    await engine.settle()
  }
  const says = (text: string) =>
    tell({ id: 'web:-:model', name: 'model' }, 'model', { type: 'said', text, files: [], timezone: null, tier: null })
  const does = (command: object) =>
    tell({ id: 'web:-:kim', name: 'kim' }, 'desk', { type: 'commanded', command: { case: 1, ...command } })
  await says('My parcel 4711 is late for the third time, and I need it on Saturday.')
  await says('The courier never rang.')
  await does({ do: 'claim' })
  await does({ do: 'reply', text: 'The courier lost it. I am sending a new one today.', wording: null })
  await says('When will it be here?')
  await does({ do: 'reply', text: 'On Friday before noon.', wording: null })
  await says('Good, I will be at home.')
  await does({ do: 'note', text: 'Sent by express.' })
  await says('It is here now.')
  await does({
    do: 'resolve',
    text: 'Then all is well again.',
    cause: 'courier',
    remedy: null,
    amount: null,
    wording: null,
  })
  const model = new Map<Table, Row[]>()
  for (const table of tables) model.set(table, await rowsOf(circumstances.store.read, table))
  await engine.stop()
  const { messages = 0, timers = 0 } = Object.fromEntries([...model].map(([table, rows]) => [table, rows.length]))
  if (messages !== messagesEach || timers !== timersEach)
    throw new Error(`the conversation that is copied left ${messages} messages and ${timers} timers`)
  return model
}

async function rowsOf(db: Db, table: Table): Promise<Row[]> {
  return (await sql<Row>`select * from ${sql.table(table)}`.execute(db)).rows
}

/** Which new value stands for an id of the model in copy `n`. */
type Ids = (value: unknown, n: number) => unknown

/** Columns whose values name something; the same value is the same thing in every table. */
const naming = new Set([
  'id',
  'conversation',
  'customer',
  'case_id',
  'key',
  'platform_id',
  'last_in',
  'turn',
  'author',
  'room',
])

function idsOf(model: Map<Table, Row[]>, copies: number, at: number): Ids {
  const made = new Map<unknown, (n: number) => string>()
  const newId = idMaker()
  for (const rows of model.values())
    for (const row of rows)
      for (const [column, value] of Object.entries(row))
        if (column === 'id' && typeof value === 'string' && !made.has(value)) {
          // As they come in life: one thing of everybody's after another, not one customer's all at once.
          const own = Array.from({ length: copies }, (_, n) => newId(at + n))
          made.set(value, (n) => own[n] ?? '')
        }
  made.set('web:-:model', customerOf)
  made.set('model', (n) => `past-${n}`)
  return (value, n) => {
    const known = made.get(value)
    if (known) return known(n)
    return typeof value === 'string' && /model/u.test(value) ? value.replace(/model/gu, `past-${n}`) : value
  }
}

function* copiesOf(rows: Row[], copies: number, ids: Ids): Iterable<unknown[]> {
  for (const row of rows) {
    const columns = Object.entries(row)
    for (let n = 0; n < copies; n += 1)
      yield columns.map(([column, value]) => (column === 'number' ? n + 1 : naming.has(column) ? ids(value, n) : value))
  }
}
