/** The far end of the model: aimock over HTTP, and the genuine client on our side. */

import { createServer, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { type ChatCompletionRequest, LLMock } from '@copilotkit/aimock'
import { type Call, type ModelSetting, type OpenModel, openModel } from '../../src/model.ts'
import { openSpending } from '../../src/spending.ts'
import { promptsShipped } from '../../src/wiring.ts'
import { loadInstructions } from '../../src/writing/instructions.ts'

export const instructions = await loadInstructions([join(promptsShipped, 'model')])

export interface FarEnd {
  mock: LLMock
  /** Where the client finds it. */
  baseUrl: string
  /** The requests that reached it, oldest first. */
  requests(): ChatCompletionRequest[]
  stop(): Promise<void>
}

export async function farEnd(): Promise<FarEnd> {
  const mock = new LLMock({ port: 0 })
  await mock.start()
  return {
    mock,
    baseUrl: `${mock.url}/v1`,
    requests: () => mock.getRequests().flatMap(({ body }) => (isChat(body) ? [body] : [])),
    stop: () => mock.stop(),
  }
}

function isChat(body: unknown): body is ChatCompletionRequest {
  return typeof body === 'object' && body !== null && 'messages' in body
}

/** What the user message of a request holds: the material. */
export function materialOf(request: ChatCompletionRequest): Record<string, unknown> {
  const content = request.messages.find((message) => message.role === 'user')?.content
  const parsed: unknown = typeof content === 'string' ? JSON.parse(content) : null
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
}

/** Without a limit unless one is given. `calls` takes down what it cost. */
export async function modelAt(
  baseUrl: string,
  {
    limits = {},
    calls = [],
    usedUp = () => undefined,
    ...over
  }: Partial<ModelSetting> & {
    limits?: { tokensADay?: number; moneyADay?: number }
    calls?: Call[]
    usedUp?: () => void
  } = {},
): Promise<OpenModel> {
  const spending = await openSpending({
    limits: { tokensADay: limits.tokensADay ?? null, moneyADay: limits.moneyADay ?? null, priceIn: 1, priceOut: 4 },
    clock: { now: () => 0 },
    dayOf: () => '2026-11-20',
    keep: null,
    usedUp,
  })
  return openModel({
    key: 'test',
    baseUrl,
    name: 'test-model',
    embedding: null,
    instructions,
    spending,
    told: (call) => calls.push(call),
    log: { warn: () => undefined },
    ...over,
  })
}

export type Speech =
  | (string | 'cut')[]
  | 'endless'
  | 'hangs'
  /** In one piece, as where nothing is streamed. */
  | { json: object }
  /** So many milliseconds later. */
  | { after: number; lines: string[] }
  | { status: number; message: string; headers?: Record<string, string> }

export interface Speaking {
  url: string
  /** How often it was asked. */
  asked(): number
  stop(): Promise<void>
}

/** A server whose every byte we choose, for what a well-behaved mock would never do. */
export async function speaking(answer: (body: string) => Speech): Promise<Speaking> {
  let asked = 0
  const server: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (bytes) => {
      body += bytes
    })
    request.on('end', () => {
      asked += 1
      const speech = answer(body)
      if (speech === 'hangs') return
      if (typeof speech === 'object' && 'after' in speech)
        return void setTimeout(() => tell(response, speech.lines), speech.after).unref()
      if (typeof speech === 'object' && 'json' in speech) {
        response.writeHead(200, { 'content-type': 'application/json' })
        return void response.end(JSON.stringify(speech.json))
      }
      if (typeof speech === 'object' && 'status' in speech) {
        response.writeHead(speech.status, { 'content-type': 'application/json', ...speech.headers })
        return void response.end(JSON.stringify({ error: { message: speech.message } }))
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      if (speech === 'endless') {
        const more = setInterval(() => response.write(chunk({ content: 'and on '.repeat(200) })), 1)
        return void response.on('close', () => clearInterval(more))
      }
      tell(response, speech)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked: () => asked,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function tell(response: ServerResponse, lines: readonly string[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const line of lines) {
    if (line === 'cut') return void response.destroy()
    response.write(line)
  }
  response.end()
}

export function chunk(delta: object, finish: string | null = null): string {
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
}

export function inOne(value: object): string[] {
  return [chunk({ content: JSON.stringify(value) }), chunk({}, 'stop'), 'data: [DONE]\n\n']
}
