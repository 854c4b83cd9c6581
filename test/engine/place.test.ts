/** What a place is to us, as a channel asks before it takes what is said there. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Place } from '../../src/domain/message.ts'
import { rehearse } from '../../src/rehearsal.ts'
import { loadPrompts } from '../../src/wiring.ts'

const room = (name: string, thread: string | null = null): Place => ({
  channel: 'web',
  workspace: '-',
  room: name,
  thread,
})

test('a support channel, and where somebody has spoken before', async () => {
  const prompts = await loadPrompts({}, join(tmpdir(), 'amends-test-reader'))
  const stage = await rehearse({
    prompts: { ...prompts, policy: { ...prompts.policy, support: ['discord:77'] } },
    at: Date.parse('2026-11-17T10:00:00+08:00'),
    timezone: 'Asia/Taipei',
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })
  const ada = { id: 'web:-:ada', name: 'ada' }
  const said = { type: 'said' as const, text: 'Hello', files: [], timezone: null, tier: null, at: stage.clock.now() }
  await stage.receive({ id: 'one', place: room('shop', 'first'), author: ada, ...said })
  const facts = (place: Place, author?: string) =>
    stage.engine.view({ of: 'place', place, ...(author === undefined ? {} : { author }) })

  expect(await facts(room('shop')), 'the web’s desk is no room that people write in').toMatchObject({
    desk: false,
    support: false,
  })
  expect(await facts(room('shop', 'first'), ada.id)).toMatchObject({ desk: false, known: true })
  expect(await facts(room('shop', 'second'), ada.id), 'another thread').toMatchObject({ known: false })
  expect(await facts(room('shop', 'first'), 'web:-:bob'), 'somebody else').toMatchObject({ known: false })
  expect(await facts({ ...room('77', 'post'), channel: 'discord' })).toMatchObject({ support: true })
  expect(await facts(room('77'))).toMatchObject({ support: false })
  await stage.stop()
})

test('what a channel says for itself is in the language of whom it is for', async () => {
  const prompts = await loadPrompts({}, join(tmpdir(), 'amends-test-reader'))
  const stage = await rehearse({
    prompts,
    at: Date.parse('2026-11-17T10:00:00+08:00'),
    timezone: 'Asia/Taipei',
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })
  const said = { type: 'said' as const, files: [], timezone: null, tier: null, at: stage.clock.now() }
  const words = (customer: string) =>
    stage.engine.view({ of: 'words', customer, line: 'tooLarge', values: { name: 'video.mp4' } })
  await stage.receive({
    ...said,
    id: 'one',
    place: room('mei'),
    author: { id: 'web:-:mei', name: 'mei' },
    text: '我的包裹又遲到了，這已經是第三次',
  })
  await stage.settle()
  expect(await words('web:-:mei')).toMatch(/「video\.mp4」超過 10 MB/)
  expect(await words('web:-:nobody')).toMatch(/“video\.mp4” is larger than 10 MB/)
  await stage.stop()
})
