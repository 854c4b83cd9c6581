/** What the channel is handed: its settings, a place to keep tokens, the time, and whom to tell. */
import type { Keep } from '../../domain/ports.ts'

export interface SlackSettings {
  botToken: string | undefined
  /** Socket Mode. */
  appToken: string | undefined
  /** HTTP mode, at /slack/events. */
  signingSecret: string | undefined
  host: string
  port: number
  /** Installed to many workspaces. */
  clientId: string | undefined
  clientSecret: string | undefined
  stateSecret: string | undefined
  apiUrl: string | undefined
  encryptionKey: string | undefined
}

export interface Log {
  info(what: object, message: string): void
  warn(what: object, message: string): void
  error(what: object, message: string): void
}

export interface SlackParts {
  settings: SlackSettings
  /** False in a process that only sends (ROLE=worker). */
  receives: boolean
  keep: Keep
  log: Log
  /** Epoch milliseconds, for signatures, tokens and remembered names. */
  now(): number
  /** The rooms in Slack where agents work. */
  desks(): readonly string[]
  /** Seconds to wait before more is taken from a customer: 0 while they are not too fast. */
  waitFor(customer: string): Promise<number>
  /** Between two messages in a room; Slack allows about one a second. */
  paceMs: number
}
