import { kinds } from '../domain/reading.ts'
import type { Cues, Hit } from './cues.ts'
import { isHan, isWord } from './fold.ts'
import { mocked, negated } from './negation.ts'
import { isSort, type Senses, sortsOf } from './senses.ts'
import { frame, isBlank, skeletonOf } from './skeleton.ts'

// With half as many places words of different languages meet in one, and Chinese is read worse (0.758 to 0.763 over 12 sources).
export const buckets = 1 << 18

/** A text as the linear model sees it: places in the weight table, and how much each counts. Unit length. */
export interface Features {
  index: Uint32Array
  value: Float32Array
}

// More than this tells the model nothing new, and keeps a 100 kB paste as quick as a long letter.
const tokensAtMost = 400
const [wordWeight, pairWeight, gramWeight, cueWeight, shapeWeight, frameWeight] = [1, 0.6, 0.3, 4, 0.7, 0.6]
const [sortWeight, sortFrameWeight] = [0.8, 0.6]
// What a matter is about and how it presses are of any kind: left out, foreign trades are read better.
const quiet = new Set(['human', 'urgency', 'thing', 'stake', 'severity', 'leaving', 'public', 'safety'])
// The lists that are named like kinds, and which of them a text meets.
const kindLists: readonly string[] = kinds

/**
 * Words, pairs of words, character 3–4-grams (1–3 in Chinese), sentence frames, sorts of words, cues and the shape of a
 * folded text, hashed.
 */
export function features({ senses }: Cues, folded: string, hits: Hit[]): Features {
  const tokens = tokenise(folded)
  let before = '^'
  tokens.forEach((token, at) => {
    add(hash('w', token), wordWeight)
    add(hash('p', before, token), pairWeight)
    if (at < 2) add(hash(at === 0 ? 'f' : 'g', token), shapeWeight)
    if (isHan(token.charCodeAt(0))) hanGrams(tokens, at)
    else if (token.length > 3) latinGrams(`<${token}>`)
    before = token
  })
  frames(skeletonOf(tokens))
  sorts(tokens, senses)
  cueFeatures(folded, hits)
  shape(folded, tokens.length)
  return normalised()
}

// One table for all texts: what a text adds up is taken out again before the next.
const sums = new Float64Array(buckets)
let met: number[] = []

function add(hash: number, value: number): void {
  const bucket = hash & (buckets - 1)
  const sum = sums[bucket] ?? 0
  if (sum === 0) met.push(bucket)
  sums[bucket] = sum + value
}

function normalised(): Features {
  const index = Uint32Array.from(met)
  const value = new Float32Array(index.length)
  let square = 0
  for (let i = 0; i < index.length; i++) {
    const bucket = index[i] ?? 0
    const sum = sums[bucket] ?? 0
    value[i] = Math.sqrt(sum)
    square += sum
    sums[bucket] = 0
  }
  met = []
  const length = Math.sqrt(square) || 1
  for (let i = 0; i < value.length; i++) value[i] = (value[i] ?? 0) / length
  return { index, value }
}

/** Words in order; numbers, links, names with @ and order codes are made alike; a Chinese character is a word. */
export function tokenise(folded: string): string[] {
  const tokens: string[] = []
  for (let at = 0; at < folded.length && tokens.length < tokensAtMost; ) {
    const code = folded.charCodeAt(at)
    if (isHan(code)) {
      tokens.push(folded[at] ?? '')
      at++
    } else if (isWord(code)) {
      let end = at + 1
      while (end < folded.length && (isWord(folded.charCodeAt(end)) || inside(folded, end))) end++
      tokens.push(alike(folded.slice(at, end), folded[at - 1]))
      at = end
    } else {
      if (code >= 0xd800 && code < 0xdc00) tokens.push(folded.slice(at, at + 2))
      else if (code === 63 || code === 33) tokens.push(folded[at] ?? '')
      at += code >= 0xd800 && code < 0xdc00 ? 2 : 1
    }
  }
  return tokens
}

function inside(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return (code === 39 || code === 46 || code === 64) && isWord(text.charCodeAt(at + 1)) && code !== 64
}

function alike(token: string, before: string | undefined): string {
  if (before === '@') return '@someone'
  if (token === 'http' || token === 'https' || token.startsWith('www.')) return 'http'
  if (/^\d/.test(token))
    return /^\d+(?:[.:]\d+)?$/.test(token) ? '#' : /^\d+(?:st|nd|rd|th)$/.test(token) ? '#th' : '#x'
  if (/\d/.test(token) && token.length > 4) return '#x'
  // goooood and good are one word
  return token.length > 40 ? token.slice(0, 40) : token.replace(/(\p{L})\1{2,}/gu, '$1$1')
}

function hanGrams(tokens: string[], at: number): void {
  const one = tokens[at] ?? ''
  const two = tokens[at + 1]
  if (!two || !isHan(two.charCodeAt(0))) return
  add(hash('h', one + two), wordWeight)
  const three = tokens[at + 2]
  if (!three || !isHan(three.charCodeAt(0))) return
  add(hash('h', one + two + three), pairWeight)
}

function latinGrams(word: string): void {
  const end = Math.min(word.length, 24)
  for (let at = 0; at + 3 <= end; at++) {
    add(hash('n', word.slice(at, at + 3)), gramWeight)
    if (at + 4 <= end) add(hash('n', word.slice(at, at + 4)), gramWeight)
  }
}

/** Pairs and triples of a skeleton. */
function frames(places: string[]): void {
  for (let at = 1; at < places.length; at++) {
    const [before = '', here = '', after] = [places[at - 1], places[at], places[at + 1]]
    const said = !isBlank(before) || !isBlank(here)
    if (said) add(hash('k', before, here), frameWeight)
    if (after !== undefined && (said || !isBlank(after))) add(hash('k', before, here, after), frameWeight)
  }
}

/** The sorts of words, and what stands beside them: half a point over 12 foreign sources, more in Chinese. */
function sorts(tokens: string[], senses: Senses): void {
  const places = sortsOf(tokens, senses, frame)
  for (let at = 1; at < places.length; at++) {
    const [before = '', here = '', after] = [places[at - 1], places[at], places[at + 1]]
    if (isSort(here)) add(hash('l', here), sortWeight)
    const told = isSort(before) || isSort(here)
    if (told) add(hash('m', before, here), sortFrameWeight)
    if (after !== undefined && (told || isSort(after))) add(hash('m', before, here, after), sortFrameWeight)
  }
}

/** "Not helpful" is no praise, nor is 呵呵，服务真好: it counts with the complaints. */
function listOf(folded: string, hit: Hit): string {
  return hit.signal === 'praise' && (negated(folded, hit) || mocked(folded, hit)) ? 'complaint' : hit.signal
}

/** Each list met, and for the lists of kinds also which was met most and which together: what they say as a whole. */
function cueFeatures(folded: string, hits: Hit[]): void {
  for (const cue of new Set(
    hits.filter((hit) => !quiet.has(hit.signal)).map((hit) => `${listOf(folded, hit)}:${hit.key}`),
  ))
    add(hash('c', cue), cueWeight)
  const met = kindLists.map((list) => ({ list, times: hits.filter((hit) => listOf(folded, hit) === list).length }))
  const most = met.reduce((best, next) => (next.times > best.times ? next : best))
  if (most.times === 0) return
  add(hash('t', most.list), cueWeight / 2)
  const together = met.filter(({ times }) => times > 0).map(({ list }) => list)
  add(hash('u', together.join('+')), cueWeight / 2)
}

function shape(folded: string, count: number): void {
  const has = (name: string) => add(hash('s', name), shapeWeight)
  // Lets each script have its own leanings.
  has(/[\u3400-\u9fff]/.test(folded) ? 'han' : 'latin')
  if (folded.includes('?')) has('asks')
  if (folded.trimEnd().endsWith('?')) has('endsAsking')
  if (folded.includes('!')) has('shouts')
  if (folded.includes('..')) has('trails')
  has(count <= 3 ? 'tiny' : count <= 8 ? 'short' : count <= 25 ? 'middling' : 'long')
}

// FNV-1a over UTF-16 units, as of the words with a blank between them.
export function hash(kind: string, first: string, second?: string, third?: string): number {
  let value = stirred(Math.imul(2166136261 ^ kind.charCodeAt(0), 16777619), first)
  if (second !== undefined) value = stirred(Math.imul(value ^ 32, 16777619), second)
  if (third !== undefined) value = stirred(Math.imul(value ^ 32, 16777619), third)
  return (value ^ (value >>> 15)) >>> 0
}

function stirred(hash: number, word: string): number {
  let value = hash
  for (let at = 0; at < word.length; at++) value = Math.imul(value ^ word.charCodeAt(at), 16777619)
  return value
}
