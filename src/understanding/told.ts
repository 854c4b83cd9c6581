import type { Hit } from './cues.ts'
import type { Place } from './facts.ts'
import { isHan } from './fold.ts'
import { negated } from './negation.ts'
import { asks } from './split.ts'

/** Between the passages of one `told`. */
export const passagesApart = '\n'

// What is longer is a story, of which no sentence says it all.
const passagesAtMost = 3
const [latinAtMost, hanAtMost] = [115, 30]

/**
 * The passages that tell what went wrong, as written, the surest first: those with a failure in them, then those with the
 * shape of a complaint, and any at all where the text `complains` for certain. Writing says one of them back (P35). Questions are left out: "why is it late?" tells of nothing.
 */
export function toldIn(
  text: string,
  folded: string,
  hits: readonly Hit[],
  stake: Place | null,
  complains = false,
): string | null {
  const failures = hits.filter(
    (hit) => (hit.signal === 'failure' || hit.signal === 'complaint') && !negated(folded, hit),
  )
  const found: { start: number; said: string; rank: number }[] = []
  for (const { start, end, asks: isAsked } of passages(withoutStake(folded, stake))) {
    // What stands in quotation marks somebody else said; a word or two in them is scorn ("on its way").
    const quotes = /["“”「『]/u.test(folded.slice(start, end).replace(/"[\w' ]{1,14}"/gu, ''))
    if (isAsked || end - start < 4 || quotes) continue
    const inside = failures.filter((hit) => hit.start >= start && hit.start < end)
    const passage = folded.slice(start, end)
    const isOurs = ofYou.test(passage) && done.test(passage)
    const rank = Math.max(isOurs ? 1 : amiss.test(passage) ? 0.5 : complains ? 0.1 : 0, ...inside.map(rankOf))
    if (rank > 0)
      found.push({ start, said: text.slice(start, end).replace(/["“”]/gu, '').replace(/\s+/gu, ' ').trim(), rank })
  }
  found.sort((a, b) => b.rank - a.rank)
  const surest = found.slice(0, passagesAtMost)
  // Chinese strings its clauses, so they stay in their order.
  if (isHan(folded.charCodeAt(surest[0]?.start ?? 0))) surest.sort((a, b) => a.start - b.start)
  return surest.length === 0 ? null : surest.map(({ said }) => said).join(passagesApart)
}

/** What hangs on it is told by itself; a Chinese clause can be taken out of its sentence, an English one cannot. */
function withoutStake(folded: string, stake: Place | null): string {
  if (stake === null || !isHan(folded.charCodeAt(stake.start))) return folded
  return `${folded.slice(0, stake.start)}${'。'.repeat(stake.end - stake.start)}${folded.slice(stake.end)}`
}

function rankOf({ signal }: Hit): number {
  return signal === 'failure' ? 3 : 2
}

// "Your driver threw the box over the fence": in a complaint, what we did is the matter, whatever no list has a word for.
const ofYou =
  /^\W*(?:(?:and|so|but|then|well|hi|hello|hey)\W+)*(?:your|nobody|no one)\b|^[\s,，]*(?:你们|您们|你|您|司机|送货|快递员?|外卖员|骑手|客服|店员|服务员|师傅)/u

const done =
  /[一-鿿]|\b(?:\w+ed|threw|swore|left|told|hung|took|broke|lost|kept|ran|drove|shut|sent|put|gave|came|forgot|said|made|never|stood|went)\b/u

// What was due and is not, or is short of a piece, has no word of failure in it: "it was supposed to come last week".
const amiss =
  /\b(?:was|were) (?:supposed|meant) to\b|\bday (?:two|three|four|five|six|seven|\d+)$|\b(?:has|have) not (?:moved|changed|come)\b|\b(?:hasn't|haven't) (?:moved|changed|come)\b|\b(?:is|was|are|were|came|arrived) (?:chipped|dead|wilted|logged out)\b|[把害]我.|第.{1,2}天了|缺[了個个]?[角口]|磕了|到[現现]在(?:都|還|还)?[沒没]/u

interface Passage {
  start: number
  end: number
  asks: boolean
}

/** Sentences; one that is too long to be said back goes by its clauses. */
function passages(folded: string): Passage[] {
  const found: Passage[] = []
  for (const sentence of cut(
    folded,
    { start: 0, end: folded.length, asks: false },
    /[.!?。！？;；…\n]+|\s[-–—]+\s|,\s+but\s/gu,
  )) {
    // A Chinese question may tell first: 蓋子會漏，可以換嗎？
    if (sentence.asks && isHan(firstOf(folded, sentence))) {
      for (const clause of cut(folded, { ...sentence, asks: false }, /[,，]+/gu))
        found.push({
          ...clause,
          asks: clause.end === sentence.end || asks.test(folded.slice(clause.start, clause.end)),
        })
      continue
    }
    const isLong = sentence.end - sentence.start > (isHan(firstOf(folded, sentence)) ? hanAtMost : latinAtMost)
    if (isLong)
      found.push(...cut(folded, sentence, /[,，、:：()（）]+|\s(?:and|but|so|because|then|while|although)\s/gu))
    else found.push(sentence)
  }
  return found.filter(({ start, end }) => end - start <= latinAtMost)
}

function firstOf(folded: string, { start, end }: Passage): number {
  for (let at = start; at < end; at++) if (!/\s/u.test(folded[at] ?? ' ')) return folded.charCodeAt(at)
  return 0
}

function* cut(folded: string, { start, end, asks }: Passage, at: RegExp): Generator<Passage> {
  let from = start
  for (const mark of folded.slice(start, end).matchAll(at)) {
    const stop = start + mark.index
    // "No. 7" and "$3.50" end no sentence.
    const inNumber = mark[0] === '.' && /\d/u.test(folded[stop + 1] ?? '')
    if (inNumber) continue
    yield { start: from, end: stop, asks: asks || /[?？]/u.test(mark[0]) }
    from = stop + mark[0].length
  }
  yield { start: from, end, asks }
}
