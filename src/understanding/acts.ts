import { type Act, type Kind, kinds, weight } from '../domain/reading.ts'
import { type Cues, type Hit, hitsWithin } from './cues.ts'
import { type Features, features } from './features.ts'
import { type Linear, predict } from './linear.ts'
import { negated } from './negation.ts'
import { asks, type Piece, split } from './split.ts'

/** The kinds in a message: one act for each thing said, and what the message as a whole is. */
export interface Kinds {
  kind: Kind
  confidence: number
  runnerUp: Kind
  acts: Act[]
}

interface Scored extends Piece {
  chances: Float64Array
}

// A clause says little by itself, so the whole text has a voice in what it is.
const wholesVoice = 0.3
// And the clauses together have one in what the whole is.
const clausesVoice = 0.4
// Less sure than this, a clause is no act of its own.
const sure = 0.55
// A heavier kind in one clause names the message when the reader is this sure of it. Higher scores better on single
// sentences (0.719 at 0.7, 0.716 at 0.6), but loses the complaint of a message that goes on to ask and to suggest.
const outweighs = 0.6

/** Reads the kinds of a text, folded and searched for cues beforehand. */
export function kindsOf(
  model: Linear,
  cues: Cues,
  text: string,
  folded: string,
  hits: Hit[],
  ofWhole: Features,
): Kinds {
  const whole = predict(model, ofWhole)
  const pieces = split(text, folded)
  if (pieces.length < 2) return single(text, whole)
  const scored = pieces.map((piece) => {
    const part = folded.slice(piece.start, piece.end)
    const own = predict(model, features(cues, part, hitsWithin(cues, folded, hits, piece.start, piece.end)))
    const chances = own.map((chance, k) => (1 - wholesVoice) * chance + wholesVoice * (whole[k] ?? 0))
    return { ...piece, chances: namesFailure(folded, hits, piece) ? atLeast(chances, 'complaint', outweighs) : chances }
  })
  const acts = merge(scored, folded).map((piece) => actOf(text, piece))
  return named(acts, together(whole, scored))
}

/** "My parcel is late, when will it come?": who names a failure of a thing before asking has a complaint as well. */
function namesFailure(folded: string, hits: Hit[], { start, end }: Piece): boolean {
  const clause = folded.slice(start, end)
  if (asks.test(clause) || opensQuestion.test(clause)) return false
  const inside = hits.filter((hit) => hit.start >= start && hit.end <= end)
  const failures = inside.filter((hit) => hit.signal === 'failure' && !negated(folded, hit))
  // "But it logs me out", "wrong size, how do I exchange it": what turns round, or befell what was bought, needs no noun.
  const isPlain = turning.test(clause) || failures.some(({ key }) => ofGoods.has(key))
  return failures.length > 0 && (isPlain || inside.some((hit) => hit.signal === 'thing'))
}

const opensQuestion =
  /^\W*(?:and |so |but |also )?(?:what|how|who|where|when|why|which|can|could|do|does|did|is|are|was|were|will|would|should|may|if)\b/
const turning = /^\W*(?:but|sadly|unfortunately|however|though)\b|^[,，]?(?:但|可惜|不过|可是|只是|就是)/
const ofGoods: ReadonlySet<string> = new Set(['wrong', 'broken', 'missing', 'rude'])

function atLeast(chances: Float64Array, kind: Kind, least: number): Float64Array {
  const at = kinds.indexOf(kind)
  const had = chances[at] ?? 0
  if (had >= least) return chances
  return chances.map((chance, k) => (k === at ? least : (chance * (1 - least)) / (1 - had)))
}

function single(text: string, chances: Float64Array): Kinds {
  const act = actOf(text, { start: 0, end: text.length, chances })
  return { kind: act.kind, confidence: act.confidence, runnerUp: secondOf(chances, act.kind), acts: [act] }
}

/** The whole text, and its clauses by their length: a long story should not drown its one question. */
function together(whole: Float64Array, pieces: Scored[]): Float64Array {
  const total = pieces.reduce((sum, piece) => sum + Math.sqrt(piece.end - piece.start), 0)
  return whole.map((chance, k) => {
    const parts = pieces.reduce((sum, piece) => sum + Math.sqrt(piece.end - piece.start) * (piece.chances[k] ?? 0), 0)
    return (1 - clausesVoice) * chance + (clausesVoice * parts) / total
  })
}

function named(acts: Act[], chances: Float64Array): Kinds {
  let kind = topOf(chances)
  let confidence = chances[kinds.indexOf(kind)] ?? 0
  for (const act of acts) {
    if (weight[act.kind] > weight[kind] && act.confidence >= outweighs) {
      kind = act.kind
      confidence = act.confidence
    }
  }
  const runnerUp = secondOf(chances, kind)
  if (acts.some((act) => act.kind === kind)) return { kind, confidence, runnerUp, acts }
  // The whole says what no clause says alone: the likeliest clause is read as that.
  const weakest = acts.reduce((least, act) => (act.confidence < least.confidence ? act : least))
  return {
    kind,
    confidence,
    runnerUp,
    acts: acts.map((act) => (act === weakest ? { ...act, kind, confidence } : act)),
  }
}

// So many questions of one message are told apart; more are read together.
const questionsAtMost = 5

/**
 * Neighbours of one kind are one act, but each question is its own (P2); what is unsure or says nothing joins the act
 * before it, or the next.
 */
function merge(pieces: Scored[], folded: string): Scored[] {
  const asking = ({ start, end }: Piece) => end - start > 3 && asks.test(folded.slice(start, end))
  const merged: Scored[] = []
  let waiting: Scored | null = null
  for (const piece of pieces) {
    const kind = topOf(piece.chances)
    const weak = kind === 'other' || chanceOf(piece) < sure
    const last = merged.at(-1)
    const another = kind === 'inquiry' && merged.length < questionsAtMost && asking(piece) && last && asking(last)
    if (last && (weak || (topOf(last.chances) === kind && !another))) merged[merged.length - 1] = join(last, piece)
    else if (weak) waiting = waiting ? join(waiting, piece) : piece
    else {
      merged.push(waiting ? { ...piece, start: waiting.start } : piece)
      waiting = null
    }
  }
  return merged.length > 0 ? merged : waiting ? [waiting] : []
}

function join(first: Scored, second: Scored): Scored {
  const kind = topOf(first.chances)
  const stronger = topOf(second.chances) === kind && chanceOf(second) > chanceOf(first) ? second : first
  return { start: first.start, end: second.end, chances: stronger.chances }
}

function actOf(text: string, piece: Scored): Act {
  return { kind: topOf(piece.chances), text: text.slice(piece.start, piece.end).trim(), confidence: chanceOf(piece) }
}

const chanceOf = (piece: Scored): number => Math.max(...piece.chances)

function topOf(chances: Float64Array): Kind {
  return kinds[chances.indexOf(Math.max(...chances))] ?? 'other'
}

function secondOf(chances: Float64Array, first: Kind): Kind {
  const others = kinds.filter((kind) => kind !== first)
  return others.reduce((best, kind) =>
    (chances[kinds.indexOf(kind)] ?? 0) > (chances[kinds.indexOf(best)] ?? 0) ? kind : best,
  )
}
