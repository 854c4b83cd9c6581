import { fold, isHan } from './fold.ts'

/** One clause of a message: where it stands in the text. */
export interface Piece {
  start: number
  end: number
}

// A message is read in at most so many pieces; what follows is read as one.
const piecesAtMost = 40

// A clause that says something of another kind often starts like this.
const english =
  /(?:[,;:–—-]\s*|\s)(?=(?:but|also|btw|by the way|plus|and another thing|on top of that|besides|however|although|anyway|ps|p\.s\.)\b)|,\s*(?:and\s+)?(?=(?:what|how|when|where|why|who|which|can|could|do|does|did|is|are|will|would|may|should)\s+(?:i|you|we|it|there|that|the|your|my|this|a|an|do|does|did|is|are|am|was|will|can|could|would|should|has|have|much|many|long|soon|come|time|about|be|to)\b)|\s(?=and i(?:'d like|'m wondering| want| need| would like) to know\b)|\s(?=and (?:what|how|when|where|why|who|can|could|do|does|is|will) (?:i|you|we|it|there|the|your|my|this|is|are|do|does|can|much|many|long)\b)|,\s*(?:and\s+)?(?=(?:it would be|it'd be|i wish|i suggest|would be (?:nice|great)|please add|maybe you|thank|thanks|great |love ))/g
const chineseStarts =
  /[，,、\s]+(?=(?:但是?|不过|可惜|只是|就是(?=今|一|有|老|太|少|没|不)|另外|还有|而且|顺便|对了|请问|想问|想请问|可是|然而|同时|再来|此外|还想问|我想问|建议|希望你?们?|如果能|要是能|能不能|可不可以|可以|是不是|为什么|为啥|怎么|如何|什么时候|多久|谢谢|感谢|多谢))/g
/** A clause that asks; a Chinese sentence strings clauses by commas, and one that asks stands on its own. */
export const asks = /[吗呢?]|什么|怎[么样]|如何|多少|哪|是否|能不能|可不可以|有没有|几[天点时号]|多久|为啥/

/** "If a parcel is late, what happens?": what is supposed belongs to what is asked of it, and tells of nothing. */
const supposing =
  /^(?:(?:and|so|but|also|hi|hello) )*(?:if|in case|suppose)\b[^,]*,\s*$|^(?:请问|那么?|想问|另外|还有)?[,，]?(?:如果|要是|假如|假设|万一|若)[^，,]*[，,\s]*$/

/** Sentences and clauses, in order; together they hold all of the text but blanks and marks. Linear in length. */
export function split(text: string, folded = fold(text)): Piece[] {
  const pieces: Piece[] = []
  for (const sentence of sentences(text, folded)) {
    if (pieces.length >= piecesAtMost) {
      pieces.push({ start: sentence.start, end: text.length })
      return pieces
    }
    pieces.push(...clauses(folded, sentence))
  }
  return pieces
}

function sentences(text: string, folded: string): Piece[] {
  const found: Piece[] = []
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (!endsSentence(text, folded, at)) continue
    while (at + 1 < text.length && /[.!?。！？…~～"'」』”’)\])]/.test(text[at + 1] ?? '')) at++
    addPiece(found, folded, start, at + 1)
    start = at + 1
    if (found.length > piecesAtMost) break
  }
  addPiece(found, folded, start, text.length)
  return found
}

const abbreviation = /(?:^|[\s(])(?:mr|mrs|ms|dr|no|nr|st|vs|e\.g|i\.e|etc|inc|ltd|approx|ext|a\.m|p\.m|u\.s|[a-z])$/

function endsSentence(text: string, folded: string, at: number): boolean {
  const raw = text[at]
  if (raw === '\n') return true
  const mark = folded[at]
  if (mark === '!' || mark === '?' || mark === ';' || mark === '。' || mark === '~') return true
  if (mark !== '.') return false
  if (raw === '…') return true
  const next = folded[at + 1]
  if (next === undefined || next === '.') return true
  if (isHan(folded.charCodeAt(at + 1))) return !/\d/.test(folded[at - 1] ?? '')
  if (next !== ' ') return false
  return !abbreviation.test(folded.slice(Math.max(0, at - 8), at))
}

function addPiece(pieces: Piece[], folded: string, from: number, to: number): void {
  let [start, end] = [from, to]
  while (start < end && /[\s,，、;；。.~]/.test(folded[start] ?? '')) start++
  while (end > start && /[\s,，、]/.test(folded[end - 1] ?? '')) end--
  if (end > start) pieces.push({ start, end })
}

function clauses(folded: string, { start, end }: Piece): Piece[] {
  const sentence = folded.slice(start, Math.min(end, start + 2000))
  const cuts = new Set<number>()
  for (const pattern of [english, chineseStarts]) {
    for (const match of sentence.matchAll(pattern)) cuts.add(match.index + match[0].length)
  }
  if (asks.test(sentence)) for (const at of askingClauses(sentence)) cuts.add(at)
  for (const at of cuts) if (supposing.test(sentence.slice(0, at))) cuts.delete(at)
  const places = [0, ...[...cuts].sort((a, b) => a - b), end - start]
  const pieces: Piece[] = []
  places.forEach((from, at) => {
    const to = places[at + 1]
    if (to !== undefined) addPiece(pieces, folded, start + from, start + to)
  })
  return pieces
}

const hasHan = /[一-鿿]/

/** Where a Chinese clause that asks follows one that does not. */
function askingClauses(sentence: string): number[] {
  const cuts: number[] = []
  let before: boolean | null = null
  let from = 0
  for (const part of sentence.split(/(?<=[，,])/)) {
    const asking = hasHan.test(part) && asks.test(part)
    if (before !== null && asking !== before && part.length > 2 && hasHan.test(part)) cuts.push(from)
    before = asking
    from += part.length
  }
  return cuts
}
