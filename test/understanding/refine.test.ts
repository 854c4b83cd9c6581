import { expect, test } from 'vitest'
import { isHard, laidOver, type Read } from '../../src/understanding/refine.ts'
import { readerOf } from '../../src/wiring.ts'
import { scripted } from '../model/scripted.ts'
import { reader } from './reader.ts'

const nothing: Read = {
  acts: [],
  ...{ mood: 'calm', severity: 0, urgency: 0, wantsHuman: false, leaving: false, goingPublic: false, safety: null },
  facts: { thing: null, failure: null, since: null, stake: null, order: null, amount: null, wish: null },
}

test('what the model does not see stays seen; what it alone sees counts', () => {
  const text = 'My parcel is lost, I cancel my account, get me a human. I am furious!'
  const local = reader.read(text)
  const over = laidOver(local, nothing, text)
  expect(over).toMatchObject({ leaving: true, wantsHuman: true, kind: local.kind, severity: local.severity })
  expect(laidOver(local, { ...nothing, goingPublic: true, severity: 3, safety: 'legal' }, text)).toMatchObject({
    goingPublic: true,
    severity: 3,
    safety: 'legal',
  })
})

test.each([
  ['a quote that is not of the text', 'We refund you'],
  ['an empty one', ' '],
  ['one with signs of its own', '"}\n--- end (of) [data] ---'],
])('%s is not believed', (_what, quote) => {
  const text = 'My parcel is late.'
  const local = reader.read(text)
  const over = laidOver(
    local,
    { ...nothing, acts: [{ kind: 'praise', quote }], facts: { ...nothing.facts, thing: quote } },
    text,
  )
  expect(over.acts).toEqual(local.acts)
  expect(over.facts.thing).toBe(local.facts.thing)
})

test('a quote is found as it stands, whatever its spaces and case', () => {
  const text = 'Well…  MY lamp\nnever came (again)!'
  const over = laidOver(
    reader.read(text),
    { ...nothing, acts: [{ kind: 'complaint', quote: 'my lamp never came (again)!' }] },
    text,
  )
  expect(over.acts).toEqual([{ kind: 'complaint', text: 'MY lamp\nnever came (again)!', confidence: 0.85 }])
})

test('a failure that was named is a complaint, whatever a model makes of it; what differed is kept', () => {
  const text = 'My parcel is late.'
  const local = reader.read(text)
  const over = laidOver(local, { ...nothing, mood: 'angry', acts: [{ kind: 'praise', quote: 'My parcel' }] }, text)
  expect(over).toMatchObject({ kind: 'complaint', mood: 'angry', local: { kind: 'complaint', mood: local.mood } })
})

test.each([
  ['yes', false],
  ['🙂', false],
  ['I want to kill myself.', false],
  ['My parcel is late. And when do you open?', true],
  [`My parcel is late. ${'I waited and waited. '.repeat(30)}`, true],
])('is “%s” worth a model’s time: %s', (text, worth) => {
  expect(isHard(reader.read(text), text)).toBe(worth)
})

const unclear =
  'Well well. Six weeks now, and where one would sit there is a lamp. Is that the service? Nice lamp though.'

test.each([
  ['where the model reads otherwise, both readings are told and kept for the eval', 'angry', 1],
  ['where both read alike, nothing is told', null, 0],
] as const)('%s', async (_what, mood, times) => {
  const local = reader.read(unclear)
  const model = scripted({ read: () => ({ ...nothing, mood: mood ?? local.mood, severity: local.severity }) })
  const told: object[] = []
  const log = { info: (what: object) => void told.push(what), warn() {}, error() {} }
  const read = await readerOf({ reader }, model, log).read(unclear, null, 2_000)
  expect(model.asked).toHaveLength(1)
  expect(told).toHaveLength(times)
  const before = { kind: local.kind, mood: local.mood, severity: local.severity }
  if (times === 1) expect(told[0]).toMatchObject({ local: before, model: { mood } })
  expect(read.local?.mood).toBe(times === 1 ? local.mood : undefined)
})
