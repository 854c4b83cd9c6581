/**
 * Kills a real bot at random moments under load, starts it again, and counts: every accepted message is answered once
 * and in order, every promise that ran out is broken once. The customers are ordinary: each writes, and writes again
 * when answered; what was not acknowledged they send again under the same id, as a channel's redelivery does.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'

export interface Trial {
  databaseUrl: string
  /** How often a bot is killed; how many bots run at once (more than one needs PostgreSQL). */
  kills: number
  bots: number
  customers: number
  /** Seeds the moments of the kills. */
  seed: number
  cwd: string
}

export interface Tally {
  kills: number
  accepted: number
  answered: number
  doubled: string[]
  missing: string[]
  outOfOrder: string[]
  /** Made under load: each is broken once, or its agent was told that its time had passed before it could be made. */
  promises: { made: number; accounted: number }
}

const messages = z.object({
  messages: z.array(z.object({ id: z.string(), from: z.string(), text: z.string(), case: z.number().nullable() })),
})
type Message = z.infer<typeof messages>['messages'][number]

const lines = z.array(z.object({ type: z.string(), reason: z.string().optional() }))
const record = z.object({ events: lines, thread: lines })

interface Bot {
  process: ChildProcess
  port: number
}

const from = 20_000

export async function killUnderLoad(trial: Trial): Promise<Tally> {
  const chance = chances(trial.seed)
  const ports = Array.from({ length: trial.bots }, (_, i) => from + Math.floor(chance() * 20_000) + i)
  const bots: Bot[] = []
  for (const port of ports) bots.push(await startBot(trial, port))
  const stop = { now: false }
  const people = Array.from({ length: trial.customers }, (_, i) => customer(`p${i}`, ports, stop, i))

  const promised: Promise<Promised>[] = []
  for (let n = 0; n < trial.kills; n += 1) {
    if (n % 2 === 0) promised.push(disappointed(n, ports, chance))
    await wait(50 + chance() * 700)
    const i = Math.floor(chance() * bots.length)
    const bot = bots[i]
    if (!bot) throw new Error('there is no bot to kill')
    bot.process.kill('SIGKILL')
    await once(bot.process, 'exit')
    bots[i] = await startBot(trial, bot.port)
  }
  await wait(1500)
  stop.now = true
  const told = await Promise.all(people)
  const due = await Promise.all(promised)
  // Between processes a kill may cost a lease (30 s) after a sweep (30 s): then whatever was due has been seen to.
  await wait(Math.max(0, Math.max(...due.map((one) => one.due)) - Date.now()) + (trial.bots > 1 ? 65_000 : 2000))
  const tally = await count(told, due, ports, trial)
  for (const bot of bots) {
    bot.process.kill('SIGTERM')
    await once(bot.process, 'exit')
  }
  return tally
}

async function startBot(trial: Trial, port: number): Promise<Bot> {
  const env = { ...process.env, DATABASE_URL: trial.databaseUrl, PORT: String(port), QUIET_MS: '0', LOG_LEVEL: 'error' }
  const child = spawn(process.execPath, ['src/main.ts', 'start'], {
    cwd: trial.cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let exited = false
  child.once('exit', () => {
    exited = true
  })
  for (;;) {
    if (exited) throw new Error(`the bot on port ${port} ended while starting, with code ${child.exitCode}`)
    const up = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
    if (up?.ok) return { process: child, port }
    await wait(20)
  }
}

interface Told {
  name: string
  sent: string[]
}

/** Asks something that only a person could answer, waits for the reply, asks the next. */
async function customer(name: string, ports: readonly number[], stop: { now: boolean }, index: number): Promise<Told> {
  const sent: string[] = []
  for (let n = 1; !stop.now; n += 1) {
    const id = `${name}-${n}`
    await accepted(ports, index + n, { id, customer: name, text: `Who painted shelf ${name}x${n}z?` })
    sent.push(id)
    await answered(ports, index, name, sent.length)
  }
  return { name, sent }
}

/** Sends until a bot has acknowledged it. */
async function accepted(ports: readonly number[], first: number, body: object): Promise<void> {
  for (let n = first; ; n += 1) {
    const response = await call(ports, n, '/api/messages', body)
    if (response && (response.status === 202 || response.status === 200)) return
    if (response && response.status !== 429 && response.status !== 503)
      throw new Error(`not taken: ${response.status} ${await response.text()}`)
    await wait(40)
  }
}

async function answered(ports: readonly number[], first: number, name: string, count: number): Promise<void> {
  for (let n = first; ; n += 1) {
    if ((await repliesTo(ports, n, name))?.length === count) return
    await wait(25)
  }
}

async function repliesTo(ports: readonly number[], n: number, name: string): Promise<string[] | null> {
  const response = await call(ports, n, `/api/customers/${name}/messages`)
  if (!response?.ok) return null
  const all: Message[] = []
  let page = messages.parse(await response.json()).messages
  while (page.length > 0) {
    all.push(...page)
    const next = await call(ports, n, `/api/customers/${name}/messages?after=${page.at(-1)?.id}`)
    if (!next?.ok) return null
    page = messages.parse(await next.json()).messages
  }
  return all.filter((message) => message.from === 'bot').map((message) => message.text)
}

async function call(ports: readonly number[], n: number, path: string, body?: object): Promise<Response | null> {
  const port = ports[n % ports.length]
  const init =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return await fetch(`http://127.0.0.1:${port}${path}`, { ...init, signal: AbortSignal.timeout(5000) }).catch(
    () => null,
  )
}

async function count(
  told: readonly Told[],
  due: readonly Promised[],
  ports: readonly number[],
  trial: Trial,
): Promise<Tally> {
  const tally: Tally = {
    kills: trial.kills,
    accepted: 0,
    answered: 0,
    doubled: [],
    missing: [],
    outOfOrder: [],
    promises: {
      made: due.length,
      accounted: (await Promise.all(due.map((one) => isAccounted(one, ports)))).filter(Boolean).length,
    },
  }
  for (const { name, sent } of told) {
    const replies = (await repliesTo(ports, 0, name)) ?? []
    const asked = replies.flatMap((text) => [...text.matchAll(/shelf p\d+x(\d+)z/gu)].map((match) => Number(match[1])))
    for (const n of sent.keys()) {
      const times = asked.filter((one) => one === n + 1).length
      if (times === 0) tally.missing.push(`${name}-${n + 1}`)
      if (times > 1) tally.doubled.push(`${name}-${n + 1}`)
      if (times === 1) tally.answered += 1
    }
    if (asked.some((one, i) => i > 0 && one < (asked[i - 1] ?? 0))) tally.outOfOrder.push(name)
    if (replies.length !== sent.length) tally.doubled.push(`${name}: ${replies.length} replies to ${sent.length}`)
    tally.accepted += sent.length
  }
  return tally
}

interface Promised {
  case: number
  what: string
  due: number
}

/** Complains, is promised something by an agent for some seconds later, and waits: nobody keeps it. */
async function disappointed(n: number, ports: readonly number[], chance: () => number): Promise<Promised> {
  const name = `q${n}`
  await accepted(ports, n, { id: name, customer: name, text: 'My parcel is late for the third time.' })
  await answered(ports, n, name, 1)
  const number = await caseOf(ports, n, name)
  const what = `the key ${name}`
  // Longer than a busy machine takes to start a bot again: what is accepted is then handled before its time is over.
  const within = 10_000 + Math.floor(chance() * 4000)
  for (let i = n; ; i += 1) {
    // While no bot is up the time may pass: a promise needs one that lies ahead.
    const due = Date.now() + within
    const action = { agent: 'kim', do: 'promise', text: what, by: new Date(due).toISOString() }
    const response = await call(ports, i, `/api/cases/${number}/actions`, action)
    if (response?.ok) return { case: number, what, due }
    await wait(40)
  }
}

async function caseOf(ports: readonly number[], n: number, name: string): Promise<number> {
  for (let i = n; ; i += 1) {
    const response = await call(ports, i, `/api/customers/${name}/messages`)
    const found = response?.ok
      ? messages.parse(await response.json()).messages.find((message) => message.case !== null)
      : null
    if (found?.case) return found.case
    await wait(25)
  }
}

/**
 * Broken once, and once only: the record says so, and the desk was told so once. Or, where a killed bot's lease outlasted
 * the promise's time, it was never made, and whoever would have made it was told.
 */
async function isAccounted({ case: number, what }: Promised, ports: readonly number[]): Promise<boolean> {
  const response = await call(ports, 0, `/api/cases/${number}`)
  if (!response?.ok) return false
  const kase = record.parse(await response.json())
  const broken = kase.events.filter(
    (event) => event.type === 'failedAgain' && event.reason === `broken promise: ${what}`,
  )
  const told = kase.thread.filter((line) => line.type === 'alert' && line.reason === 'promise broken')
  const refused = kase.thread.some((line) => line.type === 'alert' && line.reason === 'refused')
  return broken.length === told.length && (broken.length === 1 || (broken.length === 0 && refused))
}

/** mulberry32: the same seed gives the same moments. */
function chances(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
