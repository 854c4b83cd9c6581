/**
 * Danger told in whatever words. Lists of phrases find a third of it; what it is told with can be listed: bodies, wounds,
 * weapons, who and whom. `prompts/cues/harm.<language>.txt` names the words of each part, and a small model, trained on
 * `prompts/examples/safety.<language>.txt`, hears which parts together are danger, and of which lane.
 */
import { type Safety, safeties } from '../domain/reading.ts'
import { type Features, hash, tokenise } from './features.ts'
import { fold, isHan } from './fold.ts'
import { type Linear, predict } from './linear.ts'
import { inflected } from './senses.ts'

/** What words play a part, by their first. */
export type Harm = Map<string, Entry[]>

interface Entry {
  /** What must follow the first word; of a single word, nothing. */
  rest: readonly string[]
  part: string
}

const nothing: readonly string[] = []

export const harmBuckets = 1 << 14
/** What the model tells apart: nothing, or a lane. */
export const harmLabels = ['no', ...safeties] as const

/** Adds one line of `harm.<language>.txt`, `part: word | two words`. An English word stands for its inflections too. */
export function addHarm(harm: Harm, part: string, words: string[]): void {
  for (const word of words.map((written) => fold(written).trim())) {
    const forms = /^[a-z]{4,}$/.test(word) ? [word, ...inflected(word)] : [word]
    if (/[a-z]$/.test(word)) forms.push(`${word}'s`)
    for (const form of forms) addEntry(harm, tokenise(form), part)
  }
}

/** The longest first: so they are looked for. */
function addEntry(harm: Harm, [first, ...rest]: string[], part: string): void {
  if (first === undefined) return
  const entry = { rest: rest.length === 0 ? nothing : rest, part }
  const known = harm.get(first)
  if (!known) harm.set(first, [entry])
  else known.splice(known.findLastIndex((other) => other.rest.length >= rest.length) + 1, 0, entry)
}

/** The parts that a text's words play, in order: one place may play several. */
export function partsOf(tokens: string[], harm: Harm): string[][] {
  const places: string[][] = []
  for (let at = 0; at < tokens.length; ) {
    let length = 0
    const here: string[] = []
    for (const { rest, part } of harm.get(tokens[at] ?? '') ?? []) {
      if (rest.length + 1 < length) break
      if (!rest.every((word, n) => tokens[at + 1 + n] === word)) continue
      length = rest.length + 1
      if (!here.includes(part)) here.push(part)
    }
    if (here.length > 0) places.push(here)
    at += Math.max(1, length)
  }
  return places
}

const [partWeight, pairWeight, nextWeight, wordWeight, wordsWeight, shapeWeight] = [1, 0.84, 0.77, 0.71, 0.55, 0.71]

/** Parts, which stand together, which follow each other; the words themselves; how it is said. Unit length. */
export function harmFeatures(
  harm: Harm,
  folded: string,
  tokens = tokenise(folded),
  places = partsOf(tokens, harm),
): Features {
  const bag = new Map<number, number>()
  const add = (kind: string, text: string, weight: number) => bag.set(hash(kind, text) & (harmBuckets - 1), weight)
  tokens.forEach((token, at) => {
    const isChinese = isHan(token.charCodeAt(0))
    if (!isChinese) add('w', token, wordWeight)
    add('p', `${tokens[at - 1] ?? '^'} ${token}`, isChinese ? wordWeight : wordsWeight)
    if (isChinese && at + 2 < tokens.length) add('r', `${token}${tokens[at + 1]}${tokens[at + 2]}`, wordsWeight)
  })
  const parts = [...new Set(places.flat())].sort()
  parts.forEach((part, at) => {
    add('c', part, partWeight)
    for (const other of parts.slice(at + 1)) add('d', `${part} ${other}`, pairWeight)
  })
  for (const [at, place] of places.entries())
    for (const part of place) for (const next of places[at + 1] ?? []) add('e', `${part} ${next}`, nextWeight)
  for (const name of shapeOf(folded, tokens.length, parts.length)) add('s', name, shapeWeight)
  return unit(bag)
}

function unit(bag: Map<number, number>): Features {
  const index = Uint32Array.from(bag.keys())
  const value = Float32Array.from(bag.values())
  const length = Math.sqrt(value.reduce((sum, weight) => sum + weight * weight, 0)) || 1
  return { index, value: value.map((weight) => weight / length) }
}

const asks = /[?吗呢]|怎么|多少|几点|什么|能不能|可以/
const opensAsking = /^.{0,16}\b(?:how|what|where|when|which|who|why|can|do|does|is|are|may)\b/
const willBe = /\b(?:i'll|will|gonna|going to|i'd)\b|要|会/
const isNot = /\b(?:not|no|never)\b|n't\b|不|没/

function shapeOf(folded: string, tokens: number, parts: number): string[] {
  const names = [tokens < 5 ? 'tiny' : tokens < 10 ? 'short' : 'long']
  if (parts === 0) names.push('none')
  if (asks.test(folded)) names.push('asks')
  if (opensAsking.test(folded)) names.push('opens')
  if (willBe.test(folded)) names.push('will')
  if (isNot.test(folded)) names.push('not')
  return names
}

// Whom it befalls, and where, is in every message: none of these alone is danger.
const harmless = new Set([
  'self',
  'you',
  'staff',
  'kin',
  'body',
  'product',
  'food',
  'theirs',
  'identity',
  'spend',
  'jest',
])

/** The gravest that is heard anywhere in a text: how sure it is that there is danger, and the likeliest lane. */
export function harmIn(model: Linear, harm: Harm, folded: string): { danger: number; lane: Safety } {
  let gravest: { danger: number; lane: Safety } = { danger: 0, lane: 'injury' }
  for (const stretch of stretches(folded)) {
    const tokens = tokenise(stretch)
    const places = partsOf(tokens, harm)
    if (places.flat().every((part) => harmless.has(part))) continue
    const chances = predict(model, harmFeatures(harm, stretch, tokens, places))
    const danger = 1 - (chances[0] ?? 1)
    if (danger <= gravest.danger) continue
    const of = (lane: Safety) => chances[harmLabels.indexOf(lane)] ?? 0
    gravest = { danger, lane: safeties.reduce((best, lane) => (of(lane) > of(best) ? lane : best)) }
  }
  return gravest
}

// A plea in a long letter is one or two sentences of it. Where no sentence ends, a stretch does.
const wholeAtMost = 160
const stretchAtMost = 300

/** A short text, or of a longer one each sentence with the next. */
function* stretches(folded: string): Generator<string> {
  if (folded.length <= wholeAtMost) return yield folded
  let before = ''
  for (const [sentence] of folded.matchAll(new RegExp(`[^.!?。\\n]{1,${stretchAtMost}}[.!?。\\n]*`, 'g'))) {
    if (before !== '') yield before + sentence
    before = sentence
  }
  yield before
}
