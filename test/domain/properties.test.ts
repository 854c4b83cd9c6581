/** What must hold whatever happens, in whatever order: random conversations through the rules, in memory. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isActive, isHeld } from '../../src/domain/case.ts'
import { answerPromise, isOpen } from '../../src/domain/commitment.ts'
import { type Decision, pendingNumber } from '../../src/domain/decision.ts'
import { brokenAtMost } from '../../src/domain/due.ts'
import { minute } from '../../src/domain/hours.ts'
import type { Command } from '../../src/domain/message.ts'
import type { Moment } from '../../src/domain/moments.ts'
import { answers, kinds, moods, noFacts, safeties } from '../../src/domain/reading.ts'
import {
  act,
  changes,
  customerOf,
  does,
  earliest,
  type Guarded,
  hear,
  kim,
  lee,
  momentsOf,
  policyOf,
  press,
  react,
  ring,
  type Words,
  type World,
  worldOf,
} from './world.ts'

type Step = { do: string; run: (world: World) => unknown }

const severity = fc.constantFrom(0, 1, 2, 3) as fc.Arbitrary<0 | 1 | 2 | 3>
const rarely = fc.integer({ min: 0, max: 9 }).map((n) => n === 0)

const words: fc.Arbitrary<Words> = fc
  .record({
    kinds: fc.uniqueArray(fc.constantFrom(...kinds), { maxLength: 3 }),
    answer: fc.option(fc.constantFrom(...answers), { nil: null, freq: 2 }),
    safety: fc.option(fc.constantFrom(...safeties), { nil: null, freq: 12 }),
    mood: fc.constantFrom(...moods),
    severity,
    urgency: severity,
    wantsHuman: rarely,
    leaving: rarely,
    goingPublic: rarely,
    confidence: fc.constantFrom(0.2, 0.9),
    language: fc.constantFrom('en', 'en', 'zh-TW', 'fr', 'und'),
    thing: fc.constantFrom(null, 'parcel', 'invoice'),
    failure: fc.constantFrom(null, 'late', 'charged'),
    order: fc.constantFrom(null, 'A1'),
    text: fc.constantFrom('words', '5', '1', ''),
    known: fc.constantFrom([], ['some inquiry']),
  })
  .map(({ kinds: said, thing, failure, order, ...rest }) => ({
    ...rest,
    kind: said[0] ?? 'other',
    acts: said.filter((kind) => kind !== 'other').map((kind) => act(kind)),
    facts: { ...noFacts, thing, failure, order },
  }))

const buttons = fc.constantFrom(
  ...['accept', 'decline', 'solved', 'not_solved', 'human', 'stop', 'better', 'as', 'worse', 'rate:1', 'rate:5'],
  ...['choose:complaint', 'choose:inquiry', 'choose:other', 'nonsense'],
)

const command: fc.Arbitrary<Command> = fc.integer({ min: 1, max: 4 }).chain((number) => {
  const named = { case: number }
  return fc.oneof(
    fc.constantFrom<Command[]>(
      { do: 'claim', ...named },
      { do: 'release', ...named },
      { do: 'undo', ...named },
      { do: 'approve', ...named },
      { do: 'reply', ...named, text: 'hello', wording: null },
      { do: 'reply', ...named, text: '', wording: 'take' },
      { do: 'reply', ...named, text: '', wording: 'send' },
      { do: 'note', ...named, text: 'hm', wording: null },
      { do: 'resolve', ...named, text: null, cause: 'courier', remedy: null, wording: null },
      { do: 'resolve', ...named, text: 'done', cause: null, remedy: 'refund', wording: null },
      { do: 'remedy', ...named, remedy: 'refund', amount: '20', text: null },
      { do: 'remedy', ...named, remedy: 'refund', amount: '500', text: null },
      { do: 'transfer', ...named, to: 'lee' },
      { do: 'refile', ...named, kind: 'inquiry' },
      { do: 'refile', ...named, kind: 'complaint' },
      { do: 'refile', ...named, kind: 'suggestion' },
      { do: 'open', for: 'web:-:ada', text: 'seen' },
    ),
    fc
      .constantFrom(30, 600)
      // Filled in when it is run: a promise needs a time ahead of its own now.
      .map((minutes): Command => ({ do: 'promise', ...named, text: `within ${minutes}`, by: minutes, wording: null })),
  )
})

const guarded: fc.Arbitrary<Guarded> = fc.option(
  fc.constantFrom<NonNullable<Guarded>[]>({ reason: 'blame', better: null }, { reason: 'blame', better: 'better' }),
  { nil: null, freq: 5 },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: words.map((said) => ({ do: `hear ${JSON.stringify(said)}`, run: (w: World) => hear(w, said) })),
  },
  { weight: 3, arbitrary: buttons.map((button) => ({ do: `press ${button}`, run: (w: World) => press(w, button) })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('👎', '👍', '🎉').map((emoji) => ({ do: emoji, run: (w: World) => react(w, emoji) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('new words', null)
      .map((text) => ({ do: `change ${text}`, run: (w: World) => changes(w, text) })),
  },
  {
    weight: 5,
    arbitrary: fc.tuple(fc.constantFrom(kim, lee), command, guarded).map(([by, asked, stopped]) => ({
      do: `${by.name} ${JSON.stringify(asked)} ${JSON.stringify(stopped)}`,
      run: (w: World) =>
        does(w, by, asked.do === 'promise' ? { ...asked, by: w.now + asked.by * minute } : asked, stopped),
    })),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(1, 20, 120, 600, 1500, 6000)
      .map((minutes) => ({ do: `pass ${minutes}`, run: (w: World) => pass(w, minutes) })),
  },
)

const block: Step = { do: 'block', run: (w) => does(w, kim, { do: 'block', case: 1 }) }

/** Each thing that rings is looked at by itself. */
function pass(world: World, minutes: number): void {
  const until = world.now + minutes * minute
  for (let next = earliest(world); next && next.dueAt <= until; next = earliest(world)) {
    ring(world, next)
    holds(world)
  }
  world.now = until
}

function run(steps: readonly Step[], world: World): World {
  for (const { run: happens } of steps) {
    const before = world.last
    happens(world)
    if (world.last !== before) holds(world)
  }
  return world
}

/** Moments whose every variant asks the customer something. `greeting` and `other` invite, and stand alone. */
const asking = new Set<Moment>([
  'ask.happened',
  'ask.order',
  'ask.wish',
  'unsure',
  'check',
  'check.solved',
  'check.rate',
  'check.suggestion',
  'offer.made',
  'offer.refused',
  'nevermind',
  'greeting',
  'other',
])

function holds(world: World): void {
  said(world.last)
  for (const index of world.cases.keys()) recorded(world, index)
}

function said(decision: Decision): void {
  const says = decision.effects.filter((effect) => effect.type === 'say')
  expect(says.length, 'one message a turn').toBeLessThanOrEqual(1)
  const questions = momentsOf(decision).filter((moment) => asking.has(moment))
  expect(questions.length, `one question at a time, not ${questions}`).toBeLessThanOrEqual(1)
  const moments = momentsOf(decision)
  expect(moments.indexOf('hello'), 'who speaks is said first').toBeLessThanOrEqual(0)
  if (decision.events.some((event) => event.type === 'opened'))
    for (const { parts } of says)
      for (const { moment, values } of parts)
        if ('number' in values) expect(values.number, `${moment} names the new case`).toBe(pendingNumber)
}

function recorded(world: World, of: number): void {
  const known = world.cases[of]
  if (!known) return
  const { state, promises } = known
  const at = `case ${known.number}, ${state.status}, ${state.step}`
  const open = promises.filter(isOpen)
  const rings = world.timers.filter((timer) => timer.of === of).map(({ timer }) => timer)
  expect(open.filter(({ what }) => what === answerPromise).length, `${at}: one promise of an answer`).toBeLessThan(2)
  for (const { n } of open)
    expect(
      world.timers.some((timer) => timer.of === of && timer.timer === 'promise.due' && timer.key === String(n)),
      `${at}: promise ${n} rings`,
    ).toBe(true)
  switch (state.status) {
    case 'open':
      // After so many broken promises the customer is given no other, and a manager is called every day instead.
      if (!isHeld(state) && promises.filter((known) => known.state === 'broken').length < brokenAtMost)
        expect(open.length, `${at}: somebody is promised`).toBeGreaterThan(0)
      if (!isHeld(state)) expect(rings, `${at}: no day in silence`).toContain('silence')
      return
    case 'waiting':
      expect(state.offer?.approved, `${at}: waits for a word on an offer`).toBe(true)
      expect(rings, `${at}: no day in silence`).toContain('silence')
      return
    case 'resolved':
      expect(state.step, at).toBe('check')
      expect(open, `${at}: nothing is left promised`).toEqual([])
      expect(rings.includes('check') || rings.includes('close'), `${at}: it comes to an end`).toBe(true)
      return
    case 'closed':
    case 'withdrawn':
      expect([open, rings], `${at}: nothing is left`).toEqual([[], []])
      return
    default:
      state.status satisfies never
  }
}

const worlds = fc
  .record({ greeted: fc.boolean(), tier: fc.constantFrom(null, 'vip'), leads: fc.constantFrom([], ['lee']) })
  .map(({ greeted, tier, leads }) => () => {
    const policy = policyOf({ people: { leads }, tiers: { vip: { answerMinutes: 60 } } })
    return worldOf({ policy, customer: customerOf({ greetedAt: greeted ? 1 : null, tier }) })
  })

const steps = fc.array(step, { minLength: 1, maxLength: 30 })

test('whatever happens, the record stays whole: promises, timers, steps, one message with one question', () => {
  fc.assert(
    fc.property(worlds, steps, (make, happenings) => {
      const world = run(happenings, make())
      expect(world.said.filter(({ moments }) => moments.includes('hello')).length).toBeLessThanOrEqual(1)
    }),
    { numRuns: 1500 },
  )
})

test('left alone, every conversation comes to rest: nobody is written to for ever', () => {
  fc.assert(
    fc.property(worlds, steps, (make, happenings) => {
      const world = run(happenings, make())
      const idle = world.cases.every(({ state }) => !isActive(state))
      pass(world, 60 * 24 * 60)
      if (idle) expect(world.timers).toEqual([])
      expect(world.cases.filter(({ state }) => state.status === 'resolved')).toEqual([])
    }),
    { numRuns: 200 },
  )
})

test('who is blocked hears nothing more', () => {
  fc.assert(
    fc.property(worlds, steps, steps, (make, before, after) => {
      const world = run(before, make())
      if (world.cases.length === 0) return
      run([block], world)
      const heard = world.said.length
      run(after, world)
      pass(world, 60 * 24 * 60)
      expect(world.said.slice(heard)).toEqual([])
    }),
    { numRuns: 400 },
  )
})

test('while a person has the case, words of the customer bring none of the bot’s', () => {
  // What the customer asks for outright is theirs at any time: a word on an offer, or to be left alone.
  const plain = words.filter(({ answer }) => answer !== 'accept' && answer !== 'refuse' && answer !== 'stop')
  fc.assert(
    fc.property(worlds, steps, plain, (make, before, last) => {
      const world = run(before, make())
      const inHand = world.cases.findLast(({ state }) => isActive(state))
      if (!inHand || !isHeld(inHand.state)) return
      const cases = world.cases.length
      hear(world, last)
      expect([momentsOf(world.last), world.cases.length]).toEqual([[], cases])
      expect(world.last.effects.some((effect) => effect.type === 'relay')).toBe(true)
    }),
    { numRuns: 600 },
  )
})
