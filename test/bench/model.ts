/**
 * What a model costs those who do not get an answer from it: memory while two hundred conversations wait for a slow one,
 * and the time of everybody's answer while one hangs. The engine and the genuine client, over HTTP, in this process.
 */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { webAtCommit } from '../../src/channels/web/channel.ts'
import type { Model } from '../../src/domain/ports.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { openStore } from '../../src/store/open.ts'
import { loadPrompts, partsOf } from '../../src/wiring.ts'
import { inOne, modelAt, speaking } from '../model/far-end.ts'
import { type Measure, median } from './part.ts'

const waitingAtOnce = 200
const slowMs = 3_000
const megabytesAtMost = 100
const rounds = 5
const messagesARound = 1_500
const atOnce = 8
const slowerAtMost = 1.1

export async function model(): Promise<Measure[]> {
  return [await memory(), await localPath()]
}

async function memory(): Promise<Measure> {
  const server = await speaking(() => ({ after: slowMs, lines: inOne({ text: 'too late', action: 'send' }) }))
  const bot = await engineWith(await modelAt(server.url))
  // One of them first, so that what is loaded and compiled once does not count.
  await bot.answered('first', 'My parcel is late.')
  global.gc?.()
  const before = process.memoryUsage().rss
  let most = before
  const watching = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 20)
  await Promise.all(
    Array.from({ length: waitingAtOnce }, (_, i) => bot.answered(`waiting-${i}`, `My parcel ${i} is late, what now?`)),
  )
  clearInterval(watching)
  await bot.stop()
  await server.stop()
  const cost = (most - before) / 2 ** 20
  return {
    what: `memory while ${waitingAtOnce} conversations wait on a model that takes ${slowMs / 1000} s`,
    measured: `${cost.toFixed(0)} MB more`,
    limit: `${megabytesAtMost} MB`,
    pass: cost < megabytesAtMost,
  }
}

async function localPath(): Promise<Measure> {
  const server = await speaking(() => 'hangs')
  const alone = await engineWith(null)
  const hung = await engineWith(await modelAt(server.url))
  await p99(alone, 0, 200)
  await p99(hung, 0, 200)
  const seen: { without: number; beside: number; ratio: number }[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const without = await p99(alone, round, messagesARound)
    const beside = await p99(hung, round, messagesARound)
    seen.push({ without, beside, ratio: beside / without })
  }
  await alone.stop()
  await hung.stop()
  await server.stop()
  const ratio = median(seen.map((one) => one.ratio))
  const ms = (pick: 'without' | 'beside') => median(seen.map((one) => one[pick])).toFixed(1)
  return {
    what: `99 % of questions are answered within, while the model hangs (median of ${rounds} rounds of ${messagesARound}, ${atOnce} at once)`,
    measured: `${ms('beside')} ms, beside ${ms('without')} ms without a model: ${ratio.toFixed(2)}`,
    limit: slowerAtMost.toFixed(2),
    pass: ratio <= slowerAtMost,
  }
}

/** Milliseconds within which 99 of 100 have their answer. */
async function p99(bot: Bot, round: number, messages: number): Promise<number> {
  const times: number[] = []
  let next = 0
  const ask = async () => {
    while (next < messages) {
      const n = next++
      const began = performance.now()
      await bot.answered(`asks-${round}-${n}`, 'How long does a refund take?')
      times.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, ask))
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0
}

interface Bot {
  /** Once the customer has an answer. */
  answered(customer: string, text: string): Promise<void>
  stop(): Promise<void>
}

async function engineWith(model: Model | null): Promise<Bot> {
  const prompts = await loadPrompts({}, join(tmpdir(), 'amends-bench-reader'))
  const store = await openStore({ engine: 'sqlite', file: ':memory:' }, { alone: true })
  const waiting = new Map<string, () => void>()
  const quiet = () => undefined
  const parts = partsOf({
    prompts,
    store,
    clock: { now: () => Date.now() },
    log: { info: quiet, warn: quiet, error: quiet },
    model,
    channels: new Map([['web', webAtCommit]]),
    timezone: 'Asia/Taipei',
    desk: 'web',
    quietMs: 0,
    happened(lines) {
      for (const line of lines) if (line.type === 'say') waiting.get(line.to)?.()
    },
  })
  const engine = await createEngine(parts, 'alone')
  let events = 0
  return {
    async answered(customer, text) {
      const answer = new Promise<void>((resolve) => waiting.set(customer, resolve))
      events += 1
      await engine.receive({
        ...{ id: `e${events}`, type: 'said', text, files: [], timezone: null, tier: null, at: Date.now() },
        place: { channel: 'web', workspace: '-', room: customer, thread: null },
        author: { id: `web:-:${customer}`, name: customer },
      })
      await answer
      waiting.delete(customer)
    },
    async stop() {
      await engine.stop()
      await store.close()
    },
  }
}
