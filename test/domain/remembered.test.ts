import { expect, test } from 'vitest'
import { remembered } from '../../src/domain/remembered.ts'

test('what was made is made once, and no more is kept than is allowed', () => {
  const made: string[] = []
  const shout = remembered(2, (key) => {
    made.push(key)
    return key.toUpperCase()
  })
  expect([shout('a'), shout('b'), shout('a')]).toEqual(['A', 'B', 'A'])
  expect(made).toEqual(['a', 'b'])
  // A third empties it: the first two are made anew when they are asked for again.
  shout('c')
  shout('a')
  expect(made).toEqual(['a', 'b', 'c', 'a'])
})
