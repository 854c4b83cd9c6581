/** What every engine of the store must do. SQLite and PostgreSQL sign it with the same tests on their own databases. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clean } from '../../src/domain/message.ts'
import * as cases from '../../src/store/cases.ts'
import * as conversations from '../../src/store/conversations.ts'
import * as customers from '../../src/store/customers.ts'
import * as incidents from '../../src/store/incidents.ts'
import * as messages from '../../src/store/messages.ts'
import { migrate, schemaOf } from '../../src/store/migrations.ts'
import type { Store } from '../../src/store/open.ts'
import * as outbox from '../../src/store/outbox.ts'
import * as places from '../../src/store/places.ts'
import * as promises from '../../src/store/promises.ts'
import type { Db } from '../../src/store/schema.ts'
import { keepIn } from '../../src/store/settings.ts'
import * as suggestions from '../../src/store/suggestions.ts'
import * as threads from '../../src/store/threads.ts'
import * as timers from '../../src/store/timers.ts'
import * as told from '../../src/store/told.ts'
import { complaint, messageOf, openCase, outboxOf, placeOf, say, someone, t0 } from './rows.ts'

/** An empty database. Each `open` is another process's way into the same one. */
export interface Ground {
  open(): Promise<Store>
  drop(): Promise<void>
}

export function storeSuite(engine: string, prepare: () => Promise<Ground>): void {
  describe(`store on ${engine}`, () => {
    let ground: Ground
    let store: Store
    /** Only to look from outside. */
    let other: Store
    /** Writes at the same time as `store`, where an engine lets two do so within one process. */
    let peer: Store

    beforeAll(async () => {
      ground = await prepare()
      store = await ground.open()
      other = await ground.open()
      peer = store.engine === 'postgres' ? other : store
    })
    afterAll(async () => {
      await other?.close()
      await store?.close()
      await ground?.drop()
    })

    test('the schema is made once, and making it again changes nothing', async () => {
      const before = await schemaOf(store.read, store.engine)
      expect(before).toMatchObject({ missing: [], newer: [] })
      await migrate(store.read, store.engine)
      expect(await schemaOf(other.read, other.engine)).toEqual(before)
    })

    test('a schema that a newer Amends has written is refused by name', async () => {
      const stamp = new Date(t0).toISOString()
      await sql`insert into kysely_migration values ('9999-of-tomorrow', ${stamp})`.execute(store.read)
      try {
        await expect(ground.open()).rejects.toThrow(/newer Amends \(it has 9999-of-tomorrow\): start that version/)
      } finally {
        await sql`delete from kysely_migration where name = '9999-of-tomorrow'`.execute(store.read)
      }
    })

    test('ids sort by time, and within a time by order of making', () => {
      const ids = [store.newId(t0), ...Array.from({ length: 5000 }, () => store.newId(t0 + 1)), store.newId(t0 + 9)]
      expect(ids.toSorted()).toEqual(ids)
      expect(new Set(ids).size).toBe(ids.length)
    })

    test('where something was said lately: customers’ places and open threads at the desk, the newest of each', async () => {
      const slackPlace = (room: string, thread: string | null = null) => ({
        channel: 'slack' as const,
        workspace: 'T7',
        room,
        thread,
      })
      await store.write(async (tx) => {
        for (const name of ['near', 'far']) {
          const id = `slack:T7:${name}`
          await customers.findOrMake(tx, { id, name, timezone: null, tier: null }, t0)
          const to = await conversations.findOrMake(tx, store, slackPlace(name), id, t0)
          const at = name === 'far' ? t0 - 100 : t0
          const slack = { channel: 'slack', at, received_at: at }
          await messages.insert(tx, messageOf(store, to, { ...slack, platform_id: `${name}-1` }))
          await messages.insert(tx, messageOf(store, to, { ...slack, platform_id: `${name}-2` }))
        }
      })
      const ada = await someone(store, 'threads')
      const kase = await store.write((tx) => openCase(store, tx, ada))
      await store.write(async (tx) => {
        await threads.give(tx, kase.id, { channel: 'slack', workspace: '-', room: 'C7' })
        await threads.set(tx, kase.id, { thread: 'card', card: 'card', rule: 'rule' })
      })
      const found = async () =>
        (await places.known(store.read, 'slack', t0)).filter(({ place }) => ['near', 'far', 'C7'].includes(place.room))
      expect(await found(), 'too long ago is not looked at').toEqual([
        { place: slackPlace('near'), newest: 'near-2', at: t0 },
        { place: { channel: 'slack', workspace: '-', room: 'C7', thread: 'card' }, newest: 'rule', at: kase.updatedAt },
      ])
      const line = {
        place: { channel: 'slack', workspace: '-', room: 'C7', thread: 'card' },
        message: 'l',
        amended: false,
      }
      const said = {
        channel: 'slack',
        type: 'line',
        role: 'agent',
        platform_id: 'line-1',
        body: JSON.stringify({ line }),
      }
      await store.write((tx) => messages.insert(tx, messageOf(store, ada, said)))
      expect((await found()).map(({ newest }) => newest)).toEqual(['line-1', 'near-2'])
    })

    test('a message is stored once for its channel and platform id', async () => {
      const ada = await someone(store, 'once')
      const first = messageOf(store, ada, { platform_id: 'same' })
      const stored = await Promise.all(
        [store, peer, store].map((each) => each.write((tx) => messages.insert(tx, { ...first, id: each.newId(t0) }))),
      )
      expect(stored.filter(Boolean)).toHaveLength(1)
      const elsewhere = { ...first, id: store.newId(t0), channel: 'slack' }
      expect(await store.write((tx) => messages.insert(tx, elsewhere))).toBe(true)
      expect((await messages.byPlatformId(store.read, 'web', 'same'))?.conversation).toBe(ada.id)
    })

    test('a customer who writes twice at once gets one conversation', async () => {
      const id = 'web:-:twice'
      const made = await Promise.all(
        [store, peer, store, peer].map((each) =>
          each.write(async (tx) => {
            await customers.findOrMake(tx, { id, name: 'twice', timezone: null, tier: null }, t0)
            return await conversations.findOrMake(tx, each, placeOf('twice'), id, t0)
          }),
        ),
      )
      expect(new Set(made.map((conversation) => conversation.id)).size).toBe(1)
      expect(made[0]).toMatchObject({ customer: id, place: placeOf('twice'), asked: null, readyAt: null })
    })

    test('a time zone that is newly told replaces the old; silence does not', async () => {
      const id = 'web:-:zoned'
      const tell = (timezone: string | null) =>
        store.write((tx) => customers.findOrMake(tx, { id, name: 'zoned', timezone, tier: null }, t0))
      await tell('Asia/Taipei')
      await tell(null)
      expect((await customers.find(store.read, id))?.timezone).toBe('Asia/Taipei')
      await tell('Europe/Paris')
      expect((await customers.find(store.read, id))?.timezone).toBe('Europe/Paris')
    })

    test('what arrives after a turn has looked keeps its mark', async () => {
      const ada = await someone(store, 'marked')
      await store.write((tx) => conversations.mark(tx, ada.id, 'm1', t0 + 5, t0))
      expect(await conversations.ready(store.read, t0 + 4, 100)).not.toContain(ada.id)
      expect(await conversations.ready(store.read, t0 + 5, 100)).toContain(ada.id)
      // A turn looks at m1; m2 arrives; the turn is committed.
      await store.write((tx) => conversations.mark(tx, ada.id, 'm2', t0 + 9, t0))
      await store.write((tx) => conversations.settle(tx, ada.id, 'm1'))
      expect(await conversations.byId(store.read, ada.id)).toMatchObject({ readyAt: t0 + 9, waitingSince: t0 })
      expect(await conversations.nextReadyAt(store.read, 0)).toBe(t0 + 9)
      expect(await conversations.nextReadyAt(store.read, t0 + 9)).not.toBe(t0 + 9)
      await store.write((tx) => conversations.settle(tx, ada.id, 'm2'))
      expect(await conversations.byId(store.read, ada.id)).toMatchObject({ readyAt: null, waitingSince: null })
    })

    test('part of what waits can be left for the next turn', async () => {
      const ada = await someone(store, 'left')
      await store.write(async (tx) => {
        await conversations.mark(tx, ada.id, 'm1', t0, t0)
        await conversations.goOn(tx, ada.id, t0 + 3)
      })
      expect(await conversations.nextAt(store.read, ada.id)).toBe(t0 + 3)
      await store.write((tx) => conversations.settle(tx, ada.id, 'm1'))
      expect(await conversations.nextAt(store.read, ada.id)).toBeNull()
    })

    test('what the bot asked is kept as it was asked', async () => {
      const ada = await someone(store, 'asked')
      await store.write((tx) => conversations.leave(tx, ada.id, { ...ada, asked: { question: 'solved' } }))
      expect((await conversations.byId(store.read, ada.id))?.asked).toEqual({ question: 'solved' })
      await store.write((tx) => conversations.leave(tx, ada.id, { ...ada, asked: null }))
      expect((await conversations.byId(store.read, ada.id))?.asked).toBeNull()
    })

    test('unhandled messages come in the order of arrival, and only once', async () => {
      const ada = await someone(store, 'unhandled')
      const rows = ['one', 'two', 'three'].map((text) => messageOf(store, ada, { text }))
      for (const row of rows) await store.write((tx) => messages.insert(tx, row))
      const waiting = await messages.unhandled(store.read, ada.id, 10)
      expect(waiting.map((row) => row.text)).toEqual(['one', 'two', 'three'])
      expect(await messages.unhandled(store.read, ada.id, 2)).toHaveLength(2)
      const ids = waiting.slice(0, 2).map((row) => row.id)
      await store.write((tx) => messages.handled(tx, { ids, caseId: null, reading: null, turnAt: t0, at: t0 + 1 }))
      expect((await messages.unhandled(store.read, ada.id, 10)).map((row) => row.text)).toEqual(['three'])
    })

    test('only its author edits or deletes a message, and what is deleted is gone', async () => {
      const ada = await someone(store, 'editing')
      const row = messageOf(store, ada, { platform_id: 'mine' })
      const file = { name: 'a.png', type: 'image/png', bytes: Buffer.from([0, 255]) }
      await store.write(async (tx) => {
        await messages.insert(tx, row)
        await messages.insertFiles(tx, store.newId, row.id, [file], t0)
      })
      const change = (by: string, text: string) =>
        store.write((tx) => messages.edit(tx, 'web', by, 'mine', text, t0 + 1))
      expect(await change('web:-:eve', 'stolen')).toBeNull()
      expect((await change(ada.customer, 'mended'))?.text).toBe('My parcel is late.')
      expect((await messages.byPlatformId(store.read, 'web', 'mine'))?.text).toBe('mended')
      await store.write((tx) => messages.remove(tx, 'web', ada.customer, 'mine', t0 + 2))
      expect(await messages.byPlatformId(store.read, 'web', 'mine')).toMatchObject({ text: '', deleted_at: t0 + 2 })
      expect(await messages.fileNames(store.read, [row.id])).toEqual([])
      expect(await change(ada.customer, 'back again')).toBeNull()
    })

    test("a file's bytes come back as they went in", async () => {
      const ada = await someone(store, 'files')
      const row = messageOf(store, ada)
      const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256))
      await store.write(async (tx) => {
        await messages.insert(tx, row)
        const files = [{ name: '收據.bin', type: 'application/octet-stream', bytes }]
        await messages.insertFiles(tx, store.newId, row.id, files, t0)
      })
      const kept = await other.read.selectFrom('files').selectAll().where('message', '=', row.id).executeTakeFirst()
      expect(kept).toMatchObject({ name: '收據.bin', size: bytes.length })
      expect(Buffer.from(kept?.bytes ?? []).equals(bytes)).toBe(true)
    })

    test('text that no database takes is replaced at the door, and then kept', async () => {
      const ada = await someone(store, 'odd')
      const text = clean('a\0b \ud800 c \udfff 😀 包裹\r\n\u0007')
      expect(text).toBe('a�b � c � 😀 包裹\r\n\u0007')
      const row = messageOf(store, ada, { text })
      await store.write((tx) => messages.insert(tx, row))
      expect((await messages.byPlatformId(store.read, 'web', row.platform_id))?.text).toBe(text)
    })

    test('cases are numbered one after another, whoever opens them, and a failure takes no number', async () => {
      const ada = await someone(store, 'numbers')
      const before = await store.write((tx) => cases.nextNumber(tx, 'case'))
      const opening = Array.from({ length: 30 }, (_, i) =>
        (i % 2 === 0 ? store : peer).write(async (tx) => {
          const kase = await openCase(store, tx, ada)
          if (i % 3 === 0) throw new Error('not this one')
          return kase.number
        }),
      )
      const settled = await Promise.allSettled(opening)
      const numbers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => before + 1 + i))
      expect(await cases.byNumber(store.read, before + 20)).not.toBeNull()
      expect(await cases.byNumber(store.read, before + 21)).toBeNull()
    })

    test('writes that are ready together each stand or fall alone', async () => {
      const ada = await someone(store, 'together')
      const write = (text: string, fails: boolean) =>
        store.write(async (tx) => {
          await messages.insert(tx, messageOf(store, ada, { text }))
          if (fails) throw new Error(`${text} fails`)
          return text
        })
      const settled = await Promise.allSettled([
        write('one', false),
        write('two', true),
        store.write((tx) => sql`select no_such_column from messages`.execute(tx)),
        write('three', false),
      ])
      expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
      expect(settled[1]).toMatchObject({ reason: new Error('two fails') })
      const texts = (await messages.unhandled(other.read, ada.id, 10)).map((row) => row.text)
      expect(texts.toSorted()).toEqual(['one', 'three'])
    })

    test('nothing is seen before its commit, and a promise settles after it', async () => {
      const ada = await someone(store, 'unseen')
      const seen = async () => (await messages.unhandled(other.read, ada.id, 10)).length
      let within = -1
      let after = -1
      await store
        .write(async (tx) => {
          await messages.insert(tx, messageOf(store, ada))
          within = await seen()
        })
        .then(async () => {
          after = await seen()
        })
      expect([within, after]).toEqual([0, 1])
    })

    test('more writes at once than share a commit all arrive', async () => {
      const ada = await someone(store, 'many')
      await Promise.all(
        Array.from({ length: 200 }, () => store.write((tx) => messages.insert(tx, messageOf(store, ada)))),
      )
      expect(await messages.unhandled(other.read, ada.id, 1000)).toHaveLength(200)
    })

    test('writes that follow on each other leave the loop to others', async () => {
      let round = false
      // The first round of the loop begins the writes; the second comes only if they let it.
      setImmediate(() =>
        setImmediate(() => {
          round = true
        }),
      )
      let writes = 0
      for (; !round && writes < 1000; writes += 1) await store.write(async () => undefined)
      expect(writes).toBeLessThan(1000)
    })

    test('a case comes back as it was written, and is found by number, customer and status', async () => {
      const ada = await someone(store, 'case')
      const first = await store.write((tx) => openCase(store, tx, ada))
      const second = await store.write((tx) => openCase(store, tx, ada, { ...complaint, kind: 'inquiry' }))
      expect(await cases.byNumber(store.read, first.number)).toEqual(first)
      expect((await cases.newestOf(store.read, { id: ada.customer }, 10)).map((kase) => kase.id)).toEqual([
        second.id,
        first.id,
      ])
      const closed = { ...first, updatedAt: t0 + 1, state: { ...first.state, status: 'closed' as const } }
      await store.write((tx) => cases.update(tx, closed))
      const open = await cases.list(store.read, 'open', 1000)
      expect(open.map((kase) => kase.id)).toContain(second.id)
      expect(open.map((kase) => kase.id)).not.toContain(first.id)
      expect(await cases.numbersOf(store.read, [first.id, second.id, 'none'])).toEqual(
        new Map([
          [first.id, first.number],
          [second.id, second.number],
        ]),
      )
    })

    test("a case's log is read in the order in which it was written", async () => {
      const ada = await someone(store, 'log')
      const kase = await store.write((tx) => openCase(store, tx, ada))
      const by = { id: 'web:-:kim', name: 'kim' }
      await store.write((tx) =>
        cases.log(tx, store.newId, kase.id, [{ type: 'claimed', by }, { type: 'apologised' }], t0),
      )
      await store.write((tx) =>
        cases.log(tx, store.newId, kase.id, [{ type: 'replied', by, text: 'soon', kept: [] }], t0),
      )
      const events = await cases.eventsOf(store.read, kase.id)
      expect(events.map(({ event }) => event.type)).toEqual(['claimed', 'apologised', 'replied'])
    })

    test('two who claim a case at once: the one who comes first has it', async () => {
      const ada = await someone(store, 'claims')
      const { id } = await store.write((tx) => openCase(store, tx, ada))
      const claim = (each: Store, name: string) =>
        each.write(async (tx) => {
          const kase = await cases.lock(tx, id, each.engine)
          if (kase === null || typeof kase.state.owner === 'object') return false
          await cases.setOwner(tx, kase, { id: `web:-:${name}`, name }, t0 + 1)
          return true
        })
      const won = await Promise.all([claim(store, 'kim'), claim(peer, 'lee'), claim(store, 'max')])
      expect(won.filter(Boolean)).toHaveLength(1)
      const name = ['kim', 'lee', 'max'][won.indexOf(true)]
      const kase = await cases.byId(store.read, id)
      expect(kase?.state.owner).toEqual({ id: `web:-:${name}`, name })
      expect(kase?.updatedAt).toBe(t0 + 1)
    })

    test('a promise is kept under its number, and the open one that is due first is next', async () => {
      const ada = await someone(store, 'promises')
      const kase = await store.write((tx) => openCase(store, tx, ada))
      const make = (n: number, due: number, state: 'made' | 'kept') =>
        store.write((tx) =>
          promises.put(tx, kase.id, {
            n,
            what: `promise ${n}`,
            due,
            state,
            by: 'bot',
            madeAt: t0,
            renegotiated: 0,
            because: null,
          }),
        )
      await make(1, t0 + 10, 'made')
      await make(2, t0 + 30, 'made')
      await make(3, t0 + 20, 'made')
      expect((await promises.nextOf(store.read, [kase.id])).get(kase.id)).toMatchObject({ n: 1, due: t0 + 10 })
      await make(1, t0 + 10, 'kept')
      expect((await promises.nextOf(store.read, [kase.id])).get(kase.id)).toMatchObject({ n: 3, due: t0 + 20 })
      const states = (await promises.ofCase(store.read, kase.id)).map(({ n, state }) => [n, state])
      expect(states).toEqual([
        [1, 'kept'],
        [2, 'made'],
        [3, 'made'],
      ])
      expect(await promises.nextOf(store.read, [])).toEqual(new Map())
    })

    test('a timer set again rings at its new time; removed or cancelled it does not', async () => {
      const ada = await someone(store, 'timers')
      const check = {
        conversation: ada.id,
        caseId: 'c1',
        timer: 'check' as const,
        key: '',
        dueAt: t0 + 20,
        about: null,
      }
      const risk = { ...check, timer: 'promise.risk' as const, key: '1', dueAt: t0 + 10, about: 'the parcel' }
      const another = { ...risk, caseId: 'c2', key: '2', dueAt: t0 + 30 }
      const ringing = async (at: number) => (await timers.firstDue(store.read, ada.id, at))?.timer ?? null
      await store.write(async (tx) => {
        for (const timer of [check, risk, another]) await timers.put(tx, timer)
      })
      expect(await ringing(t0 + 9)).toBeNull()
      expect(await timers.firstDue(store.read, ada.id, t0 + 25)).toEqual(risk)
      expect(await timers.due(store.read, t0 + 9, 100)).not.toContain(ada.id)
      expect((await timers.due(store.read, t0 + 40, 100)).filter((id) => id === ada.id)).toHaveLength(1)
      await store.write((tx) => timers.put(tx, { ...risk, dueAt: t0 + 25 }))
      expect(await ringing(t0 + 24)).toBe('check')
      await store.write((tx) => timers.remove(tx, check))
      expect(await ringing(t0 + 24)).toBeNull()
      await store.write((tx) => timers.cancel(tx, ada.id, 'c1', 'promise.risk'))
      expect(await timers.ofConversation(store.read, ada.id)).toEqual([another])
      await store.write((tx) => timers.cancel(tx, ada.id, 'c2', 'all'))
      expect(await timers.ofConversation(store.read, ada.id)).toEqual([])
    })

    test('the outbox goes out in order, and each row until it is sent', async () => {
      const ada = await someone(store, 'outbox')
      const rows = ['one', 'two'].map((text) => outboxOf(store, ada, { outgoing: say(text) }))
      await store.write((tx) => outbox.insert(tx, rows))
      const [one, two] = await outbox.unsent(store.read, ada.id)
      expect([one, two]).toEqual(rows)
      expect(await outbox.due(store.read, t0, 100)).toContain(ada.id)
      expect(await store.write((tx) => outbox.begin(tx, rows[0]?.id ?? '', t0 + 1))).toBe(true)
      expect((await outbox.unsent(store.read, ada.id))[0]).toMatchObject({
        state: 'begun',
        attempts: 1,
        begunAt: t0 + 1,
      })
      await store.write((tx) => outbox.retryAt(tx, rows[0]?.id ?? '', t0 + 1000, 'the line was busy'))
      expect((await outbox.unsent(store.read, ada.id))[0]).toMatchObject({ state: 'waiting', notBefore: t0 + 1000 })
      await store.write((tx) => outbox.begin(tx, rows[0]?.id ?? '', t0 + 1000))
      await store.write((tx) => outbox.sent(tx, rows[0] ?? outboxOf(store, ada), 'platform-1', t0 + 1001))
      await store.write((tx) => outbox.failed(tx, rows[1]?.id ?? '', 'no such room'))
      expect(await outbox.unsent(store.read, ada.id)).toEqual([])
      expect(await outbox.byId(store.read, rows[0]?.id ?? '')).toMatchObject({ state: 'sent', attempts: 2 })
      expect(await store.write((tx) => outbox.begin(tx, rows[0]?.id ?? '', t0 + 2000))).toBe(false)
    })

    test('a claim silences what the bot had not begun, and nothing else', async () => {
      const ada = await someone(store, 'silenced')
      const waits = outboxOf(store, ada)
      const begun = outboxOf(store, ada, { state: 'begun', begunAt: t0, attempts: 1 })
      const persons = outboxOf(store, ada, { script: null, outgoing: say('I am Kim.', [], 'agent') })
      const card = outboxOf(store, ada, { audience: 'desk' })
      await store.write((tx) => outbox.insert(tx, [waits, begun, persons, card]))
      await store.write((tx) => outbox.dropBots(tx, ada.id))
      expect((await outbox.unsent(store.read, ada.id)).map((row) => row.id)).toEqual([begun.id, persons.id, card.id])
      expect(await store.write((tx) => outbox.begin(tx, waits.id, t0))).toBe(false)
      expect(await outbox.waitingFor(store.read, ada.id)).toEqual(new Set(['customer', 'desk']))
    })

    test("undo takes back an agent's newest words while they wait, and letting go ends the wait", async () => {
      const ada = await someone(store, 'undo')
      const kase = await store.write((tx) => openCase(store, tx, ada))
      const words = (text: string) =>
        outboxOf(store, ada, { caseId: kase.id, script: null, outgoing: say(text, [], 'agent'), notBefore: t0 + 5000 })
      const [first, second] = [words('first'), words('second')]
      await store.write((tx) => outbox.insert(tx, [first, second]))
      expect(await store.write((tx) => outbox.undo(tx, kase.id))).toBe(second.id)
      expect((await outbox.unsent(store.read, ada.id)).map((row) => row.id)).toEqual([first.id])
      expect(await store.write((tx) => outbox.letGo(tx, t0 + 1))).toBe(true)
      expect((await outbox.unsent(store.read, ada.id))[0]?.notBefore).toBe(t0 + 1)
      expect(await store.write((tx) => outbox.letGo(tx, t0 + 1))).toBe(false)
      await store.write((tx) => outbox.begin(tx, first.id, t0 + 1))
      expect(await store.write((tx) => outbox.undo(tx, kase.id))).toBeNull()
    })

    test('a press finds the newest message that offers its button', async () => {
      const ada = await someone(store, 'buttons')
      const row = (sentAt: number, buttons: string[]) =>
        outboxOf(store, ada, { state: 'sent', sentAt, shownAt: sentAt, platformId: 'p', outgoing: say('?', buttons) })
      const rows = [row(t0, ['accept', 'decline']), row(t0 + 1, ['accept']), row(t0 + 2, [])]
      await store.write((tx) => outbox.insert(tx, rows))
      expect((await told.offering(store.read, ada.customer, 'accept'))?.id).toBe(rows[1]?.id)
      expect((await told.offering(store.read, ada.customer, 'decline'))?.id).toBe(rows[0]?.id)
      expect(await told.offering(store.read, ada.customer, 'rate:4')).toBeNull()
    })

    test('reading on from a point misses nothing, also what was held back and left later', async () => {
      const ada = await someone(store, 'cursor')
      const sent = (text: string, at: number) =>
        outboxOf(store, ada, {
          outgoing: say(text),
          state: 'sent',
          createdAt: at,
          sentAt: at,
          shownAt: at,
          platformId: text,
        })
      const held = outboxOf(store, ada, { outgoing: say('held', [], 'agent'), script: null, notBefore: t0 + 5 })
      const [one, two, three] = [sent('one', t0), sent('two', t0 + 3), sent('three', t0 + 3)]
      await store.write((tx) => outbox.insert(tx, [one, held, two, three]))
      const texts = async (after: messages.Cursor, atMost = 10) =>
        (await told.saidTo(store.read, ada.customer, after, atMost)).map((row) => row.platformId)
      expect(await texts({ at: 0, id: '' })).toEqual(['one', 'two', 'three'])
      expect(await texts({ at: t0, id: one.id }, 1)).toEqual(['two'])
      expect(await texts({ at: t0 + 3, id: two.id })).toEqual(['three'])
      // Written before `two`, but shown after it: whoever has read on must still be given it.
      await store.write((tx) => outbox.sent(tx, held, 'held', t0 + 5))
      expect(await texts({ at: t0 + 3, id: three.id })).toEqual(['held'])
      const theirs = [messageOf(store, ada, { received_at: t0 }), messageOf(store, ada, { received_at: t0 })]
      for (const row of theirs) await store.write((tx) => messages.insert(tx, row))
      const said = await messages.saidBy(store.read, ada.customer, { at: t0, id: theirs[0]?.id ?? '' }, 10)
      expect(said.map((row) => row.id)).toEqual([theirs[1]?.id])
    })

    test('what is committed later is shown later, whatever the clocks say', async () => {
      const ada = await someone(store, 'shown')
      const show = (each: Store, now: number) => each.write((tx) => conversations.showNext(tx, ada.id, now))
      expect(await show(store, t0 + 1000)).toBe(t0 + 1000)
      expect(await show(peer, t0 + 400)).toBe(t0 + 1001)
      expect(await show(store, t0 + 1000)).toBe(t0 + 1002)
      // Who comes while another is at it waits, and is given a later place.
      const order: string[] = []
      let second: Promise<void> | null = null
      await store.write(async (tx) => {
        const first = await conversations.showNext(tx, ada.id, t0 + 2000)
        second = peer.write(async (other) => {
          const found = await conversations.findOrMake(other, peer, ada.place, ada.customer, t0)
          order.push('second')
          expect(found.shownAt).toBe(first)
        })
        await sql`select 1`.execute(tx)
        order.push('first')
      })
      await second
      expect(order).toEqual(['first', 'second'])
    })

    test('a suggestion counts people, not messages', async () => {
      const kept = await store.write((tx) => suggestions.insert(tx, store.newId, 'open on Sundays', t0))
      const give = (customer: string) =>
        store.write((tx) =>
          suggestions.addGiver(tx, kept.id, { customer, conversation: 'c', text: `${customer} asks` }, t0),
        )
      expect([await give('ada'), await give('ada'), await give('bob')]).toEqual([1, 1, 2])
      expect((await suggestions.givers(store.read, kept.id)).map((giver) => giver.text)).toEqual([
        'ada asks',
        'bob asks',
      ])
      expect(await suggestions.open(store.read)).toContainEqual(kept)
      await store.write((tx) => suggestions.setStatus(tx, kept.id, 'declined'))
      expect(await suggestions.open(store.read)).not.toContainEqual(kept)
      expect(await suggestions.byNumber(store.read, kept.number)).toEqual({ ...kept, status: 'declined' })
    })

    test('an incident has each of its cases once, and is closed', async () => {
      const ada = await someone(store, 'incident')
      const kase = await store.write((tx) => openCase(store, tx, ada))
      const incident = await store.write((tx) => incidents.insert(tx, store.newId, 'the courier stands still', t0))
      await store.write((tx) => incidents.link(tx, incident.id, [kase.id]))
      await store.write((tx) => incidents.link(tx, incident.id, [kase.id]))
      expect(await incidents.affected(store.read, incident.id)).toEqual([
        { case_id: kase.id, number: kase.number, conversation: ada.id, customer: ada.customer },
      ])
      await store.write((tx) => incidents.update(tx, incident.id, 'it moves again'))
      await store.write((tx) => incidents.close(tx, incident.id, t0 + 20))
      expect(await incidents.byNumber(store.read, incident.number)).toMatchObject({
        text: 'it moves again',
        state: 'closed',
      })
    })

    test('a newcomer is taken to read what their platform is set to, and nobody else is', async () => {
      const meet = (locale: 'zh-CN' | 'zh-TW') =>
        store.write((tx) =>
          customers.findOrMake(tx, { id: 'slack:T1:new', name: 'new', timezone: null, tier: null, locale }, t0),
        )
      expect((await meet('zh-CN')).language).toBe('zh-CN')
      expect((await meet('zh-TW')).language).toBe('zh-CN')
    })

    test('settings are kept by prefix, replaced and deleted', async () => {
      const [one, two] = [keepIn(store, 'one'), keepIn(store, 'two')]
      await one.set('token', 'a')
      await one.set('token', 'b')
      expect([await one.get('token'), await two.get('token')]).toEqual(['b', null])
      await one.delete('token')
      expect(await one.get('token')).toBeNull()
    })

    test('a failed read leaves the store as usable as before', async () => {
      await expect(sql`select nonsense`.execute(store.read)).rejects.toThrow()
      const broken = (tx: Db) => sql`select nonsense`.execute(tx)
      await expect(store.write(broken)).rejects.toThrow()
      expect(await store.write(async () => 'fine')).toBe('fine')
    })
  })
}
