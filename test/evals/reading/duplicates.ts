import { tokenise } from '../../../src/understanding/features.ts'
import { fold } from '../../../src/understanding/fold.ts'

/** Two texts that say nearly the same in the same words: the share of tokens that both have. */
export interface Pair {
  first: string
  second: string
  share: number
}

/**
 * Pairs whose tokens overlap by more than `most` (Jaccard). Chinese is compared by pairs of characters. Texts with
 * fewer than `least` different tokens are left out: "ok" is nobody's.
 */
export function nearDuplicates(texts: string[], others: string[] | null, most: number, least = 4): Pair[] {
  const known = new Map<string, number[]>()
  const bags = texts.map(bagOf)
  const pairs: Pair[] = []
  const compare = others ? others.map(bagOf) : bags
  compare.forEach((bag, at) => {
    for (const token of bag) known.set(token, [...(known.get(token) ?? []), at])
  })
  bags.forEach((bag, at) => {
    const shared = new Map<number, number>()
    for (const token of bag) {
      const places = known.get(token) ?? []
      // A token that is everywhere tells nothing of two texts; a near copy shares rarer ones as well.
      if (places.length > 400 && bag.size > 3) continue
      for (const other of places) shared.set(other, (shared.get(other) ?? 0) + 1)
    }
    for (const other of shared.keys()) {
      if (!others && other >= at) continue
      const second = compare[other]
      if (!second) continue
      const both = [...bag].filter((token) => second.has(token)).length
      const share = both / (bag.size + second.size - both)
      if (share > most && Math.min(bag.size, second.size) >= least) {
        pairs.push({ first: texts[at] ?? '', second: (others ?? texts)[other] ?? '', share })
      }
    }
  })
  return pairs
}

function bagOf(text: string): Set<string> {
  const folded = fold(text)
  const tokens = tokenise(folded)
  const han = /[\u3400-\u9fff]/
  if (!han.test(folded)) return new Set(tokens)
  const pairs = tokens.map((token, at) => (han.test(token) ? token + (tokens[at + 1] ?? '') : token))
  return new Set(pairs)
}
