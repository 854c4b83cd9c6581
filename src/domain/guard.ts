/**
 * The tone and promise guard: what must not leave, whoever wrote it, the bot or an agent (P7, P16, P34).
 * The words are admins' (`prompts/cues/`); what counts as backed is the record's.
 */

/** Why a text is stopped. */
export const faults = ['blame', 'argument', 'minimise', 'empty', 'promise', 'admission', 'secret'] as const
export type Fault = (typeof faults)[number]

/** Cues of a fault; a better wording, where there is one that keeps what the writer meant. */
export interface Rule {
  fault: Fault
  pattern: RegExp
}

/** What the record backs: amounts that were approved, dates that were promised. */
export interface Backed {
  amounts: readonly string[]
}

export interface Verdict {
  fault: Fault
  /** The words that were found. */
  found: string
}

export interface Guard {
  check(text: string, backed: Backed): Verdict | null
}

export function createGuard(rules: readonly Rule[]): Guard {
  return { check: (text, backed) => findSecret(text) ?? findPhrase(rules, text) ?? findAmount(text, backed) }
}

function findPhrase(rules: readonly Rule[], text: string): Verdict | null {
  const plain = text.toLowerCase().replaceAll('’', "'")
  for (const { fault, pattern } of rules) {
    const found = pattern.exec(plain)?.[0]
    if (found !== undefined) return { fault, found }
  }
  return null
}

/** Money that is to be given: an amount near a word of giving. A price that is only named is no promise. */
const given =
  /(?:refund|credit|compensat\w*|pay you|send you|give you|voucher|discount|退款|退費|退您|賠償|赔偿|補償|补偿|折讓|抵用)[^.。!?！？]{0,40}?((?:[$€£¥]|NT\$|HK\$|RMB|USD|EUR|TWD)\s?\d[\d,.]*|\d[\d,.]*\s?(?:dollars|euros?|pounds|usd|eur|twd|hkd|rmb|元|塊|块|%|折))/iu

function findAmount(text: string, { amounts }: Backed): Verdict | null {
  const found = given.exec(text)?.[1]
  if (found === undefined) return null
  const value = digits(found)
  return amounts.some((amount) => digits(amount) === value) ? null : { fault: 'promise', found }
}

function digits(amount: string): string {
  return amount.replace(/[^\d.]/gu, '').replace(/\.0*$/u, '')
}

/** A card number (13–19 digits that pass the Luhn check) or a token must not be sent to anybody (P24). */
function findSecret(text: string): Verdict | null {
  for (const [run] of text.matchAll(cardLike))
    if (passesLuhn(run.replace(/\D/gu, ''))) return { fault: 'secret', found: 'a card number' }
  return tokenLike.test(text) ? { fault: 'secret', found: 'a token' } : null
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
  return text
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
