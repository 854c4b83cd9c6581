/** HTTP mode: signed requests at /slack/events. Verified on the raw body, stored, and only then answered. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Intake } from './intake.ts'
import { Unready } from './intake.ts'
import type { Log } from './parts.ts'

export interface Listening {
  port: number
  stop(): Promise<void>
}

export interface HttpParts {
  host: string
  port: number
  /** Absent where only the installation's pages are served. */
  signingSecret: string | undefined
  intake: Intake
  /** The pages for installing: true when it was one. */
  pages(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  now(): number
  log: Log
}

const path = '/slack/events'
/** Views are 250 kB at the most. */
const bodyAtMost = 1_000_000
const skewMs = 5 * 60_000

export async function listen(parts: HttpParts): Promise<Listening> {
  const server = createServer((request, response) => {
    answer(parts, request, response).catch((error: unknown) => {
      parts.log.error({ err: error }, 'a request of Slack’s failed; Slack will send it again')
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  // Longer than a proxy in front keeps its connections: it must not send into one that we just closed.
  server.keepAliveTimeout = 75_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(parts.port, parts.host, resolve)
  })
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : parts.port,
    async stop() {
      server.closeIdleConnections()
      const cutting = setTimeout(() => server.closeAllConnections(), 2000)
      await new Promise((resolve) => server.close(resolve))
      clearTimeout(cutting)
    },
  }
}

async function answer(parts: HttpParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const at = request.url?.split('?')[0]
  if (at !== path || parts.signingSecret === undefined) {
    if (!(await parts.pages(request, response))) response.writeHead(404).end()
    return
  }
  if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end()
  const raw = await bodyOf(request)
  if (raw === null) return void response.writeHead(413).end()
  const fault = signatureFault(parts.signingSecret, request, raw, parts.now())
  if (fault !== null) {
    parts.log.warn({ from: request.socket.remoteAddress }, fault)
    // Whoever sent it is not to try again.
    return void response.writeHead(401, { 'x-slack-no-retry': '1' }).end()
  }
  const body = parse(raw, request.headers['content-type'] ?? '')
  if (body === null) return void response.writeHead(400, { 'x-slack-no-retry': '1' }).end()
  if ('ssl_check' in body) return void response.writeHead(200).end()
  if (body.type === 'url_verification') return json(response, { challenge: body.challenge })
  if (body.type === 'event_callback' || body.type === 'app_rate_limited') {
    try {
      await parts.intake.event(body, Number(request.headers['x-slack-retry-num'] ?? 0))
    } catch (error) {
      if (!(error instanceof Unready)) throw error
      return void response.writeHead(503).end()
    }
    return void response.writeHead(200).end()
  }
  await parts.intake.interaction(body, async (given) => {
    if (response.headersSent) return
    if (given === undefined || given === '') response.writeHead(200).end()
    else if (typeof given === 'string')
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(given)
    else json(response, given)
  })
  // Nobody listens to it: Slack shows a triangle where one is owed.
  if (!response.headersSent) response.writeHead(404).end()
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}

/** Null when it is too long: the rest is read and let go, so that the answer arrives. */
function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= bodyAtMost) chunks.push(chunk)
      else resolve(null)
    })
    request.on('end', () => resolve(Buffer.concat(chunks).toString()))
    request.on('error', reject)
  })
}

/** Why the request is not Slack's, or too old to be answered; null when it is well. */
function signatureFault(secret: string, { headers }: IncomingMessage, body: string, now: number): string | null {
  const timestamp = String(headers['x-slack-request-timestamp'] ?? '')
  const signature = String(headers['x-slack-signature'] ?? '')
  if (!/^\d+$/u.test(timestamp) || signature === '') return 'a request without Slack’s signature is refused'
  if (Math.abs(now - Number(timestamp) * 1000) > skewMs)
    return 'a signed request that is older than five minutes is refused; if this happens often, set the machine’s time'
  const expected = Buffer.from(`v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`)
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    return 'a request whose signature is not Slack’s is refused: is SLACK_SIGNING_SECRET this app’s?'
  return null
}

function parse(raw: string, type: string): Record<string, unknown> | null {
  try {
    if (type.startsWith('application/x-www-form-urlencoded')) {
      const form = Object.fromEntries(new URLSearchParams(raw))
      return form.payload === undefined ? form : record(JSON.parse(form.payload))
    }
    return record(JSON.parse(raw))
  } catch {
    return null
  }
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
}
