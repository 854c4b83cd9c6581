/** The measures of a voice (issue 6), each a plain count over replies. */
import type { Locale } from '../../../src/domain/customer.ts'
import { lengthAtMost, lengthOf } from '../../../src/writing/compose.ts'
import { isIn } from '../../../src/writing/mirror.ts'
import type { Said } from './talk.ts'

export interface Reply extends Said {
  locale: Locale
  /** What was written before it. */
  to: string
}

export interface Rules {
  forbidden(text: string): string | null
  guarded(text: string): string | null
}

/** Every reply that breaks a rule, and which. */
export function broken(replies: readonly Reply[], { forbidden, guarded }: Rules): string[] {
  return replies.flatMap((reply) => {
    const { text, locale } = reply
    // A question of the customer's that is quoted back asks nothing of them.
    const ours = text.replace(/“[^”]*”|「[^」]*」/gu, '')
    const faults = [
      forbidden(text),
      guarded(text),
      (ours.match(/[?？]/gu) ?? []).length > 1 ? 'two questions' : null,
      isFirstApology(reply) && lengthOf(text, locale) > lengthAtMost[locale] ? `${lengthOf(text, locale)} long` : null,
      isApology(reply) && /[!！]/u.test(text) ? 'an exclamation mark' : null,
      !reply.script?.includes('language@') && !isWritten(text, locale) ? 'another script' : null,
      /\{[{%]|[%}]\}|null|undefined|[.。，,][.。，,]|\s,/u.test(text) ? 'a leftover' : null,
    ]
    return faults.flatMap((fault) => (fault === null ? [] : [`${fault}: ${reply.to} → ${text}`]))
  })
}

export function isApology({ script }: Said): boolean {
  return /(?:^|\+)complaint(?:\.\w+)?@/u.test(script ?? '')
}

function isFirstApology(reply: Said): boolean {
  return isApology(reply) && !/inquiry|complaint\.more/u.test(reply.script ?? '')
}

function isWritten(text: string, locale: Locale): boolean {
  return locale === 'en' ? !/\p{Script=Han}/u.test(text.replace(/“[^”]*”/gu, '')) : isIn(text, locale)
}

/** How much any two replies have in common: the mean over pairs of the share of their 4-grams (Jaccard), words or characters. */
export function overlap(texts: readonly string[], locale: Locale): number {
  const grams = texts.map((text) => {
    const units =
      locale === 'en' ? (text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []) : [...text.replace(/[\s\p{P}]/gu, '')]
    return new Set(units.slice(3).map((_, i) => units.slice(i, i + 4).join(' ')))
  })
  let sum = 0
  let pairs = 0
  for (const [i, one] of grams.entries())
    for (const other of grams.slice(i + 1)) {
      const shared = one.intersection(other).size
      sum += shared / Math.max(1, one.size + other.size - shared)
      pairs += 1
    }
  return pairs === 0 ? 0 : sum / pairs
}
