/** The whole bot beside a Slack of the tests', in either connection mode, and what people see of it. */
import { randomUUID } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import type { Slack as SlackPlatform } from '../../src/channels/slack/index.ts'
import { type Running, start } from '../../src/commands/start.ts'
import { readConfig } from '../../src/config.ts'
import type { Command } from '../../src/domain/message.ts'
import { openStore } from '../../src/store/open.ts'
import { promptsShipped } from '../../src/wiring.ts'
import { actionsIn } from '../counterparts/slack/blocks.ts'
import { type Options, type Slack, saidIn, startSlack } from '../counterparts/slack/server.ts'
import type { Message, Room } from '../counterparts/slack/world.ts'

export const modes = ['http', 'socket'] as const

export interface Bench {
  slack: Slack
  bot: Running
  /** What the bot has said in a room, once it fulfils a condition. */
  hears(room: Room, until: (said: ReturnType<typeof saidIn>) => boolean): Promise<ReturnType<typeof saidIn>>
  /** Looks until it holds: a turn takes some milliseconds. */
  until<T>(look: () => T | Promise<T>): Promise<T>
  /** Nothing more was said than so many, after all that is under way is done. */
  staysAt(room: Room, n: number): Promise<void>
  /** An address at the port that Slack's requests and the installation's pages come to. */
  url(path: string): string
  /** What the desk was told beside its cases. */
  alerts(): Promise<string[]>
  restart(settings?: Record<string, string>): Promise<void>
  /** Kim acts at the web's desk. */
  agent(command: Command): Promise<void>
  /** What was stored of a sort, as it came: the bodies of a customer's rows. */
  rows(type: string, customer: string): Promise<Record<string, unknown>[]>
  stop(): Promise<void>
}

export interface Given extends Options {
  settings?: Record<string, string>
  /** Rooms and people that must be there before the bot is: gives more settings. */
  prepare?: (slack: Slack) => Record<string, string>
  paceMs?: number
  /** Does not wait until Slack takes the bot. */
  patient?: boolean
}

export async function startBot(
  slack: Slack,
  settings: Record<string, string> = {},
  paceMs = 0,
  patient = false,
): Promise<Running> {
  const given = { DATABASE_URL: 'sqlite::memory:', PORT: '0', QUIET_MS: '0', LOG_LEVEL: 'silent' }
  const bot = await start(
    readConfig({ ...given, ...slack.settings, ...settings }, 'there-is-no.env'),
    () => undefined,
    paceMs,
  )
  const platform = bot.platforms.get('slack') as SlackPlatform
  const port = platform.port()
  if (port !== null) slack.wire.requestUrl = `http://127.0.0.1:${port}/slack/events`
  if (!patient) await platform.ready
  return bot
}

export async function serve({ settings = {}, paceMs = 0, prepare, patient, ...options }: Given = {}): Promise<Bench> {
  const slack = await startSlack(options)
  const { file, remove } = databaseFile()
  const database = { DATABASE_URL: `sqlite:${file}` }
  const own = { ...database, ...settings, ...prepare?.(slack) }
  let bot = await startBot(slack, own, paceMs, patient)
  const until = <T>(look: () => T | Promise<T>) => vi.waitFor(look, { timeout: 8000, interval: 10 })
  const hears: Bench['hears'] = (room, wanted) =>
    until(() => {
      const said = saidIn(room)
      expect(wanted(said), JSON.stringify(said, null, 1)).toBe(true)
      return said
    })
  return {
    slack,
    get bot() {
      return bot
    },
    until,
    hears,
    async staysAt(room, n) {
      // Everything that waits is done by the time that a later message in another room is answered.
      const witness = slack.user(`witness-${slack.world.id('')}`)
      await witness.says('What are your opening hours?')
      await hears(witness.dm(), (said) => said.length > 0)
      expect(saidIn(room).map((one) => one.text)).toHaveLength(n)
    },
    async restart(changed = {}) {
      await bot.stop().catch(() => undefined)
      bot = await startBot(slack, { ...own, ...changed }, paceMs)
    },
    async stop() {
      await bot.stop()
      await slack.stop()
      remove()
    },
    async agent(command) {
      const place = { channel: 'web' as const, workspace: '-', room: 'desk', thread: null }
      const author = { id: 'web:-:kim', name: 'Kim' }
      const id = slack.world.id('agent')
      const received = await bot.engine.receive({ type: 'commanded', id, place, author, at: Date.now(), command })
      expect(received.type).toBe('stored')
    },
    url: (path) => `http://127.0.0.1:${(bot.platforms.get('slack') as SlackPlatform).port()}${path}`,
    async alerts() {
      const { lines } = (await bot.engine.view({ of: 'desk' })) as { lines: { text: string }[] }
      return lines.map((line) => line.text)
    },
    async rows(type, customer) {
      const { database: address } = readConfig(own, 'there-is-no.env')
      const store = await openStore(address, { alone: false })
      try {
        const { read } = store
        const rows = await read
          .selectFrom('messages')
          .select('body')
          .where('type', '=', type)
          .where('customer', '=', customer)
          .orderBy('id')
          .execute()
        return rows.map((row) => JSON.parse(row.body))
      } finally {
        await store.close()
      }
    },
  }
}

/** Beside the reader that other tests have trained: it is kept where the database is. */
export function databaseFile(): { file: string; remove(): void } {
  const folder = join(tmpdir(), 'amends-test-reader')
  mkdirSync(folder, { recursive: true })
  const name = `slack-${randomUUID()}.db`
  return {
    file: join(folder, name),
    remove() {
      for (const one of readdirSync(folder).filter((known) => known.startsWith(name))) rmSync(join(folder, one))
    },
  }
}

/** Prompts in `folder` by which what an agent writes leaves at once: tests do not wait. */
export function hurried(folder: string): string {
  const prompts = join(folder, 'prompts')
  cpSync(promptsShipped, prompts, { recursive: true })
  const file = join(prompts, 'policy.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/undoSeconds: \d+/u, 'undoSeconds: 0'))
  return prompts
}

/** Is it a case's card? Beside them stands whatever else the desk is told. */
export function isCard({ blocks }: Message): boolean {
  const actions = blocks.flatMap((block) => actionsIn(block))
  return actions.some((action) => action.action_id === 'desk:reply')
}

/** At least so many things were said. */
export function said(n: number): (all: ReturnType<typeof saidIn>) => boolean {
  return (all) => all.length >= n
}

export { saidIn }
