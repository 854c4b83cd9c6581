/** What an agent files otherwise than it was read waits to be learnt, with nothing in it that is the customer's own (P31). */
import { expect } from 'vitest'
import { story } from './story.ts'

const lesson = /"taken_at":/

story('a refiled case waits as a lesson, masked; filed back, it teaches nothing', async ({ ada, desk, everywhere }) => {
  await ada.says('My parcel is late, write to ada@example.com.')
  ada.hears()
  await desk.refiles('inquiry')
  const [kept = '', ...more] = await everywhere(lesson)
  expect(more).toEqual([])
  expect(kept).toContain('My parcel is late, write to [email-1].')
  expect(kept).toMatch(/complaint.*inquiry.*kim/)
  await desk.refiles('complaint')
  expect(await everywhere(lesson)).toEqual([])
})

story('what was taken back or forgotten is not learnt from', async ({ ada, customer, desk, everywhere }) => {
  const said = await ada.says('My violet kettle is broken.')
  ada.hears()
  await desk.refiles('inquiry')
  expect(await everywhere(lesson)).toHaveLength(1)
  await ada.deletes(said)
  expect(await everywhere(lesson)).toEqual([])
  const ben = customer('ben')
  await desk.records('ben', 'The courier lost his parcel.')
  ben.hearsNothing()
  await desk.refiles('inquiry', 2)
  expect(await everywhere(lesson), 'an agent’s own words').toEqual([])
})
