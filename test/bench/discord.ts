/**
 * CPU from a message on the gateway to the reply by REST, beside a bare discord.js echo: two processes, two counterparts,
 * in turn. And five hundred conversations at once, while a model takes a second for whatever it is asked.
 */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Discord, startDiscord } from '../counterparts/discord/index.ts'
import type { Person } from '../counterparts/discord/people.ts'
import { inOne, speaking } from '../model/far-end.ts'
import { type Bot, startBot } from './bot.ts'
import { type Measure, median } from './part.ts'

const timesAtMost = 2
const rounds = 5
const warmUps = 3
const people = 200
const manyAtOnce = 500
const modelMs = 1_000
/** README: an answer is never later than this after the customer's last word, whatever the model does. */
const ownWaitMs = 5_000
const patienceMs = 120_000
/** Clock ticks of the kernel's accounting. */
const ticksASecond = 100

const questions = [
  'What are your opening hours?',
  'How long do refunds take?',
  'How can I pay?',
  'Can I change my order?',
  'How do I return something?',
]

export async function discord(): Promise<Measure[]> {
  return [await cpu(), await many()]
}

interface Side {
  discord: Discord
  bot: Bot
}

async function cpu(): Promise<Measure> {
  const folder = await mkdtemp(join(tmpdir(), 'amends-bench-discord-'))
  const ours = await side(folder, 'src/main.ts')
  const bare = await side(folder, 'test/bench/echo.ts')
  try {
    // Rounds for the compiler, which do not count.
    for (let round = -warmUps; round < 0; round += 1) for (const one of [bare, ours]) await oneRound(one, round)
    const seen: { own: number; bare: number }[] = []
    for (let round = 0; round < rounds; round += 1) {
      const before = await oneRound(bare, round)
      const own = await oneRound(ours, round)
      const after = await oneRound(bare, round)
      seen.push({ own, bare: (before + after) / 2 })
    }
    const ratio = median(seen.map((one) => one.own / one.bare))
    const figure = (pick: (one: (typeof seen)[number]) => number) => median(seen.map(pick)).toFixed(2)
    return {
      what: `CPU a message on Discord, gateway to delivered reply (median of ${rounds} rounds of ${people * questions.length})`,
      measured: `${ratio.toFixed(2)} × a bare discord.js echo: ${figure(({ own }) => own)} ms beside ${figure((one) => one.bare)} ms, ${ours.bot.residentMB().toFixed(0)} MB`,
      limit: `at most ${timesAtMost.toFixed(2)} ×`,
      pass: ratio <= timesAtMost,
    }
  } finally {
    await end(ours)
    await end(bare)
    await rm(folder, { recursive: true })
  }
}

async function side(folder: string, script: string, more: Record<string, string> = {}): Promise<Side> {
  const counterpart = await startDiscord()
  const environment = { DISCORD_TOKEN: counterpart.token, DISCORD_API_URL: counterpart.url }
  const bot = await startBot(
    folder,
    { ...environment, DATABASE_URL: `sqlite:${join(folder, 'discord.db')}`, QUIET_MS: '0', ...more },
    script,
  )
  while (!counterpart.gateway.ready()) await wait(20)
  return { discord: counterpart, bot }
}

async function end({ bot, discord: counterpart }: Side): Promise<void> {
  await bot.stop()
  await counterpart.stop()
}

/**
 * New people, each of whom asks one thing after the other; CPU milliseconds of the bot a message. Each message is answered
 * by one post, or the figure means nothing.
 */
async function oneRound({ discord: counterpart, bot }: Side, round: number): Promise<number> {
  const persons = crowd(counterpart, people, `round${round}`)
  const messages = people * questions.length
  const before = cpuMs(bot.pid)
  const posted = postsOf(counterpart)
  await Promise.all(
    persons.map(async (person) => {
      for (const question of questions) await answered(counterpart, person, question)
    }),
  )
  const made = postsOf(counterpart) - posted
  if (made !== messages) throw new Error(`${messages} messages were answered by ${made} posts`)
  return (cpuMs(bot.pid) - before) / messages
}

function postsOf({ rest }: Discord): number {
  return rest.calls.filter(({ path }) => path.endsWith('/messages')).length
}

function crowd(counterpart: Discord, size: number, name: string): Person[] {
  return Array.from({ length: size }, (_, n) => counterpart.person(`${name}-${n}`))
}

async function answered(counterpart: Discord, person: Person, text: string): Promise<void> {
  const room = person.direct()
  const before = counterpart.shown(room).length
  person.says(text)
  for (const began = performance.now(); counterpart.shown(room).length === before; await wait(5))
    if (performance.now() - began > patienceMs) throw new Error(`nobody answered ${person.name}: ${text}`)
}

/** Beside the same people answered without a model: nobody may be later by more than their own wait for it. */
async function many(): Promise<Measure> {
  let asked = 0
  const model = await speaking(() => {
    asked += 1
    return { after: modelMs, lines: inOne({ text: 'Thank you, we look into it.', action: 'send' }) }
  })
  try {
    const without = await lastOfMany({})
    const last = await lastOfMany({ OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'slow' })
    const later = (last - without) / 1000
    return {
      what: `${manyAtOnce} conversations on Discord at once, a model that takes ${modelMs / 1000} s asked ${asked} times`,
      measured: `the last answer ${later.toFixed(1)} s later than without a model, ${(last / 1000).toFixed(1)} s after it began`,
      limit: `${ownWaitMs / 1000} s, what one conversation may wait for its own`,
      pass: asked > 0 && later * 1000 <= ownWaitMs,
    }
  } finally {
    await model.stop()
  }
}

/** Milliseconds until everybody has their answer. */
async function lastOfMany(environment: Record<string, string>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'amends-bench-discord-'))
  const one = await side(folder, 'src/main.ts', environment)
  try {
    const began = performance.now()
    await Promise.all(
      crowd(one.discord, manyAtOnce, 'one').map((person, n) =>
        answered(one.discord, person, `Order ${n}: the thing with the app and the account, and my refund`),
      ),
    )
    return performance.now() - began
  } finally {
    await end(one)
    await rm(folder, { recursive: true })
  }
}

/** User and system time of a process. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /u, '')
    .split(' ')
  return ((Number(fields[11]) + Number(fields[12])) / ticksASecond) * 1000
}
