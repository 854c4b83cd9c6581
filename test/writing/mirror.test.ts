/** What a customer told, said back: persons turned, or nothing at all. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Locale } from '../../src/domain/customer.ts'
import { isIn, mirror } from '../../src/writing/mirror.ts'
import { loadPhrases } from '../../src/writing/rules.ts'

const unsaid = await loadPhrases(join(import.meta.dirname, '../../prompts/cues'), 'unsaid')
const back = (text: string, locale: Locale) => mirror(text, locale, (word) => unsaid(word) !== null)

test.each<[string, string]>([
  ['You charged me twice for order 10492', 'we charged you twice for order 10492'],
  ['the blender you sent is cracked', 'the blender we sent is cracked'],
  ['I was told it would come on Monday', 'nothing'],
  ['I was hung up on twice', 'you were hung up on twice'],
  ['Your driver threw the box over my fence', 'our driver threw the box over your fence'],
  ['nobody answers my mails since Tuesday', 'nobody answers your mails since Tuesday'],
  ['MY PARCEL NEVER CAME', 'your parcel never came'],
  ['MY PARCEL IS STILL NOT HERE', 'your parcel is still not here'],
  ['ordered a blue lamp and got a green one', 'you ordered a blue lamp and got a green one'],
  ['still waiting for my refund', "you're still waiting for your refund"],
  ['I told you three times the address was wrong', 'you told us three times the address was wrong'],
  ['my wife and I waited in all day', 'nothing'],
  ['no rush, but the tracking has not moved since Monday', 'the tracking has not moved since Monday'],
  ['great, it broke after two days', 'it broke after two days'],
  ['I demand a refund for the blender, it never worked', 'it never worked'],
  ['I waited from 9:30 to 16:00 and no one came', 'you waited from 9:30 to 16:00 and no one came'],
  ["My battery hasn't come and I can't leave the house", "your battery hasn't come and you can't leave the house"],
  ['You promised to call me yesterday', "we promised to call you yesterday, and that hasn't happened"],
  ['you guys cancelled my flight', 'we cancelled your flight'],
])('English: “%s”', (said, wanted) => {
  expect(back(said, 'en') ?? 'nothing').toBe(wanted)
})

test.each<[string, string]>([
  ['司機把箱子直接丟過圍牆，還罵我兒子', '司機把箱子直接丟過圍牆，還罵您兒子'],
  ['你們寄來的果汁機是裂的', '我們寄來的果汁機是裂的'],
  ['等了四個禮拜沒人理', '您等了四個禮拜沒人理'],
  ['我媽媽的輪椅一直沒有修好', '您母親的輪椅一直沒有修好'],
  ['部焗爐又壞咗兩次', '焗爐又壞了兩次'],
  ['客服掛我電話兩次', '客服掛您電話兩次'],
  ['你們說昨天會打給我，結果沒有', '我們說昨天會打給您，結果沒有'],
  ['床墊有化學味，我太太懷孕中', '床墊有化學味，您太太懷孕中'],
  ['今天第二次了，外送又少一杯，你不用跟我道歉，補給我就好', '今天第二次了，外送又少一杯'],
])('Traditional Chinese: %s', (said, wanted) => {
  expect(back(said, 'zh-TW')).toBe(wanted)
})

test.each<[string, string]>([
  ['订单10492扣了我两次钱，到现在没人回', '订单10492扣了您两次钱，到现在没人回'],
  ['你们发来的外套尺码不对', '我们发来的外套尺码不对'],
  ['我妈的轮椅到现在没修好', '您母亲的轮椅到现在没修好'],
  ['扣了我两次钱，把第二笔退给我', '扣了您两次钱'],
  ['快递从9:30等到16:00，一直没来', '快递从9:30等到16:00，一直没来'],
  ['一晚上涨三成，太离谱', '一晚上涨三成'],
])('Simplified Chinese: %s', (said, wanted) => {
  expect(back(said, 'zh-CN')).toBe(wanted)
})

describe('what is not said back', () => {
  test.each<[string, Locale, string]>([
    ['you are a bunch of idiots and my parcel is late', 'en', 'an insult'],
    ['you stole my money and never sent the lamp', 'en', 'an accusation'],
    ['if you lose my parcel again I leave', 'en', 'a condition'],
    ['when you click the button it crashes', 'en', 'people in general'],
    ['great, what a joy this lamp is', 'en', 'irony'],
    ['the lamp that was', 'en', 'half a sentence'],
    ['it broke', 'en', 'too little'],
    ['see https://example.test it broke for me', 'en', 'a link'],
    ['你們這群騙子到現在還沒寄', 'zh-TW', 'an accusation'],
    ['為什麼到現在還沒寄來', 'zh-TW', 'a question'],
    ['點解咁耐都唔覆', 'zh-TW', 'dialect'],
    ['把第二筆退給我', 'zh-TW', 'an order: said back it would be a promise (P16)'],
    ['能补发两个吗', 'zh-CN', 'a question'],
    ['包裹到现在还没寄来', 'zh-TW', 'the other script'],
    ['包裹到現在還沒寄來', 'zh-CN', 'the other script'],
    ['太难吃了', 'zh-CN', 'no subject'],
  ])('“%s” (%s): %s', (said, locale) => {
    expect(back(said, locale)).toBeNull()
  })
})

test('scripts are told apart by characters that one of them alone writes', () => {
  expect([isIn('台北的包裹', 'zh-TW'), isIn('台北的包裹', 'zh-CN')]).toEqual([true, true])
  expect([isIn('壞了', 'zh-CN'), isIn('坏了', 'zh-TW'), isIn('坏了', 'en')]).toEqual([false, false, true])
})
