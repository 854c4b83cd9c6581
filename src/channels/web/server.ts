/** The web server: the playground, the JSON API, health and metrics. On loopback all is open; Host and Origin are checked. */
import { readFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { iso } from '../../domain/hours.ts'
import { type ApiParts, createApi } from './api.ts'

export interface WebParts extends ApiParts {
  host: string
  port: number
  /** Prometheus text. */
  metrics(): Promise<string>
  /** Null while everything is well, else the reason why no messages are taken. */
  notReady(): string | null
  /** The desk's time zone, as policy has it now. */
  zone(): string
  clock: Hands
  failed(error: unknown): void
}

/** The playground's hands on the clock. */
export interface Hands {
  /** Milliseconds ahead of the machine's. */
  offset(): number
  /** Lets so many milliseconds pass; resolves once what fell due on the way has happened. Null: not offered. */
  pass: ((ms: number) => Promise<void>) | null
  parse(span: string): number | null
}

export interface WebServer {
  address: string
  stop(): Promise<void>
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/u

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/u.test(host)
}

export async function startWeb(parts: WebParts): Promise<WebServer> {
  const app = new Hono()
  app.use(async (c, next) => {
    // A page elsewhere must not reach a bot on this machine by a name that it controls.
    const origin = c.req.header('origin')
    const foreign = origin !== undefined && !loopback.test(origin.replace(/^https?:\/\//u, ''))
    if (!loopback.test(c.req.header('host') ?? '') || foreign)
      return c.json({ error: 'this address is open to this machine only' }, 403)
    await next()
  })
  app.onError((error, c) => {
    parts.failed(error)
    if (isStorageDown(error))
      return c.json({ error: 'nothing can be stored right now (disk or database): send it again later' }, 503)
    return c.json({ error: 'something went wrong on our side; nothing that was accepted is lost' }, 500)
  })
  app.notFound((c) => c.json({ error: 'there is nothing here' }, 404))
  app.route('/api', createApi(parts))
  health(app, parts)
  clock(app, parts)
  await playground(app)
  return await listen(app, parts)
}

/** The disk is full or read-only, or the server does not answer: said as such, for the sender can try again. */
function isStorageDown(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : ''
  return /^(?:SQLITE_(?:FULL|READONLY|IOERR|CANTOPEN|BUSY)|ECONNREFUSED|ECONNRESET|57P0|53)/u.test(code)
}

function health(app: Hono, { notReady, metrics }: WebParts): void {
  app.get('/healthz', (c) => c.text('ok'))
  app.get('/readyz', (c) => {
    const reason = notReady()
    return reason === null ? c.text('ready') : c.text(reason, 503)
  })
  app.get('/metrics', async (c) => c.text(await metrics(), 200, { 'content-type': 'text/plain; version=0.0.4' }))
}

function clock(app: Hono, { clock: hands, zone, now, hub }: WebParts): void {
  const state = () => ({
    now: iso(now(), zone()),
    timezone: zone(),
    offset: hands.offset(),
    offered: hands.pass !== null,
  })
  app.get('/api/clock', (c) => c.json(state()))
  app.post('/api/clock', async (c) => {
    if (hands.pass === null) return c.json({ error: 'time can be let pass only by a process with ROLE=all' }, 404)
    const body = z.strictObject({ after: z.string() }).safeParse(await c.req.json().catch(() => null))
    const span = body.success ? hands.parse(body.data.after) : null
    if (span === null) return c.json({ error: 'after: write a span such as 2h, 90m or 3d' }, 400)
    await hands.pass(span)
    hub.stir(null)
    return c.json(state())
  })
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}
const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
}

async function playground(app: Hono): Promise<void> {
  const folder = new URL('./playground/', import.meta.url)
  const page = async (c: Context, name: string) => {
    const text = await readFile(fileURLToPath(new URL(name, folder)), 'utf8').catch(() => null)
    if (text === null) return c.notFound()
    return c.body(text, 200, { ...pageHeaders, 'content-type': types[extname(name)] ?? 'text/plain' })
  }
  app.get('/', (c) => page(c, 'index.html'))
  app.get('/playground/:name{[a-z][a-z-]*\\.(?:js|css|svg)}', (c) => page(c, c.req.param('name')))
}

async function listen(app: Hono, { host, port, hub }: WebParts): Promise<WebServer> {
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const bound = server.address()
  const actual = typeof bound === 'object' && bound !== null ? bound.port : port
  const name = host.includes(':') ? `[${host}]` : host
  return {
    address: `http://${name}:${actual}`,
    async stop() {
      hub.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // A stream that ends leaves its connection idle a moment later, and the browser would keep that for seconds.
      const letting = setInterval(() => {
        if ('closeIdleConnections' in server) (server as Server).closeIdleConnections()
      }, 20)
      // A request that never ends does not hold the process up.
      const cutting = setTimeout(() => {
        if ('closeAllConnections' in server) (server as Server).closeAllConnections()
      }, 2000)
      await closed
      clearTimeout(cutting)
      clearInterval(letting)
    },
  }
}
