import { expect, test } from 'vitest'
import { chineseOf, type Locale, localeHeard } from '../../src/domain/customer.ts'

const shared = { language: 'zh-TW', languageSure: false }
const told = { language: 'zh-CN', languageSure: true }
const who = (language: string | null, timezone: string | null) => ({ language, timezone })

test.each<[string, typeof shared, ReturnType<typeof who>, Locale, Locale]>([
  ['what they wrote before', shared, who('zh-CN', 'Asia/Taipei'), 'zh-TW', 'zh-CN'],
  ['a newcomer’s time zone', shared, who(null, 'Asia/Shanghai'), 'zh-TW', 'zh-CN'],
  ['a time zone, after an English hello', shared, who('en', 'Asia/Singapore'), 'en', 'zh-CN'],
  ['Hong Kong', shared, who(null, 'Asia/Hong_Kong'), 'zh-CN', 'zh-TW'],
  ['the desk’s own language', shared, who(null, 'Europe/London'), 'zh-CN', 'zh-CN'],
  ['nothing at all', shared, who(null, null), 'en', 'zh-TW'],
  ['characters of one script', told, who('zh-TW', 'Asia/Taipei'), 'zh-TW', 'zh-CN'],
])('Chinese in characters that both scripts share goes by %s', (_, reading, customer, ours, locale) => {
  expect(localeHeard(reading, customer, ours)).toBe(locale)
})

test.each([
  ['zh-CN', 'zh-CN'],
  ['zh-Hans-SG', 'zh-CN'],
  ['zh', 'zh-CN'],
  ['zh-TW', 'zh-TW'],
  ['zh-Hant-HK', 'zh-TW'],
  ['zh_HK', 'zh-TW'],
  ['en-GB', null],
  ['', null],
  [undefined, null],
])('a platform’s %s is %s', (tag, locale) => {
  expect(chineseOf(tag)).toBe(locale)
})
