/** May a model's text leave? It must say what the script says, and nothing that the script does not. */
import type { Locale } from '../domain/customer.ts'
import type { Guard } from '../domain/guard.ts'

export interface Limits {
  /** What had to be said. Its numbers, times, names and remedies are the record's. */
  script: string
  /** Whose words may be taken up, numbers too. */
  said: string
  locale: Locale
  /** What this customer has read before. */
  before: readonly string[]
}

export interface Judge {
  guard: Guard
  /** Can somebody read it who reads that language? A text that tells of none is everybody's. */
  isIn(text: string, locale: Locale): boolean
}

/** Why it may not, in words for whoever wrote it; null where it may. */
export function faultOf(text: string, limits: Limits, { guard, isIn }: Judge): string | null {
  const { script, said, locale, before } = limits
  if (!/\p{L}/u.test(text)) return 'it says nothing'
  if (text.length > script.length * 2 + 240) return 'it is too long'
  if (!isIn(text, locale)) return `it is not in ${locale}`
  const lost = marksIn(script).find((mark) => !text.includes(mark))
  if (lost !== undefined) return `it leaves out ${lost}`
  const made = marksIn(text).find((mark) => !script.includes(mark) && !said.includes(mark))
  if (made !== undefined) return `it says ${made}, which nobody said`
  // A script is prose: what looks like code or data is not of it.
  const code = text.match(/[{}<>`\\]/gu)?.find((sign) => !script.includes(sign))
  if (code !== undefined) return `it has ${code}, as if it were code`
  const link = linksIn(text).find((one) => !script.includes(one))
  if (link !== undefined) return `it says ${link}, which the script does not`
  const verdict = guard.check(text, { amounts: amountsIn(script), times: [script], remedies: [script], said: before })
  return verdict && `${verdict.fault}: ${verdict.found}`
}

/** What must come through as it stands: numbers and times, and what stands for a number that is not given yet. */
export function marksIn(text: string): string[] {
  return text.match(/\[[a-z]+-\d+\]|\d+(?:[:.,/-]\d+)*/gu) ?? []
}

/** Where a text sends people: addresses of pages and of letters. */
export function linksIn(text: string): string[] {
  return (
    text.match(/(?:https?:\/\/|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[\w-]+\.(?:com|net|org|io|tw|cn|hk)\b\S*/giu) ??
    []
  )
}

function amountsIn(text: string): string[] {
  return text.match(/\d[\d.,]*/gu) ?? []
}

/** How much of a text stands in its sources: words by their beginnings, Chinese by its pairs of characters. 0–1. */
export function groundedIn(text: string, sources: string): number {
  const terms = termsOf(text)
  if (terms.length === 0) return 0
  const known = new Set(termsOf(sources))
  return terms.filter((term) => known.has(term)).length / terms.length
}

function termsOf(text: string): string[] {
  const plain = text.toLowerCase()
  const words = (plain.match(/[a-z]{4,}/gu) ?? []).map((word) => word.slice(0, 5))
  const runs = plain.match(/\p{Script=Han}{2,}/gu) ?? []
  return [...words, ...runs.flatMap((run) => [...run].slice(1).map((char, i) => `${[...run][i]}${char}`))]
}
