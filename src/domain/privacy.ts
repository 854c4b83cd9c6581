/**
 * What is confided stays safe (P24): card numbers, national ids, addresses, secrets are taken out of a text before it
 * leaves for a model, and put back into what comes of it. Pure, and blind to meaning: better one word too many is hidden.
 */
import { passesLuhn } from './secrets.ts'

const kinds = ['secret', 'card', 'account', 'id', 'email', 'phone', 'address'] as const
type Kind = (typeof kinds)[number]

/** One for each question that is asked: the same value has the same token in all of its texts. */
export interface Mask {
  /** The text with a token such as `[email-1]` for each thing that must not leave. */
  hide(text: string): string
  /** The text with what was hidden put back; null where it holds a token that stands for nothing. */
  show(text: string): string | null
}

/** What never comes back whole, whoever asks: a model that says it has no need to, and the customer knows it. */
const shownAs: Partial<Record<Kind, (value: string) => string>> = {
  secret: () => '••••',
  card: (value) => `•••• ${digitsOf(value).slice(-4)}`,
  account: (value) => `•••• ${value.replace(/\s/gu, '').slice(-4)}`,
  id: (value) => `•••• ${value.replace(/[^\dA-Za-z]/gu, '').slice(-3)}`,
}

const tokenForm = new RegExp(`\\[(${kinds.join('|')})-(\\d{1,3})\\]`, 'gu')

export function createMask(): Mask {
  const tokens = new Map<string, string>()
  const values = new Map<string, { kind: Kind; value: string }>()
  const counts = new Map<Kind, number>()

  function tokenFor(kind: Kind, value: string): string {
    const known = tokens.get(`${kind} ${value}`)
    if (known !== undefined) return known
    const n = (counts.get(kind) ?? 0) + 1
    counts.set(kind, n)
    const token = `[${kind}-${n}]`
    tokens.set(`${kind} ${value}`, token)
    values.set(token, { kind, value })
    return token
  }

  return {
    hide(text) {
      // What only looks like one of our tokens is none.
      let hidden = text.replace(tokenForm, '($1 $2)')
      for (const { kind, pattern, isOne } of finders)
        hidden = hidden.replace(pattern, (found) =>
          isOne === undefined || isOne(found) ? tokenFor(kind, found) : found,
        )
      return hidden
    },
    show(text) {
      let whole = true
      const shown = text.replace(tokenForm, (token) => {
        const known = values.get(token)
        if (known === undefined) whole = false
        return known ? (shownAs[known.kind]?.(known.value) ?? known.value) : token
      })
      return whole ? shown : null
    },
  }
}

/** A number that is one person's alone, such as an identity card's: in words for whoever wrote it, or null. */
export function findId(text: string): string | null {
  const stands = ({ kind, pattern, isOne }: Finder) =>
    (kind === 'id' || kind === 'account') && (text.match(pattern) ?? []).some((found) => isOne?.(found) ?? true)
  return finders.some(stands) ? 'an identity or account number' : null
}

/** Every text in a value of plain data, through `change`; null as soon as `change` gives null. */
export function mapTexts(value: unknown, change: (text: string) => string | null): { value: unknown } | null {
  if (typeof value === 'string') {
    const changed = change(value)
    return changed === null ? null : { value: changed }
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => mapTexts(item, change))
    return items.every((item) => item !== null) ? { value: items.map((item) => item.value) } : null
  }
  if (typeof value !== 'object' || value === null) return { value }
  const entries: [string, unknown][] = []
  for (const [name, field] of Object.entries(value)) {
    const changed = mapTexts(field, change)
    if (changed === null) return null
    entries.push([name, changed.value])
  }
  return { value: Object.fromEntries(entries) }
}

interface Finder {
  kind: Kind
  pattern: RegExp
  /** Looks closer than a pattern can: a check digit, a date. */
  isOne?: (found: string) => boolean
}

const phoneWord =
  '(?:phone|telephone|tel|mobile|cell|call me (?:at|on)|ring me on|whatsapp|電話|电话|手機|手机|聯絡|联系|專線)'
const secretWord =
  '(?:pass ?word|passcode|pass phrase|pwd|pin(?: code| number)?|cvv2?|cvc|security code|otp|one-time code|verification code|2fa code|api key|secret(?: key)?|access token|密碼|密码|驗證碼|验证码|安全碼|安全码|口令|金鑰|密钥)'

/** In this order: a secret may look like a number, a number like a phone. */
const finders: readonly Finder[] = [
  { kind: 'secret', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gu },
  {
    kind: 'secret',
    pattern:
      /\b(?:xox[abeposr]-[\w-]{10,}|xapp-[\w-]{10,}|sk-[\w-]{16,}|pk_(?:live|test)_\w{10,}|sk_(?:live|test)_\w{10,}|gh[opsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.?[\w-]*)\b/gu,
  },
  { kind: 'secret', pattern: /(?<=\bbearer\s+)[\w.~+/-]{12,}=*/giu },
  // "my password is hunter2", 「密碼是 abc123」: the word stays, what follows it goes.
  {
    kind: 'secret',
    pattern: new RegExp(
      `(?<=${secretWord}(?:\\s+for\\s+\\S+)?\\s*(?:is|was|:|=|：|是|為|为)\\s*["'“「]?)(?!(?:not|wrong|incorrect|no|invalid|expired|reset|changed|錯|错|不)\\b)[^\\s"'”」,，。;；]{3,64}`,
      'giu',
    ),
  },
  { kind: 'secret', pattern: new RegExp(`(?<=${secretWord}\\s*)\\d{3,8}\\b`, 'giu') },
  { kind: 'secret', pattern: /\b(?=[\w+/-]*\d)(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])[\w+/-]{36,}={0,2}/gu },
  { kind: 'secret', pattern: /\b[0-9a-f]{32,}\b/giu },
  { kind: 'card', pattern: /(?<!\d)\d(?:[ \-.\u00a0]?\d){12,18}(?!\d)/gu, isOne: (run) => passesLuhn(digitsOf(run)) },
  { kind: 'account', pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/gu, isOne: isIban },
  { kind: 'id', pattern: /(?<![A-Za-z0-9])[A-Z][1289A-D]\d{8}(?!\d)/giu, isOne: isTaiwanId },
  { kind: 'id', pattern: /(?<!\d)\d{17}[\dX](?!\d)/giu, isOne: isChinaId },
  { kind: 'id', pattern: /(?<![A-Za-z])[A-Z]{1,2}\d{6} ?[(（]?[0-9A][)）]?(?!\d)/giu, isOne: isHongKongId },
  { kind: 'id', pattern: /(?<![\d-])(?!000|666|9\d\d)\d{3}[- ](?!00)\d{2}[- ](?!0000)\d{4}(?![\d-])/gu },
  { kind: 'id', pattern: /(?<=\b(?:ssn|social security(?: number)?)\s*(?:is|:|#|no\.?)?\s*)\d{9}\b/giu },
  { kind: 'email', pattern: /[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}[\p{L}\p{N}-]{2,63}/gu },
  { kind: 'phone', pattern: /(?<![\w+])\+\d{1,3}[ .()-]{0,2}\d(?:[ .()-]{0,2}\d){5,12}(?!\d)/gu },
  { kind: 'phone', pattern: /(?<!\d)09\d{2}[ -]?\d{3}[ -]?\d{3}(?!\d)/gu },
  { kind: 'phone', pattern: /(?<!\d)1[3-9]\d(?:\d{8}|[ -]\d{4}[ -]\d{4})(?!\d)/gu },
  { kind: 'phone', pattern: /(?<!\d)(?:\(0\d{1,3}\)|0\d{1,3})[ -]\d{3,4}[ -]?\d{4}(?!\d)/gu },
  { kind: 'phone', pattern: /(?<!\d)(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}(?!\d)/gu },
  { kind: 'phone', pattern: /(?<!\d)07\d{3} ?\d{6}(?!\d)/gu },
  {
    kind: 'phone',
    pattern: new RegExp(
      `(?<=${phoneWord}(?: number)?\\s*(?:is|:|：|是|no\\.?)?\\s*)\\d(?:[ -]?\\d){6,14}(?!\\d)`,
      'giu',
    ),
  },
  {
    kind: 'address',
    pattern:
      /(?<![\w.])(?:(?:flat|apt|apartment|unit|suite) ?\w{1,5},? )?\d{1,5}[A-Za-z]?,? (?:[NSEW]\.? )?(?:[\p{L}\d.'’-]+ ){1,4}?(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|terrace|square|crescent|highway|hwy|parkway|pkwy|close)\b\.?(?:,? (?:flat|apt|apartment|unit|suite|floor|#) ?[\w-]{1,5})?(?:, [\p{Lu}][\p{L} .'’-]{1,30}){0,2}(?:,? [A-Z]{2})?(?:,? (?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}))?(?!\w)/giu,
    isOne: (found) =>
      !/\b(?:days?|hours?|minutes?|weeks?|months?|years?|times?|people|of|in|at|on|for|and|the)\b/iu.test(found),
  },
  { kind: 'address', pattern: /\bP\.? ?O\.? box \d{1,6}\b/giu },
  {
    kind: 'address',
    pattern:
      /(?:\p{Script=Han}{2,3}(?:省|市|縣|县|自治區|自治区))?(?:\p{Script=Han}{1,4}(?:區|区|鄉|乡|鎮|镇|市|縣|县))?\p{Script=Han}{1,6}(?:大道|路|街|巷|弄|胡同|村)\s?(?:[一二三四五六七八九十\d]+段)?\s?(?:\d+巷)?(?:\d+弄)?\s?\d+(?:之\d+|-\d+)?\s?(?:號|号)(?:\s?之\d+)?(?:\s?[\dA-Z一二三四五六七八九十]+\s?(?:樓|楼|層|层|棟|栋|座|單元|单元|室|F))*(?:之\d+)?(?:\d+室)?/gu,
  },
]

function digitsOf(text: string): string {
  return text.replace(/\D/gu, '')
}

function isIban(found: string): boolean {
  const plain = found.replace(/ /gu, '')
  if (plain.length < 15 || plain.length > 34) return false
  let rest = 0
  for (const char of `${plain.slice(4)}${plain.slice(0, 4)}`)
    for (const digit of /\d/u.test(char) ? char : String(char.charCodeAt(0) - 55))
      rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}

/** The letters' numbers of Taiwan's ids, in the order of the alphabet from 10. */
const taiwanLetters = 'ABCDEFGHJKLMNPQRSTUVXYWZIO'

function isTaiwanId(found: string): boolean {
  const [letter = '', second = '', ...rest] = found.toUpperCase()
  const place = 10 + taiwanLetters.indexOf(letter)
  // Older residents' ids have a letter in the second place, which counts as its last digit.
  const sex = /\d/u.test(second) ? Number(second) : taiwanLetters.indexOf(second) % 10
  const digits = [Math.floor(place / 10), place % 10, sex, ...rest.map(Number)]
  const weights = [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]
  return place >= 10 && digits.reduce((sum, digit, i) => sum + digit * (weights[i] ?? 0), 0) % 10 === 0
}

function isChinaId(found: string): boolean {
  const [year, month, day] = [found.slice(6, 10), found.slice(10, 12), found.slice(12, 14)].map(Number)
  if (!year || !month || !day || year < 1900 || year > 2100 || month > 12 || day > 31) return false
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, i) => total + weight * Number(found[i]), 0)
  return '10X98765432'[sum % 11] === found[17]?.toUpperCase()
}

function isHongKongId(found: string): boolean {
  const plain = found.toUpperCase().replace(/[^A-Z0-9]/gu, '')
  const letters = /^[A-Z]+/u.exec(plain)?.[0] ?? ''
  const digits = plain.slice(letters.length)
  if (digits.length !== 7) return false
  // A missing first letter counts as a blank, 36.
  const values = [...letters.padStart(2, ' ')].map((char) => (char === ' ' ? 36 : char.charCodeAt(0) - 55))
  const all = [...values, ...[...digits].map((digit) => (digit === 'A' ? 10 : Number(digit)))]
  return all.reduce((sum, value, i) => sum + value * (9 - i), 0) % 11 === 0
}
