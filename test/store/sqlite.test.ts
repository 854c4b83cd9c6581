import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { backup, restore } from '../../src/store/backup.ts'
import * as messages from '../../src/store/messages.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { forget } from '../../src/store/person.ts'
import { folder, sqliteGround } from './ground.ts'
import { personSuite } from './person.ts'
import { messageOf, someone } from './rows.ts'
import { storeSuite } from './suite.ts'

storeSuite('SQLite', sqliteGround)
personSuite('SQLite', sqliteGround)

describe('the embedded database', () => {
  test('a second bot on one file is told what to do; a command opens it beside the first', async () => {
    const { file, bot } = await running()
    await expect(openStore({ engine: 'sqlite', file }, { alone: true })).rejects.toThrow(
      `another Amends is running on ${file}: stop it first, or give this one its own DATABASE_URL`,
    )
    const beside = await openStore({ engine: 'sqlite', file }, { alone: false })
    await someone(beside, 'beside')
    expect(await bot.read.selectFrom('customers').select('id').execute()).toEqual([{ id: 'web:-:beside' }])
    await beside.close()
    await bot.close()
    await (await openStore({ engine: 'sqlite', file }, { alone: true })).close()
  })

  test('on a full disk a write fails clearly, nothing is lost, and the next one works when there is room', async () => {
    const { bot } = await running()
    const ada = await someone(bot, 'ada')
    const write = (text: string) => bot.write((tx) => messages.insert(tx, messageOf(bot, ada, { text })))
    await write('before')
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(bot.read)
    await sql`pragma max_page_count = ${sql.lit((rows[0]?.page_count ?? 0) + 1)}`.execute(bot.read)
    const large = 'x'.repeat(50_000)
    const together = await Promise.allSettled([write('small'), write(large), write(large)])
    expect(together.map((one) => one.status)).toContain('rejected')
    for (const one of together)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'SQLITE_FULL', message: /full/ })
    await sql`pragma max_page_count = 1000000`.execute(bot.read)
    await write('after')
    const texts = (await messages.unhandled(bot.read, ada.id, 10)).map((row) => row.text)
    const kept = together.flatMap((one, i) => (one.status === 'fulfilled' ? [['small', large, large][i]] : []))
    expect(texts).toEqual(['before', ...kept, 'after'])
    expect((await sql`pragma integrity_check`.execute(bot.read)).rows).toEqual([{ integrity_check: 'ok' }])
    await bot.close()
  })

  test('a folder that cannot be made is an error at once, with its reason', async () => {
    const { path, remove } = folder()
    onTestFinished(remove)
    writeFileSync(join(path, 'taken'), 'a file, where a folder is wanted')
    const file = join(path, 'taken', 'amends.db')
    await expect(openStore({ engine: 'sqlite', file }, { alone: true })).rejects.toMatchObject({
      code: /ENOTDIR|EEXIST/,
    })
  })

  test('a database that cannot be written is an error at the first write, and can still be read', async () => {
    const { bot } = await running()
    await someone(bot, 'before')
    await sql`pragma query_only = on`.execute(bot.read)
    await expect(someone(bot, 'after')).rejects.toMatchObject({ code: 'SQLITE_READONLY' })
    expect(await bot.read.selectFrom('customers').select('name').execute()).toEqual([{ name: 'before' }])
    await bot.close()
  })

  test('the words of who is forgotten are in no file of the database', async () => {
    const { path, file, bot } = await running()
    for (let i = 0; i < 60; i += 1) {
      const to = await someone(bot, i % 5 === 0 ? 'zed' : `other${i}`)
      const text = `${to.customer} wrote ${'of a parcel '.repeat(i * 5)}`
      await bot.write((tx) => messages.insert(tx, messageOf(bot, to, { text })))
    }
    const bytes = () =>
      ['', '-wal'].map((end) => (existsSync(file + end) ? readFileSync(file + end).toString('latin1') : '')).join('')
    expect(bytes()).toContain('web:-:zed')
    const beside = await openStore({ engine: 'sqlite', file }, { alone: false })
    await forget(beside, 'web:-:zed', 1)
    await beside.close()
    expect(bytes()).not.toContain('web:-:zed')
    expect(bytes()).toContain('web:-:other7')
    expect(path).toBeTruthy()
    await bot.close()
  })

  test('a backup made while the bot writes is whole, and is never written over', async () => {
    const { path, file, bot } = await running()
    const ada = await someone(bot, 'ada')
    const write = () => bot.write((tx) => messages.insert(tx, messageOf(bot, ada, { text: 'x'.repeat(9000) })))
    await Promise.all(Array.from({ length: 300 }, write))
    const copy = join(path, 'copy.db')
    let writing = true
    const meanwhile = (async () => {
      let n = 0
      for (; writing; n += 1) await write()
      return n
    })()
    expect(await backup(file, copy, () => undefined)).toBeGreaterThan(2_000_000)
    writing = false
    expect(await meanwhile).toBeGreaterThan(0)
    await expect(backup(file, copy, () => undefined)).rejects.toThrow(`${copy} exists already`)
    await bot.close()
    const opened = await openStore({ engine: 'sqlite', file: copy }, { alone: true })
    expect((await messages.unhandled(opened.read, ada.id, 10_000)).length).toBeGreaterThanOrEqual(300)
    expect((await sql`pragma integrity_check`.execute(opened.read)).rows).toEqual([{ integrity_check: 'ok' }])
    await opened.close()
  })

  test('a restore puts the copy in place and keeps the old one; what is no copy of ours is refused', async () => {
    const { path, file, bot } = await running()
    const names = async (at: string) => {
      const store = await openStore({ engine: 'sqlite', file: at }, { alone: false })
      const rows = await store.read.selectFrom('customers').select('name').orderBy('name').execute()
      await store.close()
      return rows.map((row) => row.name)
    }
    const put = (from: string) => restore(from, file, 'then', () => undefined)
    await someone(bot, 'old')
    const copy = join(path, 'copy.db')
    await backup(file, copy, () => undefined)
    await someone(bot, 'newer')
    await expect(put(copy)).rejects.toThrow(`the bot is running on ${file}: stop it, then restore`)
    await bot.close()

    await expect(put(join(path, 'none.db'))).rejects.toThrow('there is no file')
    await expect(put(file)).rejects.toThrow('is the database itself')
    writeFileSync(join(path, 'text.db'), 'this is no database at all, only some words that are long enough '.repeat(9))
    await expect(put(join(path, 'text.db'))).rejects.toThrow('text.db is no copy of a database')
    const strange = await openEmpty(join(path, 'strange.db'))
    await expect(put(strange)).rejects.toThrow('strange.db is a SQLite database, but not one of Amends')
    expect(await names(file)).toEqual(['newer', 'old'])

    const aside = await put(copy)
    expect(aside).toBe(`${file}.before-restore-then`)
    expect(await names(file)).toEqual(['old'])
    expect(await names(aside ?? '')).toEqual(['newer', 'old'])
    expect(existsSync(`${file}.restoring`)).toBe(false)
    const elsewhere = join(path, 'new', 'amends.db')
    expect(await restore(copy, elsewhere, 'then', () => undefined)).toBeNull()
    expect(await names(elsewhere)).toEqual(['old'])
  })

  test('a copy of a newer Amends is not put in place', async () => {
    const { path, file, bot } = await running()
    const copy = join(path, 'copy.db')
    await backup(file, copy, () => undefined)
    await bot.close()
    const store = await openStore({ engine: 'sqlite', file: copy }, { alone: false })
    await sql`insert into kysely_migration values ('9999-of-tomorrow', 'then')`.execute(store.read)
    await store.close()
    await expect(restore(copy, file, 'then', () => undefined)).rejects.toThrow(
      /newer Amends \(it has 9999-of-tomorrow\)/,
    )
    expect(existsSync(`${file}.before-restore-then`)).toBe(false)
  })
})

/** A bot's store on a file of its own, and the folder that goes with the test. */
async function running(): Promise<{ path: string; file: string; bot: Store }> {
  const { path, remove } = folder()
  onTestFinished(remove)
  const file = join(path, 'amends.db')
  return { path, file, bot: await openStore({ engine: 'sqlite', file }, { alone: true }) }
}

async function openEmpty(file: string): Promise<string> {
  const { openSqlite } = await import('../../src/store/sqlite.ts')
  const engine = openSqlite(file, false)
  await sql`create table notes (text text)`.execute(engine.read)
  await engine.close()
  return file
}
