/** What is looked at, where there is more of it than a page. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rehearse } from '../../src/rehearsal.ts'
import * as messages from '../../src/store/messages.ts'
import { loadPrompts } from '../../src/wiring.ts'
import { messageOf, openCase, someone, t0 } from '../store/rows.ts'

test('of a long case the newest messages are shown, in order', async () => {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const stage = await rehearse({
    prompts: await loadPrompts({}, join(tmpdir(), 'amends-test-reader')),
    at: t0,
    timezone: 'UTC',
    log,
  })
  const { store } = stage
  const ada = await someone(store, 'ada')
  const kase = await store.write((tx) => openCase(store, tx, ada))
  await store.write(async (tx) => {
    for (let n = 0; n < 250; n += 1)
      await messages.insert(tx, messageOf(store, ada, { case_id: kase.id, text: String(n), shown_at: t0 + n }))
  })
  const shown = (await stage.engine.view({ of: 'case', number: kase.number })) as { messages: { text: string }[] }
  expect(shown.messages.map((one) => one.text)).toEqual(Array.from({ length: 200 }, (_, n) => String(n + 50)))
  await stage.stop()
})
