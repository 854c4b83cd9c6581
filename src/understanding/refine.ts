/**
 * The model reader: where the local reading is unsure, or the message is mixed or long, a model is asked as well. What it
 * says is laid over the local reading within limits: it may see a danger or a wish that cues miss, it may never take one
 * away, and it quotes or is not believed. Late or wrong, the local reading stands.
 */
import { z } from 'zod'
import type { Model } from '../domain/ports.ts'
import {
  type Act,
  type Facts,
  kinds,
  moods,
  type Reading,
  type Safety,
  type Severity,
  safeties,
  weight,
} from '../domain/reading.ts'

/** Anything of this length has more in it than cues see. */
const longUnits = 400
/** How sure the local reader must be to be left alone. */
const sureAt = 0.75
/** What a model says is believed this much: surer than a guess, and never so sure that a plain cue yields to it. */
const believed = 0.85

/** Scripts say a fact back in the middle of a sentence. */
const longestFact = 60

const failures = [
  ...['late', 'lost', 'broken', 'wrong', 'charged', 'refund'],
  ...['silent', 'rude', 'unusable', 'cancelled', 'missing', 'quality'],
] as const
const wishes = ['refund', 'replacement', 'repair', 'apology', 'answer', 'cancel'] as const

const degree = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)])

export const readShape = z.object({
  acts: z.array(z.object({ kind: z.enum(kinds), quote: z.string() })),
  mood: z.enum(moods),
  severity: degree,
  urgency: degree,
  wantsHuman: z.boolean(),
  leaving: z.boolean(),
  goingPublic: z.boolean(),
  safety: z.enum(safeties).nullable(),
  facts: z.object({
    thing: z.string().nullable(),
    failure: z.enum(failures).nullable(),
    since: z.string().nullable(),
    stake: z.string().nullable(),
    order: z.string().nullable(),
    amount: z.string().nullable(),
    wish: z.enum(wishes).nullable(),
  }),
})
export type Read = z.infer<typeof readShape>

/** Is it worth a model's time? Moves ("yes", "thanks") and safety are the local reader's alone. */
export function isHard(reading: Reading, text: string): boolean {
  if (reading.answer !== null || reading.safety !== null) return false
  if (!/\p{L}{2}/u.test(text)) return false
  return reading.confidence < sureAt || reading.acts.length > 1 || text.length > longUnits
}

/** The local reading, or a better one where a model gives it in time. `read` on the result tells what was read locally. */
export async function refine(
  model: Model,
  local: Reading,
  text: string,
  { asked, withinMs, calledOff }: { asked: string | null; withinMs: number; calledOff?: AbortSignal | undefined },
): Promise<Reading> {
  if (withinMs <= 0 || !isHard(local, text)) return local
  const answered = await model.ask({ task: 'read', material: { text, asked }, shape: readShape, withinMs, calledOff })
  return answered.type === 'answer' ? laidOver(local, answered.value, text) : local
}

/** What the model read, laid over what was read here. */
export function laidOver(local: Reading, read: Read, text: string): Reading {
  const acts = quoted(read.acts, text)
  const kinds = acts.length === 0 || hidesFailure(local, acts) ? local : kindsOf(acts, local)
  const reading: Reading = {
    ...local,
    ...kinds,
    mood: read.mood,
    severity: worse(local.severity, read.severity),
    urgency: worse(local.urgency, read.urgency),
    wantsHuman: local.wantsHuman || read.wantsHuman,
    leaving: local.leaving || read.leaving,
    goingPublic: local.goingPublic || read.goingPublic,
    safety: safetyOf(local, read),
    facts: factsOf(local.facts, read.facts, text),
  }
  const { kind, mood, severity, confidence } = local
  return reading.kind === kind && reading.mood === mood && reading.severity === severity
    ? reading
    : { ...reading, local: { kind, mood, severity, confidence } }
}

/** Acts whose words stand in the message, in its order. What is not quoted is not believed. */
function quoted(acts: Read['acts'], text: string): Act[] {
  return acts.flatMap(({ kind, quote }) => {
    const said = spoken(text, quote)
    return said === null ? [] : [{ kind, text: said, confidence: believed }]
  })
}

/** A failure that was named is a complaint, whatever a model makes of it. */
function hidesFailure({ kind, facts }: Reading, acts: Act[]): boolean {
  return kind === 'complaint' && facts.failure !== null && acts.every((act) => act.kind !== 'complaint')
}

function kindsOf(acts: Act[], local: Reading): Pick<Reading, 'acts' | 'kind' | 'confidence' | 'runnerUp'> {
  const kind = acts.reduce(
    (heaviest, act) => (weight[act.kind] > weight[heaviest] ? act.kind : heaviest),
    acts[0]?.kind ?? 'other',
  )
  return { acts, kind, confidence: believed, runnerUp: local.kind === kind ? local.runnerUp : local.kind }
}

function worse(a: Severity, b: Severity): Severity {
  return a > b ? a : b
}

/** A danger that only the model sees brings a person too; what it does not see stays seen. */
function safetyOf(local: Reading, read: Read): Safety | null {
  return local.safety ?? read.safety
}

/** What the local reader found stands; the model fills in what the customer said and cues missed, in their words (P35). */
function factsOf(local: Facts, read: Read['facts'], text: string): Facts {
  const said = (known: string | null, quote: string | null) =>
    known ?? (quote === null || quote.length > longestFact ? null : spoken(text, quote))
  return {
    ...local,
    thing: said(local.thing, read.thing),
    failure: local.failure ?? read.failure,
    since: said(local.since, read.since),
    stake: said(local.stake, read.stake),
    order: said(local.order, read.order),
    amount: said(local.amount, read.amount),
    wish: local.wish ?? read.wish,
  }
}

/** The stretch of the text that a quote is of, as written; null where it is of none. Spaces and case do not matter. */
function spoken(text: string, quote: string): string | null {
  const words = quote
    .trim()
    .split(/\s+/u)
    .filter((word) => word !== '')
  if (words.length === 0) return null
  const pattern = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')).join('\\s+')
  return new RegExp(pattern, 'iu').exec(text)?.[0] ?? null
}
