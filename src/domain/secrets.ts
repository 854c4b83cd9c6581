/** Card numbers, tokens, passwords: found by their form, never stored, never sent to anybody (P24). */

/** What of the kind stands in a text, in words for whoever wrote it; null for nothing. */
export function findSecret(text: string): string | null {
  for (const [run] of text.matchAll(cardLike)) if (passesLuhn(run.replace(/\D/gu, ''))) return 'a card number'
  if (tokenLike.test(text)) return 'a token'
  return maskTold(text) === text ? null : 'a password or a code'
}

/** Card numbers and secrets are never stored: the last four digits stay, so that people know which card is meant. */
export function maskSecrets(text: string): string {
  return maskTold(text)
    .replace(cardLike, (run) =>
      passesLuhn(run.replace(/\D/gu, '')) ? `•••• ${run.replace(/\D/gu, '').slice(-4)}` : run,
    )
    .replace(new RegExp(tokenLike, 'gu'), '••••')
}

/** Of 13–19 digits, is it a card's number? */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i += 1) {
    const n = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 1 ? n * 2 : n
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

const cardLike = /\b\d(?:[ -]?\d){12,18}\b/gu
const tokenLike = /\b(?:xox[abposr]-[\w-]{10,}|sk-[\w-]{20,}|ghp_\w{20,}|AKIA[0-9A-Z]{16})\b/u

/**
 * "my password is hunter2", 「密碼是 abc123」, "api key: AB12…": the word stays and what it names goes. Rather one missed
 * than a sentence lost ("my password is not accepted"): what is told must look like a secret, or stand in quotes.
 */
const secretWord =
  '(?:pass ?words?|passcode|passphrase|pwd|pin(?: code)?|cvv2?|cvc|security code|(?:one-time|verification|2fa) code|api[ -]?key|secret key|access token|密碼|密码|驗證碼|验证码|安全碼|安全码|口令|金鑰|密钥|通關密語)'
/** What may stand between the two: "for my account is", "in our system: it's", "we sent you is". */
const between =
  "\\s+(?:for|to|on|in)(?:\\s+\\S+){1,3}?(?:\\s+(?:is|was)|:\\s*it(?:'s|’s| is))\\s+|\\s+(?:that )?we (?:just )?(?:sent|texted|gave) you (?:is|was)\\s+|\\s*(?:is|was|=|[:：]|是|為|为)\\s*|\\s+"
const secretTold = new RegExp(
  `(?<![A-Za-z0-9])(${secretWord})(${between})(["'“「『]?)([^\\s"'”」』,，。;；!！?？]{3,64})`,
  'giu',
)

/** Letters with figures or marks among them, a row of figures: no word of any language. */
const oddWord = /^(?=.*[\p{L}])(?=.*[\d@#$%^&*_+=~!])[\x21-\x7e]{4,}$|^\d{3,12}$/u

function maskTold(text: string): string {
  return text.replace(secretTold, (whole, word: string, gap: string, quote: string, told: string) => {
    const plain = told.replace(/[.)]+$/u, '')
    const isTold = oddWord.test(plain) || (quote !== '' && /^[\x21-\x7e]+$/u.test(plain))
    return isTold ? `${word}${gap}${quote}••••${told.slice(plain.length)}` : whole
  })
}
