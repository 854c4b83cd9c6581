/** The far end of the model: aimock over HTTP, and the genuine client on our side. */

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
    instructions,
    spending,
    told: (call) => calls.push(call),
    log: { warn: () => undefined },
    ...over,
  })
}
