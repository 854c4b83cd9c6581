/** The genuine client against a server over HTTP, in every temper a server can have. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Question } from '../../src/domain/question.ts'
import type { Call } from '../../src/model.ts'
import { chunk, type FarEnd, farEnd, inOne, materialOf, modelAt, speaking } from './far-end.ts'

const shape = z.object({ word: z.string(), n: z.number() })
const good = { word: 'yes', n: 3 }

function asking(over: Partial<Question<z.infer<typeof shape>>> = {}): Question<z.infer<typeof shape>> {
  return { task: 'probe', material: { word: 'yes' }, shape, withinMs: 2_000, ...over }
}

let far: FarEnd
let calls: Call[]

beforeEach(async () => {
  far = await farEnd()
  calls = []
})

afterEach(() => far.stop())

/** Asks once, and tells how long it took. */
async function askOnce(over: Partial<Question<z.infer<typeof shape>>> = {}) {
  const model = await modelAt(far.baseUrl, { calls })
  const began = performance.now()
  const answered = await model.ask(asking(over))
  return { answered, ms: performance.now() - began, model }
}

describe('a server that answers', () => {
  test('gives data of the shape asked for, by a strict schema; tokens and time are told', async () => {
    far.mock.on({}, { content: JSON.stringify(good), usage: { prompt_tokens: 20, completion_tokens: 5 } })
    const { answered, model } = await askOnce()
    expect(answered).toEqual({ type: 'answer', value: good })
    expect(model.level()).toBe('schema')
    expect(calls).toMatchObject([{ task: 'probe', outcome: 'answer', tokensIn: 20, tokensOut: 5 }])
    const [request] = far.requests()
    expect(request?.response_format).toMatchObject({ type: 'json_schema', json_schema: { strict: true } })
    expect(request && materialOf(request)).toEqual({ word: 'yes' })
  })

  test.each([
    ['in a fence', `\`\`\`json\n${JSON.stringify(good)}\n\`\`\``],
    ['after a preamble', `Sure, here it is: ${JSON.stringify(good)} Anything else?`],
  ])('is understood where the data stand %s', async (_where, content) => {
    far.mock.on({}, { content })
    expect((await askOnce()).answered).toEqual({ type: 'answer', value: good })
  })

  test('is asked once more where its JSON is broken, and told what was wrong', async () => {
    far.mock.on({ sequenceIndex: 0 }, { content: '{"word": "yes", "n": ' })
    far.mock.on({ sequenceIndex: 1 }, { content: JSON.stringify(good) })
    expect((await askOnce()).answered).toEqual({ type: 'answer', value: good })
    expect(far.requests()).toHaveLength(2)
    expect(JSON.stringify(far.requests()[1]?.messages)).toContain('no JSON object')
  })

  test('is asked once more where the shape is wrong, and no third time', async () => {
    far.mock.on({}, { content: '{"word": 7}' })
    expect((await askOnce()).answered).toEqual({ type: 'none', why: 'malformed' })
    expect(far.requests()).toHaveLength(2)
    expect(JSON.stringify(far.requests()[1]?.messages)).toContain('word: ')
  })

  test('with nothing is malformed', async () => {
    far.mock.on({}, { content: '' })
    expect((await askOnce()).answered).toEqual({ type: 'none', why: 'malformed' })
  })

  test('with a refusal has refused', async () => {
    const server = await speaking(() => [chunk({ refusal: 'I cannot help with that.' }), chunk({}, 'stop')])
    const model = await modelAt(server.url, { calls })
    expect(await model.ask(asking())).toEqual({ type: 'none', why: 'refused' })
    await server.stop()
  })
})

describe('a server that knows less', () => {
  test.each([
    ['json', /json_schema/u, 1],
    ['text', /json_schema|json_object/u, 2],
  ] as const)('is asked for %s, and that is remembered', async (level, unknown, refusals) => {
    const forms: string[] = []
    const server = await speaking((body) => {
      const form = String(JSON.parse(body).response_format?.type ?? 'none')
      forms.push(form)
      return unknown.test(form) ? { status: 400, message: `response_format ${form} is not supported` } : inOne(good)
    })
    const model = await modelAt(server.url, { calls })
    expect(await model.ask(asking())).toEqual({ type: 'answer', value: good })
    expect(model.level()).toBe(level)
    expect(await model.ask(asking({ material: { word: 'again' } }))).toEqual({ type: 'answer', value: good })
    expect(forms).toHaveLength(refusals + 2)
    await server.stop()
  })
})

describe('a server in trouble', () => {
  test('that is slow is not waited for longer than asked', async () => {
    far.mock.on({}, { content: JSON.stringify(good) }, { latency: 3_000 })
    const { answered, ms } = await askOnce({ withinMs: 600 })
    expect(answered).toEqual({ type: 'none', why: 'late' })
    expect(ms).toBeLessThan(1_500)
  })

  test('that breaks off in the middle is asked again', async () => {
    let asked = 0
    const server = await speaking(() => {
      asked += 1
      return asked === 1 ? [chunk({ content: '{"word":' }), 'cut'] : inOne(good)
    })
    const model = await modelAt(server.url)
    expect(await model.ask(asking())).toEqual({ type: 'answer', value: good })
    expect(asked).toBe(2)
    await server.stop()
  })

  test('that has too many requests is asked again when it says', async () => {
    const at: number[] = []
    const server = await speaking(() => {
      at.push(performance.now())
      return at.length === 1 ? { status: 429, message: 'slow down', headers: { 'retry-after': '1' } } : inOne(good)
    })
    const model = await modelAt(server.url)
    expect(await model.ask(asking())).toEqual({ type: 'answer', value: good })
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(990)
    await server.stop()
  })

  test('that wants to be left alone for longer than there is time is not waited for', async () => {
    far.mock.on({}, { error: { message: 'slow down', type: 'rate_limit_error' }, status: 429, retryAfter: 60 })
    const { answered, ms } = await askOnce()
    expect(answered).toEqual({ type: 'none', why: 'down' })
    expect(ms).toBeLessThan(1_000)
    expect(far.requests()).toHaveLength(1)
  })

  test('that fails once is asked again', async () => {
    far.mock.nextRequestError(500, { message: 'oops' })
    far.mock.on({}, { content: JSON.stringify(good) })
    expect((await askOnce()).answered).toEqual({ type: 'answer', value: good })
  })

  test('that fails for good is left alone after a few calls', async () => {
    far.mock.on({}, { error: { message: 'oops' }, status: 500 })
    const model = await modelAt(far.baseUrl, { calls })
    for (let i = 0; i < 5; i += 1) expect(await model.ask(asking())).toEqual({ type: 'none', why: 'down' })
    expect(far.requests().length).toBe(5)
    expect(model.fault()).toContain('oops')
  })

  test('that never ends is cut', async () => {
    const server = await speaking(() => 'endless')
    const model = await modelAt(server.url, { calls })
    const began = performance.now()
    expect(await model.ask(asking())).toEqual({ type: 'none', why: 'malformed' })
    expect(performance.now() - began).toBeLessThan(2_000)
    await server.stop()
  })

  test('whose context overflows says that it is too long, and is not asked again', async () => {
    far.mock.on({}, { error: { message: 'maximum context length', code: 'context_length_exceeded' }, status: 400 })
    expect((await askOnce()).answered).toEqual({ type: 'none', why: 'too long' })
    expect(far.requests()).toHaveLength(1)
  })

  test('that is not there is down', async () => {
    const model = await modelAt('http://127.0.0.1:9/v1', { calls })
    const began = performance.now()
    expect(await model.ask(asking())).toEqual({ type: 'none', why: 'down' })
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  test('that talks nonsense is down, in time', async () => {
    const server = await speaking(() => ['<html>Welcome</html>\n\n'])
    const model = await modelAt(server.url)
    const answered = await model.ask(asking())
    expect(answered.type).toBe('none')
    await server.stop()
  })
})

describe('what it may cost', () => {
  test('a day that is used up asks nothing more, and says so once', async () => {
    far.mock.on({}, { content: JSON.stringify(good), usage: { prompt_tokens: 90, completion_tokens: 20 } })
    let told = 0
    const usedUp = () => {
      told += 1
    }
    const model = await modelAt(far.baseUrl, { limits: { tokensADay: 100 }, usedUp })
    expect((await model.ask(asking())).type).toBe('answer')
    expect(await model.ask(asking())).toEqual({ type: 'none', why: 'spent' })
    expect(await model.ask(asking())).toEqual({ type: 'none', why: 'spent' })
    expect(far.requests()).toHaveLength(1)
    expect(told).toBe(1)
    expect(model.ready()).toBe(false)
  })

  test('money is counted by the price of a million tokens', async () => {
    far.mock.on({}, { content: JSON.stringify(good), usage: { prompt_tokens: 1_000_000, completion_tokens: 500_000 } })
    const model = await modelAt(far.baseUrl, { limits: { moneyADay: 3 } })
    expect((await model.ask(asking())).type).toBe('answer')
    expect(await model.ask(asking())).toEqual({ type: 'none', why: 'spent' })
  })

  test('the same question asked again is paid for once', async () => {
    far.mock.on({}, { content: JSON.stringify(good) })
    const kept = new Map<string, unknown>()
    const cache = {
      get: async <T>(key: string) => kept.get(key) as T | undefined,
      set: async <T>(key: string, value: T) => void kept.set(key, value),
    }
    const model = await modelAt(far.baseUrl, { cache })
    await model.ask(asking())
    expect(await model.ask(asking())).toEqual({ type: 'answer', value: good })
    expect(far.requests()).toHaveLength(1)
  })
})

test('what is confided does not leave, and stands in the answer again', async () => {
  far.mock.on({}, (request) => ({
    content: JSON.stringify({ word: `We write to ${String(materialOf(request).text).split(' ').at(-1)}`, n: 1 }),
  }))
  const { answered } = await askOnce({ material: { text: 'My card is 4111 1111 1111 1111, write to ada@example.com' } })
  expect(answered).toEqual({ type: 'answer', value: { word: 'We write to ada@example.com', n: 1 } })
  expect(JSON.stringify(far.requests())).not.toMatch(/4111|ada@example/u)
})

test('an answer that makes up a hidden thing is none', async () => {
  far.mock.on({}, { content: JSON.stringify({ word: 'We write to [email-4]', n: 1 }) })
  expect((await askOnce()).answered).toEqual({ type: 'none', why: 'malformed' })
})

test('no more calls than so many are under way, and those in line are let go in time', async () => {
  let under = 0
  let most = 0
  const server = await speaking(() => {
    under += 1
    most = Math.max(most, under)
    return 'hangs'
  })
  const model = await modelAt(server.url)
  const began = performance.now()
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) => model.ask(asking({ material: { word: String(i) }, withinMs: 1_200 }))),
  )
  expect(performance.now() - began).toBeLessThan(4_000)
  expect(most).toBe(32)
  for (const answered of answers) expect(answered).toEqual({ type: 'none', why: 'late' })
  // It had its time, many times: now nobody waits for it.
  const again = performance.now()
  expect(await model.ask(asking())).toEqual({ type: 'none', why: 'down' })
  expect(performance.now() - again).toBeLessThan(100)
  expect(model.ready()).toBe(false)
  await server.stop()
})
