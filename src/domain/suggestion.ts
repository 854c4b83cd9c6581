/** When two suggestions ask for the same thing: they share most of their telling words, or of their pairs of characters. */

const sameAtLeast = 0.5

/** The one of `known` that asks for the same, or null. */
export function mostSimilar<T extends { text: string }>(text: string, known: readonly T[]): T | null {
  const marks = findMarks(text)
  let best: T | null = null
  let bestShare = sameAtLeast
  for (const other of known) {
    const share = overlap(marks, marksOf(other.text))
    if (share < bestShare) continue
    best = other
    bestShare = share
  }
  return best
}

/** Jaccard: shared marks over all marks. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0
  for (const mark of a) if (b.has(mark)) shared += 1
  return shared === 0 ? 0 : shared / (a.size + b.size - shared)
}

// Each new suggestion is held against the same hundreds again: what was found in a text is kept.
const known = new Map<string, ReadonlySet<string>>()
const knownAtMost = 2000

function marksOf(text: string): ReadonlySet<string> {
  const before = known.get(text)
  if (before) return before
  const marks = findMarks(text)
  if (known.size >= knownAtMost) known.clear()
  known.set(text, marks)
  return marks
}

function findMarks(text: string): Set<string> {
  const marks = new Set<string>()
  for (const [word] of text.toLowerCase().matchAll(/[\p{Script=Latin}\p{N}]+/gu))
    if (!small.has(word)) marks.add(word.replace(/s$/u, ''))
  for (const [run] of text.matchAll(/\p{Script=Han}+/gu))
    for (let i = 0; i + 1 < run.length; i += 1) marks.add(run.slice(i, i + 2))
  return marks
}

const small = new Set(
  'a an the i you we it is are be would could should please can to of for in on with and or if so that this my your our have has had add nice great love like want wish there some more suggest suggestion idea propose maybe how about think offer offered offering nicer'.split(
    ' ',
  ),
)
