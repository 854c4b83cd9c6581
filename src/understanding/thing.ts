import type { Hit } from './cues.ts'
import type { Place } from './facts.ts'
import { isHan } from './fold.ts'

// Words before a noun that make it the customer's own.
const own = /(?:\b(?:my|our|mine)|我的?|我们的?|我家的?|俺的?) ?(?:\w+ )?$/
const pointed = /(?:\b(?:the|this|that|your|a|an|these|those|of)|这个?|那个?|你们的?|买的|订的|点的) ?(?:\w+ )?$/
// The same letters as a verb, or in a set phrase.
const notNoun = /\b(?:in|to|will|can|please|i|you|would|want to|like to|cannot|can't|don't|didn't|we|they) $/
const setPhrase =
  /^(?:in )?order to\b|^check (?:in|out|if|whether|my|the|on|with)\b|^ring(?:ing)?\b me|^watch (?:the|a|tv|video)/

// Money and goods in general are a matter only when they are the customer's own: "退款" mostly is what is asked for.
const vague = /^(?:refunds?|money|charges?|fines?|钱|款|退款|货|通知|客服|费用?)$/
const verbBefore = /(?:退|换|换个?|发|发错|寄错|送错|补|交|付|扣|收|没有?任何)$/
// "Since the update" tells when, not what.
const timeBefore = /\b(?:since|after|before|until|during) (?:the|my|your|this|that) (?:\w+ )?$/

// "I don't want a voucher" is not about a voucher.
const unwanted =
  /\b(?:don't|do not|not) (?:want|need) (?:an? |any |your |the |another )?$|(?:不要|不用|不需要|不想要)(?:你们的?)?$/

/**
 * The noun a message is about, as written, or null. The customer's own thing comes before one that is only pointed at,
 * a specific thing before its holder ("order"), an earlier one before a later. What stands in `stake` is what hangs on it.
 */
export function thingIn(text: string, folded: string, hits: Hit[], stake: Place | null): string | null {
  let best: { rank: number; said: string } | null = null
  const longest = hits.filter((hit) => hit.signal === 'thing' && !hits.some((other) => swallows(other, hit)))
  for (const hit of longest) {
    const before = folded.slice(Math.max(0, hit.start - 24), hit.start)
    const latin = !isHan(folded.charCodeAt(hit.start))
    if (latin && (notNoun.test(before) || setPhrase.test(folded.slice(hit.start)))) continue
    if (stake && hit.start >= stake.start && hit.end <= stake.end) continue
    const noun = folded.slice(hit.start, hit.end)
    if (unwanted.test(before) || (!latin && /^(?:之后|以后|后|完)/.test(folded.slice(hit.end)))) continue
    if (timeBefore.test(before) || (!latin && verbBefore.test(before))) continue
    if (vague.test(noun) && !own.test(before)) continue
    // "App crashes when …": what a message begins with is what it is about.
    const opens = latin && folded.slice(0, hit.start).trim() === ''
    const nearness = opens ? 2 : own.test(before) ? 4 : pointed.test(before) ? 2 : latin ? 0 : 1
    const rank = nearness + (hit.key === 'specific' ? 3 : 0)
    if (best && best.rank >= rank) continue
    best = { rank, said: text.slice(hit.start, pluralEnd(folded, hit.end)).replace(/\s+/g, ' ').trim() }
  }
  return best?.said ?? boughtIn(text, folded)
}

// Whatever the trade: what somebody says they ordered is a thing, though no list has it.
const bought =
  /\bi(?: have|'ve)? (?:just )?(?:ordered|bought|purchased) (?:an?|the|my|this|these|some|two|three|four|\d+) (?!new one|few|couple|lot|bunch|year|month|week)((?:[a-z-]+ ){0,2}?[a-z-]{3,})(?= (?:from|on|for|in|last|two|three|four|\d|an?|and|but|that|which|it|with|at|as|to|of|yesterday|today|online|because)\b|[,.!?;]|$)/

function boughtIn(text: string, folded: string): string | null {
  const said = bought.exec(folded)
  if (!said?.[1]) return null
  const start = said.index + said[0].length - said[1].length
  return text.slice(start, start + said[1].length)
}

function swallows(other: Hit, hit: Hit): boolean {
  const longer = other.end - other.start > hit.end - hit.start
  return other.signal === 'thing' && longer && other.start <= hit.start && other.end >= hit.end
}

function pluralEnd(folded: string, end: number): number {
  return /^(?:s|es)\b/.test(folded.slice(end, end + 3)) ? end + (folded[end] === 's' ? 1 : 2) : end
}
