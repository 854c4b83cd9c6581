import { expect, test } from 'vitest'
import { breath } from '../../src/domain/shortened.ts'

test.each([
  ['a paragraph', 'It left today.\n\nIt comes | tomorrow', 'It left today.'],
  ['a line', 'It left today.\nIt comes | tomorrow', 'It left today.'],
  ['a sentence', 'It left today. It comes | tomorrow', 'It left today.'],
  ['a sentence with its quotation mark', 'She said “it left.” It comes | tomorrow', 'She said “it left.”'],
  ['no number', 'It costs about 3.5 dollars each way | today', 'It costs about 3.5 dollars each way'],
  ['a Chinese sentence', '今天寄出了。明天就會|到', '今天寄出了。'],
  ['the mark that comes just too late', '今天寄出|。明天到', '今天寄出'],
  ['a word', 'It comes tomo|rrow', 'It comes'],
  ['an early end leaves too little', 'Hi. Itcomestomorrowmorni|ng', 'Hi. Itcomestomorrowmorni'],
  ['a surrogate pair', 'aaaaaaaaa\ud83d|\ude00', 'aaaaaaaaa'],
])('a breath is taken at the end of what fits: %s', (_, text, first) => {
  const atMost = text.indexOf('|')
  const whole = text.replace('|', '')
  expect(whole.slice(0, breath(whole, atMost)).trimEnd()).toBe(first)
})
