/** What comes in from a channel and what goes out to it. Plain data: the same for Slack, Discord and the web. */

export const channelNames = ['slack', 'discord', 'web'] as const
export type ChannelName = (typeof channelNames)[number]

/** Where something is said. `workspace` is `-` where a platform has one person over all of them (Discord, web). */
export interface Place {
  channel: ChannelName
  workspace: string
  room: string
  thread: string | null
}

/** A place without regard to threads: a channel, a direct conversation. */
export type Room = Omit<Place, 'thread'>

/** Who says it. `id` is `<channel>:<workspace>:<user>`, as in `slack:T01:U02`. */
export interface Author {
  id: string
  name: string
}

export interface FileContent {
  name: string
  type: string
  bytes: Uint8Array
}

interface Arrived {
  /** The platform's id of this event: the same event delivered twice has the same id. */
  id: string
  place: Place
  author: Author
  /** Epoch milliseconds, by the platform's clock. */
  at: number
}

/** Everything that can arrive. `to` and `message` name a platform's message id; `case` a case by its number. */
export type Incoming = Arrived &
  /** `complains`: they said so by the way they said it, a form or a shortcut. */
  (
    | {
        type: 'said'
        text: string
        files: FileContent[]
        timezone: string | null
        tier: string | null
        /** The language of the platform's own menus, as its tag. */
        locale?: string | null
        complains?: true
      }
    | { type: 'edited'; message: string; text: string }
    | { type: 'deleted'; message: string }
    /** `text` is what they had written, where they reacted to a message of their own; null to any other. */
    | { type: 'reacted'; emoji: string; to: string; text: string | null }
    | { type: 'pressed'; button: Button['id']; case: number | null }
    | { type: 'commanded'; command: Command }
    /** They opened our home page, or a conversation with us, or were let into one. */
    | { type: 'joined' }
    /** What a channel must tell the desk: `about` is the customer whom it keeps from being reached, or null. */
    | { type: 'trouble'; about: string | null; reason: string; text: string }
  )

/** A choice under a message of the bot's. `id` is one of `replay`'s presses: accept, rate:4, choose:inquiry … */
export interface Button {
  id: string
  label: string
}

/** The answer to a held text: take the better wording, give another, or send it as it was. */
export type Wording = 'take' | 'edit' | 'send'

/** What an agent or an admin does, wherever they do it: a button, a thread line, the console, `replay`. */
export type Command =
  | { do: 'claim' | 'release' | 'undo' | 'block'; case: number }
  | { do: 'reply' | 'note'; case: number; text: string; wording: Wording | null }
  | {
      do: 'resolve'
      case: number
      text: string | null
      cause: string | null
      remedy: string | null
      wording: Wording | null
    }
  | { do: 'promise'; case: number; text: string; by: number; wording: Wording | null }
  /** An agent changed what they had written to the customer; null: took it away. `of` is our id of it. */
  | { do: 'reword'; case: number; of: string; text: string | null }
  | { do: 'remedy'; case: number; remedy: string; amount: string | null; text: string | null }
  | { do: 'approve'; case: number }
  /** `to` is a name or an id, `name` what whoever has that id is called. */
  | { do: 'transfer'; case: number; to: string; name?: string }
  /** `to` is another account of the same person, or the number of a case of theirs; `unlink` takes this one out again. */
  | { do: 'link'; case: number; to: string }
  | { do: 'unlink'; case: number }
  /** Of the spike that this case tipped: an incident, with what those hit by it are told and when there will be news; or none. */
  | { do: 'declare'; case: number; text: string; by: number | null }
  | { do: 'dismiss'; case: number }
  | { do: 'refile'; case: number; kind: string }
  | { do: 'open'; for: string; text: string }
  | {
      do: 'suggestion.status'
      id: string
      status: 'planned' | 'shipped' | 'declined'
      text: string | null
      by: number | null
    }
  | { do: 'incident.open'; text: string; cases: number[]; by: number | null }
  | { do: 'incident.link'; id: string; cases: number[] }
  | { do: 'incident.update'; id: string; text: string; by: number | null }
  | { do: 'incident.close'; id: string; text: string }
  | { do: 'announce'; text: string }

/**
 * What a channel is asked to show. `say` goes to a customer, all else to the desk. A card has no thread in its place and
 * opens one; the rule is the first line in it, `before` what was said until then. `files` are names: their bytes come
 * beside (Channel.post). Buttons at the desk are named by a form (ports.ts), or by a command (command.ts, `pressedAtDesk`).
 */
export type Outgoing =
  | { type: 'say'; text: string; buttons: Button[]; from: 'bot' | 'agent'; agent: string | null; files?: string[] }
  /** `words` on a platform: the page has its own. */
  | { type: 'card'; card: Card; buttons: Button[]; words?: CardWords }
  | { type: 'rule'; text: string; before: { from: string; text: string }[] }
  /** What was said in the conversation, by whom, for the desk to read. */
  | { type: 'relay'; by: 'customer' | 'bot' | 'agent'; from: string; text: string; files: string[] }
  | { type: 'note'; from: string; text: string }
  | { type: 'alert'; reason: string; text: string; case: number | null; buttons: Button[] }

/**
 * What is done to something that stands at a place already. `of` is the platform's id of it. What changed is read when it
 * is shown: `row` is our id of it, null the first line of a case's thread.
 */
export type Touch =
  | { type: 'mark'; of: string; emoji: string; instead: string | null }
  | { type: 'change'; of: string; row: string | null }
  | { type: 'remove'; of: string }

/** A card as people read it, in the desk's language. */
export interface CardWords {
  title: string
  lines: { label: string; text: string }[]
}

/** A case as the desk sees it. Times are epoch milliseconds. */
export interface Card {
  case: number
  kind: string
  status: string
  step: string
  owner: string
  severity: number
  tolerance: number
  mood: string
  customer: string
  tier: string
  language: string
  summary: string
  harm: string | null
  wish: string | null
  promise: { what: string; due: number } | null
  /** Where else the same person has an account that is linked with this one; left out where none is. */
  also?: string[]
}

/** The text of an `Incoming` as we keep it: no NUL, no lone surrogate, at most 100,000 characters (PLATFORMS: a 2 MB paste). */
export function clean(text: string): string {
  return text.slice(0, longestText).toWellFormed().replaceAll('\0', '�')
}

export const longestText = 100_000
