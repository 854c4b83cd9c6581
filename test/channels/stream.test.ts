/** The stream of a customer's messages, over a front that has as many as one likes. */
import { expect, test } from 'vitest'
import { createApi } from '../../src/channels/web/api.ts'
import { createHub } from '../../src/channels/web/hub.ts'
import type { Front } from '../../src/domain/ports.ts'

const page = 200

test('a stream goes on until it has given all, however long the conversation', async () => {
  const all = Array.from({ length: 2 * page + 50 }, (_, n) => ({ id: `m${n}`, text: String(n) }))
  const front = {
    view: async ({ after }: { after: string | null }) => {
      const from = all.findIndex((one) => one.id === after) + 1
      return { messages: all.slice(from, from + page) }
    },
  } as unknown as Front
  const hub = createHub()
  const api = createApi({ front, hub, now: () => 0, waitFor: async () => 0 })
  const response = await api.request('/events?customer=ada')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const ids = () => [...text.matchAll(/^id: (.*)$/gmu)].map(([, id]) => id)
  while (ids().length < all.length) {
    const chunk = await reader?.read()
    if (!chunk || chunk.done) break
    text += chunk.value
  }
  expect(ids()).toEqual(all.map((one) => one.id))
  await reader?.cancel()
})
