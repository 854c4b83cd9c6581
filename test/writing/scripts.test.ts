/** What admins may get wrong in a script, and what serves meanwhile. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { liquid, loadScripts } from '../../src/writing/scripts.ts'
import { folder } from '../store/ground.ts'

const { path, remove } = folder()
afterAll(remove)

const good = '---\nvariables: [number]\n---\n\n## plain\nCase {{ number }}.\n'
const write = (text: string) => writeFileSync(join(path, 'withdrawn.en.md'), text)

beforeEach(() => write(good))

/** What a script of these lines after the front matter is faulted for. */
async function faultOf(...lines: string[]): Promise<string | undefined> {
  write(['---', 'variables: [number]', '---', ...lines].join('\n'))
  return (await loadScripts(path)).faults[0]?.reason
}

describe('a fault names the line of the file', () => {
  test('of a tag that does not end', async () => {
    // The front matter takes three lines, so that the tag stands in the seventh.
    expect(await faultOf('', '## plain', 'Hello.', '{% if number %}')).toMatch(/^“plain”: .*, line 7$/)
  })

  test('in the second variant, after blank lines', async () => {
    const lines = ['## one', 'Hello.', '', '## two', '', '', 'Hello {{ number | shout }}.']
    expect(await faultOf(...lines)).toMatch(/^“two”: .*shout.*, line 10$/)
  })
})

test('a variable that is not declared is named', async () => {
  expect(await faultOf('## plain', '{{ secret }}')).toBe(
    'the variant “plain” uses secret, which the front matter does not declare',
  )
})

test('what never ends to render is no good text, and the last good one serves', async () => {
  const first = await loadScripts(path)
  write(`${good}\n## endless\n{% for i in (1..100000000) %}{{ i }}{% endfor %}\n`)
  const second = await loadScripts(path, first.good)
  expect(second.faults).toEqual([{ file: 'withdrawn.en.md', reason: expect.stringMatching(/^“endless”: .*limit/) }])
  expect(second.good['withdrawn.en.md']).toBe(good)
  const script = second.scripts.get('withdrawn', 'en')
  expect(second.scripts.render(script, script.variants[0] ?? never(), { number: 7 })).toBe('Case 7.')
})

test('a file that has gone is named, and its last good text serves', async () => {
  const first = await loadScripts(path)
  rmSync(join(path, 'withdrawn.en.md'))
  const second = await loadScripts(path, first.good)
  expect(second.faults).toEqual([{ file: 'withdrawn.en.md', reason: 'is missing' }])
  expect(second.good).toEqual(first.good)
  expect(second.scripts.get('withdrawn', 'en').version).toBe(first.scripts.get('withdrawn', 'en').version)
})

test('one that no version asks for any more may go', async () => {
  expect((await loadScripts(path, { 'of-old.en.md': good })).faults).toEqual([])
})

test('there is nothing to include: templates come from nowhere', () => {
  expect(() => liquid().parseAndRenderSync('{% include "policy" %}')).toThrow()
})

function never(): never {
  throw new Error('the script has no variant')
}
