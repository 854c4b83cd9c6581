/** The headings of our own pages, asked by a customer: each is read as a question, and answered by its own passage. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { locales } from '../../src/domain/customer.ts'
import { openTalk } from './voice/talk.ts'

const talk = await openTalk()
const folder = join(talk.prompts.dir, 'knowledge')

test.each(locales)(
  '%s: every heading is a plain question, answered by the passage under it and nothing else',
  async (locale) => {
    const pages = readdirSync(folder).filter((name) => name.endsWith(`.${locale}.md`))
    const sections = pages.flatMap((name) => readFileSync(join(folder, name), 'utf8').split(/^## /mu).slice(1))
    expect(sections.length).toBeGreaterThan(40)
    for (const [i, section] of sections.entries()) {
      const [question = '', ...lines] = section.trim().split('\n')
      const answer = lines.filter((line) => !line.startsWith('also:')).join('\n')
      const [said = []] = await talk.with(`${locale}-heading-${i}`, [question])
      expect
        .soft(said.map(({ script }) => script).join('|'), question)
        .toMatch(/^(?:hello@[^+|]*\+)?inquiry\.answer@[^+|]*$/u)
      expect.soft(said.map(({ text }) => text).join('\n'), question).toContain(answer)
    }
  },
  60_000,
)
