/** Times as people write them in a form. It is Tuesday, 17 November 2026, 10:00 in Taipei. */
import { expect, test } from 'vitest'
import { parseWhen } from '../../src/domain/when.ts'

const zone = 'Asia/Taipei'
const now = Date.parse('2026-11-17T10:00:00+08:00')
const read = (text: string) => {
  const when = parseWhen(text, now, zone)
  return 'at' in when
    ? new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'short', timeZone: zone }).format(when.at)
    : when.fault
}

test.each([
  ['today 15:00', '2026-11-17 15:00'],
  ['today by 3pm', '2026-11-17 15:00'],
  ['15:00', '2026-11-17 15:00'],
  ['3:30 pm', '2026-11-17 15:30'],
  ['tonight at 8', '2026-11-17 20:00'],
  ['tomorrow', '2026-11-18 18:00'],
  ['Tomorrow 9:30', '2026-11-18 09:30'],
  ['tomorrow noon', '2026-11-18 12:00'],
  ['the day after tomorrow 10:00', '2026-11-19 10:00'],
  ['Friday', '2026-11-20 18:00'],
  ['by friday 17:00', '2026-11-20 17:00'],
  ['tuesday 9:00', '2026-11-24 09:00'],
  ['20 November, 10:00', '2026-11-20 10:00'],
  ['Nov 20', '2026-11-20 18:00'],
  ['3 January 11:00', '2027-01-03 11:00'],
  ['11/25 14:00', '2026-11-25 14:00'],
  ['in 2 hours', '2026-11-17 12:00'],
  ['in half an hour', '2026-11-17 10:30'],
  ['90 min', '2026-11-17 11:30'],
  ['2h 30m', '2026-11-17 12:30'],
  ['in 3 days', '2026-11-20 10:00'],
  ['an hour', '2026-11-17 11:00'],
  ['2026-11-20 15:00', '2026-11-20 15:00'],
  ['2026-11-20T15:00+01:00', '2026-11-20 22:00'],
  ['2026-11-20', '2026-11-20 18:00'],
  ['今天下午三點', '2026-11-17 15:00'],
  ['明天下午三點', '2026-11-18 15:00'],
  ['明天下午3點半前', '2026-11-18 15:30'],
  ['明天上午十點四十分', '2026-11-18 10:40'],
  ['后天早上九点', '2026-11-19 09:00'],
  ['大後天', '2026-11-20 18:00'],
  ['今晚八點', '2026-11-17 20:00'],
  ['星期五下午五點前', '2026-11-20 17:00'],
  ['週日', '2026-11-22 18:00'],
  ['下週三十點', '2026-11-25 10:00'],
  ['下周一', '2026-11-23 18:00'],
  ['11月20日 15:00', '2026-11-20 15:00'],
  ['十二月三號中午', '2026-12-03 12:00'],
  ['兩小時後', '2026-11-17 12:00'],
  ['半小时内', '2026-11-17 10:30'],
  ['三天后', '2026-11-20 10:00'],
  ['30分鐘後', '2026-11-17 10:30'],
  ['15:00', '2026-11-17 15:00'],
  ['９：００ tomorrow', '2026-11-18 09:00'],
])('%s', (text, expected) => {
  expect(read(text)).toBe(expected)
})

test.each([
  ['9:00', 'past'],
  ['today 08:30', 'past'],
  ['2026-11-16', 'past'],
  ['', 'unread'],
  ['soon', 'unread'],
  ['in three days', 'unread'],
  ['3', 'unread'],
  ['25:00', 'unread'],
  ['tomorrow 12:75', 'unread'],
  ['31 February', 'unread'],
  ['2026-13-40', 'unread'],
  ['盡快', 'unread'],
  ['in a while', 'unread'],
  ['tomorrow or Friday', 'unread'],
  ['9'.repeat(5000), 'unread'],
])('%s is not taken: %s', (text, fault) => {
  expect(read(text)).toBe(fault)
})
