/** A model helps whoever works a case in Slack: its words come in the form of a reply, to be changed before they leave. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Someone } from '../counterparts/slack/people.ts'
import type { Room } from '../counterparts/slack/world.ts'
import { inOne, type Speech, speaking } from '../model/far-end.ts'
import { folder } from '../store/ground.ts'
import { type Bench, hurried, isCard, modes, said, saidIn, serve } from './slack.ts'

const { path, remove } = folder()
afterAll(remove)

const words = 'I am sorry for the wait, and I am looking for your parcel right now.'

describe.each(modes)('a suggestion at the desk, over %s', (mode) => {
  let model: Awaited<ReturnType<typeof speaking>>
  let bench: Bench
  let desk: Room
  let kim: Someone
  let lee: Someone
  let advice: Speech
  beforeAll(async () => {
    model = await speaking((body) => {
      if (body.includes('"advise"')) return advice
      if (body.includes('"summarise"')) return inOne({ summary: 'The parcel is late.' })
      return { status: 500, message: 'not now' }
    })
    bench = await serve({
      mode,
      settings: { OPENAI_API_KEY: 'test', OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'm' },
      prepare(slack) {
        kim = slack.user('Kim')
        lee = slack.user('Lee')
        desk = slack.room('desk', 'group', [kim, lee])
        return { DESK: `slack:${desk.id}`, PROMPTS_DIR: hurried(path) }
      },
    })
  })
  afterAll(async () => {
    await bench.stop()
    await model.stop()
  })

  async function complaint() {
    const ada = bench.slack.user('Ada')
    const before = desk.messages.length
    await ada.says('My parcel is late for the third time.')
    await bench.hears(ada.dm(), said(1))
    const message = await bench.until(() => {
      const found = desk.messages.slice(before).find(isCard)
      if (!found) throw new Error('there is no card')
      return found
    })
    return { ada, at: { room: desk, message } }
  }

  const field = () => {
    const [input] = kim.view()?.view.blocks ?? []
    return input?.type === 'input' ? input : null
  }

  test('comes into the form of a reply, is changed, and leaves under the agent’s name', async () => {
    advice = {
      after: 300,
      lines: inOne({ reply: words, remedy: { name: 'replacement', amount: null, why: 'it is lost' } }),
    }
    const { ada, at } = await complaint()
    await kim.presses('Claim', at)
    await bench.hears(ada.dm(), said(2))
    const { status, ms } = await kim.presses('Suggest', at)
    expect(status).toBe(200)
    expect(ms, 'nobody waits for a model with the trigger in hand').toBeLessThan(2000)
    await bench.until(() => expect(field()?.element).toMatchObject({ initial_value: words }))
    expect(field()?.hint?.text).toMatch(/The parcel is late\. Could be offered: replacement \(it is lost\)\./)
    await kim.submits({ [field()?.label.text ?? '']: `${words} It is in Leeds.` })
    await bench.hears(ada.dm(), (all) => all.at(-1)?.text === `${words} It is in Leeds.`)
    expect(saidIn(ada.dm()).at(-1)?.username).toBe('Kim')
  })

  test('where there is none, the form says so and is empty', async () => {
    advice = { status: 500, message: 'not now' }
    const { at } = await complaint()
    await kim.presses('Suggest', at)
    await bench.until(() => expect(field()?.hint?.text).toMatch(/./))
    expect(field()?.element).not.toHaveProperty('initial_value')
  })

  test('is not for somebody else’s case', async () => {
    const { ada, at } = await complaint()
    await kim.presses('Claim', at)
    await bench.hears(ada.dm(), said(2))
    await lee.presses('Suggest', at)
    await bench.until(() => {
      const told = bench.slack.world.ephemeral.filter(({ user }) => user === lee.id)
      expect(told.map(({ text }) => text)).toEqual([expect.stringMatching(/Kim has case/)])
    })
    expect(lee.view()).toBeNull()
  })
})
