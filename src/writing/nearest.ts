/**
 * The passages nearest to a question: by what it means where an embedding model is set, beside those that share its
 * words; by words alone where that is late, or not set. A model reads them and tells whether one of them is an answer.
 */
import type { Locale } from '../domain/customer.ts'
import type { Model } from '../domain/ports.ts'
import type { Vector } from '../domain/question.ts'
import type { Left } from './author.ts'
import type { Answer, Knowledge, Passage } from './knowledge.ts'

export type Nearest = (question: string, locale: Locale, left: Left) => Promise<Answer[]>

/** The time after it belongs to whoever reads what was found. */
const meaningWithinMs = 600
/** For all the pages, once: nobody waits for it. */
const pagesWithinMs = 20_000
const [byMeaningAtMost, passagesAtMost] = [4, 6]

export function createNearest(embed: Model['embed'], knowledge: () => Knowledge): Nearest {
  // Pages that are loaded anew are other pages; what they say in the same words is in the cache.
  const known = new WeakMap<Knowledge, Map<Locale, Promise<Vector[] | null>>>()

  function vectorsOf(pages: Knowledge, locale: Locale, embedding: NonNullable<Model['embed']>) {
    const vectors = known.get(pages) ?? new Map<Locale, Promise<Vector[] | null>>()
    known.set(pages, vectors)
    const asked = vectors.get(locale) ?? embedding(pages.passages(locale).map(textOf), pagesWithinMs)
    vectors.set(locale, asked)
    void asked.then((found) => found === null && vectors.delete(locale))
    return asked
  }

  return async (question, locale, left) => {
    const pages = knowledge()
    const byWords = pages.near(question, locale)
    const withinMs = Math.min(meaningWithinMs, left())
    if (embed === undefined || withinMs <= 0) return byWords
    const late = new Promise<null>((resolve) => setTimeout(resolve, withinMs, null).unref())
    const found = await Promise.race([
      Promise.all([vectorsOf(pages, locale, embed), embed([question], withinMs)]),
      late,
    ])
    const [vectors, asked] = found ?? []
    const [vector] = asked ?? []
    if (!vectors || !vector) return byWords
    const byMeaning = pages
      .passages(locale)
      .map((passage, i) => ({ passage, like: likeness(vector, vectors[i] ?? []) }))
      .toSorted((a, b) => b.like - a.like)
      .slice(0, byMeaningAtMost)
      .map(({ passage: { text, source } }) => ({ text, source }))
    const all = [...byMeaning, ...byWords]
    return all.filter(({ text }, i) => all.findIndex((one) => one.text === text) === i).slice(0, passagesAtMost)
  }
}

function textOf({ asked, text }: Passage): string {
  return `${asked}\n${text}`
}

/** The cosine of two vectors; 0 where they are not of one model. */
function likeness(a: Vector, b: Vector): number {
  if (a.length !== b.length) return 0
  const dot = (x: Vector, y: Vector) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0)
  return dot(a, b) / (Math.sqrt(dot(a, a) * dot(b, b)) || 1)
}
