/** Commands, menu entries and forms on Discord: seen by nobody else, stored before they are answered, mended where wrong. */
import { afterEach, describe, expect, test } from 'vitest'
import type { Model } from '../../src/domain/ports.ts'
import { buttonsOf, kind, textOf } from '../counterparts/discord/index.ts'
import type { Message, Channel as Room } from '../counterparts/discord/world.ts'
import { scripted } from '../model/scripted.ts'
import { hears, mayRead, type Setting, type Stage, startBot } from './discord-stage.ts'

const stages: Stage[] = []

async function begin(setting: Setting = {}): Promise<Stage> {
  const stage = await startBot(setting)
  stages.push(stage)
  await expect.poll(() => stage.discord.world.commands).toHaveLength(3)
  return stage
}

afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.stop()
})

const ephemeral = 64

async function inShop(setting: Setting = {}) {
  let shop: Room | undefined
  const stage = await begin({
    ...setting,
    before(discord) {
      setting.before?.(discord)
      shop = discord.channel(discord.guild(), 'shop')
    },
  })
  if (!shop) throw new Error('there is no shop')
  return { stage, shop }
}

describe('/support', () => {
  test('alone: what one may expect, seen by oneself, with what one can do', async () => {
    const { stage, shop } = await inShop()
    const ada = stage.discord.person('ada')
    const shown = await ada.runs('support', {}, shop)
    expect(shown.answer).toMatchObject({ type: 4, data: { flags: ephemeral } })
    expect(shown.text().length).toBeGreaterThan(20)
    expect(stage.discord.shown(shop), 'nobody else sees it').toEqual([])
    const form = await ada.presses(shown.pending.original as Message, 'Something went wrong here')
    expect(form.answer.type).toBe(9)
  })

  test('with more open than one message holds, it goes on in the next, for them alone', async () => {
    const { stage, shop } = await inShop()
    const ada = stage.discord.person('ada')
    for (let n = 1; n <= 20; n += 1)
      await stage.engine.receive({
        type: 'commanded',
        id: `open-${n}`,
        place: { channel: 'web', workspace: '-', room: 'desk', thread: null },
        author: { id: 'web:-:kim', name: 'kim' },
        at: Date.now(),
        command: {
          do: 'open',
          for: `discord:-:${ada.id}`,
          text: `Parcel ${n} was late. ${'It is a long story. '.repeat(5)}`,
        },
      })
    await stage.engine.settle()
    // An agent wrote first, and knew no more of them than their id.
    ada.says('Hello?')
    await expect
      .poll(() => stage.engine.view({ of: 'case', number: 1 }), { timeout: 10_000 })
      .toMatchObject({ customer: `discord:-:${ada.id}`, name: 'ada' })
    const shown = await ada.runs('support', {}, shop)
    await expect.poll(() => shown.pending.followUps.length, { timeout: 10_000 }).toBeGreaterThan(0)
    const followed = shown.pending.followUps.map(({ body }) => textOf(body)).join('\n')
    for (let n = 1; n <= 20; n += 1) expect(`${shown.text()}\n${followed}`).toContain(`Parcel ${n} was late`)
    expect(shown.pending.followUps.map(({ body }) => body.flags)).toContain(ephemeral)
    expect(stage.discord.shown(shop), 'nobody else sees it').toEqual([])
  })

  test('with words, in a channel: a private thread, and only they see that there is one', async () => {
    const { stage, shop } = await inShop()
    const ada = stage.discord.person('ada')
    const [guild] = stage.discord.world.guilds.values()
    guild?.members.add(ada.id)
    const { answer, final } = await ada.runs('support', { text: 'My parcel is late.' }, shop)
    expect(answer).toMatchObject({ type: 5, data: { flags: ephemeral } })
    const link = await final()
    const [thread] = stage.discord.threadsOf(shop)
    expect(link).toBe(`<#${thread?.id}>`)
    expect(thread).toMatchObject({ type: kind.private })
    const said = await hears(stage, () => thread, 2)
    expect(said[0]).toBe('> My parcel is late.')
    expect(stage.discord.shown(shop)).toEqual([])

    // The next time it is the same thread.
    const again = await ada.runs('support', { text: 'It is order 77.' }, shop)
    expect(await again.final()).toBe(`<#${thread?.id}>`)
    expect(stage.discord.threadsOf(shop)).toHaveLength(1)
    expect(stage.complaints).toEqual([])
  })

  test('where private threads are not allowed it goes on in direct messages', async () => {
    const { stage, shop } = await inShop()
    shop.permission_overwrites = [{ id: '1', type: 0, allow: '0', deny: String(1n << 36n) }]
    const ada = stage.discord.person('ada')
    const { final } = await ada.runs('support', { text: 'My parcel is late.' }, shop)
    expect(await final()).toBe(`<#${ada.direct().id}>`)
    await hears(stage, ada.direct(), 2)
  })

  test('what is asked of a person there is answered where they are alone', async () => {
    const { stage, shop } = await inShop()
    const ada = stage.discord.person('ada')
    stage.discord.world.guilds.values().next().value?.members.add(ada.id)
    ada.says('Hello')
    await hears(stage, ada.direct())
    const shown = await ada.runs('support', {}, shop)
    await ada.presses(shown.pending.original as Message, 'Talk to a person')
    await hears(stage, () => stage.discord.threadsOf(shop)[0])
    expect(stage.discord.shown(shop)).toEqual([])
  })
})

describe('“Something went wrong here”', () => {
  test('on any message opens a form, and what is written there is a complaint of their own', async () => {
    const { stage, shop } = await inShop()
    const { discord } = stage
    const ada = discord.person('ada')
    discord.world.guilds.values().next().value?.members.add(ada.id)
    const own = ada.writes(shop, 'Is the lamp supposed to flicker?')
    const form = await ada.uses('Something went wrong here', own)
    expect(form.answer.type).toBe(9)
    await stage.restart()
    const { final } = await ada.fills(form, { text: 'It flickers all night.' })
    expect(await final()).toMatch(/<#\d+>/)
    await hears(stage, () => discord.threadsOf(shop)[0], 2)
    expect(await stage.engine.view({ of: 'cases', status: null })).toMatchObject({ cases: [{ kind: 'complaint' }] })
    const rows = await stage.store.read.selectFrom('messages').select('text').where('type', '=', 'said').execute()
    expect(rows[0]?.text).toBe('Is the lamp supposed to flicker?\nIt flickers all night.')
    expect(stage.complaints).toEqual([])
  })

  test('preferences have more than Discord can ask at once: what is missing is asked for next', async () => {
    const stage = await begin()
    const ada = stage.discord.person('ada')
    ada.says('Hello')
    await hears(stage, ada.direct())
    const home = await ada.runs('support')
    const form = await ada.presses(home.pending.original as Message, 'Preferences')
    const fields = (form.answer.data.components as unknown[]).length
    expect(fields).toBeLessThanOrEqual(5)
    const refused = await ada.fills(form, { privacy: 'delete' })
    expect(refused.answer).toMatchObject({ type: 4, data: { flags: ephemeral } })
    const again = await ada.presses(refused.pending.original as Message, 'Preferences')
    const saved = await ada.fills(again, { confirm: 'delete' })
    expect(saved.answer.type).toBe(4)
    await expect
      .poll(
        async () =>
          (await stage.store.read.selectFrom('customers').select('id').where('id', 'like', `%:${ada.id}`).execute())
            .length,
      )
      .toBe(0)
  })
})

describe('forms at the desk', () => {
  async function atDesk(model?: Model) {
    let room: Room | undefined
    const stage = await begin({
      ...(model && { model }),
      before: mayRead,
      desk(discord) {
        room = discord.channel(discord.guild(), 'desk')
        return room
      },
    })
    stage.policy.desk = { ...stage.policy.desk, undoSeconds: 0 }
    const { discord } = stage
    const ada = discord.person('ada')
    ada.says('My parcel is late.')
    await hears(stage, ada.direct())
    const card = () => discord.shown(room as Room)[0] as Message
    await expect.poll(card, { timeout: 10_000 }).toBeDefined()
    return {
      stage,
      ada,
      kim: discord.person('kim'),
      card,
      heard: () =>
        discord
          .shown(ada.direct())
          .map(({ content }) => content)
          .join('\n'),
    }
  }

  test('a reply, a promise and the end, each by its button, after a restart too', async () => {
    const { stage, kim, card, heard } = await atDesk()
    await kim.presses(card(), 'Claim')
    await expect.poll(() => buttonsOf(card()), { timeout: 10_000 }).toContain('Resolve')
    await stage.restart()
    const reply = await kim.presses(card(), 'Reply')
    expect((await kim.fills(reply, { text: 'The courier lost it.' })).answer.type).toBe(6)
    await expect.poll(heard, { timeout: 10_000 }).toMatch(/The courier lost it\./)

    // A time that is none is said at once, and what was typed is still there.
    const promise = await kim.presses(card(), 'Promise a time')
    const wrong = await kim.fills(promise, { text: 'A new one leaves', by: 'whenever' })
    expect(wrong.answer).toMatchObject({ type: 4, data: { flags: ephemeral } })
    const again = await kim.presses(wrong.pending.original as Message, 'Promise a time')
    expect(JSON.stringify(again.answer.data)).toContain('A new one leaves')
    expect((await kim.fills(again, { by: 'tomorrow 15:00' })).answer.type).toBe(6)
    await expect.poll(heard, { timeout: 10_000 }).toMatch(/A new one leaves/)

    // A colleague is picked among those who are there, and named by what they are called.
    const lee = stage.discord.person('lee')
    await kim.fills(await kim.presses(card(), 'Transfer'), { to: lee.id })
    await expect.poll(() => textOf(card()), { timeout: 10_000 }).toMatch(/with lee/)

    const resolve = await lee.presses(card(), 'Resolve')
    await lee.fills(resolve, { cause: 'courier', remedy: 'a new parcel' })
    await expect
      .poll(() => stage.engine.view({ of: 'cases', status: null }), { timeout: 10_000 })
      .toMatchObject({ cases: [{ status: 'resolved' }] })
    expect(stage.complaints).toEqual([])
  })

  test('what a model suggests is shown to whoever asks, and opens in the form of a reply, to be changed', async () => {
    const reply = 'I am sorry for the wait, and I am looking for your parcel right now.'
    const { kim, card, heard } = await atDesk(scripted({ advise: () => ({ reply, remedy: null }) }))
    await kim.presses(card(), 'Claim')
    const asked = await kim.presses(card(), 'Suggest')
    expect(asked.answer).toMatchObject({ type: 4, data: { flags: ephemeral } })
    await expect.poll(asked.text, { timeout: 10_000 }).toContain(reply)
    const form = await kim.presses(asked.pending.original as Message, 'Reply')
    expect(JSON.stringify(form.answer.data.components)).toContain(reply)
    await kim.fills(form, { text: `${reply} It is in Leeds.` })
    await expect.poll(heard, { timeout: 10_000 }).toContain('It is in Leeds.')
  })

  test('a colleague’s case is told to be theirs, and nothing is done', async () => {
    const { stage, kim, card } = await atDesk()
    await kim.presses(card(), 'Claim')
    await expect.poll(() => textOf(card()), { timeout: 10_000 }).toMatch(/kim/)
    const lee = stage.discord.person('lee')
    const { answer, text } = await lee.presses(card(), 'Resolve')
    expect(answer, 'before anything is typed').toMatchObject({ type: 4, data: { flags: ephemeral } })
    expect(text()).toMatch(/kim has case 1/)
    expect(await stage.engine.view({ of: 'cases', status: null })).toMatchObject({ cases: [{ status: 'open' }] })
  })
})
