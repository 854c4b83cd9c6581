/** Our own ninety messages, answered by the whole bot: what holds of every reply, whoever changed a script or a cue. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { locales } from '../../src/domain/customer.ts'
import { loadPhrases } from '../../src/writing/rules.ts'
import { broken, isApology, overlap, type Reply } from './voice/measure.ts'
import { openTalk, type Turn } from './voice/talk.ts'

const talk = await openTalk()
const forbidden = await loadPhrases(join(talk.prompts.dir, 'cues'), 'forbidden')
const guarded = (text: string) => talk.prompts.guard.check(text, { amounts: [] })?.found ?? null

test.each(locales)(
  '%s: short, one question at most, one script, no form letter, no two apologies alike',
  async (locale) => {
    const lines = (await readFile(join(import.meta.dirname, `voice/messages.${locale}.jsonl`), 'utf8'))
      .trim()
      .split('\n')
    const replies: Reply[] = []
    for (const [i, line] of lines.entries()) {
      const { says }: { says: Turn[] } = JSON.parse(line)
      const asked = says.filter((turn) => typeof turn === 'string')
      const answers = await talk.with(`${locale.toLowerCase()}-${i + 1}`, says)
      for (const [n, said] of answers.entries())
        for (const one of said) replies.push({ ...one, locale, to: asked[n] ?? '' })
    }
    expect(lines).toHaveLength(30)
    expect(broken(replies, { forbidden, guarded })).toEqual([])
    expect(
      overlap(
        replies.filter(isApology).map(({ text }) => text),
        locale,
      ),
    ).toBeLessThan(0.2)
  },
  120_000,
)

test('the measures can fail', () => {
  const reply = (text: string, script = 'complaint@1:x') => ({
    text,
    script,
    buttons: [],
    locale: 'en' as const,
    to: 'x',
  })
  const rules = { forbidden, guarded }
  expect(broken([reply('Fine. A person answers today.')], rules)).toEqual([])
  for (const text of [
    'Rest assured.',
    'Why? And when?',
    'word '.repeat(61),
    'Sorry!',
    '對不起',
    'It is {{ thing }}.',
    'you should have read it',
  ])
    expect(broken([reply(text)], rules), text).not.toEqual([])
  expect(overlap(['one two three four five', 'one two three four five'], 'en')).toBe(1)
  expect(overlap(['一二三四五', '甲乙丙丁戊'], 'zh-TW')).toBe(0)
})
