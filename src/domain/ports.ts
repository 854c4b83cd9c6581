/** The seams: what the engine asks of a channel, and what a channel asks of the engine. main hands each to the other. */
import type { ChannelName, Incoming, Outgoing, Place } from './message.ts'
import type { Answered, Question } from './question.ts'

/** A platform. What a platform cannot do is absent, and the engine has the fallback. */
export interface Channel {
  /** Shows it, and gives the platform's id of what was posted. `id` is our own: the same one never shows twice. */
  post(place: Place, outgoing: Outgoing, id: string): Promise<{ id: string }>
  edit?(place: Place, message: string, outgoing: Outgoing): Promise<void>
  remove?(place: Place, message: string): Promise<void>
  react?(place: Place, message: string, emoji: string): Promise<void>
  openForm?(trigger: string, form: unknown): Promise<void>
  showWorking?(place: Place): Promise<void>
  /** What was said while we were down, oldest first. */
  fetchSince?(place: Place, message: string): Promise<Incoming[]>
  /** The platform's id of what was posted under our id, if it was. */
  findSent?(place: Place, id: string): Promise<string | null>
  /** The row is the message: the commit that wrote it has delivered it (web). */
  deliversAtCommit?: true
  stop(): Promise<void>
}

/** What became of something that arrived. */
export type Received =
  | { type: 'stored'; id: string; conversation: string }
  | { type: 'duplicate'; id: string }
  | { type: 'conflict' }
  | { type: 'blocked' }
  | { type: 'unknown'; what: string }
  | { type: 'draining' }

/** What the engine offers to channels. */
export interface Front {
  /** Stores it; resolves once it is durable, and only then may the channel acknowledge. */
  receive(incoming: Incoming): Promise<Received>
  /** Read-only, answered at once. */
  view<R extends View>(request: R): Promise<Viewed<R>>
}

export type View =
  | { of: 'messages'; customer: string; after: string | null }
  | { of: 'cases'; status: string | null }
  | { of: 'case'; number: number }
  | { of: 'desk' }
  | { of: 'journey'; customer: string }
  /** Whose message that is: a customer's id, or null. */
  | { of: 'author'; channel: ChannelName; message: string }

/** Each request's answer is JSON as CONTRACT.md gives it. */
export type Viewed<_R extends View> = unknown

/** A language model, where one is set. It proposes and decides nothing; `ask` never throws, and is never later than asked. */
export interface Model {
  ask<T>(question: Question<T>): Promise<Answered<T>>
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
