/** A room for tests of the engine: a customer on Discord, a desk in Slack, both in memory (platform.ts). */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { webAtCommit } from '../../src/channels/web/channel.ts'
import { Gone } from '../../src/domain/faults.ts'
import type { Author, ChannelName, Command, FileContent, Incoming, Outgoing } from '../../src/domain/message.ts'
import type { Policy } from '../../src/domain/policy.ts'
import type { About, Channel, FormName, Received, Submission, Submitted } from '../../src/domain/ports.ts'
import { type Rehearsal, rehearse } from '../../src/rehearsal.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { loadPrompts } from '../../src/wiring.ts'
import { unaccounted } from './accounted.ts'
import { makeDatabase, serverUrl } from './database.ts'
import { type Platform, platform, type Shown } from './platform.ts'

export const prompts = await loadPrompts({}, join(tmpdir(), 'amends-test-reader'))
export const start = Date.parse('2026-11-17T10:00:00+08:00')

export interface Room {
  slack: Platform
  discord: Platform
  stage: Rehearsal
  /** A customer writes in a direct conversation on Discord. */
  ada: {
    says(text: string, files?: FileContent[]): Promise<string>
    edits(message: string, text: string): Promise<Received>
    deletes(message: string): Promise<Received>
    hears(): string[]
    reacts(emoji: string, text: string | null): Promise<Received>
    submits(form: FormName, values: Record<string, string>, about?: About): Promise<Submitted>
  }
  /** An agent in the thread of a case, which is the newest there is. */
  kim: {
    writes(text: string, files?: FileContent[]): Promise<string>
    edits(message: string, text: string): Promise<Received>
    deletes(message: string): Promise<Received>
    does(command: Command): Promise<Received>
    /** Hands in a form at the desk. */
    submits(form: FormName, number: number, values: Record<string, string>): Promise<Submitted>
  }
  settle(undoable?: boolean): Promise<void>
  /** What stands in a case's thread at the desk. */
  thread(): Outgoing[]
  cards(): Shown[]
  complaints: string[]
}

export const photo: FileContent = { name: 'photo.jpg', type: 'image/jpeg', bytes: Buffer.from([1, 2, 3]) }

const engines: Store['engine'][] = serverUrl === undefined ? ['sqlite'] : ['sqlite', 'postgres']

export function atDesk(name: string, run: (room: Room) => Promise<void>, policy: Partial<Policy> = {}): void {
  for (const engine of engines)
    test(`${name} (${engine})`, async () => {
      if (engine === 'sqlite')
        return await play(await openStore({ engine, file: ':memory:' }, { alone: true }), policy, run)
      const database = await makeDatabase()
      try {
        await play(await openStore({ engine, url: database.url }, { alone: true }), policy, run)
      } finally {
        await database.drop()
      }
    })
}

async function play(store: Store, policy: Partial<Policy>, run: (room: Room) => Promise<void>): Promise<void> {
  const gone = (what: string) => new Gone(`${what} is not there`)
  const [slack, discord] = [platform('slack', gone), platform('discord', gone)]
  const channels = new Map<ChannelName, Channel>([
    ['slack', slack.channel],
    ['discord', discord.channel],
    ['web', webAtCommit],
  ])
  const complaints: string[] = []
  const complain = (what: object, message: string) => void complaints.push(`${message} ${JSON.stringify(what)}`)
  const stage = await rehearse({
    prompts: { ...prompts, policy: { ...prompts.policy, ...policy } },
    at: start,
    timezone: 'Asia/Taipei',
    log: { info: () => undefined, warn: complain, error: complain },
    store,
    channels,
    desk: 'slack:C1',
  })
  try {
    await run(roomOf(stage, slack, discord, complaints))
    await stage.settle()
    expect(await unaccounted(store, stage.clock.now())).toEqual([])
  } finally {
    await stage.stop()
  }
}

function roomOf(stage: Rehearsal, slack: Platform, discord: Platform, complaints: string[]): Room {
  let events = 0
  const next = () => {
    events += 1
    return `event-${events}`
  }
  const settle = (undoable?: boolean) => stage.settle(undoable)
  const ada = () => ({
    id: next(),
    place: { channel: 'discord' as const, workspace: '-', room: 'dm-ada', thread: null },
    author: { id: 'discord:-:71', name: 'ada' },
    at: stage.clock.now(),
  })
  const newest = () => slack.shown.findLast((one) => one.outgoing.type === 'card')
  const kim = () => ({
    id: next(),
    place: {
      channel: 'slack' as const,
      workspace: 'T1',
      room: 'C1',
      thread: newest()?.id.replace('slack-', 't') ?? null,
    },
    author: { id: 'slack:T1:kim', name: 'kim' },
    at: stage.clock.now(),
  })
  const send = async (incoming: Incoming) => {
    const received = await stage.receive(incoming)
    await settle(true)
    return received
  }
  const submit = async ({ author, ...rest }: Omit<Submission, 'by'> & { author: Author }) => {
    const submitted = await stage.engine.submit({ ...rest, by: author })
    await settle(true)
    return submitted
  }
  const say = async (arrived: ReturnType<typeof ada> | ReturnType<typeof kim>, text: string, files: FileContent[]) => {
    await send({ ...arrived, type: 'said', text, files, timezone: null, tier: null })
    return arrived.id
  }
  return {
    slack,
    discord,
    stage,
    complaints,
    settle,
    ada: {
      says: (text, files = []) => say(ada(), text, files),
      edits: (message, text) => send({ ...ada(), type: 'edited', message, text }),
      deletes: (message) => send({ ...ada(), type: 'deleted', message }),
      reacts: (emoji, text) => send({ ...ada(), type: 'reacted', emoji, to: 'theirs', text }),
      submits: (form, values, about) => submit({ ...ada(), form, case: null, values, about: about ?? null }),
      hears: () => discord.shown.flatMap(({ outgoing }) => (outgoing.type === 'say' ? [outgoing.text] : [])),
    },
    kim: {
      writes: (text, files = []) => say(kim(), text, files),
      edits: (message, text) => send({ ...kim(), type: 'edited', message, text }),
      deletes: (message) => send({ ...kim(), type: 'deleted', message }),
      does: (command) => send({ ...kim(), type: 'commanded', command }),
      submits: (form, number, values) => submit({ ...kim(), form, case: number, values, about: null }),
    },
    thread: () => slack.shown.filter(({ place }) => place.thread !== null).map(({ outgoing }) => outgoing),
    cards: () => slack.shown.filter(({ outgoing }) => outgoing.type === 'card'),
  }
}
