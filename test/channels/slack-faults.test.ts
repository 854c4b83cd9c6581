/** What goes wrong on Slack's side: waited for, looked up, or told to whoever can act on it; said once, and never lost. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, said, saidIn, serve } from './slack.ts'

describe('sending', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await serve({ mode: 'http' })
  })
  afterAll(() => bench.stop())

  const posts = (room: { id: string }) =>
    bench.slack.calls.filter((call) => call.method === 'chat.postMessage' && call.args.channel === room.id)

  test('asked to wait, it waits: for everybody in that workspace, and says it once', async () => {
    const { slack, hears } = bench
    const ada = slack.user('ada')
    const bob = slack.user('bob')
    slack.faults.order('chat.postMessage', { type: 'limited', retryAfter: 1 })
    const at = Date.now()
    await ada.says('What are your opening hours?')
    await bench.until(() => expect(posts(ada.dm())).toHaveLength(1))
    await bob.says('What are your opening hours?')
    await hears(ada.dm(), said(1))
    await hears(bob.dm(), said(1))
    const [first] = posts(bob.dm())
    expect((first?.at ?? 0) - at, 'nothing is sent meanwhile').toBeGreaterThanOrEqual(900)
    expect(posts(ada.dm())).toHaveLength(2)
    expect(posts(bob.dm())).toHaveLength(1)
  })

  test.each([
    ['a post that was done, and whose answer was cut off', { type: 'doneThenCut' as const }],
    ['a fault on their side', { type: 'status' as const, status: 500 }],
    ['an internal error', { type: 'error' as const, error: 'internal_error' }],
  ])('%s: looked up before it is repeated, and there once', async (_, fault) => {
    const { slack, hears } = bench
    const ada = slack.user('ada')
    slack.faults.order('chat.postMessage', fault)
    await ada.says('What are your opening hours?')
    await hears(ada.dm(), said(1))
    await bench.until(() => {
      const { calls } = slack
      const looked = calls.filter(
        ({ method, args }) => method === 'conversations.history' && args.channel === ada.dm().id,
      )
      expect(looked).toHaveLength(1)
    })
    await bench.staysAt(ada.dm(), 1)
  })

  test('people who cannot be looked up in time are answered all the same', async () => {
    const { slack, hears } = bench
    const ada = slack.user('ada')
    slack.faults.order('users.info', { type: 'hangs' })
    const { acks } = await ada.says('What are your opening hours?')
    expect(acks[0]?.status).toBe(200)
    expect(acks[0]?.ms).toBeLessThan(2500)
    await hears(ada.dm(), said(1))
    slack.faults.clear()
  })
})

describe('who cannot be reached', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await serve({
      mode: 'http',
      prepare: (slack) => ({ DESK: `slack:${slack.room('desk', 'group').id}` }),
    })
  })
  afterAll(() => bench.stop())

  const desk = () => [...bench.slack.world.rooms.values()].find((room) => room.name === 'desk')
  const toldAtDesk = (pattern: RegExp) =>
    bench.until(() => {
      const room = desk()
      const lines = room ? saidIn(room).map((one) => one.text) : []
      expect(
        lines.some((line) => pattern.test(line)),
        lines.join('\n'),
      ).toBe(true)
    })

  test('a deactivated account: the desk is told in one sentence', async () => {
    const { slack } = bench
    const ada = slack.user('ada')
    slack.faults.order('chat.postMessage', { type: 'error', error: 'account_inactive' })
    await ada.says('My parcel is late.')
    await toldAtDesk(/account is deactivated/)
  })

  test('an archived channel, and one that the app was taken out of', async () => {
    const { slack } = bench
    const ada = slack.user('ada')
    for (const [error, told] of [
      ['is_archived', /^A message to ada did not arrive: the channel is archived/],
      ['not_in_channel', /not in that channel: invite it/],
    ] as const) {
      const room = slack.room('old', 'channel', [ada])
      slack.faults.order('chat.postMessage', { type: 'error', error })
      await ada.says(`<@${slack.team.bot.user}> what are your opening hours?`, { in: room })
      await toldAtDesk(told)
      expect(saidIn(room)).toEqual([])
    }
  })

  test('where the app may write under nobody’s name, the name stands before the words', async () => {
    const { slack, hears } = bench
    const ada = slack.user('ada')
    slack.team.bot.scopes.delete('chat:write.customize')
    await ada.says('My parcel is late.')
    await hears(ada.dm(), said(1))
    await ada.says('It was to come on Monday.')
    await toldAtDesk(/^\*ada\*: It was to come on Monday\./)
    slack.team.bot.scopes.add('chat:write.customize')
  })
})
