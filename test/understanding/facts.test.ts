import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Facts } from '../../src/domain/reading.ts'
import { compileCues, findHits, loadCueFiles } from '../../src/understanding/cues.ts'
import { factsOf } from '../../src/understanding/facts.ts'
import { fold } from '../../src/understanding/fold.ts'
import { reader } from './reader.ts'

const told: [string, Partial<Facts>][] = [
  [
    'Third time my parcel A-10492 is late. I have guests on Saturday and I want a refund of $49.99!',
    { thing: 'parcel', failure: 'late', times: 3, since: null, order: 'A-10492', amount: '$49.99', wish: 'refund' },
  ],
  [
    'I ordered a blender three weeks ago and it arrived broken',
    { thing: 'blender', failure: 'broken', since: 'three weeks ago' },
  ],
  // Charged twice is one failure, not the second of its kind.
  ["I've been charged twice since Tuesday", { failure: 'charged', times: null, since: 'Tuesday' }],
  ['你们重复扣了我两次钱，客服一直没人回复', { failure: 'charged', times: null }],
  ['打了三次电话，你们还是扣了我两次钱', { failure: 'charged', times: 3 }],
  ['My mug and both cups came in pieces', { thing: 'mug' }],
  ['上週五訂的外送到現在還沒到', { thing: '外送', failure: 'late', since: '上週五' }],
  ['帳號登不進去', { thing: '帳號', failure: 'unusable' }],
  [
    '這已經是第三次寄錯了，訂單編號 TW20231，明天要面試',
    { failure: 'wrong', times: 3, order: 'TW20231', stake: '明天要面試' },
  ],
  ['被多收了 1,200元，我要退費', { failure: 'charged', amount: '1,200元', wish: 'refund' }],
  ['Please send me a replacement for my headphones', { thing: 'headphones', wish: 'replacement' }],
  ['I have a job interview tomorrow and my suit is not here', { stake: 'a job interview tomorrow' }],
]

test.each(told)('%s', (text, facts) => {
  expect(reader.read(text).facts).toMatchObject(facts)
})

const untold: [string, Partial<Facts>][] = [
  ['What is your refund policy?', { wish: null, failure: null, order: null }],
  ['My flight tomorrow was cancelled', { stake: null }],
  ['I was born in 1984 and live at 12 High Street', { order: null, amount: null }],
  ['In order to pay I need help', { thing: null }],
  ['This one is two times better than the last', { times: null }],
  ['It turned up fine, my mistake', { thing: null, failure: null }],
  ['hello', { thing: null, failure: null, since: null, stake: null, wish: null }],
]

test.each(untold)('nothing is guessed from: %s', (text, facts) => {
  expect(reader.read(text).facts).toMatchObject(facts)
})

test('a bare number is an order number once that was asked for', () => {
  expect(reader.read('1029384').facts.order).toBeNull()
  expect(reader.read('1029384', 'order').facts.order).toBe('1029384')
})

test('a bare word is a wish once that was asked for', () => {
  expect(reader.read('a refund', 'wish').facts.wish).toBe('refund')
})

test.each([
  ['Two parcels came, and the AURORA light in them is broken', 'AURORA light'],
  ['你們的極光檯燈壞了，包裹也濕了', '極光檯燈'],
  ['My lamp is broken', 'lamp'],
])('a product that admins list is what it is about: %s', async (text, thing) => {
  const files = await loadCueFiles(join(import.meta.dirname, '../../prompts/cues'))
  const products = { name: 'thing.products.txt', text: 'specific: Aurora lamp | Aurora light | 極光檯燈' }
  const cues = compileCues([...files.filter(({ name }) => name !== products.name), products])
  const folded = fold(text)
  expect(factsOf(text, folded, findHits(cues, folded), null).thing).toBe(thing)
})
