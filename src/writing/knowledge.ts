/**
 * Answers from `prompts/knowledge/`: pages of questions, searched by what their words mean. Precision before coverage: what
 * a question asks must be what the heading, or a wording beside it, is about.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { type Locale, locales } from '../domain/customer.ts'
import { Malformed } from '../domain/malformed.ts'
import { loadTerms, type Sort, type Term, type Terms } from './terms.ts'

export interface Answer {
  text: string
  /** The name of the page it stands on. */
  source: string
}

export interface Passage extends Answer {
  /** The question that it answers. */
  asked: string
}

export interface Knowledge {
  /** The answer to a question, or null when no page answers it: better "I don't know" than a guess (P2). */
  answer(question: string, locale: Locale): Answer | null
  /** What stands nearest to a question, best first: for a reader that can tell whether it is an answer. */
  near(question: string, locale: Locale): Answer[]
  /** Everything that the pages say. */
  passages(locale: Locale): readonly Passage[]
  entries: number
}

interface Entry {
  question: string
  /** Other ways of asking it: `also:` lines, parted by `|`. */
  also: string[]
  answer: string
  source: string
}

/** One way of asking one question: what is searched. */
interface Phrase {
  answer: string
  source: string
  own: Said
  /** Of its answer and of its page's title. */
  around: Said
  /** The weight of its own terms in sum. */
  sum: number
}

/** What a text says: its terms, and the parts of those words that no notion stands for. */
interface Said {
  terms: ReadonlySet<string>
  parts: ReadonlySet<string>
}

interface Pages {
  phrases: Phrase[]
  /** The phrases that say a term, or a part of one. */
  saying: ReadonlyMap<string, Phrase[]>
  weight(term: Term): number
  /** The terms of a question: an object that the pages speak of tells as much as any word. */
  asked(question: string): Term[]
}

const frontMatter = z.object({ title: z.string().min(1) })

/** Reads the pages of `dir`; `cuesDir` has the words that mean the same. */
export async function loadKnowledge(dir: string, cuesDir: string): Promise<Knowledge> {
  const names = await readdir(dir).catch(() => [])
  const pages = new Map<Locale, Pages>()
  const passages = new Map<Locale, Passage[]>()
  let entries = 0
  for (const locale of locales) {
    const files = names.filter((name) => name.endsWith(`.${locale}.md`)).toSorted()
    const parsed = await Promise.all(
      files.map(async (name) => parsePage(name, await readFile(join(dir, name), 'utf8'))),
    )
    pages.set(locale, pagesOf(parsed.flat(), await loadTerms(cuesDir, locale)))
    passages.set(
      locale,
      parsed.flat().map(({ question, answer, source }) => ({ asked: question, text: answer, source })),
    )
    entries += parsed.flat().length
  }
  return {
    answer: (question, locale) => best(pages.get(locale), question.slice(0, longestQuestion)),
    passages: (locale) => passages.get(locale) ?? [],
    near: (question, locale) => nearest(pages.get(locale), question.slice(0, longestQuestion)),
    entries,
  }
}

function pagesOf(entries: readonly Entry[], terms: Terms): Pages {
  const weight = weigh(entries, terms)
  const phrases = entries.flatMap(({ question, also, answer, source }) => {
    const around = saidIn(terms.of(`${source}\n${answer}`))
    return [question, ...also].map((asked): Phrase => {
      const own = terms.of(asked)
      return { answer, source, own: saidIn(own), around, sum: own.reduce((total, term) => total + weight(term), 0) }
    })
  })
  const saying = new Map<string, Phrase[]>()
  for (const phrase of phrases)
    for (const term of [...phrase.own.terms, ...phrase.own.parts])
      if (!saying.get(term)?.push(phrase)) saying.set(term, [phrase])
  const known = new Set(phrases.flatMap(({ own, around }) => [...own.terms, ...around.terms]))
  const asked = (question: string) =>
    terms.of(question).map((term): Term => {
      return term.sort === 'object' ? { ...term, sort: known.has(term.text) ? 'telling' : 'goods' } : term
    })
  return { phrases, saying, weight, asked }
}

function saidIn(terms: readonly Term[]): Said {
  return {
    terms: new Set(terms.filter(({ sort }) => sort !== 'goods').map(({ text }) => text)),
    parts: new Set(terms.flatMap(({ parts }) => parts)),
  }
}

/** What a term tells: the fewer entries say it, the more, and most where none does. */
function weigh(entries: readonly Entry[], terms: Terms): Pages['weight'] {
  const counts = new Map<string, number>()
  for (const { question, also, answer, source } of entries)
    for (const { text } of terms.of([question, ...also, answer, source].join('\n')))
      counts.set(text, (counts.get(text) ?? 0) + 1)
  // A word that no page knows tells of another matter: "cancel my subscription" asks nothing that "cancel my order" answers.
  return ({ text, sort }) => {
    const count = counts.get(text)
    return shares[sort] * (count === undefined ? strange : 1) * Math.log(1 + entries.length / (count ?? 1))
  }
}

/** "Return a lamp" asks what "return something" does; how and when tell which of two answers about one thing is meant. */
const shares: Readonly<Record<Sort, number>> = { telling: 1, holder: 1, asking: 0.5, goods: 0.1, object: 1, small: 0.1 }
/** A word that no page has counts for more than any that one has. */
const strange = 1.5
const longestQuestion = 500
/** How like the nearest phrase a question must be, 0–1: one shared word is no answer. */
const likeAtLeast = 0.42
/** The share of a question's telling words that its answer must be about: better "I don't know" than another matter. */
const coverAtLeast = 0.66
/** And how much of the phrase the question must say: "how many months" is not all of "it broke after a month". */
const phraseAtLeast = 0.5
/** What names the matter: a word that tells, or two that many matters share. */
const naming: Readonly<Partial<Record<Sort, number>>> = { telling: 1, holder: 0.5 }
const nameAtLeast = 0.7
const sameAtLeast = 0.97
/** What a word counts that stands not in the phrase itself but in its answer, or in the page's title. */
const nearby = 0.4
/** 登不進去 and 無法登入 have one character in common, which says less than a pair of them. */
const [pairShare, characterShare] = [0.7, 0.3]

/** How much of a term a text says, 0–1. */
function met({ text, parts }: Term, said: Said): number {
  if (said.terms.has(text)) return 1
  let share = 0
  for (const part of parts)
    if (said.parts.has(part)) share = Math.max(share, [...part].length > 1 ? pairShare : characterShare)
  return share
}

const nearestAtMost = 4

function nearest(pages: Pages | undefined, question: string): Answer[] {
  if (!pages) return []
  const asked = pages.asked(question).filter(tells)
  const like = new Map<string, { answer: Answer; shared: number }>()
  for (const phrase of pages.phrases) {
    const shared = asked.reduce(
      (sum, term) => sum + pages.weight(term) * Math.max(met(term, phrase.own), nearby * met(term, phrase.around)),
      0,
    )
    if (shared <= (like.get(phrase.answer)?.shared ?? 0)) continue
    like.set(phrase.answer, { answer: { text: phrase.answer, source: phrase.source }, shared })
  }
  return [...like.values()]
    .toSorted((a, b) => b.shared - a.shared)
    .slice(0, nearestAtMost)
    .map(({ answer }) => answer)
}

function tells({ sort }: Term): boolean {
  return sort === 'telling' || sort === 'holder' || sort === 'asking'
}

function best(pages: Pages | undefined, question: string): Answer | null {
  if (!pages) return null
  const asked = pages.asked(question)
  const weights = asked.map(pages.weight)
  let answer: Answer | null = null
  let most = likeAtLeast
  for (const phrase of candidates(pages, asked)) {
    const like = likeness(asked, weights, phrase)
    if (like <= most) continue
    most = like
    answer = { text: phrase.answer, source: phrase.source }
  }
  return answer
}

/** What can be like a question: the phrases that say some of its telling words, or where it has none, of its words. */
function candidates({ saying }: Pages, asked: readonly Term[]): Set<Phrase> {
  const telling = asked.filter(tells)
  const said = (telling.length > 0 ? telling : asked).flatMap(({ text, parts }) => [text, ...parts])
  return new Set(said.flatMap((term) => saying.get(term) ?? []))
}

/** The cosine of two sets of weighted terms, 0 where too little of the question is met. */
function likeness(asked: readonly Term[], weights: readonly number[], { own, around, sum }: Phrase): number {
  let [all, telling, shared, covered, named] = [0, 0, 0, 0, 0]
  for (const [i, term] of asked.entries()) {
    const weight = weights[i] ?? 0
    const here = met(term, own)
    all += weight
    shared += weight * here
    if (!tells(term)) continue
    telling += weight
    covered += weight * Math.max(here, nearby * met(term, around))
    named += here * (naming[term.sort] ?? 0)
  }
  if (covered < coverAtLeast * telling || shared < phraseAtLeast * sum) return 0
  // Who asks in the very words of a phrase asks that, however general they are.
  const isSame = covered === telling && shared >= sameAtLeast * Math.max(all, sum)
  if (named < nameAtLeast && !isSame) return 0
  return shared / Math.sqrt(all * Math.max(sum, shared))
}

function parsePage(name: string, text: string): Entry[] {
  const [, front = '', body = ''] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/u.exec(text) ?? []
  const parsed = frontMatter.safeParse(parseYaml(front))
  if (!parsed.success) throw new Malformed(`prompts/knowledge/${name}: the front matter needs "title: …"`)
  return body
    .split(/^## +/mu)
    .slice(1)
    .map((section) => {
      const [question = '', ...lines] = section.split('\n')
      const also = (lines.find((line) => line.startsWith('also:'))?.slice('also:'.length) ?? '')
        .split('|')
        .map((phrase) => phrase.trim())
        .filter((phrase) => phrase !== '')
      const answer = lines
        .filter((line) => !line.startsWith('also:'))
        .join('\n')
        .trim()
      return { question, also, answer, source: parsed.data.title }
    })
}
