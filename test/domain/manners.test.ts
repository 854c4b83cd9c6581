/** Small moves of a conversation that a good agent does not get wrong. */
import { describe, expect, test } from 'vitest'
import { hour } from '../../src/domain/hours.ts'
import { noFacts } from '../../src/domain/reading.ts'
import { act, buttonsOf, caseOf, customerOf, hear, momentsOf, type Words, worldOf } from './world.ts'

const late: Words = { kind: 'complaint', facts: { ...noFacts, thing: 'parcel', failure: 'late' } }

describe('a language that we do not read', () => {
  test('is remembered of who wrote no other, so that the next short line is not taken for English', () => {
    const world = worldOf({ customer: customerOf({ language: null }) })
    hear(world, { kind: 'complaint', language: 'fr' })
    expect(world.customer.language).toBe('fr')
    const next = hear(world, { kind: 'suggestion', language: 'en', languageSure: false })
    expect(momentsOf(next)).toContain('language')
    expect(momentsOf(next)).not.toContain('suggestion')
    expect(momentsOf(hear(world, { kind: 'complaint', language: 'en' }))).not.toContain('language')
    expect(world.customer.language).toBe('en')
  })

  test('brings a person whatever it may be about, and the person gets the words', () => {
    const world = worldOf()
    const decision = hear(world, { kind: 'other', language: 'ja', text: 'こんにちは' })
    expect(momentsOf(decision)).toEqual(['language', 'promise'])
    expect(decision.effects).toContainEqual(expect.objectContaining({ type: 'relay', text: 'こんにちは' }))
  })
})

test('"Are you a robot?" has an honest answer and a way to a person; a new customer is not told twice', () => {
  const world = worldOf({ customer: customerOf({ greetedAt: null }) })
  const decision = hear(world, { kind: 'inquiry', answer: 'identity' })
  expect(momentsOf(decision)).toEqual(['identity'])
  expect(buttonsOf(decision)).toEqual(['human'])
  expect(world.customer.greetedAt).not.toBeNull()
})

test('beside a complaint it is the complaint that is answered', () => {
  expect(momentsOf(hear(worldOf(), { ...late, answer: 'identity' }))).toContain('complaint')
})

test('"a refund please", of a case that is open, is what they want of it, however it reads', () => {
  const world = worldOf()
  hear(world, late)
  const decision = hear(world, { kind: 'suggestion', text: 'a refund please', facts: { ...noFacts, wish: 'refund' } })
  expect(momentsOf(decision)).toEqual(['complaint.more'])
  expect(caseOf(world).facts.wish).toBe('refund')
})

describe('a question hours after a complaint', () => {
  test.each<[string, Words, string]>([
    ['annoyed: the complaint again', { kind: 'inquiry', mood: 'annoyed' }, 'complaint.again'],
    [
      'calm: a question',
      { kind: 'inquiry', text: 'Do you sell lids?', acts: [act('inquiry', 'Do you sell lids?')] },
      'inquiry.unknown',
    ],
  ])('%s', (_, words, moment) => {
    const world = worldOf()
    hear(world, late)
    world.now += 20 * hour
    expect(momentsOf(hear(world, words))).toContain(moment)
  })
})

test('a failure named again days later is the complaint again, though it asks and stays calm', () => {
  const world = worldOf()
  hear(world, late)
  world.now += 50 * hour
  const decision = hear(world, { kind: 'inquiry', facts: { ...noFacts, failure: 'late' }, acts: [act('inquiry')] })
  expect(momentsOf(decision)).toContain('complaint.again')
})
