import { type Act, type Answer, type Facts, noFacts, type Reading } from '../domain/reading.ts'
import { type Kinds, kindsOf } from './acts.ts'
import { answerOf } from './answer.ts'
import { type Cues, findHits, type Hit } from './cues.ts'
import { factsOf } from './facts.ts'
import { features } from './features.ts'
import { fold } from './fold.ts'
import { languageOf } from './language.ts'
import { mocked } from './negation.ts'
import { beside } from './scorn.ts'
import { type Signals, safetyIn, signalsOf } from './signals.ts'
import { toldIn } from './told.ts'
import { listener, narrowed, type Undertone } from './undertones.ts'
import type { Model } from './weights.ts'

/** What a reading is made from: the trained weights and the compiled cues. */
export interface Learned {
  model: Model
  cues: Cues
}

// Kinds and facts are read from the beginning and the end of a long text; safety is looked for in all of it.
const headUnits = 6000
const tailUnits = 2000

/** Text → Reading. Never throws; takes time linear in the length of the text. */
export function readWith({ model, cues }: Learned, text: string, asked: string | null): Reading {
  const known = text.length > headUnits + tailUnits ? `${text.slice(0, headUnits)}\n${text.slice(-tailUnits)}` : text
  const folded = fold(known)
  const hits = findHits(cues, folded)
  const { language, sure: languageSure } = languageOf(known)
  const whole = features(cues, folded, hits)
  const heard = listener(model.undertones, narrowed(whole))
  const isSaid = /[\p{L}\p{N}]/u.test(known)
  const found = kindsOf(model.kinds, cues, known, folded, hits, whole)
  const hear = (signal: Undertone) => (isSaid ? heard(signal) : '')
  const givesUp = asked === null && mayGiveUp(folded, hits) && hear('nevermind') === 'yes'
  const answer = answerOf(folded, hits, asked, found.kind) ?? (givesUp ? 'nevermind' : null)
  const kindsRead = soften(settle(found, answer, known, asked, folded, hits), language)
  const facts = isSaid ? factsOf(known, folded, hits, asked) : noFacts
  const everything = known === text ? folded : fold(text)
  const cuesOfAll = known === text ? hits : findHits(cues, everything)
  const safety = safetyIn({ model, cues }, everything, cuesOfAll)
  const signals = signalsOf(known, everything, cuesOfAll, kindsRead.kind, facts.times, safety, hear)
  const praised = hits.some((hit) => hit.signal === 'praise' && !mocked(folded, hit))
  const lifted = lift(kindsRead, signals, answer === null ? facts : noFacts, folded, praised)
  const acts = beside(lifted.acts, facts, signals.mood === 'calm')
  return {
    ...lifted,
    ...(acts.length < lifted.acts.length ? { kind: 'complaint', acts } : {}),
    language,
    languageSure,
    ...signals,
    answer,
    facts: facts.told === null ? { ...facts, told: complainedOf(lifted) } : facts,
  }
}

// Longer, or with a matter in it, it is no mere giving up.
const givingUpAtMost = 60
const matters = new Set([
  'failure',
  'complaint',
  'suggestion',
  'leaving',
  'human',
  'public',
  'safety',
  'stake',
  'praise',
])

function mayGiveUp(folded: string, hits: Hit[]): boolean {
  return (
    folded.trim().length <= givingUpAtMost && !folded.includes('?') && !hits.some(({ signal }) => matters.has(signal))
  )
}

/** What a plain complaint tells where no word of a failure stands in it: "you delivered three sacks instead of thirty". */
function complainedOf({ kind, confidence, acts }: Kinds): string | null {
  if (kind !== 'complaint' || confidence < plainly) return null
  for (const { kind: of, text } of acts) if (of === 'complaint') return toldIn(text, fold(text), [], null, true)
  return null
}

const plainly = 0.5

const moves: Answer[] = [
  'yes',
  'no',
  'accept',
  'refuse',
  'solved',
  'thanks',
  'greeting',
  'withdraw',
  'stop',
  'nevermind',
  'nomodel',
  'model',
]

/** A pure move is chit-chat, however its words look; and to "complaint or question?" the word itself is the answer. */
function settle(
  found: Kinds,
  answer: Answer | null,
  text: string,
  asked: string | null,
  folded: string,
  hits: Hit[],
): Kinds {
  if (asked === 'kind') {
    const said = /\b(?:complaint|problem|issue)\b|投诉|抱怨|客诉|问题反映/.test(folded)
      ? 'complaint'
      : /\b(?:inquiry|enquiry|question|asking|ask)\b|询问|咨询|提问|问问|问题|请教/.test(folded)
        ? 'inquiry'
        : null
    if (said && folded.length < 40) {
      const other = said === 'complaint' ? 'inquiry' : 'complaint'
      return {
        kind: said,
        confidence: 0.95,
        runnerUp: other,
        acts: [{ kind: said, text: text.trim(), confidence: 0.95 }],
      }
    }
  }
  // 😡😡😡 is no chit-chat; what it is about is to be asked.
  if (!/[\p{L}\p{N}]/u.test(text) && hits.some((hit) => hit.signal === 'angry' || hit.signal === 'annoyed')) {
    const act: Act = { kind: 'complaint', text: text.trim(), confidence: 0.5 }
    return { kind: 'complaint', confidence: 0.5, runnerUp: 'inquiry', acts: [act] }
  }
  const isMove = answer !== null && moves.includes(answer) && found.acts.length < 3 && !hasIdeaBeside(found)
  if (!/[\p{L}\p{N}]/u.test(text) || isMove) {
    const runnerUp = found.kind === 'other' ? found.runnerUp : found.kind
    return { kind: 'other', confidence: 0.95, runnerUp, acts: [{ kind: 'other', text: text.trim(), confidence: 0.95 }] }
  }
  return found
}

/** "It arrived, lovely. You could add a return label": the one clause is the move, the other an idea. */
function hasIdeaBeside({ acts }: Kinds): boolean {
  return acts.length > 1 && acts.some(({ kind }) => kind === 'suggestion')
}

/** Who leaves, goes public, or was hurt has a complaint, however calmly it is put; so has who only names a failure. */
function lift(
  found: Kinds,
  { leaving, goingPublic, safety, mood }: Signals,
  facts: Facts,
  folded: string,
  praised: boolean,
): Kinds {
  const failed = facts.failure !== null
  // "I want a refund" proposes nothing: it wants something made good.
  if (
    (found.kind === 'suggestion' || (found.kind === 'inquiry' && !asks(folded))) &&
    found.acts.length === 1 &&
    isMadeGood(facts.wish) &&
    /^\W*(?:i|we)\b|^我(?!想)/.test(folded)
  )
    return asComplaint(found)

  // "The coat is the wrong size, I need it on Sunday" asks nothing: it tells what failed.
  if (failed && found.kind === 'inquiry' && facts.told !== null && found.acts.length === 1 && !asks(folded))
    return asComplaint(found)

  // "Oh great, late again" names a failure and is not calm: no praise, whatever its words. Nor is a failure alone.
  const failedThem = failed && (found.kind === 'other' || (found.acts.length === 1 && (mood !== 'calm' || !praised)))
  const grave = goingPublic || leaving || (safety !== null && safety !== 'selfharm') || failedThem
  if (!grave || (found.kind !== 'other' && found.kind !== 'praise')) return found
  return asComplaint(found)
}

function asks(folded: string): boolean {
  // "What's going on" is a cry.
  const said = folded.replace(/\bwhat(?:'s| is|s) (?:going on|wrong|up|happening)\b[?!]*/g, ' ')
  return /[?]|[吗呢]|什么|怎|如何|多少|多久|哪|能不能|可不可以|有没有|是不是|是否|请问|\b(?:how|what|when|where|which|who|why|can|could|may|should|would|is there|are there|do you|does)\b/.test(
    said,
  )
}

function asComplaint(found: Kinds): Kinds {
  const acts = found.acts.map((act): Act => (act.kind === found.kind ? { ...act, kind: 'complaint' } : act))
  return { ...found, kind: 'complaint', runnerUp: found.kind, acts }
}

function isMadeGood(wish: string | null): boolean {
  return wish === 'refund' || wish === 'replacement' || wish === 'repair'
}

/** In a language that the examples do not hold, a kind is a guess and says so. */
function soften(found: Kinds, language: string): Kinds {
  if (language === 'en' || language.startsWith('zh') || language === 'und') return found
  const least = (confidence: number) => Math.min(confidence, 0.35)
  const acts = found.acts.map((act) => ({ ...act, confidence: least(act.confidence) }))
  return { ...found, confidence: least(found.confidence), acts }
}
