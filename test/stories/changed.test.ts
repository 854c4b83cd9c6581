/** What a customer takes back, or says otherwise, after it was answered: neither they nor the desk are held to it. */
import { expect } from 'vitest'
import { story } from './story.ts'

story('an edit that turns the meaning is answered anew, once', async ({ ada, desk, clock }) => {
  const first = await ada.says('My lamp is broken.')
  ada.hearsOne(/sorry/i)
  await clock.after('10m')
  await ada.edits(first, 'Never mind, it works now.')
  ada.hearsOne()
  expect((await desk.reads()).status).not.toBe('open')
  expect(await desk.counts()).toBe(1)
  await ada.edits(first, 'Never mind, it works now.')
  ada.hearsNothing()
})

story('an edit that says the same better is not answered again, and the card knows it', async ({ ada, desk }) => {
  const first = await ada.says('My parcel is late.')
  ada.hears()
  await ada.edits(first, 'My parcel is late, order 48213377.')
  ada.hearsNothing()
  desk.sees(/^ada → desk: \(edited\) My parcel is late, order 48213377\./)
  expect(await desk.reads()).toMatchObject({
    facts: { order: '48213377' },
    summary: expect.stringContaining('48213377'),
  })
})

story('what was deleted after it was answered stands nowhere any more', async ({ ada, desk, everywhere }) => {
  const first = await ada.says('My violet kettle is broken, order 48213377, and I have guests on Saturday.')
  ada.hears()
  await desk.claims()
  desk.sees(/^card 1: .*violet kettle/)
  await ada.deletes(first)
  desk.sees(/^ada → kim: \(deleted\)/, /^card 1: complaint open/)
  expect(await desk.reads()).toMatchObject({ summary: '', facts: { thing: null, order: null, stake: null } })
  expect(await everywhere(/violet|48213377|guests on Saturday/)).toEqual([])
})

story('of a burst only the words that were deleted go', async ({ ada, desk, everywhere }) => {
  const secret = await ada.says('My violet kettle is broken.')
  const second = await ada.says('Order 48213377.')
  await ada.says('It hums as well.')
  await ada.edits(second, 'Order 48213378.')
  await ada.deletes(secret)
  expect(await everywhere(/violet|48213377/)).toEqual([])
  expect(await desk.reads()).toMatchObject({ facts: { order: '48213378' } })
  await ada.deletes(second)
  expect(await everywhere(/48213378/)).toEqual([])
  expect((await everywhere(/hums/)).length).toBeGreaterThan(0)
})

story(
  'an idea that was deleted goes on in the words of who else had it',
  async ({ ada, customer, admin, clock, everywhere }) => {
    const ben = customer('ben')
    const first = await ada.says('It would be great if you added a dark mode, my violet eyes hurt.')
    ada.hears()
    await ben.says('You could really do with a dark mode, it hurts my eyes.')
    ben.hears(/s1/)
    await ada.deletes(first)
    expect(await everywhere(/violet/)).toEqual([])
    await clock.after('20d')
    ada.hearsNothing()
    ben.hears(/dark mode/)
    await admin.marks('s1', 'shipped')
    ada.hearsOne(/dark mode/)
    ben.hearsOne(/dark mode/)
  },
)

story(
  'an idea that was mended is kept as it now reads; one that only its giver had, and took back, is not named',
  async ({ ada, admin, clock, everywhere }) => {
    const first = await ada.says('It would be great if you added a drak mode.')
    ada.hears()
    await ada.edits(first, 'It would be great if you added a dark mode.')
    expect(await everywhere(/drak/)).toEqual([])
    await clock.after('20d')
    ada.hearsOne(/dark mode/)
    await ada.deletes(first)
    await admin.marks('s1', 'shipped')
    ada.hearsNothing()
  },
)

story(
  'the desk is told of a change in its own language',
  async ({ ada, desk }) => {
    await ada.says('My parcel is late.')
    await desk.claims()
    const second = await ada.says('I live in Taipei.')
    await ada.edits(second, 'I live in Tainan.')
    desk.sees(/（改成）I live in Tainan\.$/)
    await ada.deletes(second)
    desk.sees(/（已收回）$/)
  },
  { policy: { desk: { language: 'zh-TW', undoSeconds: 5, lines: 'customer' } } },
)
