/** The whole bot on a port of its own, and somebody who speaks HTTP to it. */
import { request } from 'node:http'
import { expect, vi } from 'vitest'
import { type Running, start } from '../../src/commands/start.ts'
import { readConfig } from '../../src/config.ts'

export interface Shown {
  id: string
  at: string
  from: string
  agent?: string
  text: string
  case: number | null
  buttons: { id: string; label: string }[]
}

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire is looked at by the expectations.
  body: any
}

export interface Web {
  bot: Running
  url: string
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  says(customer: string, text: string, more?: object): Promise<Answer>
  does(n: number, action: object): Promise<Answer>
  messages(customer: string, after?: string): Promise<Shown[]>
  /** What a customer can read, once it fulfils a condition: a turn takes some milliseconds. */
  reads(customer: string, until: (messages: Shown[]) => boolean): Promise<Shown[]>
  /** A raw request, with whatever Host it says. Gives the status. */
  from(host: string, origin?: string): Promise<number>
}

export async function serve(settings: Record<string, string> = {}): Promise<Web> {
  const given = { DATABASE_URL: 'sqlite::memory:', PORT: '0', QUIET_MS: '0', LOG_LEVEL: 'silent', ...settings }
  const bot = await start(readConfig(given, 'there-is-no.env'), () => undefined)
  const url = bot.address ?? ''

  async function call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: headers ?? { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }

  async function messages(customer: string, after?: string): Promise<Shown[]> {
    const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`
    return (await call('GET', `/api/customers/${encodeURIComponent(customer)}/messages${query}`)).body.messages
  }

  return {
    bot,
    url,
    call,
    messages,
    says: (customer, text, more = {}) => call('POST', '/api/messages', { customer, text, ...more }),
    does: (n, action) => call('POST', `/api/cases/${n}/actions`, { agent: 'kim', ...action }),
    reads: (customer, until) =>
      vi.waitFor(
        async () => {
          const shown = await messages(customer)
          expect(until(shown), JSON.stringify(shown)).toBe(true)
          return shown
        },
        { timeout: 8000, interval: 10 },
      ),
    from: (host, origin) =>
      new Promise((resolve, reject) => {
        const headers = { host, ...(origin === undefined ? {} : { origin }) }
        const { hostname, port } = new URL(url)
        request({ hostname, port, path: '/api/cases', headers }, (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        })
          .on('error', reject)
          .end()
      }),
  }
}

/** The bot has said at least so much. */
export function botSaid(n: number): (messages: Shown[]) => boolean {
  return (messages) => messages.filter((one) => one.from === 'bot').length >= n
}

/** Server-sent events, as they come. */
export async function listen(url: string, lastEventId?: string) {
  const abort = new AbortController()
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
  const response = await fetch(url, { signal: abort.signal, headers })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let pending = ''
  return {
    type: response.headers.get('content-type'),
    close: () => abort.abort(),
    async next(): Promise<{ event: string; data: string; id: string }> {
      for (;;) {
        const end = pending.indexOf('\n\n')
        if (end !== -1) {
          const block = pending.slice(0, end)
          pending = pending.slice(end + 2)
          const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'mu').exec(block)?.[1] ?? ''
          if (field('data') !== '') return { event: field('event'), data: field('data'), id: field('id') }
          continue
        }
        const chunk = await reader?.read()
        if (!chunk || chunk.done) throw new Error('the stream ended')
        pending += chunk.value
      }
    },
  }
}
