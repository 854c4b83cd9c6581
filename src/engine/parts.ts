/** What the engine is handed: the store, the reader, the writer, the channels, the clock. Tests swap only the far ends. */
import type { Customer } from '../domain/customer.ts'
import type { Guard } from '../domain/guard.ts'
import type { Hours } from '../domain/hours.ts'
import type { ChannelName, Room } from '../domain/message.ts'
import type { Policy } from '../domain/policy.ts'
import type { Channel, Clock } from '../domain/ports.ts'
import type { Reading } from '../domain/reading.ts'
import type { Store } from '../store/open.ts'
import type { Author } from '../writing/author.ts'
import type { Writer } from '../writing/compose.ts'
import type { Knowledge } from '../writing/knowledge.ts'
import type { Ahead } from './ahead.ts'
import type { HappenedLine } from './happened.ts'

export interface Reader {
  /**
   * `asked` names the bot's last question: it decides what "yes" means. `withinMs` is what a model may take over a better
   * reading; none has nothing to take.
   */
  read(text: string, asked: string | null, withinMs?: number, calledOff?: AbortSignal): Promise<Reading> | Reading
}

export interface Log {
  info(what: object, message: string): void
  warn(what: object, message: string): void
  error(what: object, message: string): void
}

export interface Parts {
  store: Store
  reader: Reader
  writer: Writer
  /** What a model writes; null where none is set. */
  author: Author | null
  knowledge: Knowledge
  guard: Guard
  policy: Policy
  hours: Hours
  channels: ReadonlyMap<ChannelName, Channel>
  clock: Clock
  log: Log
  /** Must a person see it at once? Read from the local cues alone, at the door. */
  urgent(text: string): boolean
  /** Milliseconds of quiet before a turn, and at most; of undo before an agent's words leave. */
  quietMs: number
  quietAtMostMs: number
  undoMs: number
  /** Where agents work, unless policy names another desk for the case. */
  desk: Room
  /** Another conversation has something to send or to do. Set by the engine. */
  wake(conversation: string): void
  /** What is begun while the quiet runs. Set by the engine. */
  ahead: Ahead
  /** Told after each commit: what happened, as `replay` prints it. */
  happened(lines: readonly HappenedLine[]): void
  /** Length of the lease on a conversation. Matters only where several processes share the database. */
  leaseMs: number
}

/** Does what goes there stand there with the commit that writes it, so that nothing is left to send? */
export function standsAtCommit({ channels }: Pick<Parts, 'channels'>, { channel }: Pick<Room, 'channel'>): boolean {
  return channels.get(channel)?.deliversAtCommit === true
}

export function zoneOf(customer: Pick<Customer, 'timezone'>, hours: Hours): string {
  return customer.timezone ?? hours.timezone
}

/** Is there a model that may suggest something to whoever works this customer's case? */
export function suggests({ author }: Parts, customer: Pick<Customer, 'noModelAt'> | null): boolean {
  return author !== null && customer?.noModelAt === null
}
