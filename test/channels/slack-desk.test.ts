/** The desk in a channel of Slack's: the card, its thread, what its buttons do, and what travels both ways. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actionsIn, readable } from '../counterparts/slack/blocks.ts'
import type { Someone } from '../counterparts/slack/people.ts'
import type { Message, Room } from '../counterparts/slack/world.ts'
import { folder } from '../store/ground.ts'
import { type Bench, hurried, isCard, modes, said, saidIn, serve } from './slack.ts'

const { path, remove } = folder()
afterAll(remove)

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
        return { DESK: `slack:${desk.id}`, PROMPTS_DIR: hurried(path) }
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
      const found = desk.messages.slice(before).find(isCard)
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
    const { ephemeral } = bench.slack.world
    const before = ephemeral.length
    await Promise.all([kim.presses('Claim', at), lee.presses('Claim', at)])
    const [told, ...others] = await bench.until(() => {
      expect(ephemeral.length).toBeGreaterThan(before)
      return ephemeral.slice(before)
    })
    expect(others).toEqual([])
    const [first, second] = told?.user === lee.id ? ['Kim', lee] : ['Lee', kim]
    expect(told).toMatchObject({ room: desk.id, user: second.id, text: expect.stringMatching(`\\b${first}\\b`) })
    expect(told?.text).toMatch(/case \d+/)
  })

  test('what cannot be done is told to whoever pressed, before they type, and to nobody else', async () => {
    const { ada, card, at } = await complaint()
    const asLeeSeesIt = structuredClone(card)
    await kim.presses('Claim', at)
    await bench.hears(ada.dm(), said(2))
    await bench.until(() => expect(labels(card)).toContain('Hand back'))
    const { ephemeral } = bench.slack.world
    const lines = thread(card).length
    for (const button of ['Hand back', 'Resolve', 'Reply']) {
      const before = ephemeral.length
      await lee.presses(button, at)
      await bench.until(() => expect(ephemeral).toHaveLength(before + 1))
      expect(ephemeral.at(-1)).toMatchObject({
        user: lee.id,
        text: expect.stringMatching(/Kim has case \d+; ask them/),
      })
      expect(lee.view()).toBeNull()
    }
    await lee.presses('Claim', { room: desk, message: asLeeSeesIt })
    await bench.until(() => expect(ephemeral.at(-1)?.text).toMatch(/Kim/))
    expect(thread(card)).toHaveLength(lines)
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

  test('a form opens at once, tells what is wrong in its field, and does what it says', async () => {
    const { ada, card, at } = await complaint()
    await kim.presses('Claim', at)
    const heard = await bench.hears(ada.dm(), said(2))
    await kim.presses('Promise a time', at)
    const view = kim.view()
    expect(view?.view).toMatchObject({ type: 'modal', title: { text: 'Promise a time' } })
    const labelsOf = view?.view.blocks.flatMap((block) => (block.type === 'input' ? [block.label.text] : [])) ?? []
    const [what = '', by = ''] = labelsOf
    const wrong = await kim.submits({ [what]: 'a new parcel', [by]: 'when pigs fly' })
    expect(wrong.body).toMatchObject({ response_action: 'errors', errors: { by: expect.stringMatching(/\w/) } })
    expect(kim.view(), 'it stays open').not.toBeNull()
    expect((await kim.submits({ [what]: 'a new parcel', [by]: 'tomorrow 15:00' })).status).toBe(200)
    expect(kim.view()).toBeNull()
    const told = await bench.hears(ada.dm(), said(heard.length + 1))
    expect(told.at(-1)?.text).toMatch(/a new parcel.*23:00/s)
    await bench.until(() => expect(readable(card.blocks)).toMatch(/15:00/))
  })

  test('reply, note, remedy and resolve by their buttons', async () => {
    const { ada, card, at } = await complaint()
    await kim.presses('Claim', at)
    const heard = await bench.hears(ada.dm(), said(2))
    const fill = async (button: string, values: string[]) => {
      await kim.presses(button, at)
      const fields =
        kim.view()?.view.blocks.flatMap((block) => (block.type === 'input' ? [block.label.text] : [])) ?? []
      const given = Object.fromEntries(values.map((value, i) => [fields[i] ?? '', value]))
      expect((await kim.submits(given)).body, button).not.toMatchObject({ response_action: 'errors' })
    }
    await fill('Reply', ['The courier has it.'])
    await bench.hears(ada.dm(), (all) => all.at(-1)?.username === 'Kim')
    await fill('Note', ['Ask the courier again at four.'])
    await bench.until(() => expect(threadText(card)).toMatch(/Ask the courier again at four/))
    await fill('Offer remedy', ['a new one by courier'])
    const offered = await bench.hears(ada.dm(), (all) => (all.at(-1)?.buttons.length ?? 0) === 2)
    await ada.presses(offered.at(-1)?.buttons[0] ?? '', ada.last())
    await fill('Resolve', ['courier', 'a new one', 'It arrives tomorrow.'])
    await bench.hears(ada.dm(), (all) => /It arrives tomorrow/.test(all.at(-1)?.text ?? ''))
    await bench.until(() =>
      expect(labels(card)).toEqual(['Reply', 'Note', expect.any(String)].slice(0, labels(card).length)),
    )
    expect(
      saidIn(ada.dm())
        .map((one) => one.text)
        .join(),
    ).not.toMatch(/again at four/)
    expect(heard.length).toBeGreaterThan(0)
  })

  test('“Something went wrong” on a message opens a case, answered directly', async () => {
    const { slack } = bench
    const ada = slack.user('Ada')
    const room = slack.room('shop', 'channel', [ada])
    const message = await ada.says('The app shows nothing since noon.', { in: room })
    expect((await ada.shortcuts('wrong', message)).status).toBe(200)
    const [field] = ada.view()?.view.blocks ?? []
    const label = field?.type === 'input' ? field.label.text : ''
    const empty = await ada.submits({ [label]: '' })
    expect(empty.body).toMatchObject({ response_action: 'errors' })
    await ada.submits({ [label]: 'I cannot see my orders.' })
    const [answer] = await bench.hears(ada.dm(), said(1))
    expect(answer?.text).toMatch(/sorry/i)
    await bench.until(() =>
      expect(saidIn(desk).some((one) => /shows nothing|cannot see my orders/.test(one.text))).toBe(true),
    )
    expect(saidIn(room)).toEqual([])
  })

  test('an agent records a failure on somebody’s message; who is none tells of it as a customer', async () => {
    const { slack } = bench
    const ada = slack.user('Ada')
    const room = slack.room('shop', 'channel', [ada, kim])
    const message = await ada.says('Well, it never came.', { in: room })
    await kim.shortcuts('record', message)
    expect(kim.view()?.view).toMatchObject({ type: 'modal', title: { text: 'Record a failure' } })
    const [field] = kim.view()?.view.blocks ?? []
    const label = field?.type === 'input' ? field.label.text : ''
    const before = desk.messages.length
    await kim.submits({ [label]: 'Ada’s parcel never came.' })
    await bench.until(() =>
      expect(desk.messages.slice(before).some((one) => one.threadTs === null && one.botId !== null)).toBe(true),
    )
    await ada.shortcuts('record', message)
    expect(ada.view()?.view).toMatchObject({ title: { text: 'Something went wrong' } })
  })

  test('the home page shows what may be expected and how one’s case stands; preferences are kept', async () => {
    const { ada } = await complaint()
    const eve = bench.slack.user('Eve')
    await eve.opensHome('home')
    const fresh = bench.slack.world.homes.get(eve.id)
    expect(readable(fresh?.blocks ?? []).length).toBeGreaterThan(40)
    await ada.opensHome('home')
    const shown = readable(bench.slack.world.homes.get(ada.id)?.blocks ?? [])
    expect(shown).toMatch(/late/)
    await ada.pressesAtHome('Preferences')
    expect(ada.view()?.view).toMatchObject({ title: { text: 'Preferences' } })
    await ada.submits({ language: 'zh-TW' })
    await ada.opensHome('home')
    await bench.until(() =>
      expect(readable(bench.slack.world.homes.get(ada.id)?.blocks ?? [])).toMatch(/\p{Script=Han}/u),
    )
  })
})
