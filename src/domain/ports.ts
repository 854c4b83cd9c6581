/** The seams: what the engine asks of a channel, and what a channel asks of the engine. main hands each to the other. */
import type { Author, Button, ChannelName, FileContent, Incoming, Outgoing, Place } from './message.ts'
import type { ChannelLine } from './moments.ts'
import type { Answered, Question, Vector } from './question.ts'

/**
 * A platform. What a platform cannot do is absent, and the engine has the fallback. What fails is thrown: as `TryAgain`,
 * `Undeliverable` or `Gone` (faults.ts) where the platform says so, as anything else where it is not known what became of it.
 */
export interface Channel {
  /** Shows it. `id` is our own: the same one never shows twice. A place without a thread is the room itself. */
  post(place: Place, outgoing: Outgoing, id: string, files?: readonly FileContent[]): Promise<Posted>
  edit?(place: Place, message: string, outgoing: Outgoing): Promise<void>
  remove?(place: Place, message: string): Promise<void>
  react?(place: Place, message: string, emoji: string): Promise<void>
  unreact?(place: Place, message: string, emoji: string): Promise<void>
  /** A turn takes longer than people wait without a sign. `message` is what is being answered. */
  showWorking?(place: Place, message: string): Promise<void>
  /** What was posted under our id, if it was; `outgoing` is what was to be posted. */
  findSent?(place: Place, id: string, outgoing: Outgoing): Promise<Posted | null>
  /** How long the platform itself knows our id again; a later repeat is looked for first (absent: every repeat). */
  remembersMs?: number
  /** The row is the message: the commit that wrote it has delivered it (web). */
  deliversAtCommit?: true
  stop(): Promise<void>
}

/** The platform's id of what was posted; the thread that it opened, where it did. */
export interface Posted {
  id: string
  thread?: string
}

/** What became of something that arrived. */
export type Received =
  | { type: 'stored'; id: string; conversation: string }
  | { type: 'duplicate'; id: string }
  | { type: 'conflict' }
  | { type: 'blocked' }
  /** People talking among themselves: nothing is kept, and nobody answers. */
  | { type: 'aside' }
  | { type: 'unknown'; what: string }
  /** An agent's action that cannot be done as things stand: one sentence for whoever acts. Nothing was stored. */
  | { type: 'refused'; text: string }
  | { type: 'draining' }

/** What the engine offers to channels. */
export interface Front {
  /** Stores it; resolves once it is durable, and only then may the channel acknowledge. */
  receive(incoming: Incoming): Promise<Received>
  /** Read-only, answered at once. */
  view<K extends keyof Asks>(request: View<K>): Promise<Answers[K]>
  /** Checks what somebody filled in, answers at once, and stores it as durably as `receive`. Waits for no turn. */
  submit(submission: Submission): Promise<Submitted>
}

/** Forms of the desk, then of customers; `record` is opened by an agent from a customer's message. */
export const deskForms = [
  ...['reply', 'note', 'remedy', 'promise', 'transfer', 'resolve', 'refile', 'link', 'declare', 'record'],
] as const
export const customerForms = ['wrong', 'preferences'] as const
export type FormName = (typeof deskForms)[number] | (typeof customerForms)[number]

/** A form ready to show: every word of it in the language of whom it is for. */
export interface Form {
  form: FormName
  title: string
  /** What the button says that hands it in. */
  submit: string
  case: number | null
  fields: FormField[]
}

/** Why there is nothing to fill in: one sentence for whoever wanted to. */
export interface NoForm {
  refused: string
}

export interface FormField {
  id: string
  label: string
  /**
   * `time` is typed as people say it ("today 15:00", 明天下午三點); the engine reads it. `person` is a name, or picked from
   * the platform's people: then their id, with what they are called in the value `<field>.name`.
   */
  kind: 'text' | 'long' | 'choice' | 'time' | 'number' | 'person'
  /** Of a choice. */
  options?: { id: string; label: string }[]
  value?: string
  optional: boolean
  hint?: string
  /** Characters. */
  atMost?: number
}

/** `about` is the message that the form was opened on: `record` and `wrong` are given who wrote it, and what. */
export interface About {
  /** The platform's id of it. */
  message: string
  author: Author
  text: string
}

export interface Submission {
  /** The platform's id of this handing in: the same one never counts twice. */
  id: string
  form: FormName
  case: number | null
  by: Author
  place: Place
  at: number
  values: Readonly<Record<string, string>>
  about: About | null
}

export type Submitted =
  | { type: 'done'; text: string | null }
  /** Field → one sentence that says what to write instead. */
  | { type: 'wrong'; errors: Record<string, string> }
  | { type: 'refused'; text: string }

/** What can be looked at, by name: what the request says beside it. */
export interface Asks {
  messages: { customer: string; after: string | null }
  cases: { status: string | null }
  case: { number: number }
  /** What a model suggests to whoever works the case; the one view that takes seconds. */
  help: { number: number }
  desk: object
  journey: { customer: string }
  /** Whose message that is: a customer's id, or at the desk an agent's; null for one that we do not know. */
  author: { channel: ChannelName; message: string }
  form: { form: FormName; case: number | null; by: Author; about: About | null }
  /** A reply that a model suggests, to be changed and sent by whoever asks. */
  suggestion: { case: number; by: Author }
  home: { customer: Author }
  /** Where something was said lately, for fetching what was missed. */
  places: { channel: ChannelName }
  /** What a channel says for itself, to one person and in their language. */
  words: { customer: string; line: ChannelLine; values: Readonly<Record<string, string | number>> }
  /** What a place is to us, and whether this person (an id) has spoken with us in that very place. */
  place: { place: Place; author?: string }
}

/** Each request's answer; what is `unknown` here is JSON as CONTRACT.md gives it. */
export interface Answers {
  messages: unknown
  cases: unknown
  case: unknown
  help: Help | null
  desk: unknown
  journey: unknown
  author: string | null
  form: Form | NoForm
  suggestion: Suggested | NoForm
  home: Home
  places: KnownPlace[]
  words: string
  place: PlaceFacts
}

export type View<K extends keyof Asks = keyof Asks> = { [P in K]: { of: P } & Asks[P] }[K]

/** What to say meanwhile, and the form of a reply, filled in as far as there is a suggestion; that one takes seconds. */
export interface Suggested {
  meanwhile: string
  form(): Promise<Form>
}

/** Suggestions: each is null where there is none that passes the guard and policy. */
export interface Help {
  summary: string | null
  /** To the customer, in their language. */
  reply: string | null
  remedy: { name: string; amount: number | null; why: string } | null
}

export interface Home {
  title: string
  /** What a customer may expect of us, a point each (P38). */
  standard: string[]
  cases: { case: number; title: string; lines: string[] }[]
  /** What stands in the place of cases where none is open. */
  none: string | null
  /** Buttons named by a form open it, any other is pressed. */
  buttons: Button[]
}

export interface KnownPlace {
  place: Place
  /** The newest message of the platform's that we know there, and when it was said. */
  newest: string | null
  at: number
}

export interface PlaceFacts {
  desk: boolean
  /** The case whose thread it is. */
  case: number | null
  /** Whoever was asked about has spoken with us there: they need not address us again. */
  known: boolean
  /** By policy everything that is posted in that room is for us. */
  support: boolean
}

/** A platform as main starts it: the engine is made with its channel, and only then what comes in has where to go. */
export interface Platform {
  channel: Channel
  /** Begins to connect, and goes on trying: a platform that is down is told once, and stops nothing else. */
  connect(front: Front): Promise<void>
}

/** A language model, where one is set. It proposes and decides nothing; `ask` never throws, and is never later than asked. */
export interface Model {
  /** Is it worth asking just now? Not one that is down or whose budget is used up: then nobody prepares a question. */
  ready(): boolean
  ask<T>(question: Question<T>): Promise<Answered<T>>
  /** A vector for each text; null where there are none in time. Absent where no embedding model is set. */
  embed?(texts: readonly string[], withinMs: number): Promise<Vector[] | null>
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number
}

/** Where a channel's tokens and registered commands persist. */
export interface Keep {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  delete(key: string): Promise<void>
}
