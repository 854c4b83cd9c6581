import type { Act, Facts } from '../domain/reading.ts'
import { fold } from './fold.ts'

const [wordsAtMost, hanAtMost] = [7, 10]

const opening =
  /^\W*(?:oh|ah|well|wow|gee|yay|so|and|just|now|how|that's|this is|thanks?|thank you|great|perfect|wonderful|brilliant|lovely|fantastic|awesome|marvellous|nice|bravo|good job|well done|congrat\w*|amazing)\b|^[,，。!！~ ]*(?:呵呵|哈哈|哇|喔|哦|真是|真的|真|可真|好|太)?(?:是)?(?:棒|好棒|好|厉害|行|赞|感谢|谢谢|多谢|佩服|辛苦|不错|贴心)/

const named =
  /\b(?:service|staff|team|app|food|product|driver|agent|but|although|though|by|from)\b|客服|服务员|小哥|味道|但|不过/

// What was good once is praised in order to complain.
const past =
  /\b(?:used to|previously|initially|at first|gave .{1,20} stars|before|years? ago|was (?:so |once )?(?:good|great|nice)|until|till)\b|以前|之前|曾经|原来|本来|头一次/

/** Thanks and cheers around a failure, of no one and nothing in particular: "Oh wonderful, another broken plate. Thanks so much." */
function isScorn(folded: string): boolean {
  const isShort = /[一-鿿]/u.test(folded) ? folded.length <= hanAtMost : folded.split(' ').length <= wordsAtMost
  return isShort && opening.test(folded) && !named.test(folded)
}

// An idea says what should be; "I hope you take note", "sometimes it deletes messages" and "no stars if I could" do not.
const proposes =
  /\b(?:should|could|would be|would like|please|suggest\w*|wish|add|why (?:not|don't)|how about|let (?:us|me)|allow|need to|hope|maybe|if you|improve|better)\b|建议|希望|应该|最好|能不能|要是|如果|可以(?!吃|接受|说)|不妨/
const pleads =
  /(?:希望|建议|能不能).{0,6}(?:解释|说法|答复|回复|注意|重视|处理|解决|改进|改善|改正|0分|零分|负分)|不如|\b(?:explain|refund|give no stars|zero stars|answer me|reply|fix (?:it|this))\b/

/** What stands beside a complaint of something that failed and is neither: nobody is thanked for scorn, nor told of an idea that was none. */
export function beside(acts: readonly Act[], { failure }: Facts, isCalm: boolean): Act[] {
  if (!acts.some(({ kind }) => kind === 'complaint')) return [...acts]
  return acts.filter(({ kind, text }) => {
    if (kind !== 'praise' && kind !== 'suggestion') return true
    const folded = fold(text).trim()
    if (kind === 'suggestion') return proposes.test(folded) && !pleads.test(folded)
    return !past.test(folded) && !(isScorn(folded) && !(isCalm && failure === null))
  })
}
