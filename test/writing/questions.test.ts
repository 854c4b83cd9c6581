/** What is asked, taken apart, and what of it is quoted back. */
import { describe, expect, test } from 'vitest'
import { ideaOf, questionsIn, quotable } from '../../src/writing/questions.ts'

describe('each question by itself (P2)', () => {
  test.each<[string, string[]]>([
    [
      'How long do I have to return a lamp, and who pays for it?',
      ['How long do I have to return a lamp', 'who pays for it?'],
    ],
    ['How much is it? Do you ship abroad?', ['How much is it?', 'Do you ship abroad?']],
    ['I ordered a lamp on Monday. Can I change the address?', ['Can I change the address?']],
    ['我想退货，另外你们周末上班吗？', ['我想退货', '另外你们周末上班吗？']],
    ['請問鑑賞期多久？運費誰出？', ['請問鑑賞期多久？', '運費誰出？']],
    ['the invoice again please', ['the invoice again please']],
    ["I don't know what to do any more", []],
    ['我不知道該怎麼辦', []],
  ])('%s', (text, wanted) => {
    expect(questionsIn(text)).toEqual(wanted)
  })
})

describe('a quote is short, asks, and greets nobody', () => {
  test.each<[string, 'en' | 'zh-TW' | 'zh-CN', string | null]>([
    ['hi, do you sell lids?', 'en', 'Do you sell lids?'],
    ['Please fix this bug where the app closes when I upload a photo', 'en', null],
    ['@shop is there a shop in Leeds https://example.test', 'en', 'Is there a shop in Leeds'],
    ['do you know whether the lamp that I saw in the window of your shop last week is still there?', 'en', null],
    ['另外有藍色的嗎？', 'zh-TW', '有藍色的嗎？'],
    ['把發票再寄一次', 'zh-TW', null],
    ['请问有蓝色的吗？', 'zh-CN', '有蓝色的吗？'],
    ['不好意思，是我自己訂錯尺寸，可以換嗎？', 'zh-TW', '可以換嗎？'],
    ['could u pls tell me when it comes', 'en', null],
    ["what's going on", 'en', null],
  ])('“%s”', (text, locale, wanted) => {
    expect(quotable(text, locale)).toBe(wanted)
  })
})

describe('an idea goes without its lead-in', () => {
  test.each<[string, string]>([
    ["I'd suggest that you should let us pick the hour", 'let us pick the hour'],
    ['It would be great if the app had a dark mode.', 'the app had a dark mode'],
    ['Please add a map', 'add a map'],
    ['please', 'please'],
    ['希望可以讓我們自己選送貨時段', '讓我們自己選送貨時段'],
    ['建议你们加个地图', '加个地图'],
  ])('“%s”', (text, wanted) => {
    expect(ideaOf(text)).toBe(wanted)
  })

  test('and is never long', () => {
    expect(ideaOf('let me '.repeat(100)).length).toBeLessThanOrEqual(91)
    expect(ideaOf('加個地圖'.repeat(100)).length).toBe(41)
  })
})
