/** A complaint, from the first word to the check-back (P6, P7, P8, P10, P34, P35). */
import { expect } from 'vitest'
import { story } from './story.ts'

story('a late parcel is made good', async ({ ada, desk, clock }) => {
  await ada.says('This is the third time my parcel is late. I have guests on Saturday!')
  const reply = ada.hearsOne(
    /automated/i,
    /sorry/i,
    /parcel/,
    /third time/,
    /guests on Saturday/,
    /thank|good that you told us/i,
    /today by 12:00/i,
  )
  expect(reply.text, 'nothing is sold yet to somebody who just complained').not.toMatch(/refund|voucher|discount/i)
  desk.sees(/^card 1: complaint open .* severity 2 .*guests on Saturday/)

  await clock.after('10m')
  await desk.claims()
  ada.hears(/kim/i)
  await desk.says('The courier lost it; a new one leaves today.')
  ada.hearsOne(/^The courier lost it; a new one leaves today\.$/)
  desk.sees(/^promise kept: answer/)
  await desk.resolves({ cause: 'courier', remedy: 'a new parcel' })
  ada.hears(/new parcel/)
  expect(await desk.reads()).toMatchObject({ status: 'resolved', step: 'check', cause: 'courier', apologies: 1 })

  await clock.to('next day 10:10')
  const check = ada.hearsOne(/solved|right|arrive|sorted|fixed|hold|settle/i)
  expect(check.buttons).toEqual(['solved', 'not_solved'])
  await ada.presses('solved')
  ada.hearsOne(/better|expected|worse/i)
  await ada.presses('better')
  await ada.presses('rate:5')
  ada.hearsOne(/thank/i)
  expect(await desk.reads()).toMatchObject({
    status: 'closed',
    step: 'learn',
    solved: true,
    expectation: 'better',
    rating: 5,
  })

  await clock.after('30d')
  ada.hearsNothing()
})

story('an angry customer is heard out before anything is proposed', async ({ ada, desk }) => {
  await ada.says('This is absolutely UNACCEPTABLE!!! You charged me twice and nobody answers. I am furious!')
  const reply = ada.hearsOne(/sorry|apolog/i, /charged/i, /by 1\d:\d\d/)
  expect(reply.script).toContain('complaint.angry@')
  expect(reply.script, 'no question to somebody who is upset').not.toContain('ask.')
  expect(reply.text).not.toMatch(/calm down|but |however|policy/i)
  desk.sees(/^card 1: .* angry/)
})

story('a distressed customer is met with care', async ({ ada, desk }) => {
  await ada.says("I'm in tears, my wedding dress arrived torn and the wedding is tomorrow. I don't know what to do.")
  const reply = ada.hearsOne(/by 1\d:\d\d/)
  expect(reply.script).toContain('complaint.distressed@')
  expect(reply.script, 'no question to somebody who is in distress').not.toContain('ask.')
  desk.sees(/^card 1: complaint .* distressed/)
})

story('what a customer adds in the same breath is detail, and is taken in', async ({ ada, desk, clock }) => {
  await ada.says('My parcel never arrived.')
  ada.hears(/sorry/i)
  await clock.after('2m')
  await ada.says('The order number is 48213377.')
  const reply = ada.hearsOne()
  expect(reply.script).toContain('complaint.more@')
  desk.sees(/48213377/)
  expect(await desk.counts()).toBe(1)
  expect((await desk.reads()).facts.order).toBe('48213377')
})

story(
  'the same complaint again hours later counts as a second failure, and a lead is called',
  async ({ ada, desk, clock }) => {
    await ada.says('My parcel is late.')
    ada.hears(/sorry/i)
    await clock.after('90m')
    await ada.says('My parcel is still not here, and nobody has answered me!')
    const reply = ada.hearsOne(/sorry/i)
    expect(reply.script).toContain('complaint.again@')
    desk.sees(/^ladder: .*second failure/)
    expect(await desk.reads()).toMatchObject({ number: 1, secondFailures: 1 })
    expect(await desk.counts()).toBe(1)
  },
)

// The survey of the closed case is still open, and the new case goes by its number.
story('the same trouble after the first case was closed is a repeat', async ({ ada, desk, clock }) => {
  await ada.says('My parcel is late.')
  await desk.says('It arrives today.')
  await desk.resolves({ cause: 'courier' })
  await clock.after('25h')
  await ada.presses('solved')
  await clock.after('3d')
  await ada.says('My parcel is late again.')
  const reply = ada.hearsOne()
  expect(reply.script).toContain('complaint.again@')
  desk.sees(/^ladder: .*second failure/)
  expect(await desk.reads(2)).toMatchObject({ status: 'open', secondFailures: 1 })
  const first = await desk.reads(1)
  expect((await desk.reads(2)).severity).toBeGreaterThan(first.severity)
})

story('a burst of short messages is answered once', async ({ ada, desk }) => {
  await ada.says('hello', 'my parcel is late', 'order 48213377')
  ada.hearsOne(/sorry/i)
  expect((await desk.reads(1)).facts.order).toBe('48213377')
  expect(await desk.counts()).toBe(1)
})
