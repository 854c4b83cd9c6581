/**
 * Whole conversations: a customer who types, a desk that reads, a clock that is set. The real engine, on virtual time,
 * on every database there is. What must hold of any conversation is checked at the end of each.
 */
import { appendFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { localeOf } from '../../src/domain/customer.ts'
import { iso } from '../../src/domain/hours.ts'
import type { Policy } from '../../src/domain/policy.ts'
import type { Help, Model } from '../../src/domain/ports.ts'
import type { HappenedLine } from '../../src/engine/happened.ts'
import type { Log } from '../../src/engine/parts.ts'
import { type Rehearsal, rehearse } from '../../src/rehearsal.ts'
import * as cases from '../../src/store/cases.ts'
import * as customers from '../../src/store/customers.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { forget, tell } from '../../src/store/person.ts'
import * as threads from '../../src/store/threads.ts'
import { loadPrompts } from '../../src/wiring.ts'
import { unaccounted } from '../engine/accounted.ts'
import { makeDatabase, serverUrl } from '../engine/database.ts'
import { type Admin, adminOn } from './admin.ts'
import { type Customer, customerOn, type Known } from './customer.ts'
import { type Desk, deskOn } from './desk.ts'
import { strangers } from './script.ts'
import type { Stage } from './stage.ts'
import { onAPlatform, onThePage } from './stages.ts'
import { type StoryClock, storyClock, zone } from './time.ts'

export interface Cast {
  ada: Customer
  /** Another customer. Their name is their id on the web. */
  customer(name: string, known?: Known): Customer
  /** Kim, at the desk; `desk.as('lee')` is somebody else there. */
  desk: Desk
  admin: Admin
  clock: StoryClock
  /** Rows in which a pattern still stands, but for what the bot itself said to a customer. */
  everywhere(pattern: RegExp): Promise<string[]>
  /** All that is known of a person, and its erasure, as an operator asks for them. */
  person: { idOf(name: string): string; tells(name: string): Promise<string>; forgets(name: string): Promise<void> }
  /** What is suggested to whoever works a case. */
  help(number: number): Promise<Help | null>
}

export interface Setting {
  /** When it begins. Default: a Tuesday morning at ten, the desk is open. */
  at?: string
  policy?: Partial<Policy>
  /** What reads and writes along. Default: nothing does. */
  model?: Model
}

/** What all of a story's people share. */
export interface Scene {
  stage: Rehearsal
  /** Where it takes place. */
  ground: Stage
  /** All that has happened so far. */
  lines: HappenedLine[]
  /** An id for what no platform's event is. */
  nextId(): string
  /** Does what is due, and takes down what happened. */
  play(undoable?: boolean): Promise<void>
  until(at: number): Promise<void>
  said(who: string, text: string): void
}

export const prompts = await loadPrompts({}, join(tmpdir(), 'amends-test-reader'))

const engines: Store['engine'][] = serverUrl === undefined ? ['sqlite'] : ['sqlite', 'postgres']

if (process.env.CI === 'true' && serverUrl === undefined)
  test('stories on PostgreSQL', () => expect.fail('CI runs them too: set TEST_DATABASE_URL'))

type Tell = (cast: Cast) => Promise<void>
type Make = () => Promise<Stage>

/** On which stages the stories of this test file are told: the page on every database, and a platform in memory. */
let stages: { engine: Store['engine']; make: Make }[] = [
  ...engines.map((engine) => ({ engine, make: async () => onThePage() })),
  { engine: 'sqlite', make: async () => onAPlatform() },
]

/** From now on stories are told on these stages (all.ts); on every database unless some are named. */
export function tellOn(make: readonly Make[], databases: readonly Store['engine'][] = engines): void {
  stages = make.flatMap((one) => databases.map((engine) => ({ engine, make: one })))
}

export function story(name: string, tell: Tell, setting: Setting = {}): void {
  for (const [n, { engine, make }] of stages.entries())
    test(`${name} (${engine}, ${n + 1} of ${stages.length})`, async () =>
      await on(engine, async (store) => await play(name, store, await make(), setting, tell)))
}

/** A story that ought to hold and does not yet; once it does, it says so by failing. */
story.fails = (name: string, tell: Tell, setting: Setting = {}): void => {
  for (const [n, { engine, make }] of stages.entries())
    test.fails(`${name} (${engine}, ${n + 1} of ${stages.length})`, async () =>
      await on(engine, async (store) => await play(name, store, await make(), setting, tell)))
}

async function on(engine: Store['engine'], run: (store: Store) => Promise<void>): Promise<void> {
  if (engine === 'sqlite') return await run(await openStore({ engine, file: ':memory:' }, { alone: true }))
  const database = await makeDatabase()
  try {
    await run(await openStore({ engine, url: database.url }, { alone: true }))
  } finally {
    await database.drop()
  }
}

async function play(name: string, store: Store, ground: Stage, setting: Setting, tell: Tell): Promise<void> {
  const complaints: string[] = []
  const complain = (what: object, message: string) =>
    void complaints.push(`${message}: ${JSON.stringify(what, errorAsText)}`)
  const log: Log = { info: () => undefined, warn: complain, error: complain }
  const at = Date.parse(setting.at ?? '2026-11-17T10:00:00+08:00')
  const stage = await rehearse({
    prompts: { ...prompts, policy: policyOn(ground, { ...prompts.policy, ...setting.policy }) },
    channels: ground.channels,
    desk: ground.desk,
    at,
    timezone: zone,
    log,
    store,
    model: setting.model ?? null,
  })
  const scene = sceneOf(stage, ground)
  try {
    await ground.begin({
      front: { ...stage.engine, receive: stage.receive },
      now: () => stage.clock.now(),
      threadOf: (number) => threadOf(store, number),
      log,
    })
    await tell({
      ada: customerOn(scene, 'ada', {}),
      customer: (who, known = {}) => customerOn(scene, who, known),
      desk: deskOn(scene, 'kim'),
      admin: adminOn(scene, 'lee'),
      clock: storyClock(scene),
      everywhere: (pattern) => rowsWith(store, pattern),
      person: {
        idOf: ground.idOf,
        tells: (who) => knownOf(store, ground.idOf(who)),
        async forgets(who) {
          await forget(store, ground.idOf(who), stage.clock.now())
          // Whoever is forgotten has nothing left to read.
          for (const { person } of [...scene.lines])
            if ((await customers.find(store.read, person)) === null)
              scene.lines.splice(0, scene.lines.length, ...scene.lines.filter((line) => line.person !== person))
        },
      },
      help: (number) => stage.engine.view({ of: 'help', number }),
    })
    await stage.settle()
    expect(complaints, 'the log complains').toEqual([])
    expect(await unaccounted(store, stage.clock.now())).toEqual([])
    await shownAsTold(scene)
    neverTheSameWords(scene)
    await inTheirOwnScript(scene)
  } catch (error) {
    if (error instanceof Error) error.message += `\n\nWhat happened:\n${transcript(scene)}`
    throw error
  } finally {
    if (process.env.TRANSCRIPTS) appendFileSync(process.env.TRANSCRIPTS, `\n# ${name}\n${transcript(scene)}\n`)
    await ground.stop()
    await stage.stop()
  }
}

/** People are named by their ids where they act. */
function policyOn({ idOf, idOfAgent = idOf }: Stage, policy: Policy): Policy {
  const { leads, managers, admins } = policy.people
  const ids = (names: string[]) => names.map((name) => (name.includes(':') ? name : idOfAgent(name)))
  return { ...policy, people: { leads: ids(leads), managers: ids(managers), admins: ids(admins) } }
}

async function threadOf(store: Store, number: number) {
  const kase = await cases.byNumber(store.read, number)
  const thread = kase && (await threads.ofCase(store.read, kase.id))
  if (!thread?.card) throw new Error(`case ${number} has no card at the desk`)
  return { place: { ...thread.desk, thread: thread.thread }, card: thread.card }
}

async function knownOf(store: Store, id: string): Promise<string> {
  const rows: unknown[] = []
  await tell(store, id, { table: async () => undefined, row: async (row) => void rows.push(row) })
  return JSON.stringify(rows)
}

async function rowsWith({ read }: Store, pattern: RegExp): Promise<string[]> {
  const rows = [
    ...(await read.selectFrom('messages').selectAll().execute()),
    ...(await read.selectFrom('conversations').selectAll().execute()),
    ...(await read.selectFrom('cases').selectAll().execute()),
    ...(await read.selectFrom('case_events').selectAll().execute()),
    ...(await read.selectFrom('lessons').selectAll().execute()),
    ...(await read.selectFrom('outbox').selectAll().where('audience', '=', 'desk').execute()),
  ]
  // What the bot said stands in the case's thread at the desk as well.
  const others = rows.filter((row) => !('audience' in row && row.body.includes('"by":"bot"')))
  return others.map((row) => JSON.stringify(row)).filter((row) => pattern.test(row))
}

function errorAsText(_key: string, value: unknown): unknown {
  return value instanceof Error ? value.stack : value
}

interface Written extends Scene {
  notes: { at: number; line: string }[]
}

function sceneOf(stage: Rehearsal, ground: Stage): Written {
  let events = 0
  const notes: Written['notes'] = []
  const lines: HappenedLine[] = []
  const take = () => {
    for (const taken of stage.taken()) {
      const line = byName(taken, ground)
      lines.push(line)
      notes.push({ at: line.at, line: asText(line) })
    }
  }
  return {
    stage,
    ground,
    lines,
    notes,
    nextId() {
      events += 1
      return `told-${events}`
    },
    async play(undoable) {
      await stage.settle(undoable)
      take()
    },
    async until(at) {
      await stage.until(at)
      take()
    },
    said: (who, text) => void notes.push({ at: stage.clock.now(), line: `${who}: ${text}` }),
  }
}

/** Lines call customers by their ids; stories, by their names. */
function byName(line: HappenedLine, { nameOf = (id) => id }: Stage): HappenedLine {
  switch (line.type) {
    case 'say':
      return { ...line, to: nameOf(line.to) }
    case 'relay':
      return { ...line, from: nameOf(line.from), to: nameOf(line.to) }
    case 'card':
      return { ...line, customer: nameOf(line.customer) }
    default:
      return line
  }
}

function transcript(scene: Written): string {
  return scene.notes.map(({ at, line }) => `${iso(at, zone).slice(5, 16)} ${line}`).join('\n')
}

function asText(line: HappenedLine): string {
  const { at: _at, conversation: _conversation, person: _person, ...rest } = line
  if (rest.type !== 'say') return `   ${JSON.stringify(rest)}`
  const buttons = rest.buttons.map((button) => `[${button.label}]`).join(' ')
  return `bot → ${rest.to}: ${rest.text} ${buttons}\n            (${rest.script})`
}

/** What happened and what the customer can read are the same, in the same order. */
async function shownAsTold({ stage, ground, lines }: Scene): Promise<void> {
  for (const person of new Set(lines.map((line) => line.person).filter((id) => id !== '' && !id.endsWith(':desk')))) {
    const id = person.split(':').slice(2).join(':')
    const name = ground.nameOf?.(id) ?? id
    const told = lines.flatMap((line) =>
      (line.type === 'say' || line.type === 'relay') && line.to === name ? [line.text] : [],
    )
    if (ground.shownTo) {
      expect(await ground.shownTo(name), `what ${name} can read`).toEqual(told)
      continue
    }
    const shown: string[] = []
    for (let after: string | null = null; ; ) {
      const { messages } = messagesOf(await stage.engine.view({ of: 'messages', customer: person, after }))
      if (messages.length === 0) break
      shown.push(...messages.filter((one) => one.from !== 'customer').map((one) => one.text))
      after = messages.at(-1)?.id ?? null
    }
    expect(shown, `what ${name} can read`).toEqual(told)
  }
}

function messagesOf(viewed: unknown): { messages: { id: string; from: string; text: string }[] } {
  if (typeof viewed === 'object' && viewed !== null && 'messages' in viewed && Array.isArray(viewed.messages))
    return { messages: viewed.messages }
  throw new Error('the view of messages has none')
}

/** No form letters (P8): a customer is told nothing twice in the same words, and above all no apology. */
function neverTheSameWords({ lines }: Scene): void {
  const heard = new Map<string, Set<string>>()
  for (const line of lines) {
    if (line.type !== 'say' || /safety\./u.test(line.script)) continue
    const before = heard.get(line.person) ?? new Set()
    expect([...before], `${line.to} hears the same words again`).not.toContain(line.text)
    for (const script of line.script.split('+').filter((name) => apologies.test(name))) {
      expect([...before], `${line.to} hears the same apology again`).not.toContain(script)
      before.add(script)
    }
    heard.set(line.person, before.add(line.text))
  }
}

const apologies = /^(?:complaint|complaint\.(?:angry|distressed|again)|promise\.broken|reopened|check\.low)@/u

/** A Chinese reader meets no character of the other script, but where their own words are said back. */
async function inTheirOwnScript({ stage, lines }: Scene): Promise<void> {
  for (const line of lines) {
    if (line.type !== 'say') continue
    const known = await customers.find(stage.store.read, line.person)
    const theirs = /\p{Script=Han}/u.test(line.text) ? localeOf(known ?? { language: null }) : 'en'
    expect(strangers(line.text, theirs), `characters strange to ${theirs} in: ${line.text}`).toEqual([])
  }
}
