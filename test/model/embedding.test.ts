/** The genuine client and an embedding model over HTTP: pages are found by what a question means. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Call } from '../../src/model.ts'
import { loadPrompts } from '../../src/wiring.ts'
import { createNearest } from '../../src/writing/nearest.ts'
import { modelAt, type Speech, speaking } from './far-end.ts'

const { knowledge } = await loadPrompts({}, join(tmpdir(), 'amends-test-reader'))
const question = 'My purse was taken on the tram, what becomes of my parcel?'
const [first, ...others] = knowledge.passages('en')
if (!first) throw new Error('there are no pages')
/** One that shares no word with the question. */
const meant = others.find(({ text }) => !knowledge.near(question, 'en').some((near) => near.text === text)) ?? first

const request = z.object({ input: z.array(z.string()) })

/** The question and the one passage mean the same; nothing else does. */
function vectors(body: string): Speech {
  const { input } = request.parse(JSON.parse(body))
  const data = input.map((text, index) => {
    const same = text === question || text.includes(meant.text)
    return { object: 'embedding', index, embedding: same ? [1, 0.1] : [0, 1] }
  })
  return { json: { object: 'list', model: 'vectors', data, usage: { prompt_tokens: 7, total_tokens: 7 } } }
}

function kept() {
  const values = new Map<string, unknown>()
  return {
    values,
    get: async <T>(key: string): Promise<T | undefined> => {
      const value: T | undefined = structuredClone(Object(values.get(key)).value)
      return value
    },
    set: async (key: string, value: unknown) => void values.set(key, { value }),
  }
}

async function nearestAt(url: string, calls: Call[] = [], cache = kept()) {
  const model = await modelAt(url, { embedding: 'vectors', calls, cache })
  return createNearest(model.embed, () => knowledge)
}

const inTime = () => 2_000

test('the page that is meant comes first, though it shares no word; those that share words come too', async () => {
  const server = await speaking(vectors)
  const near = await nearestAt(server.url)
  const found = await near(question, 'en', inTime)
  expect(found[0]).toEqual({ text: meant.text, source: meant.source })
  for (const { text } of knowledge.near(question, 'en').slice(0, 2))
    expect(found.map((one) => one.text)).toContain(text)
  await server.stop()
})

test('what was asked once is not paid for again, after a restart either', async () => {
  const server = await speaking(vectors)
  const cache = kept()
  const calls: Call[] = []
  const found = await (await nearestAt(server.url, calls, cache))(question, 'en', inTime)
  const before = server.asked()
  expect(await (await nearestAt(server.url, calls, cache))(question, 'en', inTime)).toEqual(found)
  expect(server.asked()).toBe(before)
  expect(calls).toHaveLength(before)
  expect(calls[0]).toMatchObject({ task: 'embed', outcome: 'answer', tokensIn: 7 })
  await server.stop()
})

test('what is confided does not leave', async () => {
  const bodies: string[] = []
  const server = await speaking((body) => {
    bodies.push(body)
    return vectors(body)
  })
  const near = await nearestAt(server.url)
  await near('Write to ada@example.org about card 4111 1111 1111 1111?', 'en', inTime)
  expect(bodies.join('\n')).toContain('[email-1]')
  expect(bodies.join('\n')).not.toMatch(/ada@example|4111/u)
  await server.stop()
})

const tempers: [string, () => Speech][] = [
  ['hangs', () => 'hangs'],
  ['knows no such model', () => ({ status: 404, message: 'The model vectors does not exist' })],
  ['fails', () => ({ status: 500, message: 'oops' })],
  ['says something else', () => ({ json: { object: 'list', data: [], usage: { prompt_tokens: 1 } } })],
]

test.each(tempers)('by words where the server %s, and nobody waits for it', async (_temper, speech) => {
  const server = await speaking(speech)
  const near = await nearestAt(server.url)
  const began = performance.now()
  expect(await near(question, 'en', inTime)).toEqual(knowledge.near(question, 'en'))
  expect(performance.now() - began).toBeLessThan(1_500)
  await server.stop()
})

test('by words where no embedding model is set, or no time is left', async () => {
  const model = await modelAt('http://127.0.0.1:9/v1')
  expect(model.embed).toBeUndefined()
  expect(await createNearest(undefined, () => knowledge)(question, 'en', inTime)).toEqual(
    knowledge.near(question, 'en'),
  )
  const late = createNearest(
    () => new Promise(() => undefined),
    () => knowledge,
  )
  expect(await late(question, 'en', () => 0)).toEqual(knowledge.near(question, 'en'))
})
