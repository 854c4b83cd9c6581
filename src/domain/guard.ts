/**
 * The tone and promise guard: what must not leave, whoever wrote it, the bot or an agent (P7, P16, P34).
 * The words are admins' (`prompts/cues/`); what counts as backed is the record's.
 */
import { type Backed, sentencesOf, unbackedAmount, unbackedRemedy, unbackedTime } from './backed.ts'
import { createLeak } from './leak.ts'

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
      findSecret(text) ??
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
  const before = new Set(said.flatMap(sentencesOf).map(bare))
  const again = apologies.find((sentence) => {
    const letters = bare(sentence)
    return before.has(letters) && (letters.length >= tellingLetters || /\p{Script=Han}{6}/u.test(letters))
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

/** A card number (13–19 digits that pass the Luhn check) or a token must not be sent to anybody (P24). */
function findSecret(text: string): Verdict | null {
  for (const [run] of text.matchAll(cardLike))
    if (passesLuhn(run.replace(/\D/gu, ''))) return { fault: 'secret', found: 'a card number' }
  return tokenLike.test(text) ? { fault: 'secret', found: 'a token' } : null
}

/**
 * "my password is hunter2", 「密碼是 abc123」, "api key: AB12…": the word stays and what it names goes. Rather one missed
 * than a sentence lost ("my password is not accepted"): what is told must look like a secret, or stand in quotes.
 */
const secretWord =
  '(?:pass ?words?|passcode|passphrase|pwd|pin(?: code)?|cvv2?|cvc|security code|(?:one-time|verification|2fa) code|api[ -]?key|secret key|access token|密碼|密码|驗證碼|验证码|安全碼|安全码|口令|金鑰|密钥|通關密語)'
const secretTold = new RegExp(
  `(?<![A-Za-z0-9])(${secretWord})(\\s+(?:for|to|on)(?:\\s+\\S+){1,3}?\\s+(?:is|was)\\s+|\\s*(?:is|was|=|[:：]|是|為|为)\\s*|\\s+)(["'“「『]?)([^\\s"'”」』,，。;；!！?？]{3,64})`,
  'giu',
)

/** Letters with figures or marks among them, a row of figures: no word of any language. */
const oddWord = /^(?=.*[\p{L}])(?=.*[\d@#$%^&*_+=~!])[\x21-\x7e]{4,}$|^\d{3,12}$/u

function maskTold(text: string): string {
  return text.replace(secretTold, (whole, word: string, between: string, quote: string, told: string) => {
    const plain = told.replace(/[.)]+$/u, '')
    const isTold = oddWord.test(plain) || (quote !== '' && /^[\x21-\x7e]+$/u.test(plain))
    return isTold ? `${word}${between}${quote}••••${told.slice(plain.length)}` : whole
  })
}

const cardLike = /\b\d(?:[ -]?\d){12,18}\b/gu
const tokenLike = /\b(?:xox[abposr]-[\w-]{10,}|sk-[\w-]{20,}|ghp_\w{20,}|AKIA[0-9A-Z]{16})\b/u

export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i += 1) {
    const n = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 1 ? n * 2 : n
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** Card numbers and secrets are never stored (P24): the last four digits stay, so that people know which card is meant. */
export function maskSecrets(text: string): string {
  return maskTold(text)
    .replace(cardLike, (run) =>
      passesLuhn(run.replace(/\D/gu, '')) ? `•••• ${run.replace(/\D/gu, '').slice(-4)}` : run,
    )
    .replace(new RegExp(tokenLike, 'gu'), '••••')
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
