/** What goes into a decision and what comes out of it. Rules return data; engine/commit.ts is the one place that acts. */
import type { Case, CaseEvent, Person } from './case.ts'
import { applyAll, isActive } from './case.ts'
import type { Commitment } from './commitment.ts'
import type { Customer, Locale } from './customer.ts'
import type { Step } from './flow.ts'
import type { Hours } from './hours.ts'
import type { Calling, Rung } from './ladder.ts'
import type { Command } from './message.ts'
import type { Moment, moments } from './moments.ts'
import { type Policy, remedyNamed } from './policy.ts'
import type { Act, Facts, Kind, Reading } from './reading.ts'
import type { Refusal } from './refusal.ts'

/** Between the questions of one `question` value. */
export const questionsApart = '\n'

/** Stands in a text for a number that is given only when the case, or the suggestion, is stored. */
export const pendingNumber = '\u{F0000}'

/** A value of a script: plain, or something that each language says in its own way. */
export type Value =
  | string
  | number
  | null
  | { by: number }
  | { at: number }
  | { matter: Facts }
  | { step: Step }
  | Refusal
  | { callings: readonly Calling[] }
  | { office: Rung }
  | { topic: string }
  | { tongue: string | null }
  | { plain: string; names: Partial<Record<Locale, string>> }

/** A remedy as each language calls it, where policy knows it; else as the agent wrote it. */
export function remedyValue(policy: Policy, remedy: string | null): Value {
  return remedy === null ? null : { plain: remedy, names: remedyNamed(policy, remedy)?.names ?? {} }
}

/** One building block of a message: a moment and what its script needs to know. */
export interface Part {
  moment: Moment
  values: Record<string, Value>
}

export function part<M extends Moment>(
  moment: M,
  ...[values]: (typeof moments)[M]['length'] extends 0 ? [] : [Record<(typeof moments)[M][number], Value>]
): Part {
  return { moment, values: values ?? {} }
}

/** What the bot asked last in a conversation: it decides what "yes" means. `act` is what an unsure reading was of. */
export type Asked =
  | { question: 'happened' | 'wish' | 'offer' | 'solved' | 'expectation' | 'rating' | 'anything' | 'nevermind' }
  /** `about` is a question that was answered in general: a number given after it says which order was meant. */
  | { question: 'order'; about: string | null }
  | { question: 'kind'; reading: Reading }

/** A question that knowledge could answer, or could not: `answer` is then null. */
export interface Inquiry {
  act: Act
  answer: { text: string; source: string } | null
}

export interface Situation {
  now: number
  policy: Policy
  hours: Hours
  customer: Customer
  asked: Asked | null
  /** The case that this happening belongs to, if there is one. */
  case: Case | null
  /** Its number as people say it; `pendingNumber` for one that is being opened. */
  number: string
  promises: Commitment[]
  /** Complaints of this customer in the last thirty days, this case not counted; and the newest of them. */
  complaintsBefore: number
  before: { number: number; facts: Facts; endedAt: number } | null
}

export type Timer = 'promise.risk' | 'promise.due' | 'silence' | 'check' | 'close' | 'suggestion'

/** What a conversation has to deal with, one at a time. */
export type Happening =
  | { type: 'heard'; reading: Reading; text: string; inquiries: Inquiry[]; files: string[] }
  | { type: 'pressed'; button: string; inquiries: Inquiry[] }
  | { type: 'reacted'; emoji: string }
  /** An edit that means the same as before, or a deletion. */
  | { type: 'changed'; text: string | null; reading: Reading | null }
  | { type: 'joined' }
  | { type: 'trouble'; reason: string; text: string }
  | { type: 'due'; timer: Timer; key: string; about: string | null }
  | {
      type: 'desk'
      by: Person
      command: Command
      guarded: { reason: string; better: string | null } | null
      /** Do a person's words in this case still wait to leave? Those an undo takes back. */
      unsent: boolean
      /** Whom a link names: their id, where they are known. */
      other: string | null
    }

export type Heard = Extract<Happening, { type: 'heard' }>

export type Effect =
  | { type: 'say'; parts: Part[]; buttons: string[] }
  | { type: 'words'; by: Person; text: string }
  /** `changed`: what the customer said before now reads so, or is gone. */
  | { type: 'relay'; from: string; text: string; files: string[]; changed?: 'edited' | 'deleted' }
  | { type: 'note'; from: string; text: string }
  | { type: 'card' }
  | { type: 'alert'; reason: string; part: Part }
  | { type: 'ask'; asked: Asked | null }
  | { type: 'promise'; promise: Commitment }
  | { type: 'timer'; timer: Timer; key: string; dueAt: number; about: string | null }
  | { type: 'cancel'; timer: Timer | 'all' }
  | { type: 'suggest'; text: string }
  | { type: 'know'; change: Partial<Customer> }
  | { type: 'undo'; by: Person }
  /** The customer is the same person as that one; null: is after all not who they were said to be. */
  | { type: 'link'; other: string | null }
  /** What was written under our id `of` is said otherwise, or no longer, wherever it is by now. */
  | { type: 'reword'; of: string; text: string }
  | { type: 'retract'; of: string }

export interface Decision {
  events: CaseEvent[]
  effects: Effect[]
}

/** A decision in the making: the rules add to it from top to bottom, and read the case as it stands by then. */
export interface Draft {
  readonly situation: Situation
  readonly events: CaseEvent[]
  readonly effects: Effect[]
  /** The blocks of the one message that this turn says to the customer (P2), and the choices under it. */
  readonly parts: Part[]
  readonly buttons: string[]
}

export function draft(situation: Situation): Draft {
  return { situation, events: [], effects: [], parts: [], buttons: [] }
}

/** The case as it stands after the events so far. */
export function standing(draft: Draft): Case | null {
  return applyAll(draft.situation.case, draft.events, draft.situation.now)
}

/** The case's number as people say it. One that is opened in this very decision is given its own when it is stored. */
export function numberOf(draft: Draft): string {
  return opensCase(draft) ? pendingNumber : draft.situation.number
}

function opensCase(draft: Draft): boolean {
  return draft.events.some((event) => event.type === 'opened')
}

/** The promises as they stand after the effects so far; a case that is being opened begins with none. */
export function promisesOf(draft: Draft): Commitment[] {
  const known = opensCase(draft) ? [] : draft.situation.promises
  const promises = new Map(known.map((promise) => [promise.n, promise]))
  for (const effect of draft.effects) if (effect.type === 'promise') promises.set(effect.promise.n, effect.promise)
  return [...promises.values()]
}

/** What the rules learnt of the customer. */
export function learntIn(effects: readonly Effect[]): Partial<Customer> {
  return Object.assign({}, ...effects.map((effect) => (effect.type === 'know' ? effect.change : {})))
}

/** Puts the message together. The first one to a new customer begins by saying what is speaking (DESIGN). */
export function done(draft: Draft): Decision {
  const { situation, events, effects, parts, buttons } = draft
  // Who is blocked hears nothing, whatever rings.
  if (parts.length === 0 || situation.customer.blockedAt !== null) return { events, effects }
  const hello = part('hello', { org: situation.policy.organisation })
  // Somebody in danger is not told first what is speaking to them; who asks for it is told by the answer.
  const urgent = parts.some((one) => one.moment.startsWith('safety.') || one.moment === 'identity')
  const isNew = situation.customer.greetedAt === null
  const say: Effect = { type: 'say', parts: isNew && !urgent ? [hello, ...parts] : parts, buttons }
  const know: Effect[] = !isNew ? [] : [{ type: 'know', change: { greetedAt: situation.now } }]
  return { events, effects: [say, ...effects, ...know] }
}

/** An open case in whose record something just changed is shown anew at the desk. */
export function showCard(draft: Draft): void {
  if (standing(draft) !== null && !draft.effects.some((effect) => effect.type === 'card'))
    draft.effects.push({ type: 'card' })
}

export function active(draft: Draft): Case | null {
  const kase = standing(draft)
  return kase && isActive(kase) ? kase : null
}

export function actsOf(reading: Reading, kind: Kind): Act[] {
  return reading.acts.filter((act) => act.kind === kind)
}
