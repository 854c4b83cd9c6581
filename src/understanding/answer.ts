import { type Answer, answers, type Kind } from '../domain/reading.ts'
import type { Hit } from './cues.ts'
import { isHan, isWord } from './fold.ts'

// A longer message says more than a move.
const unitsAtMost = 80

/**
 * The conversational move of a message, or null. `asked` names the bot's last question: it decides what "yes" and "no"
 * mean. Without it a message must be nothing but that move; beside a question its first words may be the answer.
 */
export function answerOf(folded: string, hits: Hit[], asked: string | null, kind: Kind): Answer | null {
  const moves = hits.filter((hit) => hit.signal === 'answer')
  const short = folded.trim().length <= unitsAtMost
  if (short) {
    const covered = cover(folded, moves, folded.length)
    if (covered && covered.length > 0 && !isMostlyFiller(folded, moves)) return choose(covered, asked)
    const said = moves.find((hit) => meansItself(folded, hit))?.key
    const strong = answers.find((answer) => answer === said)
    if (strong) return strong
  }
  if (asked === null && kind !== 'complaint' && isSolvedFirst(folded, moves)) return 'solved'
  return asked === null ? null : besideQuestion(folded, moves, asked, kind)
}

// Small words pile up more quickly in Chinese, and then they say something.
const hanPile = 8

/** 好喔，都我的問題就對了: more of it is small words than the move. */
function isMostlyFiller(folded: string, moves: Hit[]): boolean {
  const stands = (at: number, isFiller: boolean) =>
    moves.some(({ key, start, end }) => (key === 'filler') === isFiller && start <= at && at < end)
  const places = Array.from(folded, (_, at) => at).filter((at) => isHan(folded.charCodeAt(at)))
  const said = places.filter((at) => stands(at, false)).length
  return places.length >= hanPile && places.length - said > said
}

const caseWord = /\b(?:case|complaint|ticket|request)\b|案|投诉|客诉|申诉|进度/

/** "Stop messaging me", "withdraw my complaint", "any news on my case": clear whatever stands around them. */
function meansItself(folded: string, { key, start, end }: Hit): boolean {
  const said = folded.slice(start, end)
  // "Are you a robot?" is asked in the middle of anything.
  if (key === 'identity') return true
  if (key === 'stop') return / \S+ |[\u4e00-\u9fff]{4}/.test(said)
  if (key === 'withdraw') return caseWord.test(said)
  if (key === 'nomodel' || key === 'model') return true
  return key === 'status' && caseWord.test(folded)
}

/** "Solved, thanks. Do you open on Sunday?": nobody asked whether it is, and a question follows. */
function isSolvedFirst(folded: string, moves: Hit[]): boolean {
  const end = folded.search(/[.!;。！；\n]/)
  if (end < 0 || !/[?？]/.test(folded.slice(end))) return false
  const found = cover(folded, moves, end)
  return found !== null && choose(found, null) === 'solved'
}

/** "Yes, but it's still broken": the first words answer, unless what follows takes them back. */
function besideQuestion(folded: string, moves: Hit[], asked: string, kind: Kind): Answer | null {
  const has = (key: Answer) => moves.some((hit) => hit.key === key)
  if (asked === 'solved') {
    if (has('not_solved')) return 'not_solved'
    if (kind === 'complaint') return 'not_solved'
  }
  const first = firstClause(folded)
  const opening = cover(folded, moves, first)
  const meant = opening && opening.length > 0 ? choose(opening, asked) : null
  const rest = folded.slice(first)
  const takenBack = /\b(?:but|however|though|instead|only if|unless|except|first|rather)\b|但|不过|可是|除非|先/.test(
    rest,
  )
  if (asked === 'offer') {
    if (has('refuse') || meant === 'refuse') return 'refuse'
    if (takenBack) return null
    return has('accept') && kind !== 'complaint' ? 'accept' : meant === 'accept' ? meant : null
  }
  // Who praises, asked whether it is solved, need not say so.
  if (asked === 'solved' && (has('solved') || kind === 'praise') && !takenBack) return 'solved'
  if (meant === null || takenBack || !meansAnswer.includes(meant)) return null
  return meant
}

const meansAnswer: Answer[] = ['yes', 'no', 'solved', 'not_solved']

function firstClause(folded: string): number {
  const at = folded.search(/[,.!?;，。！？；]|[ ](?:but|and|i|it|please|the|we)\b/)
  return at < 0 ? Math.min(folded.length, 40) : at
}

/**
 * The keys of the moves that, with nothing between but blanks and marks, make up the text up to `end`; null when a word
 * is left over. Small talk ("please", "haha") counts as covered and is not among the keys.
 */
function cover(folded: string, moves: Hit[], end: number): Answer[] | null {
  const found: Answer[] = []
  for (let at = 0; at < end; ) {
    const code = folded.charCodeAt(at)
    if (!isWord(code) && !isHan(code)) {
      at++
      continue
    }
    const here = moves.filter((hit) => hit.start === at && hit.end > at)
    if (here.length === 0) return null
    const longest = here.reduce((best, hit) => (hit.end > best.end ? hit : best))
    // 不用了 stands in two lists: beside a question it refuses, alone it gives up.
    const said = here.filter((hit) => hit.end === longest.end).map((hit) => hit.key)
    found.push(...answers.filter((answer) => said.includes(answer)))
    at = longest.end
  }
  return found
}

// What a message that holds several moves comes down to.
const order: Answer[] = [
  'nomodel',
  'model',
  'stop',
  'withdraw',
  'not_solved',
  'refuse',
  'solved',
  'accept',
  'nevermind',
  'status',
  'no',
  'yes',
  'identity',
  'thanks',
  'greeting',
]

/** Questions that "yes" does not answer: "OK thanks" after them is thanks. */
const open: readonly string[] = ['happened', 'order', 'wish', 'anything']

function choose(found: Answer[], asked: string | null): Answer | null {
  // "Nothing about it is good" is made of a no and a yes, and is neither.
  if (asked === null && found.includes('no') && found.includes('yes')) return null
  // "OK thanks" to no question is thanks; to a question it is a yes.
  const isOpen = asked === null || open.includes(asked)
  const weighed = isOpen && found.includes('thanks') ? found.filter((move) => move !== 'yes') : found
  // "No, thank you" declines, in whatever order it is said.
  if (asked !== 'solved' && found.includes('no') && found.includes('thanks')) return 'refuse'
  // 不用了 beside an offer refuses it; by itself it gives up.
  const givesUp = asked === null && weighed.includes('nevermind')
  const left = givesUp ? weighed.filter((said) => !['refuse', 'no', 'accept', 'solved'].includes(said)) : weighed
  const move = order.find((known) => left.includes(known))
  if (!move) return null
  if (asked === 'offer') {
    if (move === 'yes') return 'accept'
    if (move === 'no') return 'refuse'
  }
  if (asked === 'solved') {
    if (move === 'yes' || move === 'accept') return 'solved'
    if (move === 'no' || move === 'refuse') return 'not_solved'
  }
  return move
}
