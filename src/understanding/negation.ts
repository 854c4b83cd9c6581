import type { Hit } from './cues.ts'

const notBefore =
  /\b(?:not|no|never|without|isn't|isnt|wasn't|wasnt|don't|dont|didn't|didnt|doesn't|doesnt|won't|wont|wouldn't|aren't|ain't|hardly|no need (?:for|to)|instead of)(?: (?:a|an|the|at|all|so|very|really|that|to|any|even|being|feeling|going|want|wanting|need|trying|planning|about|of|in|with|threatening|talk|speak|for|get|it's|is|was|am|be|you|i'm|me|get|got)){0,4} ?$/
const notBeforeHan =
  /(?:不是|不用|不需要|不必|不要|不想|不会|没有|没|并不|并没有|不|别|无需|不算|不太|毋须|唔系|唔使)(?:很|太|要|想|真的|那么|这么|特别|在|说|再|有|会|被|要求|需要|打算|怎么)?$/

/** Whether what a cue says is denied just before it: "not angry", "no need for a human", 不用转人工. */
export function negated(folded: string, hit: Hit): boolean {
  const before = folded.slice(Math.max(0, hit.start - 40), hit.start)
  return notBefore.test(before) || notBeforeHan.test(before)
}

// 呵呵，服务真好 · "oh great", "thanks for nothing": what is praised after these words is not.
const mockedBefore =
  /(?:呵呵|嗬嗬|哼哼?|(?:真是|可)?(?:谢谢|感谢)(?:你们|您)?(?:啊|喔|哦|了))[,，。!！~ ]{0,3}(?:这|你们|您|贵司|真是)?.{0,4}$/

/** Whether praise is said in scorn, by what stands just before it. */
export function mocked(folded: string, hit: Hit): boolean {
  return (
    mockedBefore.test(folded.slice(Math.max(0, hit.start - 16), hit.start)) || /^呵呵/.test(folded.slice(hit.start))
  )
}
