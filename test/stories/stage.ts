/**
 * Where a story takes place: on the page, or on a platform for its customers and its desk. A platform plugs in by one
 * small adapter: what its people's hands do there, and what its customers can read (all.ts tells every story on it).
 */
import type { ChannelName, Command, Place } from '../../src/domain/message.ts'
import type { Channel, FormName, Front } from '../../src/domain/ports.ts'
import type { Log } from '../../src/engine/parts.ts'
import type { Known } from './customer.ts'

/** What a customer does on the platform. Each resolves once the engine has stored it; ids are the platform's. */
export interface CustomerHands {
  says(text: string, files: string[]): Promise<string>
  edits(message: string, text: string): Promise<void>
  deletes(message: string): Promise<void>
  reacts(emoji: string): Promise<void>
  presses(button: string): Promise<void>
  joins(): Promise<void>
}

/** What an agent does at the desk; `deedOf` says how it is done where the desk is a channel. */
export interface AgentHands {
  does(command: Command): Promise<void>
}

/** What a stage may ask of the story that is told on it. */
export interface Told {
  front: Front
  now(): number
  /** Where a case stands at its desk: its thread, and the platform's id of its card. */
  threadOf(number: number): Promise<{ place: Place; card: string }>
  /** The story's: a warning in it fails the story. */
  log: Log
}

export interface Stage {
  /** Beside the database in the test's name; '' for the page. */
  name: string
  channels: ReadonlyMap<ChannelName, Channel>
  /** As `DESK` has it. */
  desk: string
  /** Somebody's id, as the platform makes it of their name: `slack:T1:U0ADA`. */
  idOf(name: string): string
  /** An agent's, where the desk is on another platform. */
  idOfAgent?(name: string): string
  /** The name behind the last part of an id, where a platform's ids are not names. */
  nameOf?(id: string): string
  begin(told: Told): Promise<void>
  customer(name: string, known: Known): CustomerHands
  agent(name: string): AgentHands
  /** All that a customer can read of the bot's and the agents', oldest first; absent: the page's view. */
  shownTo?(name: string): Promise<string[]>
  stop(): Promise<void>
}

export type Deed =
  | { type: 'line'; case: number; text: string }
  | { type: 'press'; case: number; button: string }
  | { type: 'form'; case: number | null; form: FormName; values: Record<string, string>; about: string | null }
  /** There is no hand for it in a channel: it comes from the page. */
  | { type: 'command'; command: Command }

/** How an agent does it where the desk is a channel: by a line in the thread, a button of the card, a form. */
export function deedOf(command: Command, now: number): Deed {
  const form = (name: FormName, number: number, values: Record<string, string | null>): Deed => ({
    type: 'form',
    case: number,
    form: name,
    values: Object.fromEntries(Object.entries(values).map(([field, value]) => [field, value ?? ''])),
    about: null,
  })
  switch (command.do) {
    case 'claim':
    case 'release':
    case 'undo':
    case 'approve':
    case 'block':
    case 'unlink':
    case 'dismiss':
      return { type: 'press', case: command.case, button: command.do }
    case 'reply':
      if (command.wording === 'take' || (command.wording === 'send' && command.text === ''))
        return { type: 'press', case: command.case, button: command.wording }
      if (command.text === '' || command.wording === 'send') return { type: 'command', command }
      return { type: 'line', case: command.case, text: command.text }
    case 'note':
      return { type: 'line', case: command.case, text: `// ${command.text}` }
    case 'resolve':
      return form('resolve', command.case, { cause: command.cause, remedy: command.remedy, text: command.text })
    case 'promise':
      if (command.by <= now) return { type: 'command', command }
      return form('promise', command.case, {
        text: command.text,
        by: `${new Date(command.by).toISOString().slice(0, 16)}Z`,
      })
    case 'remedy':
      return form('remedy', command.case, { remedy: command.remedy, amount: command.amount })
    case 'transfer':
      return form('transfer', command.case, { to: command.to })
    case 'link':
      return form('link', command.case, { to: command.to })
    case 'declare':
      return form('declare', command.case, {
        text: command.text,
        by: command.by === null ? null : `${new Date(command.by).toISOString().slice(0, 16)}Z`,
      })
    case 'refile':
      return form('refile', command.case, { kind: command.kind })
    case 'open':
      return { type: 'form', case: null, form: 'record', values: { text: command.text }, about: command.for }
    default:
      return { type: 'command', command }
  }
}
