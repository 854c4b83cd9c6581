import { expect, test } from 'vitest'
import { flow, nextStep, type Outcome, type Step, steps } from '../../src/domain/flow.ts'

/** Every outcome that carries a step on; anything that is not listed leaves it where it is. */
const roads: [Step, Outcome, Step][] = [
  ['listen', 'heard', 'find'],
  ['listen', 'offered', 'propose'],
  ['listen', 'resolved', 'check'],
  ['listen', 'refiled', 'answer'],
  ['find', 'offered', 'propose'],
  ['find', 'taken', 'act'],
  ['find', 'resolved', 'check'],
  ['find', 'refiled', 'answer'],
  ['propose', 'accepted', 'act'],
  ['propose', 'refused', 'revise'],
  ['propose', 'offered', 'propose'],
  ['propose', 'resolved', 'check'],
  ['revise', 'offered', 'propose'],
  ['revise', 'taken', 'act'],
  ['revise', 'resolved', 'check'],
  ['act', 'offered', 'propose'],
  ['act', 'resolved', 'check'],
  ['check', 'accepted', 'act'],
  ['check', 'refused', 'revise'],
  ['check', 'solved', 'learn'],
  ['check', 'silent', 'learn'],
  ['check', 'unsolved', 'act'],
  ['check', 'offered', 'propose'],
  ['learn', 'unsolved', 'act'],
  ['answer', 'resolved', 'check'],
  ['answer', 'refiled', 'find'],
  ['answer', 'offered', 'propose'],
  ['thank', 'told', 'tell'],
]
const outcomes: Outcome[] = [
  'heard',
  'told',
  'offered',
  'accepted',
  'refused',
  'taken',
  'resolved',
  'solved',
  'unsolved',
  'silent',
  'refiled',
]

test.each(steps.flatMap((step) => outcomes.map((outcome) => [step, outcome] as const)))('%s, %s', (step, outcome) => {
  const road = roads.find(([from, by]) => from === step && by === outcome)
  expect(nextStep(step, outcome)).toBe(road?.[2] ?? step)
})

test('a complaint goes through the steps in the order of P6', () => {
  const way: Outcome[] = ['heard', 'offered', 'refused', 'offered', 'accepted', 'resolved', 'solved']
  const passed: Step[] = ['listen']
  for (const outcome of way) passed.push(nextStep(passed.at(-1) ?? 'listen', outcome))
  expect(passed).toEqual(['listen', 'find', 'propose', 'revise', 'propose', 'act', 'check', 'learn'])
})

test('nothing is proposed before the customer was listened to in words, and no step is a dead end but the last', () => {
  expect(nextStep('listen', 'accepted')).toBe('listen')
  const ends = steps.filter((step) => Object.keys(flow[step]).length === 0)
  expect(ends).toEqual(['tell'])
})
