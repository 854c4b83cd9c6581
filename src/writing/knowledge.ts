/** Answers from `prompts/knowledge/`: pages of questions, searched by words, or by characters where a language has no spaces. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import MiniSearch from 'minisearch'
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
  entries: number
}

interface Entry {
  id: number
  question: string
  also: string
  answer: string
  source: string
}

const frontMatter = z.object({ title: z.string().min(1) })

export async function loadKnowledge(dir: string): Promise<Knowledge> {
  const names = await readdir(dir).catch(() => [])
  const indexes = new Map<Locale, { index: MiniSearch<Entry>; entries: Entry[] }>()
  for (const locale of locales) {
    const files = names.filter((name) => name.endsWith(`.${locale}.md`)).toSorted()
    const pages = await Promise.all(files.map(async (name) => parsePage(name, await readFile(join(dir, name), 'utf8'))))
    const entries = pages.flat().map((entry, id) => ({ ...entry, id }))
    const index = new MiniSearch<Entry>({
      fields: ['question', 'also', 'answer', 'source'],
      tokenize: (text) => tokens(text, locale),
      processTerm: stem,
    })
    index.addAll(entries)
    indexes.set(locale, { index, entries })
  }
  return {
    answer: (question, locale) => best(indexes.get(locale), question, locale),
    entries: [...indexes.values()].reduce((sum, { entries }) => sum + entries.length, 0),
  }
}

/** A match must cover this share of the question's telling words: one shared word is no answer. */
const coverAtLeast = 0.5

function best(
  pages: { index: MiniSearch<Entry>; entries: Entry[] } | undefined,
  question: string,
  locale: Locale,
): Answer | null {
  if (!pages) return null
  const asked = [
    ...new Set(
      tokens(question.slice(0, 500), locale)
        .map(stem)
        .filter((term) => term !== null),
    ),
  ]
  if (asked.length === 0) return null
  const [hit] = pages.index.search(question.slice(0, 500), {
    boost: { question: 3, also: 3, source: 2 },
    combineWith: 'OR',
  })
  const entry = hit && pages.entries[hit.id]
  if (!hit || !entry) return null
  const heading = new Set([...tokens(`${entry.question} ${entry.also} ${entry.source}`, locale).map(stem)])
  const covered = asked.filter((term) => hit.queryTerms.includes(term)).length / asked.length
  const named = asked.filter((term) => heading.has(term)).length / asked.length
  return covered >= coverAtLeast && named >= coverAtLeast * 0.8 ? { text: entry.answer, source: entry.source } : null
}

function parsePage(name: string, text: string): Omit<Entry, 'id'>[] {
  const [, front = '', body = ''] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/u.exec(text) ?? []
  const parsed = frontMatter.safeParse(parseYaml(front))
  if (!parsed.success) throw new Error(`prompts/knowledge/${name}: the front matter needs "title: …"`)
  return body
    .split(/^## +/mu)
    .slice(1)
    .map((section) => {
      const [question = '', ...lines] = section.split('\n')
      const also = lines.find((line) => line.startsWith('also:'))?.slice('also:'.length) ?? ''
      const answer = lines
        .filter((line) => !line.startsWith('also:'))
        .join('\n')
        .trim()
      return { question, also, answer, source: parsed.data.title }
    })
}

const segmenters = new Map<Locale, Intl.Segmenter>()

function tokens(text: string, locale: Locale): string[] {
  const segmenter = segmenters.get(locale) ?? new Intl.Segmenter(locale, { granularity: 'word' })
  segmenters.set(locale, segmenter)
  const words: string[] = []
  for (const { segment, isWordLike } of segmenter.segment(text)) if (isWordLike) words.push(segment.toLowerCase())
  return words
}

/** Small words tell nothing of what is asked; English endings are cut so that "returning" finds "return". */
function stem(term: string): string | null {
  if (smallWords.has(term)) return null
  if (!/^[a-z]+$/u.test(term) || term.length < 4) return term
  return term.replace(/(?:ies)$/u, 'y').replace(/(?:ing|ed|es|s)$/u, '')
}

const smallWords = new Set(
  (
    'a an the is are was were be been do does did i you we they he she it my your our their me us them to of in on at for from by with and or but so if ' +
    'this that these those there here can could will would shall should may might must have has had what how when where who which why please hi hello ' +
    'get got any some about just ' +
    '的 了 吗 嗎 呢 啊 吧 是 在 我 你 您 们 們 我们 我們 你们 你們 请 請 问 問 请问 請問 怎么 怎麼 怎样 怎樣 如何 什么 什麼 多少 可以 能 有 要 想 会 會 嗎 和 跟 与 与 把 就 也 都 还 還 吗 一下 哪 哪里 哪裡 几 幾 多久'
  ).split(' '),
)
