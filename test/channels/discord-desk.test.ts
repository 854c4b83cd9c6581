/** A desk in Discord: the card and its thread, agents' lines, marks, notes, edits and files, through the genuine client. */
import { afterEach, describe, expect, test } from 'vitest'
import { buttonsOf, kind, textOf } from '../counterparts/discord/index.ts'
import type { Person } from '../counterparts/discord/people.ts'
import type { Message, Channel as Room } from '../counterparts/discord/world.ts'
import { hears, mayRead, type Setting, type Stage, startBot } from './discord-stage.ts'

const stages: Stage[] = []

afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.stop()
})

interface Desk {
  stage: Stage
  desk: Room
  ada: Person
  kim: Person
  lee: Person
  /** The card, once it is there. */
  card(): Promise<Message>
  /** The thread of the case. */
  thread(): Promise<Room>
  /** All that stands in the thread, as text. */
  lines(): string[]
}

async function begin(type: number = kind.text, setting: Setting = {}): Promise<Desk> {
  let room: Room | undefined
  const stage = await startBot({
    before: mayRead,
    desk(discord) {
      room = discord.channel(discord.guild(), 'desk', type)
      return room
    },
    ...setting,
  })
  stages.push(stage)
  stage.policy.desk = { ...stage.policy.desk, undoSeconds: 0 }
  const desk = room
  if (!desk) throw new Error('there is no desk')
  const { discord } = stage
  const threads = () => discord.threadsOf(desk)
  const card = async () => {
    const found = () => (type === kind.forum ? threads()[0]?.messages[0] : discord.shown(desk)[0])
    await expect.poll(found, { timeout: 10_000 }).toBeDefined()
    const message = found()
    if (!message) throw new Error('there is no card')
    return message
  }
  return {
    stage,
    desk,
    ada: discord.person('ada'),
    kim: discord.person('kim'),
    lee: discord.person('lee'),
    card,
    async thread() {
      // With its first line the thread is known to be the case's.
      const rule = () => threads()[0]?.messages.some((message) => textOf(message).includes('//'))
      await expect.poll(rule, { timeout: 10_000 }).toBe(true)
      const [thread] = threads()
      if (!thread) throw new Error('there is no thread')
      return thread
    },
    lines: () => threads()[0]?.messages.map((message) => textOf(message)) ?? [],
  }
}

const marksOf = (message: Message) => message.reactions.map(({ emoji }) => emoji)

describe.each([
  ['a channel', kind.text],
  ['a forum', kind.forum],
])('the desk in %s', (_name, type) => {
  test('a case has one card, and a thread in which all of it is read', async () => {
    const { stage, ada, card, thread, lines } = await begin(type)
    ada.says('This is the third time my parcel is late. I have guests on Saturday!')
    await hears(stage, ada.direct())
    const shown = await card()
    expect(shown.flags & (1 << 15), 'components v2').not.toBe(0)
    expect(buttonsOf(shown)).toContain('Claim')
    expect(textOf(shown), 'people are called by their names').toMatch(/\*\*Customer\*\* ada,/)
    expect(textOf(shown)).not.toContain(ada.id)
    const room = await thread()
    await expect.poll(lines).toContainEqual(expect.stringMatching(/third time my parcel is late/))
    expect(room.name).toMatch(/^#1 /)
    expect(
      lines().find((line) => line.includes('//')),
      'the desk’s rule',
    ).toBeDefined()
    expect(stage.complaints).toEqual([])
  })

  test('what an agent writes there goes to the customer, and is marked; // stays inside', async () => {
    const { stage, ada, kim, thread } = await begin(type)
    ada.says('My parcel is late.')
    await hears(stage, ada.direct())
    const room = await thread()
    const note = kim.writes(room, '// she is a regular')
    const line = kim.writes(room, 'The courier lost it; a new one leaves today.')
    await expect.poll(() => marksOf(line), { timeout: 10_000 }).toEqual(['✅'])
    await expect.poll(() => marksOf(note)).toEqual(['🔒'])
    const said = stage.discord.shown(ada.direct()).map(({ content }) => content)
    expect(said).toContain('-# kim\nThe courier lost it; a new one leaves today.')
    expect(said.join('\n')).not.toMatch(/regular/)
    expect(stage.complaints).toEqual([])
  })

  test('a claim shows on the card, in its place; the second is told who has it', async () => {
    const { stage, ada, kim, lee, card, desk } = await begin(type)
    ada.says('My parcel is late.')
    await hears(stage, ada.direct())
    const shown = await card()
    const before = stage.discord.shown(desk).length
    const { answer } = await kim.presses(shown, 'Claim')
    expect(answer.type).toBe(6)
    await expect.poll(() => textOf(shown), { timeout: 10_000 }).toMatch(/kim/)
    expect(buttonsOf(shown)).not.toContain('Claim')
    expect(stage.discord.shown(desk), 'edited, not posted again').toHaveLength(before)
    expect(await stage.engine.view({ of: 'cases', status: null })).toMatchObject({ cases: [{ owner: 'kim' }] })

    // Lee still has the old card before him.
    const late = lee.presses({ ...shown, components: [button('desk|claim|1', 'Claim')] }, 'Claim')
    expect(await (await late).final()).toMatch(/kim/)
    expect(await stage.engine.view({ of: 'cases', status: null })).toMatchObject({ cases: [{ owner: 'kim' }] })
  })
})

const button = (custom_id: string, label: string) => ({
  type: 1,
  components: [{ type: 2, style: 1, custom_id, label }],
})

describe('what travels', () => {
  test('an agent’s edit and deletion reach the customer’s copy', async () => {
    const { stage, ada, kim, thread } = await begin()
    ada.says('My parcel is late.')
    await hears(stage, ada.direct())
    const line = kim.writes(await thread(), 'It comes on Tuesday.')
    await expect.poll(() => marksOf(line), { timeout: 10_000 }).toEqual(['✅'])
    const said = () => stage.discord.shown(ada.direct()).map(({ content }) => content)
    kim.edits(line, 'It comes on Monday.')
    await expect.poll(said, { timeout: 10_000 }).toContain('-# kim\nIt comes on Monday.')
    expect(said().join('\n')).not.toMatch(/Tuesday/)
    kim.deletes(line)
    await expect.poll(() => said().join('\n'), { timeout: 10_000 }).not.toMatch(/Monday/)
    expect(stage.complaints).toEqual([])
  })

  test('a customer’s edit and deletion reach the desk', async () => {
    const { stage, ada, kim, card, lines } = await begin()
    ada.says('My parcel is late.')
    await hears(stage, ada.direct())
    await kim.presses(await card(), 'Claim')
    await expect.poll(async () => textOf(await card())).toMatch(/kim/)
    const said = ada.says('It is order 1234.')
    await expect.poll(lines, { timeout: 10_000 }).toContainEqual(expect.stringMatching(/order 1234/))
    ada.edits(said, 'It is order 4321.')
    await expect.poll(() => lines().join('\n'), { timeout: 10_000 }).toMatch(/order 4321/)
    ada.deletes(said)
    await expect.poll(() => lines().join('\n'), { timeout: 10_000 }).not.toMatch(/It is order 4321/)
  })

  test('files, both ways, as files', async () => {
    const { stage, ada, kim, card, thread } = await begin()
    ada.says('The box arrived broken.')
    await hears(stage, ada.direct())
    await kim.presses(await card(), 'Claim')
    ada.says('See here', { files: [{ name: 'box.jpg', type: 'image/jpeg', bytes: Buffer.from('a box') }] })
    const room = await thread()
    const atDesk = () =>
      room.messages.flatMap(({ attachments }) => attachments).map(({ filename, bytes }) => `${filename}: ${bytes}`)
    await expect.poll(atDesk, { timeout: 10_000 }).toEqual(['box.jpg: a box'])
    kim.writes(room, 'Here is the label.', {
      files: [{ name: 'label.pdf', type: 'application/pdf', bytes: Buffer.from('a label') }],
    })
    const withAda = () =>
      ada
        .direct()
        .messages.filter(({ author }) => author.id !== ada.id)
        .flatMap(({ attachments }) => attachments)
        .map(({ filename, bytes }) => `${filename}: ${bytes}`)
    await expect.poll(withAda, { timeout: 10_000 }).toEqual(['label.pdf: a label'])
  })

  test('in a customer’s thread an agent has their own name, said once whatever happens', async () => {
    const { stage, ada, kim, desk, thread } = await begin()
    const { discord } = stage
    const [guild] = discord.world.guilds.values()
    if (!guild) throw new Error('no guild')
    const shop = discord.channel(guild, 'shop')
    ada.writes(shop, '@bot my parcel is late')
    await hears(stage, () => discord.threadsOf(shop)[0])
    const [theirs] = discord.threadsOf(shop)
    if (!theirs) throw new Error('no thread')
    discord.fault({ method: 'POST', path: /\/webhooks\/\d+\/[^/]+$/, afterwards: true })
    const line = kim.writes(await thread(), 'The courier lost it.')
    await expect.poll(() => marksOf(line), { timeout: 10_000 }).toEqual(['✅'])
    const said = theirs.messages.filter(({ content }) => content === 'The courier lost it.')
    expect(said).toMatchObject([{ author: { username: 'kim' }, webhook_id: expect.any(String) }])
    kim.edits(line, 'The courier has lost it.')
    await expect.poll(() => said[0]?.content, { timeout: 10_000 }).toBe('The courier has lost it.')
    kim.deletes(line)
    await expect.poll(() => theirs.messages.includes(said[0] as Message), { timeout: 10_000 }).toBe(false)
    expect(discord.shown(desk)).toHaveLength(1)
  })

  test('without the permission for webhooks the bot says it, and whose words they are', async () => {
    const { stage, ada, kim, thread } = await begin()
    const { discord } = stage
    const [guild] = discord.world.guilds.values()
    if (!guild) throw new Error('no guild')
    guild.permissions &= ~(1n << 29n)
    const shop = discord.channel(guild, 'shop')
    ada.writes(shop, '@bot my parcel is late')
    await hears(stage, () => discord.threadsOf(shop)[0])
    kim.writes(await thread(), 'The courier lost it.')
    await expect
      .poll(() => discord.threadsOf(shop)[0]?.messages.map(({ content }) => content), { timeout: 10_000 })
      .toContain('-# kim\nThe courier lost it.')
  })
})

describe('faults at the desk', () => {
  test('a card that somebody deleted is posted anew, and the case goes on', async () => {
    const { stage, ada, kim, card, desk } = await begin()
    ada.says('My parcel is late.')
    await hears(stage, ada.direct())
    const first = await card()
    const thread = stage.discord.threadsOf(desk)[0]
    desk.messages = []
    if (thread) stage.discord.world.channels.delete(thread.id)
    ada.says('And the box is broken!')
    await expect.poll(() => stage.discord.shown(desk)[0]?.id, { timeout: 10_000 }).not.toBe(undefined)
    expect(stage.discord.shown(desk)[0]?.id).not.toBe(first.id)
    const { answer } = await kim.presses(await card(), 'Claim')
    expect(answer.type).toBe(6)
  })

  test('without Message Content an agent is told that their line was not read', async () => {
    const { stage, ada, kim, thread, lines } = await begin(kind.text, { before: () => undefined })
    ada.says('My parcel is late.')
    await hears(stage, ada.direct())
    kim.writes(await thread(), 'The courier lost it.')
    await expect
      .poll(lines, { timeout: 10_000 })
      .toContainEqual(expect.stringMatching(/only read messages here that mention me/))
  })

  test('a customer who cannot be reached any more: ❗ on the line, and the reason', async () => {
    const { stage, ada, kim, thread, lines } = await begin()
    ada.says('My parcel is late.')
    await hears(stage, ada.direct())
    const room = await thread()
    ada.closesDirect()
    const line = kim.writes(room, 'The courier lost it.')
    await expect.poll(() => marksOf(line), { timeout: 10_000 }).toEqual(['❗'])
    await expect.poll(() => lines().join('\n')).toMatch(/direct messages/)
    expect(
      stage.discord.rest.calls.filter(({ path, status }) => path.endsWith('/messages') && status === 403),
    ).toHaveLength(1)
  })

  test('a desk that was deleted: the customer has their answer, the log says what is gone, and nothing storms', async () => {
    const { stage, ada, desk } = await begin()
    stage.discord.world.channels.delete(desk.id)
    ada.says('My parcel is late.')
    await hears(stage, ada.direct())
    await expect
      .poll(() => stage.complaints.join('\n'), { timeout: 10_000 })
      .toMatch(/channel or thread is no longer there/)
    await stage.engine.settle()
    const tried = stage.discord.rest.calls.filter(({ path, status }) => path.includes(desk.id) && status >= 400)
    expect(tried.length).toBeLessThan(20)
    expect(await stage.engine.view({ of: 'cases', status: 'open' })).toMatchObject({ cases: [{ case: 1 }] })
  })

  test('a server that took the bot out: its threads are told to be closed to us, once, and all else goes on', async () => {
    const { stage, ada, kim, thread } = await begin()
    const shop = stage.discord.guild('Shop')
    const help = stage.discord.channel(shop, 'help')
    stage.discord.gateway.cut()
    ada.writes(help, '@bot My parcel is late.')
    await hears(stage, () => stage.discord.threadsOf(help)[0])
    const room = await thread()
    shop.permissions = 0n
    const line = kim.writes(room, 'The courier lost it.')
    await expect.poll(() => marksOf(line), { timeout: 10_000 }).toEqual(['❗'])
    await expect
      .poll(() => room.messages.map((message) => textOf(message)).join('\n'), { timeout: 10_000 })
      .toMatch(/may not see that channel/)
    const bob = stage.discord.person('bob')
    bob.says('What are your opening hours?')
    await hears(stage, bob.direct())
    const refused = stage.discord.rest.calls.filter(({ status }) => status === 403)
    expect(refused.length).toBeLessThan(5)
  })

  test('a customer who has left every server: ❗ on the line, and that they left', async () => {
    const { stage, ada, kim, thread, lines } = await begin()
    ada.says('My parcel is late.')
    await hears(stage, ada.direct())
    const room = await thread()
    const direct = new RegExp(`/channels/${ada.direct().id}/messages$`, 'u')
    stage.discord.fault({ method: 'POST', path: direct, status: 400, code: 50278, times: 99 })
    const line = kim.writes(room, 'The courier lost it.')
    await expect.poll(() => marksOf(line), { timeout: 10_000 }).toEqual(['❗'])
    await expect.poll(() => lines().join('\n'), { timeout: 10_000 }).toMatch(/left every server/)
    expect(stage.discord.rest.calls.filter(({ path, status }) => direct.test(path) && status === 400)).toHaveLength(1)
  })
})
