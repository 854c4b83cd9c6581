/**
 * How Slack speaks to an app: signed requests to one address, or envelopes on a socket. Events come again while they are
 * not acknowledged; interactions have three seconds.
 */
import { createHmac, randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'

export type Mode = 'http' | 'socket'

export interface Answered {
  /** Of the last attempt: 200 for a socket's acknowledgement, 0 for none. */
  status: number
  body: unknown
  attempts: number
  /** From the attempt's beginning to its acknowledgement. */
  ms: number
}

export interface Wire {
  event(body: object): Promise<Answered>
  interaction(body: object): Promise<Answered>
  command(fields: Record<string, string>): Promise<Answered>
  /** A raw request to the app, signed unless it says otherwise. */
  request(body: string, contentType: string, headers?: Record<string, string>): Promise<Response>
  /** Where requests go. */
  requestUrl: string
  /** How many sockets are open. */
  sockets(): number
  /** Sockets that have said hello ever. */
  greeted(): number
  /** Asks every socket to go, or only the oldest: Slack renews them every few hours. */
  disconnect(which: 'all' | 'oldest', reason?: string): void
  /** Cuts the sockets without a word. */
  cut(): void
  upgrade: WebSocketServer
  stop(): void
}

/** Slack waits at once, a minute and five minutes; here it is not kept that long. */
const retryWaitsMs = [0, 20, 50]

export function createWire(mode: Mode, secret: string, now: () => number, ackWithinMs: number): Wire {
  const sockets: WebSocket[] = []
  const waiting = new Map<string, (payload: unknown) => void>()
  const upgrade = new WebSocketServer({ noServer: true })
  let greeted = 0
  upgrade.on('connection', (socket) => {
    sockets.push(socket)
    greeted += 1
    const pings = setInterval(() => socket.ping(), 1000)
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: sockets.length,
        debug_info: { host: 'applink', build_number: 1, approximate_connection_time: 18_060 },
        connection_info: { app_id: 'A0000001' },
      }),
    )
    socket.on('message', (data) => {
      const { envelope_id, payload } = JSON.parse(String(data)) as { envelope_id: string; payload?: unknown }
      waiting.get(envelope_id)?.(payload)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(pings)
      sockets.splice(sockets.indexOf(socket), 1)
    })
  })

  async function request(body: string, contentType: string, headers: Record<string, string> = {}): Promise<Response> {
    const timestamp = String(Math.floor(now() / 1000))
    const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
    return await fetch(wire.requestUrl, {
      method: 'POST',
      body,
      headers: {
        'content-type': contentType,
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signature,
        ...headers,
      },
      signal: AbortSignal.timeout(ackWithinMs),
    })
  }

  async function overHttp(body: string, contentType: string, headers: Record<string, string>): Promise<Answered> {
    const began = performance.now()
    try {
      const response = await request(body, contentType, headers)
      const text = await response.text()
      const parsed = response.headers.get('content-type')?.includes('json') && text !== '' ? JSON.parse(text) : text
      const noRetry = response.headers.get('x-slack-no-retry') === '1'
      return {
        status: response.status,
        body: parsed,
        attempts: noRetry ? retryWaitsMs.length + 1 : 1,
        ms: performance.now() - began,
      }
    } catch {
      return { status: 0, body: null, attempts: 1, ms: performance.now() - began }
    }
  }

  /** Any one of the open sockets gets it. */
  let turn = 0
  async function overSocket(type: string, payload: object, retry: number): Promise<Answered> {
    const began = performance.now()
    const open = sockets.filter((socket) => socket.readyState === socket.OPEN)
    const socket = open[turn++ % Math.max(1, open.length)]
    if (!socket) return { status: 0, body: null, attempts: 1, ms: 0 }
    const envelope_id = randomUUID()
    const envelope = {
      envelope_id,
      type,
      payload,
      accepts_response_payload: type !== 'events_api',
      ...(type === 'events_api' ? { retry_attempt: retry, retry_reason: retry > 0 ? 'timeout' : '' } : {}),
    }
    const answer = await new Promise<{ payload: unknown } | null>((resolve) => {
      const timer = setTimeout(() => resolve(null), ackWithinMs)
      waiting.set(envelope_id, (given) => {
        clearTimeout(timer)
        resolve({ payload: given })
      })
      socket.send(JSON.stringify(envelope))
    })
    waiting.delete(envelope_id)
    return answer
      ? { status: 200, body: answer.payload ?? '', attempts: 1, ms: performance.now() - began }
      : { status: 0, body: null, attempts: 1, ms: performance.now() - began }
  }

  const wire: Wire = {
    requestUrl: '',
    upgrade,
    request,
    async event(body) {
      const json = JSON.stringify(body)
      let last: Answered = { status: 0, body: null, attempts: 0, ms: 0 }
      for (let retry = 0; retry <= retryWaitsMs.length; retry += 1) {
        if (retry > 0) await new Promise((resolve) => setTimeout(resolve, retryWaitsMs[retry - 1]))
        const headers: Record<string, string> =
          retry > 0
            ? {
                'x-slack-retry-num': String(retry),
                'x-slack-retry-reason': last.status === 0 ? 'http_timeout' : 'http_error',
              }
            : {}
        const answered =
          mode === 'http'
            ? await overHttp(json, 'application/json', headers)
            : await overSocket('events_api', body, retry)
        const stopped = answered.attempts > retryWaitsMs.length
        last = { ...answered, attempts: retry + 1 }
        if (answered.status === 200 || stopped) return last
      }
      return last
    },
    async interaction(body) {
      if (mode === 'socket') return await overSocket('interactive', body, 0)
      const form = new URLSearchParams({ payload: JSON.stringify(body) }).toString()
      return await overHttp(form, 'application/x-www-form-urlencoded', {})
    },
    async command(fields) {
      if (mode === 'socket') return await overSocket('slash_commands', fields, 0)
      return await overHttp(new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded', {})
    },
    sockets: () => sockets.filter((socket) => socket.readyState === socket.OPEN).length,
    greeted: () => greeted,
    disconnect(which, reason = 'refresh_requested') {
      for (const socket of which === 'all' ? [...sockets] : sockets.slice(0, 1))
        socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink' } }))
    },
    cut() {
      for (const socket of [...sockets]) socket.terminate()
    },
    stop() {
      for (const socket of [...sockets]) socket.terminate()
      upgrade.close()
    },
  }
  return wire
}

/** Sockets are taken at the address that `apps.connections.open` gave. */
export function takeSockets(server: Server, wire: Wire, ticket: (url: URL) => boolean): void {
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname !== '/link' || !ticket(url)) return void socket.destroy()
    wire.upgrade.handleUpgrade(request, socket, head, (opened) => wire.upgrade.emit('connection', opened, request))
  })
}
