/**
 * One customer's world in memory: what `engine/situation.ts` and `engine/commit.ts` do with the rules' decisions,
 * in as few lines as will do. It reads nothing and sends nothing; it remembers.
 */
import { applyAll, type Case, isActive, isHeld, type Person } from '../../src/domain/case.ts'
import type { Commitment } from '../../src/domain/commitment.ts'
import { isOpen } from '../../src/domain/commitment.ts'
import type { Customer } from '../../src/domain/customer.ts'
import { decide } from '../../src/domain/decide.ts'
import {
  type Asked,
  type Decision,
  type Effect,
  type Happening,
  type Inquiry,
  pendingNumber,
  type Situation,
  type Timer,
} from '../../src/domain/decision.ts'
import type { Command } from '../../src/domain/message.ts'
import type { Moment } from '../../src/domain/moments.ts'
import { hoursOf, type Policy, policySchema } from '../../src/domain/policy.ts'
import { type Act, noFacts, type Reading } from '../../src/domain/reading.ts'

/** Friday 20 November 2026, 09:00 in Taipei: the desk has just opened. */
export const friday = Date.parse('2026-11-20T09:00:00+08:00')
export const weekHours: Policy['hours'] = {
  mon: [['09:00', '18:00']],
  tue: [['09:00', '18:00']],
  wed: [['09:00', '18:00']],
  thu: [['09:00', '18:00']],
  fri: [['09:00', '18:00']],
}

export const kim: Person = { id: 'web:-:kim', name: 'kim' }
export const lee: Person = { id: 'web:-:lee', name: 'lee' }

export function policyOf(over: Record<string, unknown> = {}): Policy {
  return policySchema.parse({ timezone: 'Asia/Taipei', hours: weekHours, ...over })
}

export function customerOf(over: Partial<Customer> = {}): Customer {
  return {
    id: 'web:-:ada',
    name: 'ada',
    language: 'en',
    timezone: null,
    tier: null,
    greetedAt: 1,
    stoppedAt: null,
    blockedAt: null,
    noModelAt: null,
    ...over,
  }
}

export function readingOf(over: Partial<Reading> = {}): Reading {
  const kind = over.kind ?? 'other'
  return {
    kind,
    confidence: 0.9,
    runnerUp: kind === 'complaint' ? 'inquiry' : 'complaint',
    acts: over.acts ?? (kind === 'other' ? [] : [act(kind)]),
    language: 'en',
    languageSure: true,
    mood: 'calm',
    severity: 0,
    urgency: 0,
    wantsHuman: false,
    leaving: false,
    goingPublic: false,
    safety: null,
    answer: null,
    ...over,
    facts: { ...noFacts, ...over.facts },
  }
}

export function act(kind: Act['kind'], text = `some ${kind}`): Act {
  return { kind, text, confidence: 0.9 }
}

export interface Ringing {
  timer: Timer
  key: string
  dueAt: number
  about: string | null
  /** Index of its case; -1 for one that belongs to none. */
  of: number
}

export interface Known {
  number: number
  state: Case
  promises: Commitment[]
  updatedAt: number
}

/** A message as the customer got it: the moments it was made of, its buttons, and the case it spoke of. */
export interface Said {
  at: number
  from: 'bot' | 'agent'
  moments: Moment[]
  buttons: string[]
  of: number
}

export interface World {
  now: number
  policy: Policy
  customer: Customer
  asked: Asked | null
  cases: Known[]
  timers: Ringing[]
  said: Said[]
  /** What the last happening led to. */
  last: Decision
}

export function worldOf(over: Partial<Pick<World, 'now' | 'policy' | 'customer' | 'asked'>> = {}): World {
  return {
    now: friday,
    policy: policyOf(),
    customer: customerOf(),
    asked: null,
    cases: [],
    timers: [],
    said: [],
    last: { events: [], effects: [] },
    ...over,
  }
}

export interface Words extends Partial<Reading> {
  text?: string
  /** Questions among the acts that knowledge answers. */
  known?: readonly string[]
}

/** The customer says something that was understood so. A blocked one is not let in (engine/receive.ts). */
export function hear(world: World, { text = 'words', known = [], ...over }: Words): Decision {
  if (world.customer.blockedAt !== null) return { events: [], effects: [] }
  const reading = readingOf(over)
  const inquiries: Inquiry[] = reading.acts
    .filter(({ kind }) => kind === 'inquiry')
    .map((asked) => ({ act: asked, answer: known.includes(asked.text) ? { text: 'so it is', source: 'page' } : null }))
  return happen(world, { type: 'heard', reading, text, inquiries, files: [] }, currentCase(world))
}

export function press(world: World, button: string): Decision {
  if (world.customer.blockedAt !== null) return { events: [], effects: [] }
  const offering = world.said.findLast(({ buttons }) => buttons.includes(button))?.of ?? -1
  const settled = world.asked?.question === 'kind' ? world.asked.reading.acts : []
  const inquiries = button === 'choose:inquiry' ? settled.map((asked) => ({ act: asked, answer: null })) : []
  return happen(world, { type: 'pressed', button, inquiries }, offering === -1 ? currentCase(world) : offering)
}

export function react(world: World, emoji: string): Decision {
  if (world.customer.blockedAt !== null) return { events: [], effects: [] }
  return happen(world, { type: 'reacted', emoji }, currentCase(world))
}

export type Guarded = Extract<Happening, { type: 'desk' }>['guarded']

/** The customer edits (or, with null, deletes) what was answered already. */
export function changes(world: World, text: string | null): Decision {
  return happen(world, { type: 'changed', text, reading: text === null ? null : readingOf({}) }, currentCase(world))
}

/** An agent acts on the case of that number. A claim, a release and a block take effect as they are received. */
export function does(world: World, by: Person, command: Command, guarded: Guarded = null, unsent = false): Decision {
  const of = 'case' in command ? command.case - 1 : -1
  const known = world.cases[of]
  if ('case' in command && !known) return { events: [], effects: [] }
  if (known && (command.do === 'claim' || command.do === 'reply') && !isHeld(known.state))
    known.state = { ...known.state, owner: by }
  if (known && command.do === 'release' && isHeld(known.state)) known.state = { ...known.state, owner: 'desk' }
  if (command.do === 'block') world.customer = { ...world.customer, blockedAt: world.now }
  return happen(world, { type: 'desk', by, command, guarded, unsent, other: null }, of)
}

/** Lets time pass; what falls due on the way happens in order. */
export function pass(world: World, ms: number): void {
  const until = world.now + ms
  for (let next = earliest(world); next && next.dueAt <= until; next = earliest(world)) ring(world, next)
  world.now = until
}

/** Rings the earliest timer of a kind, now or at its time. */
export function ring(world: World, which: Ringing): Decision {
  world.now = Math.max(world.now, which.dueAt)
  world.timers = world.timers.filter((timer) => timer !== which)
  const { timer, key, about, of } = which
  return happen(world, { type: 'due', timer, key, about }, of)
}

export function earliest(world: World, timer?: Timer): Ringing | undefined {
  return world.timers
    .filter((set) => timer === undefined || set.timer === timer)
    .toSorted((a, b) => a.dueAt - b.dueAt)[0]
}

function happen(world: World, happening: Happening, of: number): Decision {
  const situation = situate(world, of)
  const decision = decide(situation, happening)
  commit(world, decision, of)
  world.last = decision
  return decision
}

function situate(world: World, of: number): Situation {
  const known = world.cases[of]
  const recent = (other: Known) => other !== known && other.state.kind === 'complaint'
  const earlier = world.cases.filter(recent).toReversed()
  const [before] = earlier
  return {
    now: world.now,
    policy: world.policy,
    hours: hoursOf(world.policy, 'UTC'),
    customer: world.customer,
    asked: world.asked,
    case: known?.state ?? null,
    number: known ? String(known.number) : pendingNumber,
    promises: known?.promises ?? [],
    complaintsBefore: earlier.length,
    before: before ? { number: before.number, facts: before.state.facts, endedAt: before.updatedAt } : null,
  }
}

/** As engine/commit.ts: what opens a case begins with nothing, whatever case the happening came from. */
function commit(world: World, { events, effects }: Decision, of: number): void {
  const opens = events.some((event) => event.type === 'opened')
  const index = opens ? world.cases.length : of
  const known = opens ? undefined : world.cases[of]
  if (events.length > 0) {
    const state = applyAll(known?.state ?? null, events, world.now)
    if (state === null) throw new Error('a case was changed that was never opened')
    if (known) Object.assign(known, { state, updatedAt: world.now })
    else world.cases.push({ number: index + 1, state, promises: [], updatedAt: world.now })
  }
  for (const effect of effects) enact(world, effect, index)
  const asks = effects.filter((effect) => effect.type === 'ask')
  const asked = asks.at(-1)
  if (asked) world.asked = asked.asked
}

function enact(world: World, effect: Effect, of: number): void {
  const known = world.cases[of]
  switch (effect.type) {
    case 'say': {
      const moments = effect.parts.map(({ moment }) => moment)
      world.said.push({ at: world.now, from: 'bot', moments, buttons: effect.buttons, of })
      return
    }
    case 'words':
      world.said.push({ at: world.now, from: 'agent', moments: [], buttons: [], of })
      return
    case 'promise': {
      if (!known) throw new Error('a promise was given in no case')
      known.promises = [...known.promises.filter(({ n }) => n !== effect.promise.n), effect.promise]
      if (!isOpen(effect.promise))
        world.timers = world.timers.filter((set) => {
          return !(set.of === of && set.timer.startsWith('promise.') && set.key === String(effect.promise.n))
        })
      return
    }
    case 'timer': {
      const { timer, key, dueAt, about } = effect
      const whose = timer === 'suggestion' ? -1 : of
      world.timers = world.timers.filter((set) => !(set.timer === timer && set.key === key && set.of === whose))
      world.timers.push({ timer, key, dueAt, about, of: whose })
      return
    }
    case 'cancel':
      world.timers = world.timers.filter(
        (set) => set.of !== of || (effect.timer !== 'all' && set.timer !== effect.timer),
      )
      return
    case 'suggest':
      world.timers.push({
        timer: 'suggestion',
        key: effect.text,
        dueAt: world.now + 14 * 86_400_000,
        about: effect.text,
        of: -1,
      })
      return
    case 'know':
      world.customer = { ...world.customer, ...effect.change }
      return
    default:
      return
  }
}

/** engine/situation.ts: the one in hand, else the one that was just resolved, else the one that is surveyed. */
function currentCase(world: World): number {
  const survey = world.asked?.question === 'expectation' || world.asked?.question === 'rating'
  const last = (fits: (state: Case) => boolean) => world.cases.findLastIndex(({ state }) => fits(state))
  const inHand = last(isActive)
  if (inHand !== -1) return inHand
  const resolved = last(({ status }) => status === 'resolved')
  if (resolved !== -1) return resolved
  return survey ? last(({ status }) => status === 'closed') : -1
}

/** The moments of what was last decided to be said, in order. */
export function momentsOf({ effects }: Decision): Moment[] {
  return effects.flatMap((effect) => (effect.type === 'say' ? effect.parts.map(({ moment }) => moment) : []))
}

export function alertsOf({ effects }: Decision): string[] {
  return effects.flatMap((effect) => (effect.type === 'alert' ? [effect.reason] : []))
}

export function buttonsOf({ effects }: Decision): string[] {
  return effects.flatMap((effect) => (effect.type === 'say' ? effect.buttons : []))
}

export function effectsOf<T extends Effect['type']>({ effects }: Decision, type: T): Extract<Effect, { type: T }>[] {
  return effects.filter((effect): effect is Extract<Effect, { type: T }> => effect.type === type)
}

/** The newest case. */
export function caseOf(world: World): Case {
  const known = world.cases.at(-1)
  if (!known) throw new Error('no case was opened')
  return known.state
}

export function openPromises(world: World, of = world.cases.length - 1): Commitment[] {
  return (world.cases[of]?.promises ?? []).filter(isOpen)
}
