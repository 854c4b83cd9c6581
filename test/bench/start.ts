/** How long `npm start` takes to be ready, and how much memory it then has. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startBot } from './bot.ts'
import { type Measure, median } from './part.ts'

const warmStarts = 5
const readyWithinMs = 2000
const residentAtMostMB = 180

export async function start(): Promise<Measure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'amends-bench-start-'))
  try {
    // The very first trains the reader and makes the database.
    const first = await startOnce(folder)
    const warm = []
    for (let i = 0; i < warmStarts; i += 1) warm.push(await startOnce(folder))
    const ms = median(warm.map((one) => one.ms))
    const MB = Math.max(...warm.map((one) => one.MB))
    return [
      measure('the very first start', first.ms, 'ms', Number.POSITIVE_INFINITY),
      measure('memory after it', first.MB, 'MB', residentAtMostMB),
      measure(`start (median of ${warmStarts})`, ms, 'ms', readyWithinMs),
      measure('memory 1 s after start (most)', MB, 'MB', residentAtMostMB),
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function startOnce(folder: string): Promise<{ ms: number; MB: number }> {
  const bot = await startBot(folder)
  await wait(1000)
  const MB = bot.residentMB()
  await bot.stop()
  return { ms: bot.startMs, MB }
}

function measure(what: string, value: number, unit: string, limit: number): Measure {
  const told = Number.isFinite(limit) ? `${limit} ${unit}` : 'none'
  return { what, measured: `${value.toFixed(0)} ${unit}`, limit: told, pass: value < limit }
}
