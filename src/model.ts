/**
 * The one place that talks to a language model (any OpenAI-compatible server). Whoever asks gets data of the shape they
 * asked for, in time, or is told that there is none: slow, lying, dead or too dear, it costs nobody their answer (P29).
 */
import { setTimeout } from 'node:timers/promises'
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  wrap,
} from 'cockatiel'
import OpenAI, { APIConnectionError, APIError, APIUserAbortError } from 'openai'
import { z } from 'zod'
import type { Model } from './domain/ports.ts'
import { createMask, mapTexts } from './domain/privacy.ts'
import {
  type Answered,
  fitting,
  type Message,
  type Question,
  type Task,
  tokensOf,
  type Why,
  withForm,
} from './domain/question.ts'
import { keyOf, openEmbedding } from './embedding.ts'
import { inTime } from './intime.ts'
import type { Spending } from './spending.ts'

/** What a server can be held to, best first: a strict schema, JSON of any form, or plain text that is searched for it. */
export const levels = ['schema', 'json', 'text'] as const
export type Level = (typeof levels)[number]

interface Usage {
  tokensIn: number
  tokensOut: number
}

export interface Call extends Usage {
  task: Task | 'embed'
  outcome: 'answer' | Why
  ms: number
}

export interface ModelSetting {
  key: string | undefined
  baseUrl: string | undefined
  name: string
  /** Null where passages are searched by their words alone. */
  embedding: string | null
  /** What it is told, by task; `form` and `repair` are about the form of its answers. Looked up anew each time. */
  instructions: (of: Task | 'form' | 'repair') => string
  spending: Spending
  told: (call: Call) => void
  log: { warn(what: object, message: string): void }
  /** Answers that a turn which is run again need not pay for twice. They are kept as they came: with everything hidden. */
  cache?: { get<T>(key: string): Promise<T | undefined>; set<T>(key: string, value: T, ms: number): Promise<void> }
}

export interface OpenModel extends Model {
  /** Null until the server has answered once. */
  level(): Level | null
  /** Why the last call failed, in the server's words. */
  fault(): string | null
}

/** Calls under way at once; what comes beyond waits in line, as long as whoever asks can wait. */
const atOnce = 32
const inLineAtMost = 512
/** With less than this left, a call is not worth its tokens. */
const shortestMs = 250
/** A call that was given this long and did not end counts against the server; a shorter one only came late. */
const patienceMs = 1_000
const triesAtMost = 3
const faultsInARow = 5
const lookEveryMs = 10_000
const longestAnswer = 16_000
const answerTokens = 1_500
/** What is sent is cut to this many characters a text: nobody's context overflows, and no paste costs a fortune. */
const longestText = 8_000
const keptForMs = 10 * 60_000

class Refused extends Error {}
class Endless extends Error {}
/** The stream ended before the answer did. */
class Cut extends Error {}
/** The server had its time, and did not answer: that is its fault, and not only our haste. */
class Slow extends Error {}
class Misfit extends Error {}

/** One question under way. */
interface Pending {
  task: Task
  /** What it may still take, in milliseconds; nothing once it is called off. */
  left(): number
  over: AbortSignal
  calledOff(): boolean
  /** What it has cost so far. */
  usage: Usage
}

const none = (why: Why) => ({ type: 'none' as const, why })

export function openModel(setting: ModelSetting): OpenModel {
  const { key, baseUrl, name, embedding, instructions, spending, told, log, cache } = setting
  const client = new OpenAI({ apiKey: key ?? 'none', baseURL: baseUrl ?? null, maxRetries: 0, logLevel: 'off' })
  let known: Level | null = null
  let lastFault: string | null = null
  let lookedAt = Number.NEGATIVE_INFINITY

  const breaker = circuitBreaker(handleWhen(isFault), {
    breaker: new ConsecutiveBreaker(faultsInARow),
    halfOpenAfter: new ExponentialBackoff({ initialDelay: lookEveryMs, maxDelay: 120_000 }),
  })
  breaker.onBreak(() => {
    lookedAt = performance.now()
    log.warn({ model: name, reason: lastFault }, 'the model does not answer; going on without it')
  })
  breaker.onReset(() => log.warn({ model: name }, 'the model answers again'))
  const line = wrap(bulkhead(atOnce, inLineAtMost), breaker)

  async function ask<T>(question: Question<T>): Promise<Answered<T>> {
    const began = performance.now()
    const usage = { tokensIn: 0, tokensOut: 0 }
    const answered = await answer(question, began, usage)
    const outcome = answered.type === 'answer' ? 'answer' : answered.why
    told({ task: question.task, outcome, ms: performance.now() - began, ...usage })
    return answered
  }

  async function answer<T>(question: Question<T>, began: number, usage: Usage): Promise<Answered<T>> {
    if (question.withinMs < shortestMs) return none('late')
    if (!spending.left()) return none('spent')
    // While one call tries whether the server is back, the others do not wait to hear of it.
    if (breaker.state === CircuitState.HalfOpen) return none('down')
    const mask = createMask()
    const material = mapTexts(question.material, (text) => mask.hide(text.slice(0, longestText)))
    const messages: Message[] = [
      { role: 'system', content: instructions(question.task) },
      { role: 'user', content: JSON.stringify(material?.value) },
    ]
    const cacheKey = keyOf('model', [name, messages, z.toJSONSchema(question.shape)])
    const deadline = AbortSignal.timeout(question.withinMs)
    const calledOff = () => question.calledOff?.aborted === true
    const pending: Pending = {
      task: question.task,
      left: () => (calledOff() ? 0 : question.withinMs - (performance.now() - began)),
      over: question.calledOff ? AbortSignal.any([deadline, question.calledOff]) : deadline,
      calledOff,
      usage,
    }
    try {
      const kept = await cache?.get<unknown>(cacheKey)
      const found = kept === undefined ? await inTime(pending.over, inShape(question.shape, messages, pending)) : kept
      const shown = mapTexts(found, mask.show)
      const parsed = shown === null ? null : question.shape.safeParse(shown.value)
      if (!parsed?.success) return none('malformed')
      if (kept === undefined) await cache?.set(cacheKey, found, keptForMs)
      return { type: 'answer', value: parsed.data }
    } catch (error) {
      return none(calledOff() ? 'called off' : whyOf(error))
    } finally {
      spending.spent(usage.tokensIn, usage.tokensOut)
    }
  }

  /** What it says, as data that fits; a misfit is given back once to be mended. */
  async function inShape<T>(shape: z.ZodType<T>, messages: Message[], pending: Pending): Promise<unknown> {
    const first = await atItsLevel(messages, shape, pending)
    const found = fitting(first, shape)
    if ('data' in found) return found.data
    if (pending.left() < shortestMs) throw new Misfit()
    const mend = `${instructions('repair')}\n${found.fault}`
    const talk: Message[] = [...messages, { role: 'assistant', content: first }, { role: 'user', content: mend }]
    const second = fitting(await atItsLevel(talk, shape, pending), shape)
    if ('data' in second) return second.data
    throw new Misfit()
  }

  /** A server that knows no strict schema is asked for JSON, one that knows no JSON mode for text; the level is kept. */
  async function atItsLevel<T>(messages: Message[], shape: z.ZodType<T>, pending: Pending): Promise<string> {
    const from = known === null ? 0 : levels.indexOf(known)
    for (const [i, level] of levels.slice(from).entries()) {
      const last = from + i === levels.length - 1
      try {
        const text = await insist(pending, (signal) => call(level, messages, shape, pending, signal))
        known = level
        lastFault = null
        return text
      } catch (error) {
        if (error instanceof Error && !(error instanceof BrokenCircuitError)) lastFault = error.message
        if (last || !isUnknownToServer(error)) throw error
      }
    }
    throw new Error('a server must be asked at some level')
  }

  /** Tries again what may pass, for as long as there is time; between the tries nobody's place in line is taken. */
  async function insist({ left, over }: Pending, attempt: (signal: AbortSignal) => Promise<string>) {
    for (let tries = 1; ; tries += 1)
      try {
        return await line.execute(({ signal }) => {
          // Its turn may have come too late to be worth the tokens.
          if (left() < shortestMs) throw new APIUserAbortError()
          return attempt(signal)
        }, over)
      } catch (error) {
        const wait = waitBefore(tries, error)
        if (!isPassing(error) || tries >= triesAtMost || wait + shortestMs > left()) throw error
        await setTimeout(wait, undefined, { ref: false })
      }
  }

  async function call<T>(
    level: Level,
    messages: Message[],
    shape: z.ZodType<T>,
    { task, usage, calledOff }: Pending,
    signal: AbortSignal,
  ): Promise<string> {
    const began = performance.now()
    const schema = z.toJSONSchema(shape)
    const told =
      level === 'schema' ? messages : withForm(messages, `${instructions('form')}\n${JSON.stringify(schema)}`)
    let text = ''
    let counted = false
    try {
      const stream = await client.chat.completions.create(
        {
          model: name,
          messages: told,
          stream: true,
          ...(level === 'schema'
            ? {
                response_format: { type: 'json_schema', json_schema: { name: task, strict: true, schema } },
                stream_options: { include_usage: true },
                max_completion_tokens: answerTokens,
              }
            : { max_tokens: answerTokens }),
          ...(level === 'json' ? { response_format: { type: 'json_object' } } : {}),
        },
        { signal },
      )
      let refusal = ''
      let finish: string | null = null
      for await (const { choices, usage: billed } of stream) {
        const [choice] = choices
        text += choice?.delta.content ?? ''
        refusal += choice?.delta.refusal ?? ''
        finish = choice?.finish_reason ?? finish
        if (text.length + refusal.length > longestAnswer) {
          stream.controller.abort()
          throw new Endless('the answer had no end')
        }
        if (!billed) continue
        counted = true
        usage.tokensIn += billed.prompt_tokens
        usage.tokensOut += billed.completion_tokens
      }
      if (refusal !== '' || finish === 'content_filter') throw new Refused(refusal)
      // The signal ends a stream without an error.
      if (signal.aborted) throw new APIUserAbortError()
      if (finish === null) throw new Cut('the answer broke off')
      return text
    } catch (error) {
      if (error instanceof APIUserAbortError && !calledOff() && performance.now() - began >= patienceMs)
        throw new Slow('no answer in time')
      throw error
    } finally {
      // Not every server says what it counted: about four characters are a token, and one of Chinese is one.
      if (!counted) {
        usage.tokensIn += told.reduce((sum, { content }) => sum + tokensOf(content), 0)
        usage.tokensOut += tokensOf(text)
      }
    }
  }

  function ready(): boolean {
    if (!spending.left() || breaker.state === CircuitState.HalfOpen) return false
    if (breaker.state === CircuitState.Closed) return true
    // Of those who come while it is down, one looks now and then whether it is back.
    if (performance.now() - lookedAt < lookEveryMs) return false
    lookedAt = performance.now()
    return true
  }

  return {
    ask,
    ready,
    level: () => known,
    fault: () => lastFault,
    ...(embedding === null ? {} : { embed: openEmbedding({ ...setting, name: embedding, client: client.embeddings }) }),
  }
}

/** The server's own fault: several in a row, and it is left alone for a while. */
function isFault(error: unknown): boolean {
  if (error instanceof Slow || error instanceof Endless) return true
  return isPassing(error) || [401, 403, 404].includes(statusOf(error))
}

/** May the next try fare better? */
function isPassing(error: unknown): boolean {
  if (error instanceof Cut || error instanceof SyntaxError || error instanceof APIConnectionError) return true
  const status = statusOf(error)
  return status === 408 || status === 409 || status === 429 || status >= 500
}

function statusOf(error: unknown): number {
  return error instanceof APIError ? Number(error.status ?? 0) : 0
}

/** As long as the server asks, else 100 ms, 200 ms … give or take half: many that fail together do not return together. */
function waitBefore(attempt: number, error: unknown): number {
  const asked = error instanceof APIError ? Number(error.headers?.get('retry-after') ?? Number.NaN) : Number.NaN
  if (Number.isFinite(asked) && asked > 0) return asked * 1000
  return 100 * 2 ** (attempt - 1) * (0.5 + Math.random())
}

/** 400, 404 or 422 that speak of the form asked for, and not of the length or of the key. */
function isUnknownToServer(error: unknown): boolean {
  if (!(error instanceof APIError) || error.code === 'context_length_exceeded') return false
  if (![400, 415, 422, 501].some((status) => status === error.status)) return false
  return /response_format|json_schema|json_object|json mode|schema|stream_options|max_completion_tokens|max_tokens|grammar|not support|unsupported|unknown|unrecogni[sz]ed|extra (?:inputs|fields)|not permitted/iu.test(
    error.message,
  )
}

function whyOf(error: unknown): Why {
  if (error instanceof BulkheadRejectedError) return 'busy'
  if (error instanceof BrokenCircuitError) return 'down'
  if (error instanceof Refused) return 'refused'
  if (error instanceof Misfit) return 'malformed'
  if (error instanceof Slow || error instanceof APIUserAbortError || error instanceof DOMException) return 'late'
  if (error instanceof APIError && (error.code === 'context_length_exceeded' || error.status === 413)) return 'too long'
  if (error instanceof Endless) return 'malformed'
  return 'down'
}
