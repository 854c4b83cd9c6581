/** A desk on a platform, as the engine works it: cards, threads, lines, marks, faults. */
import { expect } from 'vitest'
import { TryAgain, Undeliverable } from '../../src/domain/faults.ts'
import type { Outgoing } from '../../src/domain/message.ts'
import { atDesk, photo, prompts, start } from './room.ts'

const textsIn = (thread: Outgoing[]) => thread.map((one) => ('text' in one ? `${one.type}: ${one.text}` : one.type))

atDesk('a card opens a thread: its first line says the rule and what was said before', async (room) => {
  await room.ada.says('What are your opening hours?')
  await room.ada.says('My parcel is late, order 48213377.')
  expect(room.cards()).toHaveLength(1)
  const [rule, ...after] = room.thread()
  expect(rule).toMatchObject({ type: 'rule', text: expect.stringContaining('//') })
  if (rule?.type !== 'rule') throw new Error('no rule')
  expect(rule.before.map(({ from, text }) => `${from}: ${text}`)).toEqual([
    'ada: What are your opening hours?',
    expect.stringMatching(/^Assistant: .*9:00/),
    'ada: My parcel is late, order 48213377.',
  ])
  expect(textsIn(after)).toEqual([expect.stringMatching(/^relay: .*sorry/i)])
  const [card] = room.cards()
  const { outgoing } = card ?? {}
  if (outgoing?.type !== 'card') throw new Error('no card')
  expect(outgoing.buttons.map(({ id }) => id).slice(0, 3)).toEqual(['claim', 'reply', 'note'])
})

atDesk('later cards are edits of the first, and what is said on stands in the thread', async (room) => {
  await room.ada.says('My parcel is late.')
  await room.kim.does({ do: 'claim', case: 1 })
  await room.ada.says('Are you there?', [photo])
  expect(room.cards()).toHaveLength(1)
  const [card] = room.cards()
  expect(card?.edits).toBeGreaterThan(0)
  expect(card?.outgoing).toMatchObject({ card: { owner: 'kim' } })
  const relayed = room.slack.shown.findLast(({ outgoing }) => outgoing.type === 'relay')
  expect(relayed).toMatchObject({ outgoing: { from: 'ada', text: 'Are you there?' }, files: [photo] })
})

atDesk('what an agent writes in the thread goes to the customer, and is marked when it has arrived', async (room) => {
  await room.ada.says('My parcel is late.')
  const line = await room.kim.writes('It is on its way.', [photo])
  expect(room.ada.hears().join()).not.toContain('on its way')
  expect(room.slack.marks.get(line)).toBeUndefined()
  await room.settle()
  expect(room.discord.shown.at(-1)).toMatchObject({
    outgoing: { text: 'It is on its way.', from: 'agent', agent: 'kim', files: ['photo.jpg'] },
    files: [photo],
  })
  expect(room.slack.marks.get(line)).toEqual(['✅'])
  expect(
    textsIn(room.thread()).filter((one) => one.includes('on its way')),
    'the line stands there already',
  ).toEqual([])
})

atDesk('what begins with // stays inside, and says so', async (room) => {
  await room.ada.says('My parcel is late.')
  const heard = room.ada.hears().length
  const line = await room.kim.writes('// the courier is on strike')
  await room.settle()
  expect(room.ada.hears()).toHaveLength(heard)
  expect(room.slack.marks.get(line)).toEqual(['🔒'])
})

atDesk(
  'a desk whose lines stay inside sends only what begins with !!',
  async (room) => {
    await room.ada.says('My parcel is late.')
    expect(room.thread()[0]).toMatchObject({ text: expect.stringContaining('!!') })
    const talk = await room.kim.writes('Has anybody seen this courier?')
    const line = await room.kim.writes('!! It is on its way.')
    await room.settle()
    expect(room.slack.marks.get(talk)).toEqual(['🔒'])
    expect(room.slack.marks.get(line)).toEqual(['✅'])
    expect(room.ada.hears().at(-1)).toBe('It is on its way.')
  },
  { desk: { ...prompts.policy.desk, lines: 'inside' } },
)

atDesk('talk at the desk outside of a case is nobody else’s', async (room) => {
  const received = await room.kim.writes('Lunch?')
  expect(received).toBeDefined()
  expect(await room.stage.store.read.selectFrom('messages').selectAll().execute()).toEqual([])
})

atDesk('words that the guard holds are marked, with the reason and what can be done', async (room) => {
  await room.ada.says('My parcel is late.')
  const line = await room.kim.writes('It is your own fault. We are sending a new one today.')
  await room.settle()
  expect(room.slack.marks.get(line)).toEqual(['❗'])
  const alert = room.thread().findLast((one) => one.type === 'alert')
  expect(alert).toMatchObject({ reason: 'held', case: 1 })
  expect(alert?.type === 'alert' && alert.buttons.map(({ id }) => id)).toEqual(['take', 'send', 'reply'])
  await room.kim.edits(line, 'We are sending a new one today.')
  await room.settle()
  expect(room.ada.hears().at(-1)).toBe('We are sending a new one today.')
  expect(room.slack.marks.get(line), 'said anew, it bears only the last mark').toEqual(['✅'])
})

atDesk('within the seconds of undo an edit changes what leaves, and a deletion takes it back', async (room) => {
  await room.ada.says('My parcel is late.')
  const line = await room.kim.writes('It arrives on Thursdya.')
  await room.kim.edits(line, 'It arrives on Thursday.')
  await room.settle()
  expect(room.ada.hears().at(-1)).toBe('It arrives on Thursday.')
  const heard = room.ada.hears().length
  const other = await room.kim.writes('Never mind what I said.')
  await room.kim.deletes(other)
  await room.settle()
  expect(room.ada.hears()).toHaveLength(heard)
  expect(room.slack.marks.get(other)).toBeUndefined()
})

atDesk('afterwards they change what the customer reads', async (room) => {
  await room.ada.says('My parcel is late.')
  const line = await room.kim.writes('It arrives on Thursday.')
  await room.settle()
  await room.kim.edits(line, 'It arrives on Friday.')
  await room.settle()
  expect(room.ada.hears().at(-1)).toBe('It arrives on Friday.')
  await room.kim.edits(line, 'It is your own fault.')
  await room.settle()
  expect(room.ada.hears().at(-1), 'through the guard').toBe('It arrives on Friday.')
  await room.kim.deletes(line)
  await room.settle()
  expect(room.ada.hears().join()).not.toMatch(/Friday|Thursday/)
})

atDesk('the customer’s edits and deletions are seen at the desk', async (room) => {
  const first = await room.ada.says('My parcel is late, order 1234.')
  await room.kim.does({ do: 'claim', case: 1 })
  const second = await room.ada.says('I live in Taipei.')
  await room.ada.edits(first, 'My parcel is late, order 48213377.')
  await room.ada.edits(second, 'I live in Tainan.')
  const rule = room.thread().find((one) => one.type === 'rule')
  expect(rule?.type === 'rule' && rule.before.map(({ text }) => text)).toEqual(['My parcel is late, order 48213377.'])
  expect(textsIn(room.thread())).toContain('relay: I live in Tainan.')
  expect(textsIn(room.thread())).toContain('relay: (edited) I live in Tainan.')
  await room.ada.deletes(second)
  expect(textsIn(room.thread()).filter((one) => one === 'relay: I live in Tainan.')).toEqual([])
  const stored = await room.stage.store.read.selectFrom('outbox').select('body').execute()
  expect(
    stored.filter(({ body }) => body.includes('"I live in Tainan.')),
    'nowhere',
  ).toEqual([])
})

atDesk('a customer who cannot be reached: the desk is told, in words, at the line', async (room) => {
  await room.ada.says('My parcel is late.')
  const line = await room.kim.writes('It is on its way.')
  room.discord.breaks('say', new Undeliverable('ada takes no direct messages.'))
  await room.settle()
  expect(room.slack.marks.get(line)).toEqual(['❗'])
  expect(room.thread().at(-1)).toMatchObject({
    type: 'alert',
    reason: 'undelivered',
    text: expect.stringContaining('ada takes no direct messages.'),
  })
  const { read } = room.stage.store
  expect(await read.selectFrom('outbox').select('id').where('state', '=', 'failed').execute()).toHaveLength(1)
})

atDesk('a platform that asks for a pause gets it, and nothing overtakes', async (room) => {
  await room.ada.says('My parcel is late.')
  room.discord.breaks('say', new TryAgain(30_000, 'too fast'))
  await room.ada.says('What are your opening hours?')
  await room.ada.says('And how can I return something?')
  const before = room.ada.hears().length
  await room.stage.until(start + 60_000)
  expect(room.ada.hears().slice(before).join('\n')).toMatch(/9:00[\s\S]*return/i)
  const { read } = room.stage.store
  const rows = await read.selectFrom('outbox').selectAll().where('audience', '=', 'customer').execute()
  expect(rows.map((row) => row.attempts)).toEqual(rows.map(() => 1))
})

atDesk('an answer that has to wait is dropped by a claim, and nothing of the bot’s leaves any more', async (room) => {
  await room.ada.says('My parcel is late.')
  room.discord.breaks('say', new TryAgain(30_000, 'too fast'))
  await room.ada.says('What are your opening hours?')
  await room.kim.does({ do: 'claim', case: 1 })
  await room.stage.until(start + 60_000)
  expect(room.ada.hears().at(-1)).toMatch(/kim has taken/)
  expect(room.ada.hears().join()).not.toContain('9:00')
})

atDesk('what may have been posted is looked for before it is posted again', async (room) => {
  room.discord.breaks('say', new Error('the connection broke'), true)
  await room.ada.says('My parcel is late.')
  await room.stage.until(start + 60_000)
  expect(room.ada.hears()).toHaveLength(1)
  room.discord.breaks('say', new TryAgain(1000, 'a fault on their side', true), true)
  await room.ada.says('Where does my case stand?')
  await room.stage.until(start + 120_000)
  expect(room.ada.hears()).toHaveLength(2)
  room.slack.breaks('card', new Error('the connection broke'), true)
  await room.ada.says('I am furious, this is the third time my parcel is late!')
  await room.stage.until(start + 180_000)
  expect(room.cards()).toHaveLength(1)
})

atDesk('a card that was deleted is posted anew, and its lines find it', async (room) => {
  await room.ada.says('My parcel is late.')
  const [card] = room.cards()
  room.slack.deletes(card?.id ?? '')
  await room.kim.does({ do: 'note', case: 1, text: 'The courier is asked.', wording: null })
  expect(room.cards()).toHaveLength(1)
  const thread = room.cards()[0]?.id.replace('slack-', 't')
  const inThread = room.slack.shown.filter(({ place }) => place.thread === thread)
  expect(inThread.map(({ outgoing }) => outgoing.type)).toEqual(['rule', 'note'])
  await room.kim.writes('It is on its way.')
  await room.settle()
  expect(room.ada.hears().at(-1)).toBe('It is on its way.')
})

atDesk(
  'a case has the desk that fits it, and keeps it',
  async (room) => {
    await room.ada.says('My parcel is late.')
    expect(room.cards()).toEqual([])
    expect(room.discord.shown.filter(({ outgoing }) => outgoing.type === 'card')).toMatchObject([
      { place: { channel: 'discord', room: '900', thread: null } },
    ])
    const { read } = room.stage.store
    expect(await read.selectFrom('desk_threads').selectAll().execute()).toMatchObject([{ room: '900' }])
  },
  { desks: [{ desk: 'discord:900', channels: [], workspaces: [], tiers: [], topics: ['late'] }] },
)
