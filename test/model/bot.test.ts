/**
 * The bot with the genuine client, on real time, before a server in every temper: the customer has a good answer within
 * five seconds, and the turn is done once.
 */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { webAtCommit } from '../../src/channels/web/channel.ts'
import type { Model } from '../../src/domain/ports.ts'
import { createEngine, type Engine } from '../../src/engine/engine.ts'
import type { HappenedLine } from '../../src/engine/happened.ts'
import type { Log } from '../../src/engine/parts.ts'
import type { Call } from '../../src/model.ts'
import { openStore } from '../../src/store/open.ts'
import { loadPrompts, partsOf } from '../../src/wiring.ts'
import { chunk, inOne, modelAt, type Speech, speaking } from './far-end.ts'

const prompts = await loadPrompts({}, join(tmpdir(), 'amends-test-reader'))
const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const withinMs = 5_000

interface Bot {
  engine: Engine
  said: Extract<HappenedLine, { type: 'say' }>[]
  tell(customer: string, text: string, id?: string): Promise<unknown>
  /** The first that is said to them, and how long it took. */
  answer(customer: string, since: number): Promise<{ text: string; script: string; ms: number }>
  stop(): Promise<void>
}

async function bot(model: Model | null, quietMs = 0): Promise<Bot> {
  const store = await openStore({ engine: 'sqlite', file: ':memory:' }, { alone: true })
  const said: Bot['said'] = []
  const waiting = new Map<string, () => void>()
  const parts = partsOf({
    prompts,
    store,
    clock: { now: () => Date.now() },
    log,
    model,
    channels: new Map([['web', webAtCommit]]),
    timezone: 'Asia/Taipei',
    desk: 'web',
    quietMs,
    happened(lines) {
      for (const line of lines)
        if (line.type === 'say') {
          said.push(line)
          waiting.get(line.to)?.()
        }
    },
  })
  const engine = await createEngine(parts, 'alone')
  let events = 0
  return {
    engine,
    said,
    tell(customer, text, id) {
      events += 1
      return engine.receive({
        id: id ?? `e${events}`,
        type: 'said',
        text,
        files: [],
        timezone: null,
        tier: null,
        at: Date.now(),
        place: { channel: 'web', workspace: '-', room: customer, thread: null },
        author: { id: `web:-:${customer}`, name: customer },
      })
    },
    async answer(customer, since) {
      const heard = () => said.find((line) => line.to === customer)
      if (!heard()) await new Promise<void>((resolve) => waiting.set(customer, resolve))
      const line = heard()
      return { text: line?.text ?? '', script: line?.script ?? '', ms: performance.now() - since }
    },
    async stop() {
      await engine.stop()
      await store.close()
    },
  }
}

const complaint =
  'Well well, my parcel is late for the third time, order 48213377. Is that your idea of a service? I have guests on Saturday.'

/** What a good model would say, whatever it is asked. */
function good(body: string): Speech {
  const { messages } = JSON.parse(body)
  const { script, text } = JSON.parse(messages.find(({ role }: { role: string }) => role === 'user').content)
  if (script !== undefined) return inOne({ text: `${script} We keep your guests in mind.`, action: 'send' })
  const facts = { thing: null, failure: 'late', since: null, stake: null, order: null, amount: null, wish: null }
  const rest = {
    mood: 'annoyed',
    severity: 1,
    urgency: 1,
    wantsHuman: false,
    leaving: false,
    goingPublic: false,
    safety: null,
  }
  return inOne({ acts: [{ kind: 'complaint', quote: String(text).slice(0, 20) }], ...rest, facts })
}

const tempers: [string, (body: string) => Speech][] = [
  ['hangs', () => 'hangs'],
  ['cuts its stream', () => [chunk({ content: '{"text": "We ' }), 'cut']],
  ['has too many requests', () => ({ status: 429, message: 'slow down', headers: { 'retry-after': '30' } })],
  ['fails', () => ({ status: 500, message: 'oops' })],
  ['knows no such key', () => ({ status: 401, message: 'Incorrect API key' })],
  ['says broken JSON', () => [chunk({ content: '{"text": "We' }), chunk({}, 'stop')]],
  ['says another shape', () => inOne({ answer: 42 })],
  ['refuses', () => [chunk({ refusal: 'I cannot do that.' }), chunk({}, 'stop')]],
  ['says nothing', () => [chunk({ content: '' }), chunk({}, 'stop')]],
  ['never ends', () => 'endless'],
  ['overflows', () => ({ status: 400, message: 'maximum context length exceeded' })],
  ['lies', () => inOne({ text: 'We refund you $500 by tomorrow, guaranteed.', action: 'send' })],
]

test.concurrent.each(tempers)('a server that %s: the script’s own words, in time, once', async (_temper, speech) => {
  const server = await speaking(speech)
  const one = await bot(await modelAt(server.url))
  const began = performance.now()
  await one.tell('ada', complaint, 'once')
  // The channel delivers it again meanwhile.
  await one.tell('ada', complaint, 'once')
  const { text, script, ms } = await one.answer('ada', began)
  expect(ms).toBeLessThan(withinMs)
  expect(text).toMatch(/late/i)
  expect(text).toMatch(/\d\d:\d\d/)
  expect(text).not.toMatch(/\$500|guarantee/)
  expect(script).not.toMatch(/model/)
  await one.stop()
  expect(one.said).toHaveLength(1)
  await server.stop()
})

test.concurrent('no server at all', async () => {
  const one = await bot(await modelAt('http://127.0.0.1:9/v1'))
  const began = performance.now()
  await one.tell('ada', complaint)
  expect((await one.answer('ada', began)).ms).toBeLessThan(withinMs)
  await one.stop()
})

test.concurrent('a good one is heard, within the same time', async () => {
  const server = await speaking(good)
  const one = await bot(await modelAt(server.url))
  const began = performance.now()
  await one.tell('ada', complaint)
  const { text, script, ms } = await one.answer('ada', began)
  expect(ms).toBeLessThan(withinMs)
  expect(text).toMatch(/We keep your guests in mind\.$/)
  expect(script).toMatch(/\+model$/)
  await one.stop()
  await server.stop()
})

/** As policy has it. */
const quietMs = 2_500

test.concurrent('one that takes its time is heard all the same: it reads and looks up while the quiet runs', async () => {
  const asked: string[] = []
  const server = await speaking((body) => {
    asked.push(body.includes('"json_schema":{"name":"read"') ? 'read' : 'compose')
    const said = good(body)
    return Array.isArray(said) ? { after: 1_500, lines: said.filter((line) => line !== 'cut') } : said
  })
  const one = await bot(await modelAt(server.url), quietMs)
  const began = performance.now()
  await one.tell('ada', complaint)
  const { text, script, ms } = await one.answer('ada', began)
  expect(ms).toBeGreaterThan(quietMs)
  expect(ms).toBeLessThan(withinMs)
  expect(text).toMatch(/We keep your guests in mind\.$/)
  expect(script).toMatch(/\+model$/)
  expect(asked).toEqual(['read', 'compose'])
  await one.stop()
  expect(one.said).toHaveLength(1)
  await server.stop()
})

test.concurrent('words that are only the first of more are called off, and the whole is answered once', async () => {
  const server = await speaking((body) => {
    const said = good(body)
    return Array.isArray(said) ? { after: 1_500, lines: said.filter((line) => line !== 'cut') } : said
  })
  const calls: Call[] = []
  const one = await bot(await modelAt(server.url, { calls }), quietMs)
  await one.tell('ada', complaint)
  await vi.waitFor(() => expect(server.asked()).toBe(1))
  const began = performance.now()
  await one.tell('ada', 'And nobody answers the phone, by the way.')
  const { text, ms } = await one.answer('ada', began)
  expect(ms).toBeLessThan(withinMs)
  expect(text).toMatch(/We keep your guests in mind\.$/)
  await one.stop()
  expect(one.said).toHaveLength(1)
  const reads = calls.filter(({ task }) => task === 'read').map(({ outcome }) => outcome)
  expect(reads).toEqual(['called off', 'answer'])
  await server.stop()
})

test.concurrent('one that hangs through the quiet and after it keeps nobody longer', async () => {
  const server = await speaking(() => 'hangs')
  const one = await bot(await modelAt(server.url), quietMs)
  const began = performance.now()
  await one.tell('ada', complaint)
  const { text, ms } = await one.answer('ada', began)
  expect(ms).toBeLessThan(withinMs)
  expect(text).toMatch(/late/i)
  await one.stop()
  await server.stop()
})

test.concurrent('while one conversation waits for a model that hangs, the others are answered beside it', async () => {
  const server = await speaking(() => 'hangs')
  const one = await bot(await modelAt(server.url))
  const began = performance.now()
  await one.tell('ada', complaint)
  // Read and answered without a model: nothing personal in it.
  await Promise.all(Array.from({ length: 50 }, (_, i) => one.tell(`guest-${i}`, 'hello')))
  const times = await Promise.all(Array.from({ length: 50 }, (_, i) => one.answer(`guest-${i}`, began)))
  expect(Math.max(...times.map(({ ms }) => ms))).toBeLessThan(1_800)
  expect((await one.answer('ada', began)).ms).toBeGreaterThan(1_900)
  await one.stop()
  await server.stop()
})
