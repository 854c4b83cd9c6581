/** Every question gets an answer; a message may hold several things; thanks and small talk open nothing (P1, P2, P5). */
import { expect } from 'vitest'
import { story } from './story.ts'

story('two questions in one message are both answered, in one message', async ({ ada, desk }) => {
  await ada.says('What are your opening hours? And how can I return something?')
  const reply = ada.hearsOne(/09:00|9:00|hours/i, /return/i)
  expect(reply.script.match(/inquiry\.answer@/gu)).toHaveLength(2)
  expect(await desk.counts(), 'an answered question needs nobody').toBe(0)
})

story('a known question is answered, an unknown one is named and goes to the desk', async ({ ada, desk }) => {
  await ada.says('What are your opening hours? And does the blue lamp work with a 12-volt battery?')
  const reply = ada.hearsOne(/hours/i, /12-volt/, /today by 12:00/i)
  expect(reply.script).toMatch(/inquiry\.answer@.*inquiry\.unknown@/u)
  desk.sees(/^card 1: inquiry open answer .*12-volt/)
  await desk.says('Yes, it does: the cable for 12 volts is in the box.')
  ada.hearsOne(/in the box/)
  desk.sees(/^promise kept: answer/)
})

story('a mixed message gets one reply in which everything is answered', async ({ ada, desk }) => {
  await ada.says(
    'My parcel arrived broken. What are your opening hours? It would be great if you offered evening deliveries.',
  )
  const reply = ada.hearsOne(/sorry/i, /hours/i, /s1/, /today by 12:00/i)
  expect(reply.script).toMatch(/complaint@/u)
  expect(reply.script).toMatch(/inquiry\.answer@/u)
  expect(reply.script).toMatch(/suggestion@/u)
  desk.sees(/^card 1: complaint open/, /^suggestion: .*evening deliveries/)
  expect(await desk.counts(), 'one case, of its weightiest kind').toBe(1)
})

story('praise is thanked for and passed on, and opens nothing', async ({ ada, desk }) => {
  await ada.says('Your support team was wonderful yesterday, thank you so much!')
  ada.hearsOne(/pass|team|told|know|made/i)
  desk.sees(/^praise: .*wonderful/)
  expect(await desk.counts()).toBe(0)
})

story('thanks open nothing', async ({ ada, desk, clock }) => {
  await ada.says('ok thanks')
  expect(await desk.counts()).toBe(0)
  await ada.says('My parcel is late.')
  ada.hears(/sorry/i)
  await ada.says('ok thank you')
  ada.hears()
  expect(await desk.reads(), 'and close no case in which a promise is due').toMatchObject({ status: 'open' })
  expect(await desk.counts()).toBe(1)
  await clock.to('11:30')
  desk.sees(/^promise at risk/)
})

story('who only greets is greeted, and told once who is speaking', async ({ ada, desk }) => {
  await ada.says('Hello!')
  ada.hearsOne(/automated assistant/i, /person|human/i)
  await ada.says('My parcel is late.')
  const reply = ada.hearsOne(/sorry/i)
  expect(reply.text, 'said once is enough').not.toMatch(/automated/i)
  expect(await desk.counts()).toBe(1)
})

story('where does my case stand is answered from the record', async ({ ada, desk, clock }) => {
  await ada.says('My parcel is late.')
  await clock.after('5m')
  await ada.says('Where does my case stand?')
  ada.hearsOne(/\b1\b/, /12:00/)
  await desk.claims()
  expect(await desk.counts()).toBe(1)
})

story('where does my case stand, when there is none', async ({ ada, desk }) => {
  await ada.says('What is the status of my case?')
  const reply = ada.hearsOne()
  expect(reply.script).toContain('status.none@')
  expect(await desk.counts()).toBe(0)
})

story('never mind: the door stays open, nothing is lost', async ({ ada, desk }) => {
  await ada.says('My parcel is late.')
  ada.hears(/sorry/i)
  await ada.says('never mind')
  const reply = ada.hearsOne()
  expect(reply.script).toContain('nevermind@')
  expect((await desk.reads()).status).toBe('open')
})

story('a complaint can be withdrawn', async ({ ada, desk, clock }) => {
  await ada.says('My parcel is late.')
  ada.hears(/sorry/i)
  await ada.says('Please withdraw my complaint.')
  ada.hearsOne()
  expect((await desk.reads()).status).toBe('withdrawn')
  await clock.after('10d')
  ada.hearsNothing()
})

story('what is asked back is answered in the same case', async ({ ada, desk, clock }) => {
  await ada.says('My parcel never arrived.')
  ada.hears(/number/i)
  await clock.after('2m')
  await ada.says('48213377')
  ada.hearsOne()
  desk.sees(/48213377/)
  expect((await desk.reads(1)).facts.order).toBe('48213377')
  expect(await desk.counts()).toBe(1)
})

story('an unsure reading is asked about with two buttons, and the choice is followed', async ({ ada, desk }) => {
  await ada.says('the app and the refund page and my order')
  const [reply] = ada.hears()
  if (reply?.script.includes('unsure@')) {
    expect(reply.buttons).toHaveLength(2)
    await ada.presses(reply.buttons.find((id) => id === 'choose:complaint') ?? reply.buttons[0] ?? '')
    ada.hears()
    expect(await desk.counts()).toBe(1)
  } else expect(reply?.script).toBeDefined()
})

story('edits before the answer change what is read; after it the desk is told', async ({ ada, desk }) => {
  const first = await ada.sends('My parcel is late, order 11111111.')
  await ada.edits(first, 'My parcel is late, order 48213377.')
  ada.hearsOne(/sorry/i)
  expect((await desk.reads()).facts.order).toBe('48213377')
  desk.seesNo(/11111111/)

  await ada.edits(first, 'My parcel is late, order 99999999.')
  ada.hearsNothing()
  desk.sees(/\(edited\).*99999999/)
})

story('what is deleted before the answer is not answered; after it the desk is told', async ({ ada, desk }) => {
  const slip = await ada.sends('My parcel is late')
  await ada.deletes(slip)
  ada.hearsNothing()
  expect(await desk.counts()).toBe(0)

  const meant = await ada.says('My parcel is broken.')
  ada.hears(/sorry/i)
  await ada.deletes(meant)
  ada.hearsNothing()
  desk.sees(/\(deleted\)/)
})

story('a thumb down on our words is asked about', async ({ ada, desk }) => {
  await ada.says('What are your opening hours?')
  ada.hears(/hours/i)
  await ada.reacts('👎')
  const reply = ada.hearsOne()
  expect(reply.script).toContain('ask.happened@')
  await ada.says('My parcel is late.')
  ada.hears(/sorry/i)
  expect(await desk.counts()).toBe(1)
})

story('two customers at once do not mix', async ({ ada, customer, desk }) => {
  const ben = customer('ben')
  await ada.sends('My parcel is late.')
  await ben.sends('You charged me twice for my subscription.')
  await ada.says('Order 48213377.')
  ada.hearsOne(/parcel/)
  const reply = ben.hearsOne(/charged|twice/)
  expect(reply.text).not.toMatch(/parcel/)
  const [hers, his] = [await desk.numberOf('ada'), await desk.numberOf('ben')]
  expect(hers).not.toBe(his)
  await desk.says('It comes at noon.', hers)
  ada.hearsOne(/noon/)
  ben.hearsNothing()
  await desk.resolves({}, his)
  ada.hearsNothing()
})

story('a suggestion that ships later is told to each who asked', async ({ ada, customer, desk, admin, clock }) => {
  await ada.says('It would be nice if you offered evening deliveries.')
  ada.hearsOne(/s1/)
  desk.sees(/^suggestion: .*s1/)
  const ben = customer('ben')
  await ben.says('I suggest you offer evening deliveries.')
  ben.hearsOne(/s1/)
  desk.sees(/^suggestion: .*2/)
  expect(await desk.counts(), 'a suggestion is no case').toBe(0)

  await clock.after('5d')
  await admin.marks('s1', 'planned')
  ada.hearsOne(/evening deliveries/)
  ben.hearsOne(/evening deliveries/)
  await clock.after('20d')
  ada.hearsNothing()
  ben.hearsNothing()
  await admin.marks('s1', 'shipped', 'You can choose 18:00 to 21:00 at the checkout.')
  ada.hears(/evening deliveries/, /18:00 to 21:00/)
  ben.hears(/18:00 to 21:00/)
  await clock.after('60d')
  ada.hearsNothing()
})

story('two ideas in one message are thanked for once, each with its number', async ({ ada, customer }) => {
  await ada.says(
    'It would be great if you had a dark mode. What are your opening hours? I suggest you add a button to export my orders.',
  )
  const reply = ada.hearsOne(/\bs1 and s2\b/)
  expect(reply.text.match(/s1/gu)).toHaveLength(1)
  const wei = customer('小伟', { timezone: 'Asia/Shanghai' })
  await wei.says('建议你们增加支付宝付款。你们几点开门？另外建议门口装一个雨棚。')
  wei.hearsOne(/s3和s4/)
})

story('a suggestion that is not decided upon is not forgotten', async ({ ada, clock }) => {
  await ada.says('It would be nice if you offered evening deliveries.')
  ada.hears()
  await clock.after('15d')
  ada.hearsOne(/evening deliveries/)
  await clock.after('60d')
  ada.hearsNothing()
})

story('a suggestion declined is told with its reason', async ({ ada, admin }) => {
  await ada.says('It would be nice if you accepted payment in cowrie shells.')
  ada.hearsOne(/s1/)
  await admin.marks('s1', 'declined', 'Our bank does not take them.')
  ada.hearsOne(/cowrie/, /Our bank does not take them/)
})

story('order is kept: what was asked first is answered first', async ({ ada }) => {
  await ada.sends('What are your opening hours?')
  await ada.sends('How can I return something?')
  await ada.says('Do you ship abroad?')
  const { text } = ada.hearsOne()
  expect(text.search(/hours/iu)).toBeLessThan(text.search(/return/iu))
})
