import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadPrompts } from '../../src/wiring.ts'
import { polite } from '../model/scripted.ts'
import { loadConversations, passed, play } from './recovery.ts'

const prompts = await loadPrompts({}, join(tmpdir(), 'amends-test-reader'))

test('there are sixty conversations, in three languages', async () => {
  const all = await loadConversations()
  expect(all.length).toBeGreaterThanOrEqual(60)
  for (const language of ['en', 'zh-TW', 'zh-CN'])
    expect(all.filter((one) => one.language === language).length).toBeGreaterThan(9)
})

test('each ends as it should, every time, without a key', async () => {
  const scores = await play(prompts, null, 2)
  expect(
    scores.flatMap(({ name, tries }) => tries.flatMap((faults) => faults.map((fault) => `${name}: ${fault}`))),
  ).toEqual([])
  expect(passed(scores).mean).toBe(1)
}, 120_000)

test('and with a model that writes along', async () => {
  const scores = await play(prompts, polite('Truly.'), 1)
  expect(
    scores.flatMap(({ name, tries }) => tries.flatMap((faults) => faults.map((fault) => `${name}: ${fault}`))),
  ).toEqual([])
}, 120_000)
