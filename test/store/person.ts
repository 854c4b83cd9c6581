/** Export and forget, on either engine: what is known of a person is told whole, and goes whole. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as cases from '../../src/store/cases.ts'
import type { Conversation } from '../../src/store/conversations.ts'
import * as conversations from '../../src/store/conversations.ts'
import * as incidents from '../../src/store/incidents.ts'
import * as lessons from '../../src/store/lessons.ts'
import * as messages from '../../src/store/messages.ts'
import type { Store } from '../../src/store/open.ts'
import * as outbox from '../../src/store/outbox.ts'
import { forget, type Row, tell, trails } from '../../src/store/person.ts'
import * as promises from '../../src/store/promises.ts'
import * as spikes from '../../src/store/spikes.ts'
import * as suggestions from '../../src/store/suggestions.ts'
import * as threads from '../../src/store/threads.ts'
import * as timers from '../../src/store/timers.ts'
import { complaint, messageOf, openCase, outboxOf, say, someone, t0 } from './rows.ts'
import type { Ground } from './suite.ts'

/** Stands in every place where somebody's words can be. */
const secret = 'SECRET'

export function personSuite(engine: string, prepare: () => Promise<Ground>): void {
  describe(`a person's data on ${engine}`, () => {
    let ground: Ground
    let store: Store

    beforeAll(async () => {
      ground = await prepare()
      store = await ground.open()
    })
    afterAll(async () => {
      await store?.close()
      await ground?.drop()
    })

    test('every table that could lead to a person is in the list, and no other', async () => {
      const columns = await tablesOf(store)
      expect([...columns.keys()].toSorted()).toEqual(Object.keys(trails).toSorted())
      const leads = /^(?:customer|conversation|case_id|message|author|suggestion|incident)$/u
      for (const [table, names] of columns)
        if (names.some((name) => leads.test(name)))
          expect([table, Object.entries(trails).find(([name]) => name === table)?.[1]]).not.toEqual([table, null])
    })

    test('of the tables whose rows stay, every column has been judged', async () => {
      const columns = await tablesOf(store)
      const judged: Record<string, string> = {
        cases:
          'cause conversation customer id kind number opened_at owner owner_id severity state status topic updated_at',
        case_events: 'at body case_id id turn type',
        promises: 'because by case_id due made_at n renegotiated state what',
        incident_cases: 'case_id incident',
        suggestions: 'created_at id number status text',
        suggestion_people: 'at conversation customer suggestion text',
      }
      for (const [table, names] of Object.entries(judged))
        expect([table, columns.get(table)?.toSorted().join(' ')]).toEqual([table, names])
    })

    test('an export holds a row of every table, and nothing of anybody else', async () => {
      const ada = await live(store, 'ada')
      await live(store, 'bob')
      const told = await toldOf(store, ada.customer)
      for (const [table, rows] of told) expect([table, rows.length > 0]).toEqual([table, true])
      expect([...told.keys()].toSorted()).toEqual(
        Object.keys(trails)
          .filter((name) => !['incidents', 'counters', 'settings', 'audit'].includes(name))
          .toSorted(),
      )
      expect(told.get('files')).toMatchObject([
        { name: `${secret} ada.txt`, base64: Buffer.from([0, 1, 255]).toString('base64') },
      ])
      expect(told.get('messages')?.[0]).toMatchObject({
        body: { note: `${secret} ada body` },
        received_at: '2026-11-20T01:00:00.000Z',
      })
      expect(JSON.stringify([...told])).not.toContain('bob')
      expect((await toldOf(store, 'web:-:nobody')).values().every((rows) => rows.length === 0)).toBe(true)
    })

    test('who is forgotten leaves counts, and not a word', async () => {
      const cyd = await live(store, 'cyd')
      const dan = await live(store, 'dan')
      const before = await toldOf(store, dan.customer)
      const counts = await forget(store, cyd.customer, t0 + 99)
      expect(counts).toMatchObject({ messages: 1, files: 1, cases: 1, customers: 1 })
      const left = JSON.stringify(await everything(store))
      expect(left).not.toContain('cyd')
      expect(left).not.toContain(cyd.id)
      expect(await toldOf(store, dan.customer)).toEqual(before)

      const ghosts = await store.read
        .selectFrom('cases')
        .selectAll()
        .where('customer', 'like', 'forgotten:-:%')
        .execute()
      expect(ghosts).toMatchObject([{ kind: 'complaint', status: 'withdrawn', severity: 2, opened_at: t0 }])
      const [kase] = ghosts
      const state = await cases.byId(store.read, kase?.id ?? '')
      expect(state?.state).toMatchObject({ summary: '', cause: 'courier', severity: 2, openedAt: t0 })
      expect((await cases.eventsOf(store.read, kase?.id ?? '')).map(({ event }) => event)).toEqual([
        { type: 'replied', by: { id: 'web:-:kim', name: 'kim' } },
        { type: 'answered', rating: 4 },
      ])
      expect(await promises.ofCase(store.read, kase?.id ?? '')).toMatchObject([
        { what: '', state: 'let go', because: 'forgotten' },
      ])
      const audit = await store.read.selectFrom('audit').selectAll().execute()
      expect(audit).toMatchObject([{ at: t0 + 99, what: 'forgotten', body: JSON.stringify(counts) }])
    })

    test('a suggestion goes on in the words of who else gave it, and still counts everybody', async () => {
      const [eve, fay] = [await someone(store, 'eve'), await someone(store, 'fay')]
      const kept = await store.write((tx) => suggestions.insert(tx, store.newId, 'evening hours, says eve', t0))
      const give = (giver: Conversation, text: string, at: number) =>
        store.write((tx) =>
          suggestions.addGiver(tx, kept.id, { customer: giver.customer, conversation: giver.id, text }, at),
        )
      await give(eve, kept.text, t0)
      await give(fay, 'open later', t0 + 1)
      await forget(store, eve.customer, t0)
      expect(await suggestions.byNumber(store.read, kept.number)).toMatchObject({ text: 'open later', status: 'open' })
      expect((await suggestions.givers(store.read, kept.id)).map((giver) => giver.text)).toEqual(['', 'open later'])
      await forget(store, fay.customer, t0)
      expect(await suggestions.byNumber(store.read, kept.number)).toMatchObject({ text: '' })
    })

    test('who is not known is not forgotten, and may come again as somebody new', async () => {
      const gus = await live(store, 'gus')
      const audited = async () => (await store.read.selectFrom('audit').select('id').execute()).length
      await forget(store, gus.customer, t0)
      const lines = await audited()
      expect(await forget(store, gus.customer, t0)).toEqual({})
      expect(await audited()).toBe(lines)
      expect((await someone(store, 'gus')).id).not.toBe(gus.id)
    })
  })
}

/** A customer with a row in every table, their name in every text of it. */
async function live(store: Store, name: string): Promise<Conversation> {
  const words = (what: string) => `${secret} ${name} ${what}`
  const to = await someone(store, name)
  const by = { id: 'web:-:kim', name: 'kim' }
  await store.write(async (tx) => {
    const facts = { ...complaint.facts, thing: words('thing'), stake: words('stake') }
    const held = { agent: by, text: words('held'), reason: words('reason'), better: null }
    const offer = { remedy: words('offer'), amount: words('amount'), by, approved: true, answered: false }
    const remedy = words('remedy')
    const state = { ...complaint, summary: words('summary'), facts, held, offer, cause: 'courier', remedy }
    const kase = await openCase(store, tx, to, state)
    const body = JSON.stringify({ note: words('body') })
    const row = messageOf(store, to, { text: words('text'), body, author_name: words('name'), case_id: kase.id })
    await messages.insert(tx, row)
    await messages.insertFiles(
      tx,
      store.newId,
      row.id,
      [{ name: `${secret} ${name}.txt`, type: 'text/plain', bytes: Buffer.from([0, 1, 255]) }],
      t0,
    )
    await conversations.leave(tx, to.id, { ...to, asked: { question: 'solved' } })
    await lessons.put(tx, {
      ...{ case_id: kase.id, customer: to.customer, turn: row.id, text: words('lesson'), by: 'kim', at: t0 },
      ...{ was: 'complaint', kind: 'inquiry' },
    })
    const answer = outboxOf(store, to, { outgoing: say(words('answer')), caseId: kase.id })
    await outbox.insert(tx, [{ ...answer, sources: [row.id] }])
    await threads.give(tx, kase.id, { channel: 'slack', workspace: 'T1', room: 'C1' })
    await timers.put(tx, {
      conversation: to.id,
      caseId: kase.id,
      timer: 'check',
      key: words('key'),
      dueAt: t0,
      about: words('about'),
    })
    await cases.log(
      tx,
      store.newId,
      kase.id,
      [
        { type: 'replied', by, text: words('reply'), kept: [] },
        { type: 'answered', rating: 4 },
      ],
      t0,
    )
    await promises.put(tx, kase.id, {
      n: 1,
      what: words('promise'),
      due: t0,
      state: 'made',
      by: 'kim',
      madeAt: t0,
      because: null,
      renegotiated: 0,
    })
    const suggestion = await suggestions.insert(tx, store.newId, words('suggestion'), t0)
    await suggestions.addGiver(
      tx,
      suggestion.id,
      { customer: to.customer, conversation: to.id, text: suggestion.text },
      t0,
    )
    const incident = await incidents.insert(tx, store.newId, 'the courier stands still', t0)
    await incidents.link(tx, incident.id, [kase.id])
    await spikes.propose(tx, { topic: kase.id, caseId: kase.id, alert: '', at: t0, quiet: t0 })
  })
  return to
}

async function toldOf(store: Store, person: string): Promise<Map<string, Row[]>> {
  const told = new Map<string, Row[]>()
  let rows: Row[] = []
  await tell(store, person, {
    async table(name) {
      rows = []
      told.set(name, rows)
    },
    async row(row) {
      rows.push(row)
    },
  })
  return told
}

/** Table → its columns, as the database itself knows them. */
async function tablesOf({ read, engine }: Store): Promise<Map<string, string[]>> {
  const tables = await read.introspection.getTables()
  const schema = engine === 'postgres' ? await schemaOfTables(read) : undefined
  const ours = tables.filter((table) => schema === undefined || table.schema === schema)
  return new Map(ours.map((table) => [table.name, table.columns.map((column) => column.name)]))
}

async function schemaOfTables(read: Store['read']): Promise<string | undefined> {
  return (await sql<{ name: string }>`select current_schema() as name`.execute(read)).rows[0]?.name
}

async function everything(store: Store): Promise<unknown[]> {
  const all: unknown[] = []
  for (const table of (await tablesOf(store)).keys())
    all.push((await sql`select * from ${sql.table(table)}`.execute(store.read)).rows)
  return all
}
