/**
 * The tone and promise guard: what must not leave, whoever wrote it, the bot or an agent (P7, P16, P34).
 * The words are admins' (`prompts/cues/`); what counts as backed is the record's.
 */
import { type Backed, sentencesOf, unbackedAmount, unbackedRemedy, unbackedTime } from './backed.ts'
import { createLeak } from './leak.ts'
import { findId } from './privacy.ts'
import { findSecret } from './secrets.ts'

/** Why a text is stopped. Those with words of their own have them in `prompts/cues/guard-<fault>.<language>.txt`. */
export const faults = [
  'blame',
  'argument',
  'minimise',
  'sarcasm',
  'empty',
  'evasion',
  'promise',
  'date',
  'repeat',
  'admission',
  'internal',
  'secret',
] as const
export type Fault = (typeof faults)[number]

/** Cues of a fault; a better wording, where there is one that keeps what the writer meant. */
export interface Rule {
  fault: Fault
  pattern: RegExp
}

export interface Verdict {
  fault: Fault
  /** The words that were found. */
  found: string
}

export interface Guard {
  check(text: string, backed: Backed): Verdict | null
}

/** `internals`: what nobody outside should read, such as what a model is told. */
export function createGuard(rules: readonly Rule[], internals: readonly string[] = []): Guard {
  const leak = createLeak(internals)
  const named = (fault: Fault, found: string | null): Verdict | null => (found === null ? null : { fault, found })
  return {
    check: (text, backed) =>
      named('secret', findSecret(text) ?? findId(text)) ??
      named('internal', leak.in(text)) ??
      findPhrase(rules, text) ??
      named('promise', unbackedAmount(text, backed)) ??
      named('promise', unbackedRemedy(text, backed)) ??
      named('date', unbackedTime(text, backed)) ??
      named('repeat', saidAgain(text, backed)),
  }
}

const regret = /\b(?:sorry|apolog\w+|regret)\b|抱歉|對不起|对不起|不好意思|道歉|歉意/iu
const tellingLetters = 12

/** An apology that this customer has read before, word for word: the second time it says that nobody is there (P8). */
function saidAgain(text: string, { said = [] }: Backed): string | null {
  const bare = (sentence: string) => sentence.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  const apologies = sentencesOf(text).filter((sentence) => regret.test(sentence))
  const before = said.flatMap(sentencesOf).map(bare)
  const again = apologies.find((sentence) => {
    const letters = bare(sentence)
    return (
      before.some((one) => one.includes(letters)) &&
      (letters.length >= tellingLetters || /\p{Script=Han}{6}/u.test(letters))
    )
  })
  return again?.trim() ?? null
}

function findPhrase(rules: readonly Rule[], text: string): Verdict | null {
  const plain = text.toLowerCase().replaceAll('’', "'")
  for (const { fault, pattern } of rules) {
    const found = pattern.exec(plain)?.[0]
    if (found !== undefined) return { fault, found }
  }
  return null
}

/** The text without the sentence in which something was found; null when nothing worth sending is left. */
export function withoutSentence(text: string, found: string): string | null {
  const sentences = text.match(/[^.!?。！？\n]+[.!?。！？\n]*\s*/gu) ?? []
  const kept = sentences.filter(
    (sentence) => !sentence.toLowerCase().replaceAll('’', "'").includes(found.toLowerCase()),
  )
  const rest = kept.join('').trim()
  return kept.length < sentences.length && /\p{L}{2}/u.test(rest) ? rest : null
}
