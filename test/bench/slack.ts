/**
 * What an event from Slack costs: CPU from the signed request to the delivered `chat.postMessage`, stored, read and
 * decided, beside a bare Bolt app that only posts; both in one run, in turn. And how long the acknowledgement takes.
 */
import { spawn } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, request } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { startBot } from './bot.ts'
import { type Measure, median } from './part.ts'

const ratioAtMost = 2
const ackWithinMs = 200
const eventsASecond = 50
const ackForSeconds = 10
const rounds = 5
/** Each writes once a round: a room takes about one message a second. */
const people = 400
const atOnce = 16
const secret = 'a-secret-of-the-benchmark'
const team = 'T0BENCH001'
const bot = 'U0AMENDS01'

/** Plain questions, each answered on our own pages: an inquiry, one post, no case. */
const questions = [
  'How do I change my e-mail address?',
  'Do I need an account to order?',
  'Can I change the delivery address?',
  'How long does delivery take?',
  'When is my order sent?',
  'What does delivery cost?',
  'Where do you deliver?',
  'What if nobody is at home?',
  'Which payment methods do you take?',
  'When is my card charged?',
  'Where do I get an invoice?',
  'How do I use a voucher?',
  'How is a refund paid?',
  'How do I return something?',
  'Who pays for the return?',
  'How do I track my order?',
]

export async function slack(): Promise<Measure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'amends-bench-slack-'))
  const far = await farEnd()
  const environment = {
    SLACK_BOT_TOKEN: 'xoxb-bench',
    SLACK_SIGNING_SECRET: secret,
    SLACK_API_URL: `${far.address}/api/`,
  }
  const port = await freePort()
  const ours = await startBot(folder, { ...environment, SLACK_PORT: String(port), QUIET_MS: '0' })
  const bare = await startBare({ ...environment, PORT: String(await freePort()) })
  try {
    const mine: Side = { url: `http://127.0.0.1:${port}/slack/events`, pid: ours.pid }
    // Two rounds for the compiler and for getting to know people, which do not count.
    for (let round = 0; round < 2; round += 1)
      for (const side of [bare, mine]) await oneRound(far, side, textsOf(round))
    const seen: { ours: number; bare: number }[] = []
    for (let round = 2; round < rounds + 2; round += 1) {
      const first = await oneRound(far, bare, textsOf(round))
      seen.push({ bare: first, ours: await oneRound(far, mine, textsOf(round)) })
    }
    const ratio = median(seen.map((one) => one.ours / one.bare))
    const [usOurs, usBare] = [median(seen.map((one) => one.ours)), median(seen.map((one) => one.bare))]
    const acks = await steady(far, mine)
    await noCases(ours.address)
    return [
      {
        what: `CPU an event, signed request to delivered post (median of ${rounds} rounds of ${people})`,
        measured: `${ratio.toFixed(2)} of a bare Bolt app: ${usOurs.toFixed(0)} µs beside ${usBare.toFixed(0)} µs`,
        limit: `at most ${ratioAtMost.toFixed(2)}`,
        pass: ratio <= ratioAtMost,
      },
      {
        what: `acknowledgement at ${eventsASecond} events/s, p99 of ${acks.length}`,
        measured: `${percentile(acks, 0.99).toFixed(0)} ms (p50 ${percentile(acks, 0.5).toFixed(0)} ms)`,
        limit: `under ${ackWithinMs} ms`,
        pass: percentile(acks, 0.99) < ackWithinMs,
      },
    ]
  } finally {
    await ours.stop()
    await bare.stop()
    await far.stop()
    await rm(folder, { recursive: true })
  }
}

interface Side {
  url: string
  pid: number | undefined
}

/** Microseconds of CPU for each event, once all are answered. Each is answered by one post, or the figure means nothing. */
async function oneRound(far: Far, side: Side, texts: readonly string[]): Promise<number> {
  const before = cpuMs(side.pid)
  const expected = far.posts() + texts.length
  // Idle connections are closed between rounds, at either end.
  const agent = connections()
  const waiting = texts.map((text, i) => ({ text, user: i }))
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await send(side, agent, next.user, next.text)
    }),
  )
  const began = performance.now()
  while (far.posts() < expected) {
    if (performance.now() - began > 60_000) throw new Error(`${expected - far.posts()} events were not answered`)
    await wait(5)
  }
  agent.destroy()
  await wait(1200)
  if (far.posts() !== expected) throw new Error(`${far.posts() - expected} posts too many`)
  return ((cpuMs(side.pid) - before) * 1000) / texts.length
}

/** Acknowledgements' times while events come evenly. */
async function steady(far: Far, side: Side): Promise<number[]> {
  const acks: Promise<number>[] = []
  const expected = far.posts()
  const agent = connections()
  for (let i = 0; i < eventsASecond * ackForSeconds; i += 1) {
    acks.push(send(side, agent, i % people, questions[i % questions.length] ?? ''))
    await wait(1000 / eventsASecond)
  }
  const times = await Promise.all(acks)
  while (far.posts() === expected) await wait(5)
  agent.destroy()
  return times
}

/** A case is more work than a plain question: with one among them the figure would be of something else. */
async function noCases(address: string): Promise<void> {
  const { cases } = (await (await fetch(`${address}/api/cases`)).json()) as { cases: unknown[] }
  if (cases.length > 0) throw new Error(`${cases.length} questions were not taken for plain ones`)
}

function connections(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 64 })
}

/** A message to the app, directly; gives the milliseconds until it was acknowledged. */
async function send({ url }: Side, agent: Agent, person: number, text: string): Promise<number> {
  const at = Date.now() / 1000
  const ts = `${Math.floor(at)}.${String(Math.floor(Math.random() * 1e6)).padStart(6, '0')}`
  const user = `U0PERSON${String(person).padStart(4, '0')}`
  const channel = `D0PERSON${String(person).padStart(4, '0')}`
  const event = {
    type: 'message',
    user,
    text,
    ts,
    client_msg_id: randomUUID(),
    team,
    channel,
    event_ts: ts,
    channel_type: 'im',
  }
  const body = JSON.stringify({
    token: 'verification-token',
    team_id: team,
    api_app_id: 'A0BENCH001',
    event,
    type: 'event_callback',
    event_id: `Ev${randomUUID()}`,
    event_time: Math.floor(at),
    authorizations: [{ enterprise_id: null, team_id: team, user_id: bot, is_bot: true, is_enterprise_install: false }],
  })
  const timestamp = String(Math.floor(at))
  const began = performance.now()
  const sent = request(url, {
    method: 'POST',
    agent,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`,
    },
  })
  sent.end(body)
  const [response] = await once(sent, 'response')
  response.resume()
  await once(response, 'end')
  if (response.statusCode !== 200) throw new Error(`an event was not taken: ${response.statusCode}`)
  return performance.now() - began
}

interface Far {
  address: string
  posts(): number
  stop(): Promise<void>
}

/** Slack's far end: answers at once, and counts. */
async function farEnd(): Promise<Far> {
  let posts = 0
  const server = createServer((incoming, response) => {
    const method = incoming.url?.split('/').at(-1)
    incoming.resume()
    incoming.on('end', () => {
      if (method === 'chat.postMessage') posts += 1
      response
        .writeHead(200, { 'content-type': 'application/json', 'x-oauth-scopes': 'chat:write' })
        .end(JSON.stringify({ ok: true, ...(answers[method ?? '']?.() ?? {}) }))
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  return {
    address: `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`,
    posts: () => posts,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const answers: Record<string, () => object> = {
  'auth.test': () => ({ team_id: team, team: 'Bench', user: 'amends', user_id: bot, bot_id: 'B0AMENDS01' }),
  'chat.postMessage': () => ({ channel: 'D0', ts: `${Date.now() / 1000}`, message: {} }),
  'users.info': () => ({ user: { id: 'U', name: 'somebody', tz: 'Asia/Taipei', is_bot: false, profile: {} } }),
}

async function startBare(environment: Record<string, string>): Promise<Side & { stop(): Promise<void> }> {
  const child = spawn(process.execPath, ['--max-semi-space-size=8', join(import.meta.dirname, 'slack-bare.ts')], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface(child.stdout)) {
    const [, address] = /bare at (http\S+)/u.exec(line) ?? []
    if (address === undefined) continue
    child.stdout.resume()
    return {
      url: `${address}/slack/events`,
      pid: child.pid,
      async stop() {
        child.kill('SIGTERM')
        await once(child, 'exit')
      },
    }
  }
  throw new Error('the bare app ended before it listened')
}

/** Nobody asks the same twice. */
function textsOf(round: number): string[] {
  return Array.from({ length: people }, (_, i) => questions[(round + i) % questions.length] ?? '')
}

/** User and system time of all its threads. */
function cpuMs(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  // Clock ticks of a hundredth of a second.
  return (Number(fields[11]) + Number(fields[12])) * 10
}

async function freePort(): Promise<number> {
  const server = createSocketServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof bound === 'object' && bound ? bound.port : 0
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
