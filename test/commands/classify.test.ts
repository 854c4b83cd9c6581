import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { folder } from '../store/ground.ts'
import { refusal, run, start } from './run.ts'

const { path, remove } = folder()
const env = { DATABASE_URL: `sqlite:${path}/amends.db` }
afterAll(remove)

test('a line in is a line out, in order and in the shape of the contract; a faulty one keeps its place', async () => {
  const long = 'my parcel is late '.repeat(5556)
  const input = [
    'Third time my parcel is late, I want a refund!',
    '{"text":"請問你們週六有營業嗎？\\n謝謝"}',
    '',
    '{"text":',
    '{"words":"no text"}',
    `one\u2028message\rstill one\r`,
    long,
    'last, without a line feed',
  ].join('\n')
  const { code, out, err } = await run(['classify', '--local'], { env, input })
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toHaveLength(8)
  const keys = [
    'text',
    'kind',
    'confidence',
    'acts',
    'language',
    'mood',
    'severity',
    'urgency',
    'wantsHuman',
    'leaving',
    'safety',
  ]
  for (const i of [0, 1, 2, 5, 6, 7]) expect(Object.keys(lines[i])).toEqual(keys)
  expect(lines[0]).toMatchObject({ kind: 'complaint', language: 'en', safety: null })
  expect(Object.keys(lines[0].acts[0])).toEqual(['kind', 'text', 'confidence'])
  expect(lines[1]).toMatchObject({ text: '請問你們週六有營業嗎？\n謝謝', kind: 'inquiry', language: 'zh-TW' })
  expect(lines[2]).toMatchObject({ text: '', kind: 'other' })
  for (const i of [3, 4]) expect(lines[i]).toEqual({ error: expect.stringContaining('write {"text":"…"}') })
  expect(lines[5].text).toBe('one\u2028message\rstill one')
  expect(lines[6].text).toBe(long)
  expect(lines[7].text).toBe('last, without a line feed')
  expect(
    err
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(0, 7)),
  ).toEqual(['line 4:', 'line 5:'])
  expect(code).toBe(1)
})

test('what is read is told at once, and a reader that leaves is no error', async () => {
  const child = start(['classify'], env)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let err = ''
  child.stderr.on('data', (text) => {
    err += String(text)
  })
  for (const text of ['Where is my parcel?', 'Thank you, that was quick.']) {
    child.stdin.write(`${text}\n`)
    expect(JSON.parse(String((await lines.next()).value))).toMatchObject({ text })
  }
  child.stdin.on('error', () => undefined)
  child.stdout.destroy()
  child.stdin.end('one more\n'.repeat(10_000))
  const [code] = await once(child, 'close')
  expect([code, err]).toEqual([0, ''])
})

test('what it does not know is refused', async () => {
  expect(refusal(await run(['classify', '--fast'], { env }))).toBe('write: classify [--local]')
})
