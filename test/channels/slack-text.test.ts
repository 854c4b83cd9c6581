/** Slack's way of writing, both ways, and long texts in parts. */
import { expect, test } from 'vitest'
import { emojiName, emojiOf, escaped, mrkdwn, plain, split } from '../../src/channels/slack/text.ts'

const names = new Map([['U0KIM', 'Kim']])
const read = (raw: string) => plain(raw, 'U0BOT', (id) => names.get(id) ?? null)

test.each([
  ['<@U0BOT> what are your hours?', 'what are your hours?'],
  ['Hey <@U0BOT>, are you there?', 'Hey , are you there?'],
  ['<@U0KIM> said so', '@Kim said so'],
  ['<@U0LEE|lee> and <@U0NEW>', '@lee and @U0NEW'],
  ['in <#C012|general> and <#C013>', 'in #general and #C013'],
  ['<!here> and <!subteam^S01|@crew> and <!channel>', '@here and @crew and @channel'],
  ['see <https://shop.test/a?b=1&amp;c=2>', 'see https://shop.test/a?b=1&c=2'],
  ['see <https://shop.test/a|shop.test/a>', 'see https://shop.test/a'],
  ['see <https://shop.test/a|my order>', 'see [my order](https://shop.test/a)'],
  ['mail <mailto:ada@shop.test|ada@shop.test>', 'mail ada@shop.test'],
  ['1 &lt; 2 &amp;&amp; 3 &gt; 2', '1 < 2 && 3 > 2'],
  ['*very* _late_ ~again~ and `a*b*c` 2*3*4', '**very** *late* ~~again~~ and `a*b*c` 2*3*4'],
  ['snake_case_name stays', 'snake_case_name stays'],
])('%s is read as %s', (raw, text) => {
  expect(read(raw).text).toBe(text)
})

test('everybody who is mentioned is told, the bot too', () => {
  expect(read('<@U0BOT> ask <@U0KIM>').mentions).toEqual(['U0BOT', 'U0KIM'])
})

test.each([
  ['1 < 2 & 3 > 2', '1 &lt; 2 &amp; 3 &gt; 2'],
  ['**very** *late* ~~again~~', '*very* _late_ ~again~'],
  ['`**not** bold <b>`', '`**not** bold &lt;b&gt;`'],
  ['look at https://shop.test/a?b=1&c=2.', 'look at <https://shop.test/a?b=1&amp;c=2>.'],
  ['[my order](https://shop.test/a)', '<https://shop.test/a|my order>'],
  ['[bank.test](https://evil.test/a)', 'bank.test (<https://evil.test/a>)'],
  ['<!channel> <@U0KIM>', '&lt;!channel&gt; &lt;@U0KIM&gt;'],
  ['5 * 3 * 2', '5 * 3 * 2'],
])('%s is shown as %s', (text, shown) => {
  expect(mrkdwn(text)).toBe(shown)
})

test('nobody is called by what is passed on', () => {
  for (const text of [
    '@channel',
    '@here look',
    'mail@here',
    '@everyone',
    '@Channel',
    '<!here>',
    '[x](https://a.test) @group',
  ])
    expect(mrkdwn(text)).not.toMatch(/@(?:channel|here|everyone|group)|<!/iu)
  expect(mrkdwn('@channelling is a word')).toBe('@channelling is a word')
})

test('a text that fits stays whole', () => {
  expect(split('  short  ')).toEqual(['short'])
  expect(split('')).toEqual([''])
})

test('a long one is parted where one would take a breath, and nothing of it is lost', () => {
  const paragraph = `${'A sentence of some length that goes on. '.repeat(20).trim()}`
  const text = Array.from({ length: 12 }, (_, i) => `${i}. ${paragraph}`).join('\n\n')
  const parts = split(text)
  expect(parts.length).toBeGreaterThan(3)
  expect(parts.join('\n\n')).toBe(text)
  for (const part of parts) expect(escaped(part).length).toBeLessThanOrEqual(2700)
})

test.each([
  ['without a space', 'x'.repeat(9000)],
  ['of nothing but what is escaped', '<&>'.repeat(3000)],
  ['of Chinese sentences', '這是一個很長的句子，沒有空格。'.repeat(600)],
  ['of emoji', '👩‍👩‍👧'.repeat(1500)],
])('a text %s is parted, too, and no character is torn', (_, text) => {
  const parts = split(text)
  expect(parts.join('')).toBe(text)
  for (const part of parts) {
    expect(escaped(part).length).toBeLessThanOrEqual(2700)
    expect(part.isWellFormed()).toBe(true)
  }
})

test('emoji go by Slack’s names and come back, whatever their skin', () => {
  for (const emoji of ['✅', '❗', '🔒', '👀', '👍', '😡', '🙁']) expect(emojiOf(emojiName(emoji))).toBe(emoji)
  expect(emojiOf('thumbsup::skin-tone-3')).toBe('👍')
  expect(emojiOf('our_own')).toBe(':our_own:')
  expect(emojiName(':our_own:')).toBe('our_own')
})
