import { fold, isHan } from './fold.ts'

/** What sort of word a word is ("bad", "staff", "askfor"): a word that no example holds is read by its sort. */
export interface Senses {
  sorts: Map<string, string>
  /** How long the longest Chinese entry is that begins with a character. */
  longest: Map<string, number>
}

/** Adds one line of `prompts/cues/sense.<language>.txt`, `sort: word | word`; the first line that names a word has it. */
export function addSenses(senses: Senses, sort: string, words: string[]): void {
  for (const word of words.map((written) => fold(written).trim())) {
    const [first] = word
    if (first === undefined) continue
    if (!senses.sorts.has(word)) senses.sorts.set(word, sort)
    if (isHan(word.charCodeAt(0))) senses.longest.set(first, Math.max(word.length, senses.longest.get(first) ?? 0))
  }
}

/** Lets every English word stand for its inflections, once all lists are read: a form that is listed keeps its own sort. */
export function inflectSenses({ sorts }: Senses): void {
  for (const [word, sort] of [...sorts]) {
    if (isHan(word.charCodeAt(0)) || word.length < 3) continue
    for (const form of inflected(word)) if (!sorts.has(form)) sorts.set(form, sort)
  }
}

/** Plural, past, participle, comparative and adverb, as regular words have them; forms that do not exist do no harm. */
export function inflected(word: string): string[] {
  const last = word.at(-1) ?? ''
  if (last === 'e') {
    const stem = word.slice(0, -1)
    return [`${word}s`, `${word}d`, `${stem}ing`, `${word}r`, `${word}st`, `${word}ly`, `${stem}y`]
  }
  if (/[^aeiou]y$/.test(word)) {
    const stem = word.slice(0, -1)
    return [`${stem}ies`, `${stem}ied`, `${word}ing`, `${stem}ier`, `${stem}iest`, `${stem}ily`]
  }
  const forms = ['s', 'es', 'ed', 'ing', 'er', 'est', 'ly'].map((ending) => word + ending)
  const doubled = /[^aeiou][aeiou][bdglmnprt]$/.test(word) ? ['ed', 'ing', 'er', 'est'].map((e) => word + last + e) : []
  return [...forms, ...doubled]
}

/**
 * A text as sorts of words: `^ the <goods> were <bad> $`. Function words stand as they are, other words as blanks; of
 * Chinese the longest entry that begins at a place, and a blank for what lies between.
 */
export function sortsOf(tokens: string[], senses: Senses, frame: Set<string>): string[] {
  const places = ['^']
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at] ?? ''
    if (isHan(token.charCodeAt(0))) {
      const found = longestAt(tokens, at, senses)
      if (found) places.push(`<${found.sort}>`)
      else if (places.at(-1) !== '_') places.push('_')
      at += found?.length ?? 1
    } else {
      const sort = senses.sorts.get(token)
      places.push(sort ? `<${sort}>` : frame.has(token) ? token : '_')
      at++
    }
  }
  return [...places, '$']
}

/** Whether a place of such a text is a sort, rather than a function word or a blank. */
export const isSort = (place: string): boolean => place[0] === '<'

function longestAt(tokens: string[], at: number, senses: Senses): { sort: string; length: number } | null {
  const atMost = Math.min(senses.longest.get(tokens[at] ?? '') ?? 0, tokens.length - at)
  let word = ''
  let found: { sort: string; length: number } | null = null
  for (let length = 1; length <= atMost; length++) {
    word += tokens[at + length - 1]
    const sort = senses.sorts.get(word)
    if (sort) found = { sort, length }
  }
  return found
}
