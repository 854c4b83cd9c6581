/**
 * Durable turns a second through the web channel (stored, read, decided, committed, delivered) against bare one-row
 * Kysely transactions, one after another: both at synchronous=FULL, in one folder, in turn.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { loadExamples } from '../../src/understanding/examples.ts'
import { startBot } from './bot.ts'
import { type Measure, median } from './part.ts'

const ratioAtLeast = 0.4
const rounds = 5
const messagesARound = 3000
const atOnce = 64
const bareForMs = 2000

export async function turns(): Promise<Measure[]> {
  const plain = await measure(await questions(), false)
  const opening = await measure(await mattersToOpen(), true)
  const rated = ({ rate, bare, ratio, memory }: Seen) =>
    `${ratio.toFixed(2)} of bare transactions: ${rate.toFixed(0)}/s beside ${bare.toFixed(0)}/s, ${memory.toFixed(0)} MB`
  const how = `median of ${rounds} rounds of ${messagesARound}, ${atOnce} at once`
  return [
    {
      what: `durable turns, questions that a page answers (${how})`,
      measured: rated(plain),
      limit: `at least ${ratioAtLeast.toFixed(2)}`,
      pass: plain.ratio >= ratioAtLeast,
    },
    plain.unanswered,
    {
      what: `durable turns that open a case, half of them of new customers: card, promise, timers (${how})`,
      measured: rated(opening),
      limit: 'none',
      pass: true,
    },
    opening.unanswered,
  ]
}

interface Seen {
  rate: number
  bare: number
  ratio: number
  memory: number
  unanswered: Measure
}

async function measure(texts: readonly string[], newcomers: boolean): Promise<Seen> {
  const folder = await mkdtemp(join(tmpdir(), 'amends-bench-turns-'))
  const file = join(folder, 'bot.db')
  const bot = await startBot(folder, { DATABASE_URL: `sqlite:${file}`, QUIET_MS: '0' })
  const bare = openBare(join(folder, 'bare.db'))
  const beside = new Database(file, { readonly: true })
  try {
    // One round for the compiler, which does not count.
    await oneRound(bot.address, beside, messagesOf(0, texts, newcomers))
    await bare.rate(bareForMs / 4)
    const seen = []
    for (let round = 1; round <= rounds; round += 1) {
      const before = await bare.rate(bareForMs / 2)
      const rate = await oneRound(bot.address, beside, messagesOf(round, texts, newcomers))
      const after = await bare.rate(bareForMs / 2)
      seen.push({ rate, bare: (before + after) / 2 })
    }
    return {
      rate: median(seen.map((one) => one.rate)),
      bare: median(seen.map((one) => one.bare)),
      ratio: median(seen.map((one) => one.rate / one.bare)),
      memory: bot.residentMB(),
      unanswered: unanswered(beside, (rounds + 1) * messagesARound),
    }
  } finally {
    beside.close()
    await bare.close()
    await bot.stop()
    await rm(folder, { recursive: true })
  }
}

/** The questions of our own pages, in three languages: each has its answer. */
async function questions(): Promise<string[]> {
  const folder = join(import.meta.dirname, '../../prompts/knowledge')
  const pages = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')))
  return pages.flatMap((page) => [...page.matchAll(/^## (.+)$/gmu)].map(([, question = '']) => question))
}

/** What is always answered, in three languages: complaints and questions, and one suggestion in ten. */
async function mattersToOpen(): Promise<string[]> {
  const sets = await loadExamples(join(import.meta.dirname, '../../prompts/examples'))
  const of = (kind: string) => sets.filter((set) => set.kind === kind).flatMap((set) => set.messages)
  const [complaints, inquiries, suggestions] = [of('complaint'), of('inquiry'), of('suggestion')]
  return complaints.flatMap((text, i) => {
    const other = (i % 5 === 0 ? suggestions : inquiries).at(i % inquiries.length)
    return other === undefined ? [text] : [text, other]
  })
}

/** Each customer writes once a round, so that no two messages of one are a single turn. */
function messagesOf(round: number, texts: readonly string[], newcomers: boolean): string[] {
  return Array.from({ length: messagesARound }, (_, i) => {
    const customer = newcomers && i % 2 === 1 ? `new-${round}-${i}` : `known-${i}`
    const text = texts[(round * messagesARound + i * 7) % texts.length]
    return JSON.stringify({ customer, text })
  })
}

/** Turns a second, from the first request to the last answer. */
async function oneRound(address: string, beside: Database.Database, messages: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'load.ts'), new URL(address).port, String(atOnce)], {
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  const told = newestMessage(beside)
  child.stdin.end(messages.join('\n'))
  // The generator's own start is not the bot's time.
  while (newestMessage(beside) === told && child.exitCode === null) await wait(1)
  const began = performance.now()
  if (child.exitCode === null) await once(child, 'exit')
  if (child.exitCode !== 0) throw new Error(`the load ended with ${child.exitCode}`)
  const waiting = beside.prepare<[], { n: number }>(
    `select (select count(*) from conversations where ready_at is not null)
      + (select count(*) from outbox where state in ('waiting', 'begun')) as n`,
  )
  while ((waiting.get()?.n ?? 0) > 0) await wait(5)
  return (messages.length / (performance.now() - began)) * 1000
}

function newestMessage(beside: Database.Database): unknown {
  return beside.prepare('select max(id) from messages').pluck().get()
}

/** Nothing of the load may be lost or answered twice: the rate would mean nothing. */
function unanswered(beside: Database.Database, sent: number): Measure {
  const handled = count(beside, 'select count(*) from messages where handled_at is not null')
  const replies = count(beside, `select count(*) from outbox where audience = 'customer' and state = 'sent'`)
  return {
    what: 'each message handled, and answered once',
    measured: `${sent} sent, ${handled} handled, ${replies} replies`,
    limit: 'all the same',
    pass: handled === sent && replies === sent,
  }
}

function count(beside: Database.Database, query: string): number {
  return Number(beside.prepare(query).pluck().get())
}

interface Bare {
  /** Transactions a second, one after another, each with one row. */
  rate(ms: number): Promise<number>
  close(): Promise<void>
}

function openBare(file: string): Bare {
  const sqlite = new Database(file)
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  sqlite.exec('create table bare (id integer primary key, text text not null, at bigint not null)')
  const db = new Kysely<{ bare: { id?: number; text: string; at: number } }>({
    dialect: new SqliteDialect({ database: sqlite }),
  })
  return {
    async rate(ms) {
      const began = performance.now()
      let done = 0
      for (; performance.now() - began < ms; done += 1)
        await db.transaction().execute(async (tx) => {
          await tx.insertInto('bare').values({ text: 'My parcel is late for the third time.', at: done }).execute()
        })
      return (done / (performance.now() - began)) * 1000
    },
    close: () => db.destroy(),
  }
}
