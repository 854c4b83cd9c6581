import type { Act, Facts } from '../domain/reading.ts'
import { fold } from './fold.ts'

const [wordsAtMost, hanAtMost] = [7, 10]

const opening =
  /^\W*(?:oh|ah|well|wow|gee|yay|so|and|just|now|how|that's|this is|thanks?|thank you|great|perfect|wonderful|brilliant|lovely|fantastic|awesome|marvellous|nice|bravo|good job|well done|congrat\w*|amazing)\b|^[,，。!！~ ]*(?:呵呵|哈哈|哇|喔|哦|真是|真的|真|可真|好|太)?(?:是)?(?:棒|好棒|好|厉害|行|赞|感谢|谢谢|多谢|佩服|辛苦|不错|贴心)/

const named =
  /\b(?:service|staff|team|app|food|product|driver|agent|but|although|though|by|from)\b|客服|服务员|小哥|味道|但|不过/

/** Thanks and cheers around a failure, of no one and nothing in particular: "Oh wonderful, another broken plate. Thanks so much." */
function isScorn({ kind, text }: Act): boolean {
  if (kind !== 'praise') return false
  const folded = fold(text).trim()
  const isShort = /[一-鿿]/u.test(folded) ? folded.length <= hanAtMost : folded.split(' ').length <= wordsAtMost
  return isShort && opening.test(folded) && !named.test(folded)
}

/** The acts of a message without the praise that mocks: beside a complaint of something that failed, nobody is thanked. */
export function withoutScorn(acts: readonly Act[], { failure }: Facts, isCalm: boolean): Act[] {
  const complains = acts.some(({ kind }) => kind === 'complaint')
  if (!complains || (isCalm && failure === null)) return [...acts]
  return acts.filter((act) => !isScorn(act))
}
