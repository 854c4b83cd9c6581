import { expect, test } from 'vitest'
import { mostSimilar } from '../../src/domain/suggestion.ts'

const known = [
  { text: 'Please add a dark mode to the app' },
  { text: 'SMS alerts when the parcel leaves' },
  { text: '希望能加個深色模式' },
]

test.each<[string, number | null]>([
  ['A dark mode for the app would be great', 0],
  ['It would be nice if you had SMS alerts when parcels leave', 1],
  ['希望加個深色模式', 2],
  ['Open on Sundays, please', null],
  ['Please add a light rail to the town', null],
  ['希望能早點開門', null],
  ['', null],
  ['please', null],
])('“%s” is the same as %s', (text, of) => {
  expect(mostSimilar(text, known)).toBe(of === null ? null : known[of])
})

test('the likest of several is taken', () => {
  const both = [{ text: 'dark mode for the app and the page' }, { text: 'dark mode for the app' }]
  expect(mostSimilar('dark mode in the app', both)).toBe(both[1])
  expect(mostSimilar('dark mode in the app', [])).toBeNull()
})
