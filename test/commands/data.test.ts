/** The commands about data, beside a bot that runs: here this process is the bot. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Reading } from '../../src/domain/reading.ts'
import * as cases from '../../src/store/cases.ts'
import * as messages from '../../src/store/messages.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import * as outbox from '../../src/store/outbox.ts'
import * as promises from '../../src/store/promises.ts'
import * as timers from '../../src/store/timers.ts'
import { folder } from '../store/ground.ts'
import { complaint, messageOf, openCase, outboxOf, say, someone, t0 } from '../store/rows.ts'
import { type Ran, refusal, run } from './run.ts'

const { path, remove } = folder()
const file = join(path, 'amends.db')
const env = { DATABASE_URL: `sqlite:${file}` }
const command = (...args: string[]): Promise<Ran> => run(args, { env })
let bot: Store
let said: messages.NewMessage
let answer: outbox.OutboxRow

beforeAll(async () => {
  bot = await openStore({ engine: 'sqlite', file }, { alone: true })
  const ada = await someone(bot, 'Ada Lovelace')
  await bot.write(async (tx) => {
    const kase = await openCase(bot, tx, ada)
    said = messageOf(bot, ada, { platform_id: 'm1', text: 'Third time\nmy parcel is late!', case_id: kase.id })
    await messages.insert(tx, said)
    await messages.insertFiles(
      tx,
      bot.newId,
      said.id,
      [{ name: 'a.txt', type: 'text/plain', bytes: Buffer.from('hello') }],
      t0,
    )
    const times = { ids: [said.id], caseId: kase.id, reading, turnAt: t0 + 2500, at: t0 + 2600 }
    await messages.handled(tx, times)
    const opened = { ...complaint, type: 'opened' as const }
    await cases.log(tx, bot.newId, kase.id, [opened], t0 + 2510)
    await cases.log(tx, bot.newId, kase.id, [{ type: 'apologised' }], t0 + 9000)
    await promises.put(tx, kase.id, {
      n: 1,
      what: 'answer',
      due: t0 + 7_200_000,
      state: 'made',
      by: 'bot',
      madeAt: t0 + 2510,
      because: null,
      renegotiated: 0,
    })
    await timers.put(tx, {
      conversation: ada.id,
      caseId: kase.id,
      timer: 'promise.due',
      key: '1',
      dueAt: t0 + 7_200_000,
      about: null,
    })
    answer = outboxOf(bot, ada, {
      caseId: kase.id,
      createdAt: t0 + 2510,
      outgoing: say('I am sorry that it is late again.'),
    })
    await outbox.insert(tx, [answer])
    await outbox.begin(tx, answer.id, t0 + 2700)
    await outbox.sent(tx, answer, 'slack-7', t0 + 2810)
    const later = outboxOf(bot, ada, { audience: 'desk', createdAt: t0 + 2510, outgoing: say('A card') })
    await outbox.insert(tx, [later])
    await outbox.begin(tx, later.id, t0 + 2700)
    await outbox.retryAt(tx, later.id, t0 + 4000, 'the line was busy')
  })
})
afterAll(async () => {
  await bot.close()
  remove()
})

const reading: Reading = {
  kind: 'complaint',
  confidence: 0.93,
  runnerUp: 'inquiry',
  acts: [{ kind: 'complaint', text: 'my parcel is late', confidence: 0.91 }],
  language: 'en',
  languageSure: true,
  mood: 'angry',
  severity: 2,
  urgency: 1,
  wantsHuman: false,
  leaving: false,
  goingPublic: false,
  safety: null,
  answer: null,
  facts: complaint.facts,
}

test('trace tells the whole way of a message, by its id, the platform’s, or that of the answer', async () => {
  const byPlatform = await command('trace', 'm1')
  const [received, begun, ...rest] = byPlatform.out.trimEnd().split('\n')
  expect(received).toMatch(
    /^2026-11-20T09:00:00\.000\+08:00 {2}received .*m1 with a\.txt: “Third time my parcel is late!”$/,
  )
  expect(begun).toBe('2026-11-20T09:00:02.500+08:00  turn begun 2500 ms after it was received')
  expect(rest.join('\n')).toMatch(
    /read .*complaint 0\.93, en, angry, severity 2.*act .*complaint 0\.91 “my parcel is late”.*event .*opened.*promise .*“answer” by 2026-11-20T11:00:00\.000\+08:00.*written .*I am sorry that it is late again.*committed .*sent .*300 ms after it was written, 1 attempt, platform id slack-7.*now\n.*timer .*promise\.due.*waiting .*1 attempt, not before 2026-11-20T09:00:04\.000\+08:00.*the line was busy/su,
  )
  expect(byPlatform.out).not.toContain('apologised')
  const [byId, byAnswer] = await Promise.all([command('trace', said.id), command('trace', 'slack-7')])
  expect([byId, byAnswer]).toEqual([byPlatform, byPlatform])
  expect(refusal(await command('trace', 'm99'))).toMatch(/^there is no message m99/)
})

test('export gives all of a person as JSON, and never writes over a file', async () => {
  const customer = 'web:-:Ada Lovelace'
  const out = join(path, 'ada.json')
  const [printed, kept] = await Promise.all([command('export', customer), command('export', customer, '--out', out)])
  const told = JSON.parse(printed.out)
  expect(told).toMatchObject({
    customer,
    customers: [{ name: 'Ada Lovelace' }],
    files: [{ name: 'a.txt', base64: 'aGVsbG8=' }],
    suggestions: [],
  })
  expect(told.messages).toMatchObject([
    { platform_id: 'm1', received_at: '2026-11-20T01:00:00.000Z', reading: { kind: 'complaint' } },
  ])
  expect([told.cases, told.case_events, told.promises, told.timers, told.outbox].map((rows) => rows.length)).toEqual([
    1, 2, 1, 1, 2,
  ])
  expect([kept.code, kept.out, kept.err]).toEqual([0, '', ''])
  expect({ ...JSON.parse(readFileSync(out, 'utf8')), exportedAt: told.exportedAt }).toEqual(told)
  if (process.platform !== 'win32') expect(statSync(out).mode & 0o777).toBe(0o600)
  const refused = await Promise.all([
    command('export', customer, '--out', out),
    command('export', customer, '--out', join(path, 'none', 'x.json')),
    command('export', 'ada'),
    command('export', 'web:-:nobody'),
    command('export'),
  ])
  expect(refused.map(refusal)).toEqual([
    `${out} exists already: name a file that does not`,
    expect.stringMatching(/cannot be written: there is no such folder$/),
    expect.stringContaining('write <channel>:<workspace>:<user>'),
    'nothing is known of web:-:nobody',
    'write: export CUSTOMER [--out FILE]',
  ])
})

test('backup, forget and restore: a copy is made beside the bot, and put back once it stands still', async () => {
  const copy = join(path, 'copy.db')
  const made = await command('backup', copy)
  expect([made.code, made.err]).toEqual([0, ''])
  expect(refusal(await command('backup', copy))).toBe(`${copy} exists already: name a file that does not`)
  const forgotten = await command('forget', 'web:-:Ada Lovelace')
  expect(forgotten).toEqual({
    code: 0,
    err: '',
    out: 'web:-:Ada Lovelace is forgotten: 1 message of theirs, 2 messages of ours and 1 file are erased; of 1 case only numbers are left\n',
  })
  expect(refusal(await command('forget', 'web:-:Ada Lovelace'))).toBe('nothing is known of web:-:Ada Lovelace')
  expect(await messages.byPlatformId(bot.read, 'web', 'm1')).toBeNull()
  expect(refusal(await command('restore', copy))).toBe(`the bot is running on ${file}: stop it, then restore`)
  await bot.close()
  const wrong = join(path, 'wrong.db')
  writeFileSync(wrong, 'no database')
  expect(refusal(await command('restore', wrong))).toBe(`${wrong} is no copy of a database`)
  const restored = await command('restore', copy)
  expect(restored.out).toMatch(/is now what .*copy\.db holds; what was there is kept as .*\.before-restore-\d{4}-/)
  expect(existsSync(restored.out.split('kept as ')[1]?.trim() ?? '')).toBe(true)
  bot = await openStore({ engine: 'sqlite', file }, { alone: true })
  expect(await messages.byPlatformId(bot.read, 'web', 'm1')).toMatchObject({ text: said.text })
})

test('a command makes no database, and says what is wrong with the one it is given', async () => {
  const none = { DATABASE_URL: `sqlite:${path}/none/amends.db` }
  const damaged = join(path, 'damaged.db')
  writeFileSync(damaged, 'words, and no database '.repeat(100))
  const refused = await Promise.all([
    run(['trace', 'm1'], { env: none }),
    run(['backup', join(path, 'b.db')], { env: none }),
    run(['export', 'web:-:ada'], { env: { DATABASE_URL: `sqlite:${damaged}` } }),
    run(['forget', 'web:-:ada'], { env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' } }),
    run(['backup', join(path, 'b.db')], { env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' } }),
    run(['restore', join(path, 'b.db')], { env: { DATABASE_URL: 'sqlite::memory:' } }),
    run(['trace', 'm1'], { env: { DATABASE_URL: 'mysql://here' } }),
  ])
  expect(refused.map(refusal)).toEqual([
    expect.stringContaining('start the bot first, or set DATABASE_URL'),
    expect.stringContaining('start the bot first, or set DATABASE_URL'),
    expect.stringContaining('is no database'),
    'DATABASE_URL does not answer: is PostgreSQL running there?',
    expect.stringContaining('pg_dump'),
    expect.stringContaining('in memory'),
    expect.stringContaining('DATABASE_URL will not do'),
  ])
  expect(existsSync(join(path, 'none'))).toBe(false)
})
