/** Answers from `prompts/knowledge/`: pages of questions, searched by words, or by characters where a language has no spaces. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { type Locale, locales } from '../domain/customer.ts'

export interface Answer {
  text: string
  /** The name of the page it stands on. */
  source: string
}

export interface Knowledge {
  /** The answer to a question, or null when no page answers it: better "I don't know" than a guess (P2). */
  answer(question: string, locale: Locale): Answer | null
  /** What stands nearest to a question, best first: for a reader that can tell whether it is an answer. */
  near(question: string, locale: Locale): Answer[]
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
  /** Its terms, those of its answer and its page's title, and the weight of its own in sum. */
  own: ReadonlySet<string>
  around: ReadonlySet<string>
  sum: number
}

interface Pages {
  phrases: Phrase[]
  /** The phrases that have a term. */
  naming: Map<string, Phrase[]>
  /** How telling a term is: the fewer pages say it, the more. */
  weight(term: string): number
  knows(term: string): boolean
}

/** A term of a question; `tells` is false for the small words that say nothing of what is asked. */
interface Asked {
  term: string
  weight: number
  tells: boolean
  /** No page knows it, and it is no thing that something is done with: the question may be of another matter. */
  isStrange: boolean
}

const frontMatter = z.object({ title: z.string().min(1) })

export async function loadKnowledge(dir: string): Promise<Knowledge> {
  const names = await readdir(dir).catch(() => [])
  const pages = new Map<Locale, Pages>()
  let entries = 0
  for (const locale of locales) {
    const files = names.filter((name) => name.endsWith(`.${locale}.md`)).toSorted()
    const parsed = await Promise.all(
      files.map(async (name) => parsePage(name, await readFile(join(dir, name), 'utf8'))),
    )
    pages.set(locale, pagesOf(parsed.flat(), locale))
    entries += parsed.flat().length
  }
  return {
    answer: (question, locale) => best(pages.get(locale), question.slice(0, longestQuestion), locale),
    near: (question, locale) => nearest(pages.get(locale), question.slice(0, longestQuestion), locale),
    entries,
  }
}

function pagesOf(entries: readonly Entry[], locale: Locale): Pages {
  const weight = weigh(entries, locale)
  const phrases = entries.flatMap(({ question, also, answer, source }) => {
    const around = new Set(terms(`${source}\n${answer}`, locale).filter((term) => !smallWords.has(term)))
    return [question, ...also].map((asked): Phrase => {
      const own = new Set(terms(asked, locale))
      const sum = [...own].reduce((total, term) => total + weight(term), 0)
      return { answer, source, own, around: around.difference(own), sum }
    })
  })
  const naming = new Map<string, Phrase[]>()
  for (const phrase of phrases)
    for (const term of phrase.own) {
      const known = naming.get(term)
      if (known) known.push(phrase)
      else naming.set(term, [phrase])
    }
  const known = new Set(phrases.flatMap(({ own, around }) => [...own, ...around]))
  return { phrases, naming, weight, knows: (term) => known.has(term) }
}

/** What a term tells, by how few entries have it. */
function weigh(entries: readonly Entry[], locale: Locale): Pages['weight'] {
  const counts = new Map<string, number>()
  for (const { question, also, answer, source } of entries)
    for (const term of new Set(terms([question, ...also, answer, source].join('\n'), locale)))
      counts.set(term, (counts.get(term) ?? 0) + 1)
  const most = Math.log(1 + entries.length)
  // A word that no page knows tells of another matter: "cancel my subscription" asks nothing that "cancel my order" answers.
  return (term) => {
    if (smallWords.has(term)) return smallWeight
    const count = counts.get(term)
    const share = term.length === 1 && han.test(term) ? characterShare : 1
    return share * (count === undefined ? most : Math.log(1 + entries.length / count))
  }
}

const longestQuestion = 500
const thingShare = 0.4
/** 登不進去 and 無法登入 have one character in common, which says less than a word. */
const characterShare = 0.4
/** How like the nearest phrase a question must be, 0–1: one shared word is no answer. */
const likeAtLeast = 0.4
/** The share of a question's telling words that its answer must be about. */
const coverAtLeast = 0.36
/** How, when, how long: they tell nothing by themselves, and which of two answers about the same thing is meant. */
const smallWeight = 0.8
/** What a term counts that stands not in the phrase itself but in its answer, or in the page's title. */
const nearby = 0.3

function askedOf(pages: Pages, question: string, locale: Locale): Asked[] {
  const things = thingsIn(question, locale)
  return [...new Set(terms(question, locale))].map((term) => ({
    term,
    // "Return a lamp" asks what "return something" does: what a thing is called matters less than what is done with it.
    weight: pages.weight(term) * (things.has(term) && !pages.knows(term) ? thingShare : 1),
    tells: !smallWords.has(term),
    isStrange: locale === 'en' && !smallWords.has(term) && !things.has(term) && !pages.knows(term),
  }))
}

const nearestAtMost = 4

function nearest(pages: Pages | undefined, question: string, locale: Locale): Answer[] {
  if (!pages) return []
  const asked = askedOf(pages, question, locale).filter(({ tells }) => tells)
  const like = new Map<string, { answer: Answer; shared: number }>()
  for (const phrase of pages.phrases) {
    const shared = asked.reduce((sum, { term, weight }) => {
      return sum + (phrase.own.has(term) ? weight : phrase.around.has(term) ? weight * nearby : 0)
    }, 0)
    if (shared <= (like.get(phrase.answer)?.shared ?? 0)) continue
    like.set(phrase.answer, { answer: { text: phrase.answer, source: phrase.source }, shared })
  }
  return [...like.values()]
    .toSorted((a, b) => b.shared - a.shared)
    .slice(0, nearestAtMost)
    .map(({ answer }) => answer)
}

function best(pages: Pages | undefined, question: string, locale: Locale): Answer | null {
  if (!pages) return null
  const asked = askedOf(pages, question, locale)
  const telling = asked.filter(({ tells }) => tells)
  // "What do you need from me?" is made of nothing else: then it is the very question or none.
  if (telling.length === 0) {
    const same = pages.phrases.find(({ own }) => isSame(own, asked))
    return same ? { text: same.answer, source: same.source } : null
  }
  const candidates = new Set(telling.flatMap(({ term }) => pages.naming.get(term) ?? []))
  let answer: Answer | null = null
  let most = likeAtLeast
  for (const phrase of candidates) {
    const like = likeness(asked, phrase)
    if (like <= most) continue
    most = like
    answer = { text: phrase.answer, source: phrase.source }
  }
  return answer
}

/** Things and places, by the words before them. */
function thingsIn(question: string, locale: Locale): Set<string> {
  if (locale !== 'en') return new Set()
  const named = question.toLowerCase().matchAll(/\b(?:an?|this|these|some|pairs? of|to|from|in)\s+(?:\w+\s+)?(\w+)/gu)
  return new Set([...named].flatMap(([phrase]) => terms(phrase, locale)))
}

function isSame(own: ReadonlySet<string>, asked: readonly Asked[]): boolean {
  return asked.length > 0 && own.size === asked.length && asked.every(({ term }) => own.has(term))
}

/** The cosine of two sets of weighted terms, 0 where too little of the question is met; words around the phrase count a little. */
function likeness(asked: readonly Asked[], { own, around, sum }: Phrase): number {
  let all = 0
  let telling = 0
  let shared = 0
  let met = 0
  let named = 0
  for (const { term, weight, tells } of asked) {
    const found = own.has(term) ? weight : around.has(term) ? weight * nearby : 0
    all += weight
    shared += found
    if (!tells) continue
    telling += weight
    met += found === 0 ? 0 : weight
    named += own.has(term) ? 1 : 0
  }
  if (met === 0 || met < coverAtLeast * telling) return 0
  // "A discount for students": one word in common beside one that nobody wrote of is no answer.
  if (named < 2 && asked.some(({ isStrange }) => isStrange)) return 0
  return shared / Math.sqrt(all * Math.max(sum, shared))
}

function parsePage(name: string, text: string): Entry[] {
  const [, front = '', body = ''] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/u.exec(text) ?? []
  const parsed = frontMatter.safeParse(parseYaml(front))
  if (!parsed.success) throw new Error(`prompts/knowledge/${name}: the front matter needs "title: …"`)
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

const segmenters = new Map<Locale, Intl.Segmenter>()

/** The telling terms of a text: stems of words; a long Chinese word by its pairs of characters, 退貨運費 as 退貨, 貨運, 運費. */
function terms(text: string, locale: Locale): string[] {
  const segmenter = segmenters.get(locale) ?? new Intl.Segmenter(locale, { granularity: 'word' })
  segmenters.set(locale, segmenter)
  const plain = text.normalize('NFKC').toLowerCase().replaceAll('’', "'")
  const found: string[] = []
  for (const { segment, isWordLike } of segmenter.segment(plain.replace(/(\p{L})-(?=\p{L})/gu, '$1')))
    if (isWordLike === true)
      found.push(...(smallWords.has(segment) ? [segment] : han.test(segment) ? pairs(segment) : [stem(segment)]))
  return found
}

const han = /^\p{Script=Han}+$/u

function pairs(word: string): string[] {
  const characters = [...word]
  if (characters.length === 1) return characters
  const two = characters.slice(1).map((character, i) => `${characters[i]}${character}`)
  return [...two, ...characters.filter((character) => !smallWords.has(character))]
}

/** English endings are cut, so that "returning" finds "return", and "delivered" finds "delivery". */
function stem(word: string): string {
  if (!/^[a-z]+$/u.test(word) || word.length < 4) return word
  return word
    .replace(/ies$/u, 'y')
    .replace(/(?:ing|ed|es|s)$/u, '')
    .replace(/[ey]$/u, '')
}

/** Words that tell nothing of what is asked. */
const smallWords = new Set(
  (
    "a an the is are was were be been do does did done i i'm i've i'd you you're we we're they he she it it's its my your our their me us them to of in on at for from by with and or but so if as " +
    'this that these those there here can could will would shall should may might must have has had what how when where who whom which why whose please hi hello ' +
    "get got any some about just also make come go use don't doesn't didn't isn't aren't want like need know tell happen happens mean much many long still now right thing things something new " +
    '我想 我要 想要 我想要 的 了 吗 嗎 呢 啊 吧 是 在 我 你 您 们 們 我们 我們 你们 你們 请 請 问 問 请问 請問 怎么 怎麼 怎样 怎樣 如何 什么 什麼 多少 可以 能 有 要 想 会 會 和 跟 与 與 把 就 也 都 还 還 一下 哪 哪里 哪裡 哪儿 几 幾 多久 ' +
    '怎么办 怎麼辦 這 这 那 這個 这个 個 个 被 幫 帮 給 给 到 大概 現在 现在 時候 时候 什麼時候 什么时候'
  ).split(' '),
)
