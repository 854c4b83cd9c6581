/**
 * What a question is made of: words, and the notions of `prompts/cues/same.<language>.txt` that many words stand for, so
 * that "send a jacket back" and "return a pair of shoes" ask the same.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locale } from '../domain/customer.ts'

/**
 * `asking` is how, when, where: it tells which of the answers about one thing is meant; a `holder` ("order", "account") is
 * what many matters are about, and names none by itself; `goods` are what somebody bought,
 * and what is done with them matters more, as with an `object` of which nothing is known; `small` words tell nothing.
 */
export type Sort = 'telling' | 'holder' | 'asking' | 'goods' | 'object' | 'small'

export interface Term {
  text: string
  sort: Sort
  /** For a word without a notion, in a language without spaces: its pairs of characters, and the characters. */
  parts: readonly string[]
}

export interface Terms {
  /** The terms of a text, each once, in the order of their places. */
  of(text: string): Term[]
}

interface Notion {
  /** The words of a variant (stems where words have ends), or its characters. */
  units: readonly string[]
  name: string
  sort: Sort
}

/** The notions of a language by their first word or character, longest first. */
type Notions = ReadonlyMap<string, readonly Notion[]>

export async function loadTerms(cuesDir: string, locale: Locale): Promise<Terms> {
  const lines = linesOf(await readFile(join(cuesDir, `same.${locale}.txt`), 'utf8').catch(() => ''))
  const notions = notionsOf(lines, locale)
  return { of: (text) => termsOf(text, notions, locale) }
}

interface Line {
  name: string
  sort: Sort
  variants: string[]
}

const sorts: Readonly<Record<string, Sort>> = { '?': 'asking', '*': 'holder', '+': 'goods', '-': 'small' }

function linesOf(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    const [, mark = '', name = '', said = ''] = /^([?*+-]?)(\w+):\s+(.+)$/u.exec(line.trim()) ?? []
    if (name === '') return []
    const variants = said.split(' | ').map((variant) => variant.trim())
    return [{ name, sort: sorts[mark] ?? 'telling', variants }]
  })
}

function notionsOf(lines: readonly Line[], locale: Locale): Notions {
  const notions = new Map<string, Notion[]>()
  for (const { name, sort, variants } of lines)
    for (const variant of variants) {
      const units = unitsOf(plain(variant), locale)
      const [first] = units
      if (first === undefined) continue
      // Small words are each their own; nothing is gained by taking one for another.
      const notion = { units, name: sort === 'small' ? units.join(' ') : `=${name}`, sort }
      notions.set(first, [...(notions.get(first) ?? []), notion])
    }
  for (const list of notions.values()) list.sort((a, b) => b.units.length - a.units.length)
  return notions
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/(\p{L})-(?=\p{L})/gu, '$1')
    .replace(/\s+/gu, ' ')
}

function unitsOf(text: string, locale: Locale): string[] {
  return locale === 'en' ? words(text).map(stem) : text.split('')
}

function termsOf(text: string, notions: Notions, locale: Locale): Term[] {
  const found = new Map<string, Term>()
  const add = (term: Term) => void (found.has(term.text) || found.set(term.text, term))
  const said = plain(text)
  const units = unitsOf(said, locale)
  const wordsIn = locale === 'en' ? null : wordsWithin(said, locale)
  // "Return a waffle iron" asks what "return something" does.
  let article = false
  let from = 0
  const flush = (to: number) => {
    if (wordsIn) for (const word of wordsIn(from, to)) add(bare(word))
    else for (const word of units.slice(from, to)) add({ text: word, sort: article ? 'object' : 'telling', parts: [] })
  }
  for (let at = 0; at < units.length; ) {
    const here = notionsAt(units, at, notions, wordsIn !== null)
    const [first] = here
    if (!first) {
      at += 1
      continue
    }
    flush(at)
    for (const { name, sort } of here) add({ text: name, sort, parts: [] })
    article = articles.has(first.name)
    at += first.units.length
    from = at
  }
  flush(units.length)
  return [...found.values()]
}

const articles: ReadonlySet<string> = new Set(['a', 'an', 'this', 'these', 'some'])

/** The longest notions that stand at a place; one word may stand for several: 運費 is both sending and its price. */
function notionsAt(units: readonly string[], at: number, notions: Notions, ofCharacters: boolean): Notion[] {
  const beginning = notions.get(units[at] ?? '')
  if (!beginning) return []
  const fits = beginning.filter(
    (notion) =>
      notion.units.every((unit, i) => units[at + i] === unit) &&
      !(ofCharacters && isCut(units, at, notion.units.length)),
  )
  return fits.filter((notion) => notion.units.length === fits[0]?.units.length)
}

/** Letters inside of a longer word are no word: "app" in "apple". */
function isCut(units: readonly string[], at: number, length: number): boolean {
  const isLetter = (unit: string | undefined) => unit !== undefined && /^[a-z0-9]$/u.test(unit)
  return (
    (isLetter(units[at]) && isLetter(units[at - 1])) ||
    (isLetter(units[at + length - 1]) && isLetter(units[at + length]))
  )
}

const han = /^\p{Script=Han}+$/u

function bare(word: string): Term {
  return { text: word, sort: 'telling', parts: han.test(word) ? partsOf(word) : [] }
}

function partsOf(word: string): string[] {
  const characters = [...word]
  const pairs = characters.slice(1).map((character, i) => `${characters[i]}${character}`)
  return [...pairs, ...characters]
}

/** Where blanks part the words, no dictionary is needed to find them. */
function words(text: string): string[] {
  return text.match(/[\p{L}\p{M}\p{N}]+(?:['.][\p{L}\p{M}\p{N}]+)*/gu) ?? []
}

const segmenters = new Map<Locale, Intl.Segmenter>()

/** The words of stretches of a text. It is segmented at most once: that takes memory which is freed late. */
function wordsWithin(text: string, locale: Locale): (from: number, to: number) => string[] {
  const segmenter = segmenters.get(locale) ?? new Intl.Segmenter(locale, { granularity: 'word' })
  segmenters.set(locale, segmenter)
  let found: Intl.SegmentData[] | null = null
  return (from, to) => {
    if (!/[\p{L}\p{N}]/u.test(text.slice(from, to))) return []
    found ??= [...segmenter.segment(text)].filter(({ isWordLike }) => isWordLike === true)
    return found.flatMap(({ segment, index }) => {
      const word = text.slice(Math.max(from, index), Math.min(to, index + segment.length))
      return index < to && index + segment.length > from ? [word] : []
    })
  }
}

/** English endings are cut, so that "returning" finds "return", and "delivered" finds "delivery". */
function stem(word: string): string {
  const own = word.replace(/'s$/u, '')
  if (!/^[a-z]+$/u.test(own) || own.length < 4) return own
  return own
    .replace(/ies$/u, 'y')
    .replace(/(?<=[a-z]{3})(?:ing|ed|es|s)$/u, '')
    .replace(/[ey]$/u, '')
}
