/** A case: one matter of one customer that somebody must put right or answer. Its events are its record; the row is their sum. */
import type { Commitment } from './commitment.ts'
import { nextStep, type Outcome, type Step } from './flow.ts'
import { type Facts, type Mood, noFacts, type Severity } from './reading.ts'

export type CaseKind = 'complaint' | 'inquiry' | 'safety'
export const statuses = ['open', 'waiting', 'resolved', 'closed', 'withdrawn'] as const
export type Status = (typeof statuses)[number]

/** A person who works a case. */
export interface Person {
  id: string
  name: string
}

/** A remedy that was put to the customer; `approved` is false while a lead must still say yes. */
export interface Offer {
  remedy: string
  amount: string | null
  by: Person | null
  approved: boolean
  /** The customer has accepted it. Until then it stands, even where the case was resolved meanwhile. */
  answered: boolean
}

/** An agent's text that the guard stopped. */
export interface Held {
  agent: Person
  text: string
  reason: string
  better: string | null
}

/** What an agent's words changed, for as long as they might be taken back. */
export interface Reply {
  /** When a person had first answered before them. */
  answeredAt: number | null
  /** The promises that they kept, as these stood before. */
  kept: Commitment[]
}

/** So many of an agent's last words can be taken back, one after the other. */
const repliesKept = 3

export interface Case {
  kind: CaseKind
  status: Status
  step: Step
  /** Who has it: a person, or nobody yet: then `desk` (a person is called) or `bot`. */
  owner: Person | 'desk' | 'bot'
  severity: Severity
  /** 1 is wide, 0 is none (P17). */
  tolerance: number
  mood: Mood
  summary: string
  facts: Facts
  openedAt: number
  /** When the customer last spoke, and when a person first answered: epoch milliseconds. */
  spokeAt: number
  answeredAt: number | null
  resolvedAt: number | null
  cause: string | null
  remedy: string | null
  offer: Offer | null
  refused: number
  /** Apologies said in this case; failures in handling it (P9). */
  apologies: number
  secondFailures: number
  held: Held | null
  /** The last replies, newest last: an undo gives back what its reply changed. */
  replies: Reply[]
  /** Of whom the customer was told that they have it: a person's id. */
  introduced: string | null
  checks: number
  /** The short survey was asked: never twice for one case (P21). */
  surveyed: boolean
  solved: boolean | null
  expectation: 'better' | 'as' | 'worse' | null
  rating: number | null
}

export type CaseEvent =
  | {
      type: 'opened'
      kind: CaseKind
      severity: Severity
      tolerance: number
      mood: Mood
      summary: string
      facts: Facts
      owner: Person | 'desk' | 'bot'
    }
  | { type: 'heard'; facts: Facts; mood: Mood; text: string }
  | { type: 'moved'; outcome: Outcome }
  | { type: 'raised'; severity: Severity; tolerance: number; reason: string }
  | { type: 'failedAgain'; reason: string }
  | { type: 'apologised' }
  | { type: 'called' }
  | { type: 'claimed'; by: Person }
  | { type: 'released'; by: Person }
  | { type: 'transferred'; by: Person; to: Person }
  | { type: 'replied'; by: Person; text: string; kept: Commitment[] }
  | { type: 'unsaid'; by: Person }
  /** They changed words of theirs; null: took them away. */
  | { type: 'reworded'; by: Person; text: string | null }
  | { type: 'noted'; by: Person; text: string }
  /** The customer was told to be somebody whom we know from elsewhere, or not to be after all. */
  | { type: 'linked' | 'unlinked'; by: Person }
  | { type: 'held'; held: Held }
  | { type: 'offered'; offer: Offer }
  | { type: 'approved'; by: Person }
  | { type: 'accepted' }
  | { type: 'refused' }
  | { type: 'resolved'; by: Person; cause: string | null; remedy: string | null }
  | { type: 'checked' }
  | { type: 'surveyed' }
  | { type: 'answered'; solved?: boolean; expectation?: 'better' | 'as' | 'worse'; rating?: number }
  | { type: 'reopened'; reason: string }
  /** It ends with a question: that one is still to be answered. */
  | { type: 'carriedOn' }
  | { type: 'refiled'; by: Person; kind: CaseKind }
  | { type: 'withdrawn' }
  | { type: 'closed'; reason: 'solved' | 'silent' | 'answered' | 'blocked' | 'refiled' }

/**
 * Is that the person who has it? Whoever was named by a colleague is known by their name in that place alone, until
 * they act: `slack:T1:lee` is U0LEE, whom everybody there calls Lee.
 */
export function isOwner(owner: Person, by: Person): boolean {
  const called = (name: string) => by.id.replace(/[^:]*$/u, name)
  return owner.id === by.id || (owner.id === called(owner.name) && owner.name.toLowerCase() === by.name.toLowerCase())
}

export function isHeld(kase: Case | null): kase is Case & { owner: Person } {
  return kase !== null && typeof kase.owner === 'object'
}

/** Somebody still has a move to make in it. */
export function isActive(kase: Case): boolean {
  return kase.status === 'open' || kase.status === 'waiting'
}

export function ownerName(kase: Case): string {
  return typeof kase.owner === 'object' ? kase.owner.name : kase.owner
}

/** What lists and cards show of a case. */
export function faceOf(kase: Case) {
  const { kind, status, step, severity, tolerance, mood, summary } = kase
  return { kind, status, step, owner: ownerName(kase), severity, tolerance, mood, summary }
}

/** The case after an event. `opened` makes it; every other event needs one. */
export function apply(kase: Case | null, event: CaseEvent, at: number): Case {
  if (event.type === 'opened') return opened(event, at)
  if (kase === null) throw new Error(`the event ${event.type} needs a case`)
  return { ...kase, ...change(kase, event, at) }
}

export function applyAll(kase: Case | null, events: readonly CaseEvent[], at: number): Case | null {
  return events.reduce<Case | null>((state, event) => apply(state, event, at), kase)
}

function opened(event: Extract<CaseEvent, { type: 'opened' }>, at: number): Case {
  return {
    kind: event.kind,
    status: 'open',
    step: event.kind === 'inquiry' ? 'answer' : 'listen',
    owner: event.owner,
    severity: event.severity,
    tolerance: event.tolerance,
    mood: event.mood,
    summary: event.summary,
    facts: event.facts,
    openedAt: at,
    spokeAt: at,
    answeredAt: null,
    resolvedAt: null,
    cause: null,
    remedy: null,
    offer: null,
    refused: 0,
    apologies: 0,
    secondFailures: 0,
    held: null,
    replies: [],
    introduced: null,
    checks: 0,
    surveyed: false,
    solved: null,
    expectation: null,
    rating: null,
  }
}

function change(kase: Case, event: Exclude<CaseEvent, { type: 'opened' }>, at: number): Partial<Case> {
  switch (event.type) {
    case 'heard':
      return { facts: merge(kase.facts, event.facts), mood: event.mood, spokeAt: at }
    case 'moved':
      return { step: nextStep(kase.step, event.outcome) }
    case 'raised':
      // 0.6 − 0.15 would be shown as 0.44999999999999996.
      return { severity: event.severity, tolerance: Math.round(event.tolerance * 100) / 100 }
    case 'failedAgain':
      return { secondFailures: kase.secondFailures + 1 }
    case 'apologised':
      return { apologies: kase.apologies + 1 }
    case 'called':
      return typeof kase.owner === 'object' ? {} : { owner: 'desk' }
    case 'claimed':
      return { owner: event.by, introduced: event.by.id }
    case 'released':
      return { owner: 'desk', introduced: null }
    case 'transferred':
      return { owner: event.to, introduced: event.to.id }
    case 'replied':
      return {
        answeredAt: kase.answeredAt ?? at,
        replies: [...kase.replies, { answeredAt: kase.answeredAt, kept: event.kept }].slice(-repliesKept),
        held: null,
      }
    case 'unsaid': {
      const undone = kase.replies.at(-1)
      // What was resolved since then stays answered.
      const before = undone && isActive(kase) ? { answeredAt: undone.answeredAt } : {}
      return { ...before, replies: kase.replies.slice(0, -1) }
    }
    case 'reworded':
    case 'noted':
    case 'linked':
    case 'unlinked':
      return {}
    case 'held':
      return { held: event.held }
    case 'offered':
      return { offer: event.offer, status: event.offer.approved ? 'waiting' : 'open' }
    case 'approved':
      return { offer: kase.offer && { ...kase.offer, approved: true }, status: 'waiting' }
    case 'accepted':
      return {
        status: 'open',
        resolvedAt: null,
        remedy: kase.offer?.remedy ?? kase.remedy,
        offer: kase.offer && { ...kase.offer, answered: true },
      }
    case 'refused':
      return { status: 'open', resolvedAt: null, offer: null, refused: kase.refused + 1 }
    case 'resolved':
      return {
        status: 'resolved',
        cause: event.cause ?? kase.cause,
        remedy: event.remedy ?? kase.remedy,
        resolvedAt: at,
        answeredAt: kase.answeredAt ?? at,
        held: null,
      }
    case 'checked':
      return { checks: kase.checks + 1 }
    case 'surveyed':
      return { surveyed: true }
    case 'answered':
      return {
        solved: event.solved ?? kase.solved,
        expectation: event.expectation ?? kase.expectation,
        rating: event.rating ?? kase.rating,
      }
    case 'reopened':
      return { status: 'open', resolvedAt: null, checks: 0, solved: false, offer: null }
    case 'carriedOn':
      return { status: 'open', resolvedAt: null, checks: 0 }
    case 'refiled':
      return { kind: event.kind }
    case 'withdrawn':
      return { status: 'withdrawn' }
    case 'closed':
      return { status: 'closed' }
    default:
      return event satisfies never
  }
}

/** What was known, with what was newly said over it. */
export function merge(known: Facts, said: Facts): Facts {
  const told = Object.entries(said).filter(([, value]) => value !== null)
  return { ...noFacts, ...known, ...Object.fromEntries(told) }
}
