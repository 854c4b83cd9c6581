import { expect, test } from 'vitest'
import { clean, longestText } from '../../src/domain/message.ts'

test.each([
  ['plain', 'hello\nthere', 'hello\nthere'],
  ['NUL', 'a\0b', 'a�b'],
  ['a lone high surrogate', 'a\ud800', 'a�'],
  ['a lone low surrogate', '\udc00a', '�a'],
  ['a whole emoji', '😀', '😀'],
  ['Chinese', '包裹還沒到', '包裹還沒到'],
])('%s', (_, text, kept) => {
  expect(clean(text)).toBe(kept)
})

test('a long paste is cut, and a pair cut in half leaves no half', () => {
  const text = clean(`${'a'.repeat(longestText - 1)}😀😀`)
  expect(text).toHaveLength(longestText)
  expect(text.isWellFormed()).toBe(true)
})
