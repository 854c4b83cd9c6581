/** What comes in one breath with something else, or belongs to what was said before: none of it is passed over (P2). */
import { expect } from 'vitest'
import { story } from './story.ts'

story('solved, and a question beside it: both are answered', async ({ ada, desk, clock }) => {
  await ada.says('My parcel is late.')
  await desk.says('It comes today.')
  await desk.resolves({ cause: 'courier' })
  await clock.to('next day 10:00')
  ada.hears()
  await ada.says('Yes it is fixed, thank you! By the way, what are your opening hours?')
  const told = ada.hearsOne()
  expect(told.script).toContain('check.solved@')
  expect(told.script).toContain('inquiry.answer@')
  expect((await desk.reads()).status).toBe('closed')
})

story('solved, said unasked, and a question beside it', async ({ ada, desk }) => {
  await ada.says('My parcel is late.')
  ada.hears()
  await ada.says('Solved, thanks. What are your opening hours?')
  const told = ada.hearsOne()
  expect(told.script).toContain('check.solved@')
  expect(told.script).toContain('inquiry.answer@')
  expect((await desk.reads()).status).toBe('closed')
})

story('solved, and a question that nobody knows: it is not lost with the case', async ({ ada, desk, clock }) => {
  await ada.says('My parcel is late.')
  await desk.says('It comes today.')
  await desk.resolves({ cause: 'courier' })
  await clock.to('next day 10:00')
  ada.hears()
  await ada.says('Solved, thanks. Does the blue lamp work with a 12-volt battery?')
  expect(ada.hearsOne(/\d\d:\d\d/).script).toContain('inquiry.unknown@')
  desk.sees(/^promise made: answer/)
  expect(await desk.reads()).toMatchObject({ status: 'open', owner: { name: 'kim' }, solved: true, secondFailures: 0 })
  expect(await desk.counts()).toBe(1)
})

story('never mind is asked about once, and the answer counts', async ({ ada, customer, desk }) => {
  await ada.says('My parcel is late.')
  ada.hears()
  await ada.says('Never mind.')
  expect(ada.hearsOne().script).toContain('nevermind@')
  await ada.says('yes')
  expect(ada.hearsOne(/12:00/).script).toContain('promise@')
  expect((await desk.reads()).status).toBe('open')

  const ben = customer('ben')
  await ben.says('My parcel is late.')
  ben.hears()
  await ben.says('never mind')
  ben.hears()
  await ben.says('no, leave it')
  expect(ben.hearsOne().script).toContain('withdrawn@')
  expect((await desk.reads()).status).toBe('withdrawn')
})

story('who is called and does not come: hello is answered with where it stands', async ({ ada, clock }) => {
  await ada.says('I want to talk to a human.')
  ada.hears(/12:00/)
  await clock.after('20m')
  await ada.says('hello??')
  expect(ada.hearsOne(/12:00/).script).toContain('status@')
})

story('a number that follows the question where an order is belongs to it', async ({ ada, desk }) => {
  await ada.says('Where is my order?')
  ada.hears()
  await ada.says('48213377')
  ada.hearsOne(/12:00/)
  expect(await desk.reads()).toMatchObject({ kind: 'inquiry', facts: { order: '48213377' } })
  desk.sees(/^card 1: .*Where is my order\?/)
  expect(await desk.counts()).toBe(1)
})

for (const words of ['It turned up fine, my mistake.', '已經收到了，是我搞錯', '已经收到了，是我搞错了'])
  story(`what was a mistake is no longer worked: ${words}`, async ({ ada, desk }) => {
    await ada.says('My parcel is late.')
    ada.hears()
    await ada.says(words)
    ada.hearsOne()
    expect(['closed', 'withdrawn']).toContain((await desk.reads()).status)
  })

for (const words of ['ok thanks', '谢谢不用了', '不用了，謝謝'])
  story(`closing words are no detail, whatever was asked: ${words}`, async ({ ada, desk }) => {
    await ada.says('My parcel is late.')
    ada.hears(/order number|number/i)
    await ada.says(words)
    const told = ada.heard().slice(1)
    expect(told.map((one) => one.script).join()).not.toContain('complaint.more')
    expect((await desk.reads()).facts.order).toBeNull()
  })

story('what is said of an open case belongs to it, however many came and went since', async ({ ada, desk }) => {
  await ada.says('My parcel is late.')
  ada.hears()
  for (let n = 2; n <= 13; n += 1) {
    await desk.records('ada', 'The courier lost a parcel of hers.')
    await desk.refiles('other', n)
  }
  ada.hears()
  await ada.says('My parcel is late, and its number is A-10492.')
  ada.hearsOne(/case 1\b/i)
  expect(await desk.counts()).toBe(13)
  expect((await desk.reads(1)).facts.order).toBe('A-10492')
})
