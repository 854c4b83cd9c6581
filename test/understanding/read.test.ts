import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kinds, moods } from '../../src/domain/reading.ts'
import { compileCues, findHits } from '../../src/understanding/cues.ts'
import { features, tokenise } from '../../src/understanding/features.ts'
import { fold } from '../../src/understanding/fold.ts'
import { headsOf } from '../../src/understanding/heads.ts'
import { predict } from '../../src/understanding/linear.ts'
import { sortsOf } from '../../src/understanding/senses.ts'
import { trainReader } from '../../src/understanding/training.ts'
import { reader } from './reader.ts'

test.each([
  ['The blender arrived broken and nobody answers', 'complaint'],
  ['the app says delivered but nothing is here', 'complaint'],
  ['still waiting for my refund', 'complaint'],
  ['已經第三天了', 'complaint'],
  ['等了三個小時還沒送到', 'complaint'],
  ['What are your opening hours?', 'inquiry'],
  ['請問怎麼申請退貨？', 'inquiry'],
  ['请问运费是多少', 'inquiry'],
  ['It would be nice if you had SMS alerts', 'suggestion'],
  ['希望能加個深色模式就好了', 'suggestion'],
  ['Great service, thank you so much, everything was perfect!', 'praise'],
  ['客服超貼心，大推', 'praise'],
  ['Everything is bad.', 'complaint'],
  ['Nothing about it is good.', 'complaint'],
  ['And again nothing.', 'complaint'],
  ['Please fix the login, it is broken', 'complaint'],
  ['呵呵，你们这服务真好', 'complaint'],
  ['件貨爛咗', 'complaint'],
  ['our cups came with a crack in them', 'complaint'],
  ['😡😡😡', 'complaint'],
  ['我想退货', 'inquiry'],
  ['it turned up after all, my mistake', 'other'],
])('%s is %s', (text, kind) => {
  expect(reader.read(text).kind).toBe(kind)
})

test('every thing said in a mixed message is an act, and the weightiest names it', () => {
  const reading = reader.read(
    'My parcel is late again, what is your return policy? It would be nice if you had SMS alerts',
  )
  expect(reading.acts.map((act) => [act.kind, act.text])).toEqual([
    ['complaint', 'My parcel is late again'],
    ['inquiry', 'what is your return policy?'],
    ['suggestion', 'It would be nice if you had SMS alerts'],
  ])
  expect(reading.kind).toBe('complaint')
})

test('a mixed message in Chinese', () => {
  const reading = reader.read('我的包裹又晚了，你們的退貨政策是什麼？')
  expect(reading.acts.map((act) => act.kind)).toEqual(['complaint', 'inquiry'])
})

test.each([
  ['My parcel is late, when will it come?', ['complaint', 'inquiry']],
  ['我的包裹迟到了，你们什么时候送？', ['complaint', 'inquiry']],
  ['你們幾點開門？還有可以退貨嗎', ['inquiry', 'inquiry']],
  ['When do you open? Do you ship to Malta? Thanks!', ['inquiry', 'inquiry']],
])('each thing said is an act of its own: %s', (text, kinds) => {
  expect(reader.read(text).acts.map((act) => act.kind)).toEqual(kinds)
})

test('anger without a word is heard, and asked about', () => {
  const { mood, confidence } = reader.read('😡😡😡')
  expect(mood).toBe('angry')
  expect(confidence).toBeLessThan(0.6)
})

test('greetings and closings are no acts of their own', () => {
  const reading = reader.read('Hello! My package never arrived. Thanks.')
  expect(reading.acts.map((act) => act.kind)).toEqual(['complaint'])
})

const awkward: [string, string][] = [
  ['nothing', ''],
  ['one letter', 'x'],
  ['a lone surrogate', '\ud800 help \udc00'],
  ['control characters', '\u0000\u0001\u0007 where is my parcel\u0000'],
  ['emoji', '😀'.repeat(10_000)],
  ['markup', '<script>alert(1)</script><b onclick="x">late</b>'.repeat(50)],
  ['mentions', '@everyone <@U123> <!channel> '.repeat(200)],
  ['one long word', 'a'.repeat(100_000)],
  ['one long Chinese line', '壞'.repeat(100_000)],
  ['100 kB of questions', 'why? '.repeat(20_000)],
  ['100 kB of brackets', '(['.repeat(50_000)],
  ['a log', '2026-11-21T23:12:11Z ERROR at foo.bar(Baz.java:42)\n'.repeat(2000)],
  ['right to left', '\u202eevil\u202c'],
]

test.each(awkward)('%s gives a reading', (_, text) => {
  isReading(reader.read(text))
})

test('any text gives a reading whose acts are parts of it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom(null, 'offer', 'solved', 'kind'),
      (text, asked) => {
        const reading = reader.read(text, asked)
        isReading(reading)
        for (const act of reading.acts) expect(text).toContain(act.text)
      },
    ),
  )
})

function isReading(reading: ReturnType<typeof reader.read>): void {
  expect(kinds).toContain(reading.kind)
  expect(moods).toContain(reading.mood)
  expect(reading.confidence).toBeGreaterThan(0)
  expect(reading.confidence).toBeLessThanOrEqual(1)
  expect(reading.runnerUp).not.toBe(reading.kind)
  expect(reading.acts.length).toBeGreaterThan(0)
  expect(reading.acts.some((act) => act.kind === reading.kind)).toBe(true)
}

test('folding keeps every place', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => fold(text).length === text.length))
  expect(fold('網路 ＡＢＣ’s')).toBe("网路 abc's")
})

test('the same examples give the same weights', () => {
  const task = {
    examples: [
      { kind: 'inquiry' as const, language: 'en', messages: ['what is the price', 'how do I pay', 'when do you open'] },
      { kind: 'complaint' as const, language: 'en', messages: ['it broke', 'nobody answers me', 'the box was empty'] },
    ],
    cueFiles: [{ name: 'complaint.en.txt', text: 'nobody answers\n' }],
  }
  const [first, second] = [trainReader(task), trainReader(task)]
  expect(first.kinds.weights).toEqual(second.kinds.weights)
  const chances = predict(first.kinds, features(compileCues(task.cueFiles), 'it broke', []))
  expect(kinds[chances.indexOf(Math.max(...chances))]).toBe('complaint')
})

test('a cue matches whole words, either script, and its expression knows its key', () => {
  const cues = compileCues([
    { name: 'wish.en.txt', text: '# what they want\nrefund: money back | /\\brefunds? me\\b/\n' },
    { name: 'wish.zh-TW.txt', text: 'refund: 退費\n' },
  ])
  expect(findHits(cues, fold('Money back!')).map((hit) => hit.key)).toEqual(['refund'])
  expect(findHits(cues, fold('please refund me')).map((hit) => hit.key)).toEqual(['refund'])
  expect(findHits(cues, fold('我要退费')).map((hit) => hit.key)).toEqual(['refund'])
  expect(findHits(cues, fold('money backs'))).toEqual([])
})

test('a word is read by its sort, in any of its forms, and Chinese by its longest word', () => {
  const { senses } = compileCues([
    { name: 'sense.en.txt', text: 'fail: crash | goods\ngood: good\ngoods: towel | battery\n' },
    { name: 'sense.zh-TW.txt', text: 'good: 好\nbad: 好差\ngoods: 毛巾\n' },
  ])
  const sorts = (text: string) => sortsOf(tokenise(fold(text)), senses, new Set(['the', 'were'])).join(' ')
  expect(sorts('The batteries were goods, the zlork crashed')).toBe('^ the <goods> were <fail> the _ <fail> $')
  expect(sorts('毛巾真的好差')).toBe('^ <goods> _ <bad> $')
  expect(findHits(compileCues([{ name: 'sense.en.txt', text: 'bad: awful\n' }]), 'awful')).toEqual([])
})

test('a cue that cannot be read is named by file and line', () => {
  expect(() => compileCues([{ name: 'human.en.txt', text: 'person\n/(oops/\n' }])).toThrow(/human\.en\.txt:2/)
})

test.each([
  ['\\b(?:late|still waiting|scams?)\\b', ['late', 'still', 'scams', 'scam']],
  ['\\bhow (?:is|can)', ['how']],
  ['\\b(?:do|does)(?: not|nt) work', null],
  ['\\b(?:it )?would', null],
  ['\\b(?:fuck\\w*|damn)\\b', null],
  ['late', null],
])('an expression is looked for where it can begin: %s', (source, heads) => {
  expect(headsOf(source)?.sort() ?? null).toEqual(heads?.sort() ?? null)
})
