/** Words that are taken back, and edits that mean something else. */
import { describe, expect, test } from 'vitest'
import type { CaseEvent } from '../../src/domain/case.ts'
import { type Answer, meansOther, noFacts, type Reading } from '../../src/domain/reading.ts'
import { redactEvent, redactReading, redactText } from '../../src/domain/redact.ts'
import { act, readingOf } from './world.ts'

test.each<[string, Partial<Reading>, Partial<Reading>, boolean]>([
  ['the same', { kind: 'complaint' }, { kind: 'complaint' }, false],
  ['another kind', { kind: 'complaint' }, { kind: 'inquiry' }, true],
  [
    'a question beside it',
    { kind: 'complaint' },
    { kind: 'complaint', acts: [act('complaint'), act('inquiry')] },
    true,
  ],
  ['one question less', { kind: 'complaint', acts: [act('complaint'), act('inquiry')] }, { kind: 'complaint' }, false],
  ['it works now', { kind: 'complaint' }, { kind: 'other', answer: 'solved' satisfies Answer }, true],
  ['small talk', { kind: 'complaint' }, { kind: 'other', answer: 'thanks' }, false],
  ['a person is wanted now', { kind: 'complaint' }, { kind: 'complaint', wantsHuman: true }, true],
  ['a danger', { kind: 'complaint' }, { kind: 'complaint', safety: 'injury' }, true],
])('an edit: %s', (_, before, now, other) => {
  expect(meansOther(readingOf(before), readingOf(now))).toBe(other)
})

const facts = { ...noFacts, thing: 'kettle', failure: 'broken', order: 'A1', stake: 'guests on Saturday' }

describe('what is left of', () => {
  test.each<[string, CaseEvent, string, Partial<CaseEvent>]>([
    [
      'the words, when all are gone',
      { type: 'heard', facts, mood: 'calm', text: 'My kettle is broken' },
      '',
      { text: '', facts: noFacts },
    ],
    [
      'the words, when some are left',
      { type: 'heard', facts, mood: 'calm', text: 'My kettle is broken\nOrder A1' },
      'order a1',
      { text: 'order a1', facts: { ...noFacts, failure: 'broken', order: 'A1' } },
    ],
    ['what others did', { type: 'noted', by: { id: 'k', name: 'kim' }, text: 'kettle' }, '', { text: 'kettle' }],
  ])('%s', (_, event, rest, left) => {
    expect(redactEvent(event, rest)).toEqual({ ...event, ...left })
  })

  test('a reading: its figures', () => {
    const reading = readingOf({
      kind: 'complaint',
      severity: 2,
      acts: [act('complaint', 'my kettle'), act('inquiry', 'when?')],
    })
    expect(redactReading(reading, 'when?')).toMatchObject({
      kind: 'complaint',
      severity: 2,
      acts: [{ text: '' }, { text: 'when?' }],
    })
  })

  test('a text that quotes them', () => {
    expect(redactText('ada says: my kettle is broken, my kettle!', ['my kettle', 'my kettle is broken'])).toBe(
      'ada says: …, …!',
    )
    expect(redactText('ada says: hm', ['', ' '])).toBe('ada says: hm')
  })
})
