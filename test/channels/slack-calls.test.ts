/** Calls to Slack's Web API: what each answer, and each way of not answering, amounts to for the outbox. */
import { createServer, type ServerResponse } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, clientOptions, createApi } from '../../src/channels/slack/api.ts'
import { oneToken } from '../../src/channels/slack/tokens.ts'
import { Gone, TryAgain, Undeliverable } from '../../src/domain/faults.ts'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

type Answer = (response: ServerResponse) => void
let answer: Answer
const seen: { url: string | undefined; headers: Record<string, unknown>; body: URLSearchParams; port: number }[] = []
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    const { url, headers, socket } = request
    seen.push({ url, headers, body: new URLSearchParams(body), port: socket.remotePort ?? 0 })
    answer(response)
  })
})
let api: Api

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  // The time limit is short, so that a hanging call need not be waited for.
  api = createApi(oneToken('xoxb-1'), { ...clientOptions(`http://127.0.0.1:${port}/api`, silent), timeout: 1000 })
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const gives =
  (status: number, body: string, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, headers).end(body)
  }
const refuses = (error: string, more: object = {}): Answer => gives(200, JSON.stringify({ ok: false, error, ...more }))

test('what is asked arrives, and so does the answer', async () => {
  answer = gives(200, '{"ok":true,"ts":"1.2"}', { 'x-oauth-scopes': 'chat:write, commands' })
  const args = { channel: 'C1', text: '&amp; “ß”', metadata: { event_type: 'mark' }, thread_ts: undefined }
  const answered = await api.call<{ ts: string }>('T1', 'chat.postMessage', args)
  expect(answered).toMatchObject({ ts: '1.2', response_metadata: { scopes: ['chat:write', 'commands'] } })
  const [first] = seen
  expect(first?.url).toBe('/api/chat.postMessage')
  expect(first?.headers.authorization).toBe('Bearer xoxb-1')
  expect(Object.fromEntries(first?.body ?? [])).toEqual({
    channel: 'C1',
    text: '&amp; “ß”',
    metadata: '{"event_type":"mark"}',
  })
})

test('a connection serves many calls, one after another', async () => {
  answer = gives(200, '{"ok":true}')
  seen.length = 0
  for (let i = 0; i < 20; i += 1) await api.call('T1', 'auth.test', {})
  expect(new Set(seen.map(({ port }) => port)).size).toBeLessThan(5)
})

test.each([
  ['asked to wait', gives(429, '', { 'retry-after': '7' }), 7000, false],
  ['asked to wait in another way', refuses('ratelimited'), 30_000, false],
  ['a fault on their side', gives(503, 'upstream'), 3000, true],
  ['an error of theirs', refuses('internal_error'), 3000, true],
  ['a connection that breaks', breaks, 3000, true],
  ['an answer that breaks off', cutOff, 3000, true],
  ['no answer', hangs, 3000, true],
] as const)('%s: to be tried again, and looked for first where it may have been done', async (_, does, ms, maybe) => {
  answer = does
  const error = await api.call('T1', 'chat.postMessage', {}).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(TryAgain)
  expect(error).toMatchObject({ afterMs: ms, maybeThere: maybe })
})

function breaks(response: ServerResponse): void {
  response.destroy()
}

function cutOff(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': '50' }).write('{"ok":')
  setImmediate(() => response.destroy())
}

function hangs(): void {}

test.each([
  ['channel_not_found', {}, /no such channel.*\/invite/],
  ['not_in_channel', {}, /not in that channel.*\/invite/],
  ['is_archived', {}, /archived: unarchive it/],
  ['user_disabled', {}, /account is deactivated/],
  ['account_inactive', {}, /install the app again/],
  ['token_revoked', {}, /revoked: install the app again/],
  ['invalid_auth', {}, /SLACK_BOT_TOKEN/],
  ['missing_scope', { needed: 'files:write' }, /files:write.*OAuth & Permissions/],
])('%s is final, and one sentence says what to do', async (code, more, sentence) => {
  answer = refuses(code, more)
  const error = await api.call('T1', 'chat.postMessage', {}).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(Undeliverable)
  expect(String((error as Error).message)).toMatch(sentence)
})

test('what is not there any more is gone; what nobody knows is told in Slack’s own word', async () => {
  answer = refuses('message_not_found')
  await expect(api.call('T1', 'chat.update', {})).rejects.toBeInstanceOf(Gone)
  answer = refuses('a_new_error')
  await expect(api.call('T1', 'chat.update', {})).rejects.toThrow('Slack refused chat.update: a_new_error')
})

test('what is no answer of Slack’s is not taken for a refusal', async () => {
  answer = gives(200, '<html>a proxy’s page</html>')
  const error = await api.call('T1', 'chat.postMessage', {}).catch((thrown: unknown) => thrown)
  expect(error).not.toBeInstanceOf(Undeliverable)
  expect(String(error)).toMatch(/chat\.postMessage.*not Slack.*SLACK_API_URL/)
})
