/** Discord's way of writing, as tables: what comes in has names for ids, what is long is cut where one would pause. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fromDiscord, quote, split } from '../../src/channels/discord/markup.ts'
import { nonceOf } from '../../src/channels/discord/nonce.ts'
import { shapes } from '../../src/channels/discord/shapes.ts'

const names = {
  user: (id: string) => (id === '7' ? 'Ada' : null),
  role: (id: string) => (id === '8' ? 'staff' : null),
  channel: (id: string) => (id === '9' ? 'shop' : null),
}

test.each([
  ['<@1> my parcel is late', 'my parcel is late'],
  ['<@!1>, my parcel is late <@1>', 'my parcel is late'],
  ['ask <@7> or <@&8> in <#9>', 'ask @Ada or @staff in #shop'],
  ['ask <@99> in <#99>', 'ask @somebody in #channel'],
  ['thanks <:party:123> <a:wave:456>', 'thanks :party: :wave:'],
  ['see <https://example.com/a_b>', 'see https://example.com/a_b'],
  [
    '**bold** *soft* ~~gone~~ `code` [here](https://example.com)',
    '**bold** *soft* ~~gone~~ `code` [here](https://example.com)',
  ],
  ['__under__ a snake_case_name and __init__.py', '**under** a snake_case_name and __init__.py'],
  ['at <t:1795136400:f>', 'at 2026-11-20 01:00 UTC'],
  ['use </support:123>', 'use /support'],
  ['-# small print', 'small print'],
  ['`<@7>` and ```\n<@7> __x__\n```', '`<@7>` and ```\n<@7> __x__\n```'],
  ['我的包裹<@7>沒到', '我的包裹@Ada沒到'],
])('%s', (written, read) => {
  expect(fromDiscord(written, '1', names)).toBe(read)
})

describe('long texts', () => {
  const paragraph = (n: number) => `${n}: ${'word '.repeat(60).trim()}.`
  test('are cut between paragraphs, and nothing is lost', () => {
    const text = Array.from({ length: 30 }, (_, n) => paragraph(n)).join('\n\n')
    const parts = split(text, 2000)
    expect(parts.every((part) => part.length <= 2000 && /^\d+: /u.test(part) && part.endsWith('.'))).toBe(true)
    expect(parts.join('\n\n')).toBe(text)
  })

  test('without a place to pause they are cut anyway, and no character in two', () => {
    const text = '😀'.repeat(2500)
    const parts = split(text, 2000)
    expect(parts.join('')).toBe(text)
    expect(parts.every((part) => part.length <= 2000 && part.isWellFormed())).toBe(true)
  })

  test('Chinese is cut at its own full stop', () => {
    const text = '我們查過了，包裹還在倉庫裡。'.repeat(200)
    expect(split(text, 2000).every((part) => part.endsWith('。') && part.length <= 2000)).toBe(true)
  })

  test('a block of code that is cut is closed, and opened again', () => {
    const text = `Look:\n\`\`\`json\n${'{"a": 1}\n'.repeat(400)}\`\`\`\nThat is all.`
    for (const part of split(text, 2000)) {
      expect(part.length).toBeLessThanOrEqual(2000)
      expect((part.match(/```/gu) ?? []).length % 2).toBe(0)
    }
  })

  test('a short one is itself, an empty one is one', () => {
    expect(split('Hello', 2000)).toEqual(['Hello'])
    expect(split('', 2000)).toEqual([''])
  })

  test('each line of a quotation is quoted', () => {
    expect(quote('one\ntwo')).toBe('> one\n> two')
  })
})

test('a nonce is ours alone, within Discord’s 25 characters, whatever the id', () => {
  const ids = ['019db9c2-0000-7000-8000-000000000001', '019db9c2-0000-7000-8000-000000000002', '12345:box.jpg']
  const nonces = ids.flatMap((id) => [nonceOf(id, 0), nonceOf(id, 1), nonceOf(id, 42)])
  expect(nonces.every((nonce) => /^[\w-]{22}\d\d$/u.test(nonce))).toBe(true)
  expect(new Set(nonces).size).toBe(nonces.length)
})

/** As Discord sends them; ids scrubbed. */
const fixtures = join(import.meta.dirname, '../fixtures/discord')

test.each(readdirSync(fixtures))('the payload %s is understood', (file) => {
  const { t, d } = JSON.parse(readFileSync(join(fixtures, file), 'utf8'))
  const shape = {
    MESSAGE_CREATE: shapes.message,
    MESSAGE_UPDATE: shapes.message,
    MESSAGE_DELETE: shapes.gone,
    MESSAGE_REACTION_ADD: shapes.reaction,
    INTERACTION_CREATE: shapes.interaction,
    GUILD_CREATE: shapes.guild,
    THREAD_CREATE: shapes.channel,
    READY: shapes.ready,
  }[String(t)]
  expect(shape?.safeParse(d).error?.issues ?? []).toEqual([])
})
