/** The desk: who has a case, what leaves, what is stopped, what stays inside (P7, P9, P11, P16, P36). */
import { expect } from 'vitest'
import { story } from './story.ts'

story('the bot is silent while a person has the case, and the person hears all', async ({ ada, desk, clock }) => {
  await ada.says('My parcel is late.')
  await desk.claims()
  ada.hears(/kim/)
  await ada.says('What are your opening hours?')
  ada.hearsNothing()
  desk.sees(/^ada → kim: What are your opening hours\?/)
  await ada.says('Hello?')
  ada.hearsNothing()
  await clock.after('5m')
  await desk.says('From nine to six. Your parcel is with me.')
  ada.hearsOne(/nine to six/)
})

story('a hand-over and back: nobody has to tell it twice', async ({ ada, desk }) => {
  await ada.says('My parcel is late, order 48213377. I have guests on Saturday.')
  await desk.claims()
  ada.hears(/kim/)
  await desk.releases()
  const back = ada.hearsOne(/1\d:\d\d/)
  expect(back.script).toContain('released@')
  desk.sees(/^card 1: complaint open .* desk .*guests on Saturday/)
  expect(await desk.reads()).toMatchObject({ owner: 'desk', facts: { order: '48213377' } })
  await ada.says('Are you still there?')
  ada.hears()
  await desk.as('lee').claims()
  ada.hears(/lee/)
  expect((await desk.reads()).owner).toMatchObject({ name: 'lee' })
})

story('who claims second is told who has it, and the customer hears one name', async ({ ada, desk }) => {
  await ada.says('My parcel is late.')
  ada.hears()
  await desk.as('kim').reachesFor()
  await desk.as('lee').claims()
  const { text } = ada.hearsOne(/kim/)
  expect(text).not.toMatch(/lee/)
  desk.sees(/^taken: .*kim/)
  expect((await desk.reads()).owner).toMatchObject({ name: 'kim' })
})

story('a claim that comes while the bot is about to answer silences it', async ({ ada, desk }) => {
  await ada.says('My parcel is late.')
  ada.hears()
  await ada.sends('What are your opening hours?')
  await desk.claims()
  const told = ada.hears()
  expect(told.map((one) => one.script).join(), 'no answer of the bot after the claim').not.toContain('inquiry')
  desk.sees(/opening hours/)
})

story('words can be taken back for a few seconds', async ({ ada, desk }) => {
  await ada.says('My parcel is late.')
  await desk.claims()
  ada.hears()
  await desk.takesBack('You should have read the mail!')
  ada.hearsNothing()
  await desk.says('It arrives on Thursday.')
  ada.hearsOne(/Thursday/)
})

story('the guard stops blame before it leaves', async ({ ada, desk }) => {
  await ada.says('My parcel is late.')
  await desk.claims()
  ada.hears()
  await desk.says('It is your own fault. We are sending a new one today.')
  ada.hearsNothing()
  desk.sees(/^held: blame.*better: We are sending a new one today\./)
  await desk.rewords('take')
  ada.hearsOne(/^We are sending a new one today\.$/)
  expect((await desk.reads()).held).toBeNull()
})

story('an agent may send what the guard stopped, knowingly', async ({ ada, desk }) => {
  await ada.says('My parcel is late.')
  await desk.claims()
  ada.hears()
  await desk.says('That was your own fault.')
  ada.hearsNothing()
  await desk.rewords('send')
  ada.hearsOne(/your own fault/)
})

story('a refund that no record backs is stopped', async ({ ada, desk }) => {
  await ada.says('My parcel is late.')
  await desk.claims()
  ada.hears()
  await desk.says('We will refund you $500 tomorrow.')
  ada.hearsNothing()
  desk.sees(/^held: promise/)
})

story('notes stay inside', async ({ ada, desk }) => {
  await ada.says('My parcel is late.')
  ada.hears()
  await desk.notes('The courier is on strike, do not tell.')
  ada.hearsNothing()
  expect((await desk.reads()).owner).toBe('desk')
})

story('a remedy is put to the customer, and accepted', async ({ ada, desk, clock }) => {
  await ada.says('My parcel arrived broken.')
  await desk.claims()
  ada.hears()
  await desk.offers('a new one by courier')
  const offer = ada.hearsOne(/a new one by courier/)
  expect(offer.buttons).toEqual(['accept', 'decline'])
  expect(await desk.reads()).toMatchObject({ status: 'waiting', step: 'propose' })
  await clock.after('10m')
  await ada.presses('accept')
  ada.hearsOne(/1\d:\d\d/)
  expect(await desk.reads()).toMatchObject({ status: 'open', step: 'act', remedy: 'a new one by courier' })
  desk.sees(/^promise made: a new one by courier/)
  await ada.presses('accept')
  ada.hearsNothing()
})

story('a remedy accepted in words', async ({ ada, desk }) => {
  await ada.says('My parcel arrived broken.')
  await desk.claims()
  await desk.offers('a new one by courier')
  ada.hears()
  await ada.says('Yes please, that works for me.')
  ada.hearsOne(/1\d:\d\d/)
  expect(await desk.reads()).toMatchObject({ step: 'act', remedy: 'a new one by courier' })
})

story('a remedy refused twice brings a lead', async ({ ada, desk }) => {
  await ada.says('My parcel arrived broken.')
  await desk.claims()
  await desk.offers('a voucher', '10 USD')
  ada.hears(/voucher/)
  await ada.presses('decline')
  ada.hearsOne(/what|which|how/i)
  expect(await desk.reads()).toMatchObject({ step: 'revise', refused: 1 })
  await desk.offers('a voucher', '20 USD')
  ada.hears(/20/)
  desk.seesNo(/^ladder/)
  await ada.presses('decline')
  ada.hears()
  desk.sees(/^ladder: .*2 proposals refused/)
})

story(
  'a remedy above the limit waits for a lead',
  async ({ ada, desk }) => {
    await ada.says('My parcel arrived broken.')
    await desk.claims()
    ada.hears()
    await desk.offers('refund', '250 USD')
    ada.hearsNothing()
    desk.sees(/^approval: .*kim would offer refund/)
    await desk.approves()
    ada.hearsNothing()
    desk.sees(/^refused: .*lead/)
    await desk.as('lena').approves()
    const offer = ada.hearsOne(/250/)
    expect(offer.buttons).toEqual(['accept', 'decline'])
    await ada.presses('accept')
    await desk.says('We have refunded you 250 USD.')
    ada.hears(/250 USD/)
  },
  { policy: { people: { leads: ['lena'], managers: [], admins: [] } } },
)

story('a transfer takes the story along', async ({ ada, desk }) => {
  await ada.says('My parcel is late, order 48213377.')
  await desk.claims()
  ada.hears()
  await desk.transfers('lee')
  ada.hearsOne(/lee/)
  expect(await desk.reads()).toMatchObject({ owner: { name: 'lee' }, facts: { order: '48213377' } })
  await desk.as('lee').says('I have read it all; it comes today.')
  ada.hearsOne(/comes today/)
})

story('a question filed wrongly becomes a complaint', async ({ ada, desk }) => {
  await ada.says('Does the blue lamp work with a 12-volt battery?')
  ada.hears()
  await desk.refiles('complaint')
  expect(await desk.reads()).toMatchObject({ kind: 'complaint', step: 'find', status: 'open' })
})

story('a complaint that was none becomes a suggestion', async ({ ada, desk, clock }) => {
  await ada.says('My parcel is late.')
  ada.hears()
  await desk.refiles('suggestion')
  expect((await desk.reads()).status).toBe('closed')
  await clock.after('3d')
  ada.hearsNothing()
})

story('a failure that an agent saw first is recorded, then the customer is written to', async ({ ada, desk }) => {
  await desk.records('ada', 'The courier lost her parcel; she does not know yet.')
  ada.hearsNothing()
  expect(await desk.reads(1)).toMatchObject({ kind: 'complaint', owner: { name: 'kim' } })
  await desk.says('Your parcel was lost on the way. A new one leaves today.')
  ada.hearsOne(/new one leaves today/)
  await ada.says('Oh, thank you for telling me.')
  ada.hearsNothing()
  desk.sees(/^ada → kim: Oh, thank you/)
  await desk.resolves({ cause: 'courier' })
  expect(await desk.counts()).toBe(1)
})

story('who is blocked is not relayed, and hears nothing', async ({ ada, desk, clock }) => {
  await ada.says('It would be nice if you offered evening deliveries.')
  await ada.says('My parcel is late.')
  ada.hears()
  await ada.sends('And you are all idiots!')
  await desk.blocks()
  ada.hearsNothing()
  await ada.says('Idiots!!!')
  ada.hearsNothing()
  desk.seesNo(/Idiots!!!/)
  await desk.says('One last word.')
  await clock.after('30d')
  ada.hearsNothing()
})

story('a wish for a person at night is promised for the morning', async ({ ada, desk, clock }) => {
  await clock.to('23:00')
  await ada.says('I want to talk to a human.')
  const reply = ada.hearsOne(/tomorrow|Wednesday/i, /1[01]:\d\d/)
  expect(reply.script).toContain('human.later@')
  desk.sees(/^card 1: /)
  await clock.to('next day 09:30')
  await desk.claims()
  ada.hears(/kim/)
})

story('safety: fixed words, a person at once', async ({ ada, customer, desk }) => {
  await ada.says('The kettle exploded and burned my hand.')
  const reply = ada.hearsOne()
  expect(reply.script).toContain('safety.injury@')
  expect(reply.script, 'no apology theatre').not.toContain('complaint')
  desk.sees(/^safety: .*injury.*kettle/, /^card 1: safety open .* severity 3/)
  const ben = customer('ben')
  await ben.says('Your heater caught fire and I burned my arm.')
  expect(ben.hearsOne().text.split('\n\n').at(-1)).toBe(reply.text.split('\n\n').at(-1))
})

story('safety reaches the person who has the case', async ({ ada, desk }) => {
  await ada.says('My parcel is late.')
  await desk.claims()
  ada.hears()
  await ada.says("I don't want to live any more.")
  desk.sees(/^safety: /, /^ada → kim: I don't want to live/)
  expect((await desk.reads()).severity).toBe(3)
})

story('a safety text comes at once, even in the middle of a burst', async ({ ada, desk }) => {
  await ada.says('hello', 'the charger caught fire', 'my hand is burned')
  ada.hears()
  desk.sees(/^safety: /)
})

story('the bot does not overtake the last words of a person', async ({ ada, desk }) => {
  await ada.says('My parcel is late.')
  await desk.claims()
  ada.hears()
  await desk.hurries('One moment, a colleague goes on.')
  await desk.releases()
  expect(ada.hears().map((one) => one.from)).toEqual(['kim', 'bot'])
})
