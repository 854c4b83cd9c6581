/** The desk in a channel of Slack's: the card, its thread, what its buttons do, and what travels both ways. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { promptsShipped } from '../../src/wiring.ts'
import { actionsIn, readable } from '../counterparts/slack/blocks.ts'
import type { Someone } from '../counterparts/slack/people.ts'
import type { Message, Room } from '../counterparts/slack/world.ts'
import { folder } from '../store/ground.ts'
import { type Bench, modes, said, saidIn, serve } from './slack.ts'

const { path, remove } = folder()
afterAll(remove)

/** What an agent writes leaves at once: tests do not wait. */
function hurried(): string {
  const dir = join(path, 'prompts')
  cpSync(promptsShipped, dir, { recursive: true })
  const file = join(dir, 'policy.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/undoSeconds: \d+/u, 'undoSeconds: 0'))
  return dir
}

describe.each(modes)('the desk, over %s', (mode) => {
  let bench: Bench
  let desk: Room
  let kim: Someone
  let lee: Someone
  beforeAll(async () => {
    bench = await serve({
      mode,
      prepare(slack) {
        kim = slack.user('Kim')
        lee = slack.user('Lee')
        desk = slack.room('desk', 'group', [kim, lee])
        return { DESK: `slack:${desk.id}`, PROMPTS_DIR: hurried() }
      },
    })
  })
  afterAll(() => bench.stop())

  /** A customer with a complaint, the card of it, and what stands in its thread. */
  async function complaint(text = 'My parcel is late for the third time.') {
    const ada = bench.slack.user('Ada')
    const before = desk.messages.length
    await ada.says(text)
    await bench.hears(ada.dm(), said(1))
    const card = await bench.until(() => {
      const found = desk.messages.slice(before).find((message) => message.threadTs === null && message.botId !== null)
      if (!found) throw new Error('there is no card')
      return found
    })
    return { ada, card, at: { room: desk, message: card } }
  }

  const thread = (card: Message) => desk.messages.filter((message) => message.threadTs === card.ts)
  const labels = (card: Message) =>
    card.blocks.flatMap((block) =>
      actionsIn(block).flatMap((action) => (action.type === 'button' ? [action.text.text] : [])),
    )
  const threadText = (card: Message) =>
    thread(card)
      .map((message) => `${message.text} ${readable(message.blocks)}`)
      .join('\n')

  test('a case has its card, and a thread that says the rule and what was said', async () => {
    const { card } = await complaint()
    expect(readable(card.blocks)).toMatch(/late/)
    await bench.until(() => {
      expect(thread(card)[0]?.text).toMatch(/\/\//)
      expect(threadText(card)).toMatch(/My parcel is late for the third time/)
    })
  })

  test('a claim is told to the customer, and the card changes in its place', async () => {
    const { ada, card, at } = await complaint()
    expect((await kim.presses('Claim', at)).status).toBe(200)
    await bench.hears(ada.dm(), (all) => all.some((one) => /Kim/.test(one.text)))
    await bench.until(() => expect(labels(card)).toContain('Hand back'))
    expect(desk.messages.filter((message) => message.threadTs === null && message.ts >= card.ts)).toHaveLength(1)
  })

  test('who claims second is told who has it, and nobody else is', async () => {
    const { at } = await complaint()
    await Promise.all([kim.presses('Claim', at), lee.presses('Claim', at)])
    await bench.until(() => {
      const told = bench.slack.world.ephemeral.filter(
        (line) => line.room === desk.id && /has case \d+ already/.test(line.text),
      )
      expect(told.map((line) => line.user === kim.id || line.user === lee.id)).toContain(true)
    })
  })

  test('what an agent writes in the thread goes out under their name, is marked, and travels when it changes', async () => {
    const { ada, card, at } = await complaint()
    await kim.presses('Claim', at)
    const heard = await bench.hears(ada.dm(), said(2))
    const line = await kim.says('The courier lost it; a *new* one &lt;leaves&gt; today.', { in: desk, thread: card.ts })
    const told = await bench.hears(ada.dm(), said(heard.length + 1))
    expect(told.at(-1)).toMatchObject({
      username: 'Kim',
      text: 'The courier lost it; a *new* one &lt;leaves&gt; today.',
    })
    await bench.until(() => expect([...line.message.reactions.keys()]).toContain('white_check_mark'))
    await kim.edits(line, 'The courier lost it; a new one leaves tomorrow.')
    await bench.until(() => expect(saidIn(ada.dm()).at(-1)?.text).toMatch(/tomorrow/))
    await kim.deletes(line)
    await bench.until(() => expect(saidIn(ada.dm())).toHaveLength(heard.length))
  })

  test('a note stays inside, and says so', async () => {
    const { ada, card, at } = await complaint()
    await kim.presses('Claim', at)
    const heard = await bench.hears(ada.dm(), said(2))
    const note = await kim.says('// the courier is on strike', { in: desk, thread: card.ts })
    await bench.until(() => expect([...note.message.reactions.keys()]).toContain('lock'))
    await bench.staysAt(ada.dm(), heard.length)
  })

  test('what the customer writes stands in the thread under their name, with its files', async () => {
    const { ada, card, at } = await complaint()
    await kim.presses('Claim', at)
    await bench.hears(ada.dm(), said(2))
    await ada.says('Here is the box <!channel>', {
      files: [{ name: 'box.jpg', type: 'image/jpeg', bytes: Buffer.from('photo') }],
    })
    await bench.until(() => {
      const relayed = thread(card).find((message) => /Here is the box/.test(message.text))
      expect(relayed?.username).toBe('Ada')
      expect(relayed?.text).not.toMatch(/<!channel>|@channel/)
      const file = thread(card).flatMap((message) => message.files)[0]
      expect(file?.bytes.toString()).toBe('photo')
    })
  })

  test('what an agent sends with a file reaches the customer with it', async () => {
    const { ada, card, at } = await complaint()
    await kim.presses('Claim', at)
    await bench.hears(ada.dm(), said(2))
    await kim.says('This is the label.', {
      in: desk,
      thread: card.ts,
      files: [{ name: 'label.pdf', type: 'application/pdf', bytes: Buffer.from('a label') }],
    })
    await bench.until(() => {
      const sent = ada.dm().messages.flatMap((message) => (message.botId === null ? [] : message.files))
      expect(sent.map((file) => [file.name, file.bytes.toString()])).toEqual([['label.pdf', 'a label']])
    })
  })

  test('people who talk at the desk outside of threads are left alone', async () => {
    const before = saidIn(desk).length
    await kim.says('Lunch?', { in: desk })
    await lee.says('In ten minutes.', { in: desk })
    await bench.staysAt(desk, before)
  })

  test('what was said while we were away is looked up: by customers, in threads, and at the desk', async () => {
    const { slack, bot } = bench
    const { ada, card, at } = await complaint()
    await kim.presses('Claim', at)
    await bench.hears(ada.dm(), said(2))
    const room = slack.room('general', 'channel', [ada])
    const bob = slack.user('Bob')
    await bob.says('What are your opening hours?')
    await bench.hears(bob.dm(), said(1))
    const asked = await bob.says(`<@${slack.team.bot.user}> what are your opening hours?`, { in: room })
    await bench.hears(room, said(1))
    await bot.stop()
    await bob.says('And how can I pay?')
    await bob.says('How can I pay?', { in: room, thread: asked.message.ts })
    const fresh = await ada.says(`<@${slack.team.bot.user}> how long do refunds take?`, { in: room })
    await kim.says('It leaves today.', { in: desk, thread: card.ts })
    await bench.restart()
    await bench.hears(bob.dm(), said(2))
    const all = await bench.hears(room, said(3))
    expect(new Set(all.map((one) => one.thread))).toEqual(new Set([asked.message.ts, fresh.message.ts]))
    await bench.until(() => expect(saidIn(ada.dm()).map((one) => one.text)).toContain('It leaves today.'))
    await bench.staysAt(bob.dm(), 2)
    expect(saidIn(room)).toHaveLength(3)
  })
})
