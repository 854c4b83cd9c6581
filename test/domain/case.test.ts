import { expect, test } from 'vitest'
import {
  apply,
  applyAll,
  type Case,
  type CaseEvent,
  isActive,
  isHeld,
  isOwner,
  merge,
  ownerName,
} from '../../src/domain/case.ts'
import { noFacts } from '../../src/domain/reading.ts'
import { kim, lee } from './world.ts'

const opened: CaseEvent = {
  type: 'opened',
  kind: 'complaint',
  severity: 1,
  tolerance: 0.85,
  mood: 'annoyed',
  summary: 'late',
  facts: { ...noFacts, thing: 'parcel' },
  owner: 'desk',
}
const fresh = apply(null, opened, 1000)
const offer = { remedy: 'refund', amount: '20', by: kim, approved: true, answered: false }
const held = { agent: kim, text: 'your fault', reason: 'blame', better: null }
const offered = apply(fresh, { type: 'offered', offer }, 1000)
const resolved = apply(fresh, { type: 'resolved', by: kim, cause: 'courier', remedy: null }, 1000)

test('a case begins open, with nothing done', () => {
  expect(fresh).toMatchObject({
    status: 'open',
    step: 'listen',
    owner: 'desk',
    openedAt: 1000,
    spokeAt: 1000,
    answeredAt: null,
    apologies: 0,
    offer: null,
    solved: null,
  })
  expect(apply(null, { ...opened, kind: 'inquiry' }, 0).step).toBe('answer')
  expect(apply(null, { ...opened, kind: 'safety' }, 0).step).toBe('listen')
})

test.each<[string, Case, CaseEvent, Partial<Case>]>([
  [
    'heard: what is newly said lies over what was known',
    fresh,
    { type: 'heard', facts: { ...noFacts, order: 'A1' }, mood: 'angry', text: 'x' },
    { facts: { ...noFacts, thing: 'parcel', order: 'A1' }, mood: 'angry', spokeAt: 2000 },
  ],
  ['moved', fresh, { type: 'moved', outcome: 'heard' }, { step: 'find' }],
  ['moved by what the step does not name', fresh, { type: 'moved', outcome: 'solved' }, { step: 'listen' }],
  ['raised', fresh, { type: 'raised', severity: 3, tolerance: 0.1, reason: 'x' }, { severity: 3, tolerance: 0.1 }],
  ['failedAgain', fresh, { type: 'failedAgain', reason: 'x' }, { secondFailures: 1 }],
  ['apologised', fresh, { type: 'apologised' }, { apologies: 1 }],
  ['called', { ...fresh, owner: 'bot' }, { type: 'called' }, { owner: 'desk' }],
  ['called, while a person has it', { ...fresh, owner: kim }, { type: 'called' }, { owner: kim }],
  ['claimed', fresh, { type: 'claimed', by: kim }, { owner: kim, introduced: kim.id }],
  ['released', { ...fresh, owner: kim }, { type: 'released', by: kim }, { owner: 'desk' }],
  [
    'transferred',
    { ...fresh, owner: kim },
    { type: 'transferred', by: kim, to: lee },
    { owner: lee, introduced: lee.id },
  ],
  [
    'replied',
    { ...fresh, held },
    { type: 'replied', by: kim, text: 'x', kept: [] },
    { answeredAt: 2000, held: null, replies: [{ answeredAt: null, kept: [] }] },
  ],
  [
    'unsaid',
    { ...fresh, answeredAt: 1500, replies: [{ answeredAt: null, kept: [] }] },
    { type: 'unsaid', by: kim },
    { answeredAt: null, replies: [] },
  ],
  [
    'replied again',
    { ...fresh, answeredAt: 1500 },
    { type: 'replied', by: kim, text: 'x', kept: [] },
    { answeredAt: 1500, replies: [{ answeredAt: 1500, kept: [] }] },
  ],
  ['noted', fresh, { type: 'noted', by: kim, text: 'x' }, {}],
  ['held', fresh, { type: 'held', held }, { held }],
  ['offered, approved', fresh, { type: 'offered', offer }, { offer, status: 'waiting' }],
  [
    'offered, not yet approved: it is still our move',
    { ...offered, status: 'waiting' },
    { type: 'offered', offer: { ...offer, approved: false, answered: false } },
    { offer: { ...offer, approved: false, answered: false }, status: 'open' },
  ],
  [
    'approved',
    { ...fresh, offer: { ...offer, approved: false, answered: false } },
    { type: 'approved', by: lee },
    { offer, status: 'waiting' },
  ],
  [
    'accepted',
    offered,
    { type: 'accepted' },
    { status: 'open', remedy: 'refund', offer: { ...offer, answered: true } },
  ],
  ['refused', offered, { type: 'refused' }, { status: 'open', offer: null, refused: 1 }],
  [
    'resolved',
    offered,
    { type: 'resolved', by: kim, cause: 'courier', remedy: null },
    { status: 'resolved', cause: 'courier', remedy: null, answeredAt: 2000, resolvedAt: 2000 },
  ],
  ['checked', resolved, { type: 'checked' }, { checks: 1 }],
  ['answered: solved', resolved, { type: 'answered', solved: true }, { solved: true, rating: null }],
  ['answered: rated', { ...resolved, solved: true }, { type: 'answered', rating: 4 }, { solved: true, rating: 4 }],
  [
    'reopened',
    { ...resolved, checks: 2, offer },
    { type: 'reopened', reason: 'x' },
    { status: 'open', resolvedAt: null, checks: 0, solved: false, offer: null },
  ],
  ['refiled', fresh, { type: 'refiled', by: kim, kind: 'inquiry' }, { kind: 'inquiry' }],
  ['withdrawn', fresh, { type: 'withdrawn' }, { status: 'withdrawn' }],
  ['closed', resolved, { type: 'closed', reason: 'silent' }, { status: 'closed' }],
])('%s', (_, before, event, changed) => {
  expect(apply(before, event, 2000)).toEqual({ ...before, ...changed })
})

test('an event needs a case', () => {
  expect(() => apply(null, { type: 'checked' }, 0)).toThrow('the event checked needs a case')
  expect(applyAll(null, [], 0)).toBeNull()
})

test('facts: what is unsaid changes nothing', () => {
  expect(merge({ ...noFacts, thing: 'parcel', times: 2 }, { ...noFacts, thing: 'order' })).toEqual({
    ...noFacts,
    thing: 'order',
    times: 2,
  })
})

test('who has it', () => {
  expect([isHeld(null), isHeld(fresh), isHeld({ ...fresh, owner: kim })]).toEqual([false, false, true])
  expect([ownerName(fresh), ownerName({ ...fresh, owner: kim })]).toEqual(['desk', 'kim'])
  expect(
    (['open', 'waiting', 'resolved', 'closed', 'withdrawn'] as const).filter((status) =>
      isActive({ ...fresh, status }),
    ),
  ).toEqual(['open', 'waiting'])
})

test.each([
  ['slack:T1:U0LEE', 'Lee', 'slack:T1:U0LEE', 'Lee', true],
  ['slack:T1:lee', 'lee', 'slack:T1:U0LEE', 'Lee', true],
  ['discord:-:Lee', 'Lee', 'discord:-:5512', 'lee', true],
  ['slack:T1:lee', 'lee', 'slack:T2:U0LEE', 'Lee', false],
  ['slack:T1:lee', 'lee', 'slack:T1:U0KIM', 'Kim', false],
  ['slack:T1:U0LEE', 'Lee', 'slack:T1:U1LEE', 'Lee', false],
])('%s (%s) is %s (%s): %s', (owner, called, id, name, same) => {
  expect(isOwner({ id: owner, name: called }, { id, name })).toBe(same)
})
