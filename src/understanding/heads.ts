/**
 * The words that a match of an expression can begin with, or null when that cannot be told. Expressions of the shape
 * `\bword …` and `\b(?:one|two words|threes?) …` can be told, and are then tried only where such a word stands: a
 * hundred of them cost a message what a handful did before.
 */
export function headsOf(source: string): string[] | null {
  if (!source.startsWith('\\b')) return null
  const rest = source.slice(2)
  if (topLevelParts(rest).length > 1) return null
  if (!rest.startsWith('(?:')) return literalHeads(rest)
  const end = closing(rest, 2)
  if (end < 0 || !endsWord(rest.slice(end + 1))) return null
  const heads: string[] = []
  for (const part of topLevelParts(rest.slice(3, end))) {
    const found = literalHeads(part)
    if (!found) return null
    heads.push(...found)
  }
  return heads
}

/** `word`, `words?`, `word more`, `i'm`: the first word, with and without an optional last letter. */
function literalHeads(part: string): string[] | null {
  const match = /^([a-z0-9]+)(\?)?(.*)$/.exec(part)
  const word = match?.[1]
  if (!word || !endsWord(match[3] ?? '')) return null
  if (!match[2]) return [word]
  return word.length > 1 ? [word, word.slice(0, -1)] : null
}

const endsWord = (after: string): boolean => after === '' || /^(?:\\b|[ '-](?![?*+{]))/.test(after)

/** The place of the bracket that closes the one at `open`'s group, or -1. */
function closing(source: string, open: number): number {
  let depth = 1
  for (let at = open + 1; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (source[at] === '(') depth++
    else if (source[at] === ')' && --depth === 0) return at
  }
  return -1
}

function topLevelParts(source: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (source[at] === '(' || source[at] === '[') depth++
    else if (source[at] === ')' || source[at] === ']') depth--
    else if (source[at] === '|' && depth === 0) {
      parts.push(source.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, source.slice(from)]
}
