import { type Kind, type Mood, moods, type Safety, type Severity, safeties } from '../domain/reading.ts'
import type { Hit } from './cues.ts'
import { harmIn } from './harm.ts'
import { negated } from './negation.ts'
import type { Learned } from './read.ts'
import type { Undertone } from './undertones.ts'

/** What stands in a message beside its kinds, each told by the cue list of its name. */
export interface Signals {
  mood: Mood
  severity: Severity
  urgency: Severity
  wantsHuman: boolean
  leaving: boolean
  goingPublic: boolean
  safety: Safety | null
}

/**
 * Reads mood, weight and safety from the cues of a message, and what no cue speaks of from `hear`. `times` is how often
 * it happened, when said.
 */
export function signalsOf(
  text: string,
  folded: string,
  hits: Hit[],
  kind: Kind,
  times: number | null,
  safety: Safety | null,
  hear: (signal: Undertone) => string,
): Signals {
  const meant = hits.filter((hit) => !negated(folded, hit))
  const has = (signal: string, key?: string) =>
    meant.some((hit) => hit.signal === signal && (key === undefined || hit.key === key))
  const goingPublic = has('public')
  // "No need for a human": where a cue is denied, there is nothing left to hear.
  const denied = (signal: string) => hits.some((hit) => hit.signal === signal && !meant.includes(hit))
  const hears = (signal: 'leaving' | 'human') => has(signal) || (!denied(signal) && hear(signal) === 'yes')
  const mood = moodOf(text, has, kind, hear)
  const leaving = hears('leaving')
  return {
    mood,
    severity: severityOf(has, { kind, safety, leaving, goingPublic, repeated: (times ?? 0) >= 2, mood }),
    urgency: safety === 'selfharm' || safety === 'threat' || safety === 'injury' ? 3 : urgencyOf(has, hear),
    wantsHuman: hears('human'),
    leaving,
    goingPublic,
    safety,
  }
}

// Surer than this, danger is believed where no cue speaks (on lines it had not seen: nine of ten rightly).
const believed = 0.4

/** The gravest lane that a cue names, or what is heard where none does; null for most messages. */
export function safetyIn({ model, cues }: Learned, folded: string, hits: Hit[]): Safety | null {
  const cued = cuedLane(folded, hits)
  if (cued !== null) return cued
  const { danger, lane } = harmIn(model.harm, cues.harm, folded)
  return danger >= believed ? lane : null
}

/** The gravest lane that a cue names, or null. */
export function cuedLane(folded: string, hits: Hit[]): Safety | null {
  const named = hits.filter((hit) => hit.signal === 'safety' && !negated(folded, hit))
  return safeties.find((lane) => named.some((hit) => hit.key === lane)) ?? null
}

type Has = (signal: string, key?: string) => boolean

function moodOf(text: string, has: Has, kind: Kind, hear: (signal: Undertone) => string): Mood {
  if (has('distressed')) return 'distressed'
  if (has('angry')) return 'angry'
  // A short cry of three exclamation marks, or nothing but capitals, with something wrong in it.
  if (kind === 'complaint' && (allShouted(text) || (text.length < 30 && /[!！]{3,}/.test(text)))) return 'angry'
  const loud = shouted(text) || /[!！]{3,}|[?？]!|[?？]{3,}/.test(text)
  if (has('annoyed')) return loud ? 'angry' : 'annoyed'
  if (loud && kind === 'complaint') return 'annoyed'
  // Praise and wishes are seldom told in anger: there the model is not asked.
  if (kind === 'praise' || kind === 'suggestion') return 'calm'
  const heard = hear('mood')
  return moods.find((mood) => mood === heard) ?? 'calm'
}

function severityOf(
  has: Has,
  at: { kind: Kind; safety: Safety | null; leaving: boolean; goingPublic: boolean; repeated: boolean; mood: Mood },
): Severity {
  if (at.safety !== null || at.goingPublic || has('severity', 'grave')) return 3
  if (at.kind !== 'complaint') return has('severity', 'harm') ? 1 : 0
  if (has('severity', 'harm') || at.repeated || at.leaving || at.mood === 'distressed') return 2
  if (has('severity', 'slight') && at.mood === 'calm') return 0
  return 1
}

function urgencyOf(has: Has, hear: (signal: Undertone) => string): Severity {
  if (has('urgency', 'now')) return 3
  if (has('urgency', 'today')) return 2
  if (has('urgency', 'soon')) return 1
  const steps: Severity[] = [0, 1, 2, 3]
  const heard = hear('urgency')
  return steps.find((step) => String(step) === heard) ?? 0
}

const allShouted = (text: string): boolean => !/\p{Ll}/u.test(text) && (text.match(/\b[A-Z']{2,}\b/g) ?? []).length >= 3

/** Three words in capitals, or a message all in them. */
function shouted(text: string): boolean {
  const words = text.slice(0, 2000).match(/\b[A-Z]{3,}\b/g) ?? []
  return words.length >= 3 || (words.length >= 2 && !/[a-z]{2}/.test(text.slice(0, 2000)))
}
