/** What goes wrong on Slack's side: waited for, looked up, or told to whoever can act on it; said once, and never lost. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Outgoing } from '../../src/domain/message.ts'
import { type Bench, said, saidIn, serve } from './slack.ts'

const postsIn = ({ slack }: Bench, room: { id: string }) =>
  slack.calls.filter((call) => call.method === 'chat.postMessage' && call.args.channel === room.id)

describe('sending', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await serve({ mode: 'http' })
  })
  afterAll(() => bench.stop())

  test('asked to wait, it waits: for everybody in that workspace, and says it once', async () => {
    const { slack, hears } = bench
    const ada = slack.user('ada')
    const bob = slack.user('bob')
    slack.faults.order('chat.postMessage', { type: 'limited', retryAfter: 1 })
    const at = Date.now()
    await ada.says('What are your opening hours?')
    await bench.until(() => expect(postsIn(bench, ada.dm())).toHaveLength(1))
    await bob.says('What are your opening hours?')
    await hears(ada.dm(), said(1))
    await hears(bob.dm(), said(1))
    const [first] = postsIn(bench, bob.dm())
    expect((first?.at ?? 0) - at, 'nothing is sent meanwhile').toBeGreaterThanOrEqual(900)
    expect(postsIn(bench, ada.dm())).toHaveLength(2)
    expect(postsIn(bench, bob.dm())).toHaveLength(1)
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

  test.each([
    ['a deactivated account', 'user_disabled', /^A message to ada did not arrive: the Slack account is deactivated/],
    ['a token that was revoked', 'token_revoked', /the token was revoked: install the app again/],
    ['a room where the app may not write', 'restricted_action', /the workspace lets nobody but some people post there/],
  ])('%s: the desk is told in one sentence, once', async (_, error, told) => {
    const { slack } = bench
    const ada = slack.user('ada')
    slack.faults.order('chat.postMessage', { type: 'error', error })
    await ada.says('What are your opening hours?')
    await toldAtDesk(told)
    expect(postsIn(bench, ada.dm())).toHaveLength(1)
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

describe('long words', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await serve({ mode: 'http' })
  })
  afterAll(() => bench.stop())

  const place = (user: string) => ({
    channel: 'slack' as const,
    workspace: bench.slack.team.id,
    room: user,
    thread: null,
  })
  const say = (text: string): Outgoing => ({
    type: 'say',
    text,
    buttons: [{ id: 'accept', label: 'Yes' }],
    from: 'bot',
    agent: null,
  })
  const long = (n: number) =>
    Array.from({ length: n }, (_, i) => `${i + 1}. ${'a line of some length '.repeat(50).trim()}`).join('\n')

  test('go as several messages that are one: edited, shortened, taken back and found together', async () => {
    const { slack } = bench
    const channel = bench.bot.platforms.get('slack')?.channel
    const ada = slack.user('ada')
    const posted = await channel?.post(place(ada.id), say(long(7)), '01890000-0000-7000-8000-000000000001')
    const id = posted?.id ?? ''
    const whole = () =>
      saidIn(ada.dm())
        .map((one) => one.text)
        .join('\n')
    expect(saidIn(ada.dm()).length).toBeGreaterThan(2)
    expect(whole()).toBe(long(7))
    expect(saidIn(ada.dm()).map((one) => one.buttons)).toEqual([
      ...Array(saidIn(ada.dm()).length - 1).fill([]),
      ['Yes'],
    ])
    expect(await channel?.findSent?.(place(ada.id), '01890000-0000-7000-8000-000000000001', say(''))).toMatchObject({
      id,
    })
    await channel?.edit?.(place(ada.id), id, say(long(3)))
    expect(whole()).toBe(long(3))
    await channel?.remove?.(place(ada.id), id)
    expect(saidIn(ada.dm())).toEqual([])
  })

  test('half of them posted when the bot died: the other half follows, and nothing comes twice', async () => {
    const { slack } = bench
    const channel = bench.bot.platforms.get('slack')?.channel
    const ada = slack.user('ada')
    const id = '01890000-0000-7000-8000-000000000002'
    slack.faults.order('chat.postMessage', { type: 'doneThenCut' })
    await expect(channel?.post(place(ada.id), say(long(7)), id)).rejects.toThrow(/does not answer/)
    expect(saidIn(ada.dm())).toHaveLength(1)
    await vi.waitFor(
      async () => {
        expect(await channel?.findSent?.(place(ada.id), id, say(''))).toBeNull()
        await channel?.post(place(ada.id), say(long(7)), id)
      },
      { timeout: 8000, interval: 200 },
    )
    expect(
      saidIn(ada.dm())
        .map((one) => one.text)
        .join('\n'),
    ).toBe(long(7))
  })
})
