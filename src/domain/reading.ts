/** What was understood of one message, or of a burst of messages read as one. Made by understanding/, used by decide. */

export const kinds = ['inquiry', 'complaint', 'suggestion', 'praise', 'other'] as const
export type Kind = (typeof kinds)[number]

export const moods = ['calm', 'annoyed', 'angry', 'distressed'] as const
export type Mood = (typeof moods)[number]

/** 0 slight · 1 a nuisance · 2 real harm, or repeated · 3 grave: safety, great loss, an open threat to go public. */
export type Severity = 0 | 1 | 2 | 3

/** Matters that a person must see at once, answered in fixed wording (DESIGN: safety texts are exempt from variation). */
export const safeties = ['selfharm', 'threat', 'injury', 'legal', 'breach'] as const
export type Safety = (typeof safeties)[number]

/** A short conversational move, most of them meaningful only beside what was asked last. */
export const answers = [
  'yes',
  'no',
  'accept',
  'refuse',
  'solved',
  'not_solved',
  'thanks',
  'greeting',
  'identity',
  'status',
  'withdraw',
  'stop',
  'nevermind',
  // No language model, or one again (P24).
  'nomodel',
  'model',
] as const
export type Answer = (typeof answers)[number]

/** One thing said in a message. `text` is that part of the message, as written; `confidence` is 0–1. */
export interface Act {
  kind: Kind
  text: string
  confidence: number
}

/** What the customer told of their own matter. Each is in the customer's own words or null: never a guess (P35). */
export interface Facts {
  /** What it is about: "parcel", "帳號". */
  thing: string | null
  /** What went wrong, a key of the failure lexicon: late, lost, broken, wrong, charged, refund, silent, rude, unusable, cancelled, missing, quality. */
  failure: string | null
  /** The thing again, where the failure is said of it in one clause: "tasteless, and no invoice" tells of no tasteless invoice. */
  failing: string | null
  /** How many times it happened, when said ("third time" is 3). */
  times: number | null
  /** Since when, as said: "Tuesday", "上週五". */
  since: string | null
  /** What hangs on it, as said: "guests on Saturday". */
  stake: string | null
  /** The order, ticket or tracking number. */
  order: string | null
  /** An amount with its currency, as said. */
  amount: string | null
  /** The remedy asked for: refund, replacement, repair, apology, answer, cancel. */
  wish: string | null
  /** The passages that tell what went wrong, as written, a line each, the surest first. Said back with the persons turned. */
  told: string | null
}

export interface Reading {
  /** The weightiest act's kind, and how sure the reader is of it, 0–1. */
  kind: Kind
  confidence: number
  /** The second likeliest kind, for the one question that is asked when the reader is unsure. */
  runnerUp: Kind
  acts: Act[]
  /** `en`, `zh-TW`, `zh-CN`, or another BCP 47 tag; `und` when it cannot be told. */
  language: string
  /** False for Chinese in characters that both scripts share: then `language` is only the likelier one. */
  languageSure: boolean
  mood: Mood
  severity: Severity
  /** 0 whenever · 1 soon · 2 today · 3 now. */
  urgency: Severity
  wantsHuman: boolean
  /** Says that they cancel, leave, or go to a competitor. */
  leaving: boolean
  /** Says that they go public, to the press or to a regulator (P41). */
  goingPublic: boolean
  safety: Safety | null
  answer: Answer | null
  facts: Facts
  /** What was read here, where a model read it otherwise: kept with the message, for the evaluation. */
  local?: Pick<Reading, 'kind' | 'mood' | 'severity' | 'confidence'>
}

/** Moves that turn what was said into something else. */
const turning: readonly Answer[] = [
  'solved',
  'not_solved',
  'accept',
  'refuse',
  'withdraw',
  'nevermind',
  'stop',
  'status',
]

/** Does an edited message ask for another answer than the one it got? */
export function meansOther(before: Reading, now: Reading): boolean {
  if (now.safety !== before.safety && now.safety !== null) return true
  if ((now.wantsHuman && !before.wantsHuman) || (now.leaving && !before.leaving)) return true
  if (now.answer !== before.answer && now.answer !== null && turning.includes(now.answer)) return true
  return now.acts.some(({ kind }) => kind !== 'other' && !before.acts.some((act) => act.kind === kind))
}

/** Moves that a question or an idea can come with: "solved, thanks. Do you open on Sunday?" */
export const withMore: ReadonlySet<Answer> = new Set([
  'solved',
  'not_solved',
  'accept',
  'refuse',
  'thanks',
  'withdraw',
  'yes',
  'no',
] as const)

export const noFacts: Facts = {
  thing: null,
  failure: null,
  failing: null,
  times: null,
  since: null,
  stake: null,
  order: null,
  amount: null,
  wish: null,
  told: null,
}

/** Weight of a kind when several stand in one message; the heaviest names the case. */
export const weight: Record<Kind, number> = { complaint: 4, inquiry: 3, suggestion: 2, praise: 1, other: 0 }
