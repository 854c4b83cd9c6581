/** `doctor`: looks at everything a bot needs, a line each, with the fix where something is wrong. Changes nothing. */
import { accessSync, constants, existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { isLoopback } from '../channels/web/server.ts'
import { type Config, Refusal } from '../config.ts'
import { iso } from '../domain/hours.ts'
import type { Level } from '../model.ts'
import { cacheFault, type Health, healthOf } from '../store/health.ts'
import { promptsShipped } from '../wiring.ts'
import { loadInstructions } from '../writing/instructions.ts'
import { argumentsOf } from './arguments.ts'
import { codeOf, reasonOf } from './database.ts'
import { hasModel, modelOf } from './model.ts'
import { number } from './number.ts'
import { hasSlack, slackSettings } from './platforms.ts'
import { checkPrompts } from './prompts.ts'

/** `✓` serves, `✗` is wrong, `–` is off; and what about it. */
type Line = readonly [mark: '✓' | '✗' | '–', what: string, text: string]

/** `read` may refuse: that is what is told about the settings then. */
export async function doctorCommand(read: () => Config, args: string[]): Promise<void> {
  argumentsOf(args, 'doctor', {})
  let wrong = 0
  const print = (lines: Line[]) => {
    for (const [mark, what, text] of lines) process.stdout.write(`${mark} ${what.padEnd(9)} ${text}\n`)
    wrong += lines.filter(([mark]) => mark === '✗').length
  }
  const config = settings(read, print)
  if (config) {
    const health = await database(config, print)
    print(clock(config, health, Date.now()))
    print(await prompts(config))
    print(await web(config))
    print(await cache(config))
    print(await slack(config))
    print(await discord(config))
    print([await modelLine(config)])
    print([desk(config)])
  }
  if (wrong > 0) throw new Refusal(`${number(wrong, 'thing')} to mend, marked ✗ above`)
}

function settings(read: () => Config, print: (lines: Line[]) => void): Config | null {
  try {
    const config = read()
    print([
      [
        '✓',
        'settings',
        existsSync('.env') ? 'from .env and the environment' : 'from the environment; there is no .env',
      ],
    ])
    return config
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    print([['✗', 'settings', error.message]])
    return null
  }
}

async function database(config: Config, print: (lines: Line[]) => void): Promise<Health | null> {
  const { database: address } = config
  const name = address.engine === 'postgres' ? 'PostgreSQL' : `SQLite, ${address.file}`
  if (address.engine === 'sqlite' && address.file !== ':memory:' && !existsSync(address.file)) {
    print([placeFor(address.file, name)])
    return null
  }
  try {
    const health = await healthOf(address)
    print([
      ['✓', 'database', `${name}: answers, can be written`],
      schema(health, address.engine === 'sqlite' && address.file === ':memory:'),
    ])
    return health
  } catch (error) {
    print([['✗', 'database', reasonOf(error, config)]])
    return null
  }
}

/** Where the first start would make the database: the nearest folder that exists must take it. */
function placeFor(file: string, name: string): Line {
  let folder = dirname(file)
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder)
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return ['✓', 'database', `${name}: not there yet, the first start makes it`]
  } catch {
    return ['✗', 'database', `${name}: the folder ${folder} cannot be written: make it writable, or set DATABASE_URL`]
  }
}

function schema({ schema: { done, missing, newer } }: Health, fresh: boolean): Line {
  if (newer.length > 0)
    return [
      '✗',
      'schema',
      `a newer Amends has written it (${newer.join(', ')}): start that version, or point DATABASE_URL elsewhere`,
    ]
  if (missing.length === 0) return ['✓', 'schema', `${done.at(-1)}, up to date`]
  const from = done.at(-1) ?? 'empty'
  return [
    '✓',
    'schema',
    fresh ? 'made at each start: memory keeps nothing' : `${from}; the next start brings it to ${missing.at(-1)}`,
  ]
}

const apartAtMostMs = 2_000
const futureAtMostMs = 60_000

function clock(config: Config, health: Health | null, now: number): Line[] {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const offset = health?.offset ?? 0
  const ahead = offset > 0 ? `, and the playground is ${span(offset)} ahead` : ''
  const told = `${iso(now, zone)} in ${zone}${ahead}`
  if (health && config.database.engine === 'postgres' && Math.abs(now - health.now) > apartAtMostMs)
    return [
      [
        '✗',
        'clock',
        `${told}: ${span(Math.abs(now - health.now))} away from PostgreSQL's; set both by a time server (NTP)`,
      ],
    ]
  if (health?.newestAt && health.newestAt > now + offset + futureAtMostMs)
    return [['✗', 'clock', `${told}: the newest message is from ${iso(health.newestAt, zone)}; set the machine's time`]]
  return [['✓', 'clock', told]]
}

function span(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}

async function prompts(config: Config): Promise<Line[]> {
  const { faults, holds } = await checkPrompts(config)
  if (faults.length === 0) return [['✓', 'prompts', holds]]
  return faults.map(({ file, reason }): Line => ['✗', 'prompts', `${file}: ${reason}`])
}

async function web({ HOST, PORT, ROLE }: Config): Promise<Line[]> {
  if (ROLE === 'worker') return [['–', 'web', 'off: ROLE is worker']]
  if (!isLoopback(HOST)) return [['✗', 'web', `HOST=${HOST} would open the bot to others: leave HOST at 127.0.0.1`]]
  const address = `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`
  const fault = PORT === 0 ? null : await portFault(HOST, PORT)
  if (fault === null) return [['✓', 'web', `${address} is free`]]
  if (fault !== 'EADDRINUSE') return [['✗', 'web', `${address} cannot be used (${fault}): set PORT to another`]]
  const ours = await fetch(`${address}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null)
  if (ours?.ok) return [['✓', 'web', `a bot is running at ${address}`]]
  return [['✗', 'web', `port ${PORT} is taken by something else: set PORT to another, or stop what uses it`]]
}

function portFault(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(codeOf(error)))
    server.listen(port, host, () => server.close(() => resolve(null)))
  })
}

async function cache({ CACHE_URL }: Config): Promise<Line[]> {
  if (CACHE_URL === undefined) return [['✓', 'cache', 'in memory (CACHE_URL=redis://… shares it between processes)']]
  const fault = await cacheFault(CACHE_URL)
  if (fault === null) return [['✓', 'cache', 'Redis answers']]
  return [['✗', 'cache', `CACHE_URL does not serve (${fault}); the bot goes on without it`]]
}

const held: Record<Level, string> = {
  schema: 'keeps to a strict schema',
  json: 'knows JSON mode and no strict schema: its answers are checked and asked for again where they do not fit',
  text: 'knows neither strict schemas nor JSON mode: its answers are searched for what was asked',
}
const probeWithinMs = 10_000
/** What a message can wait for (engine/wording.ts). */
const quickMs = 2_000

/** One small question, with the settings as they are: does it answer, how well can it be held to a form, how fast is it? */
async function modelLine(config: Config): Promise<Line> {
  if (!hasModel(config)) return ['–', 'model', 'off: set OPENAI_API_KEY or OPENAI_BASE_URL; everything works without']
  const instructions = await loadInstructions([join(promptsShipped, 'model')])
  const log = { warn: () => undefined }
  const clock = { now: () => Date.now() }
  const model = await modelOf(config, { instructions: () => instructions, clock, timezone: 'UTC', log })
  const began = performance.now()
  const shape = z.object({ word: z.string() })
  const answered = await model?.ask({ task: 'probe', material: { word: 'here' }, shape, withinMs: probeWithinMs })
  const name = config.OPENAI_MODEL
  const level = model?.level() ?? null
  if (answered?.type !== 'answer' || level === null) {
    const reason = model?.fault() ?? (answered?.type === 'none' ? answered.why : 'no answer')
    return ['✗', 'model', `${name} does not answer (${reason}): look at OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL`]
  }
  const took = performance.now() - began
  const embedding = config.OPENAI_EMBEDDING_MODEL
  if (embedding !== undefined && !(await model?.embed?.(['here'], probeWithinMs)))
    return ['✗', 'model', `${name} answers, ${embedding} does not: look at OPENAI_EMBEDDING_MODEL, or leave it unset`]
  const slow = took > quickMs ? '; slower than a message can wait, so most is said without it' : ''
  return ['✓', 'model', `${name} answers in ${(took / 1000).toFixed(1)} s and ${held[level]}${slow}`]
}

function desk(config: Config): Line {
  const { DISCORD_TOKEN, DESK } = config
  const isThere =
    DESK === 'web' ||
    (DESK.startsWith('slack:') && hasSlack(config)) ||
    (DESK.startsWith('discord:') && DISCORD_TOKEN !== undefined)
  if (isThere) return ['✓', 'desk', DESK]
  return ['✗', 'desk', `DESK=${DESK} needs its platform, which is off: leave DESK at web`]
}

/** Asked at Slack itself: what it says of the tokens, the scopes and the desk's channel. */
async function slack(config: Config): Promise<Line[]> {
  if (!hasSlack(config)) return [['–', 'slack', 'off: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN (README, “Slack”)']]
  const { examine } = await import('../channels/slack/doctor.ts')
  const desk = config.DESK.startsWith('slack:') ? config.DESK.slice('slack:'.length) : null
  const findings = await examine(slackSettings(config), desk)
  return findings.map(({ well, text }): Line => [well ? '✓' : '✗', 'slack', text])
}

async function discord({ DISCORD_TOKEN: token, DISCORD_API_URL: url, DESK }: Config): Promise<Line[]> {
  if (token === undefined) return [['–', 'discord', 'off: set DISCORD_TOKEN (README, “Discord”)']]
  const { examine } = await import('../channels/discord/doctor.ts')
  const desk = DESK.startsWith('discord:') ? DESK.slice('discord:'.length) : null
  return (await examine({ token, url, desk })).map(({ well, text }): Line => [well ? '✓' : '✗', 'discord', text])
}
