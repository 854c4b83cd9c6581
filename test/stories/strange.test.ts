/** Strange input and strange moments: nothing is lost, nothing is said that nobody wanted. */
import { expect } from 'vitest'
import { story } from './story.ts'

story('a file without a word reaches who has the case', async ({ ada, desk }) => {
  await ada.says('My parcel arrived broken.')
  await desk.claims()
  ada.hears()
  await ada.sendsFile('crack.jpg')
  ada.hearsNothing()
  desk.sees(/^ada → kim:/)
})

story('a message of nothing that can be read is still answered, or is at least not lost', async ({ ada, desk }) => {
  await ada.says('🙂')
  await ada.says('\u0000')
  await ada.says('?')
  ada.hears()
  expect(await desk.counts()).toBe(0)
})

story('a very long message is answered like any other', async ({ ada, desk }) => {
  await ada.says(`My parcel is late. ${'I have been waiting and waiting. '.repeat(2500)}`)
  ada.hearsOne(/sorry/i)
  expect((await desk.reads()).summary.length).toBeLessThanOrEqual(140)
})

story('markup in a name or a text stays text', async ({ customer, desk }) => {
  const eve = customer('<b>eve</b>')
  await eve.says('<script>alert(1)</script> My parcel is late {{ policy.people }} {% raw %}')
  const { text } = eve.hearsOne()
  expect(text).not.toMatch(/\[object|undefined|null/)
  desk.sees(/^card 1: .*<script>/)
})

story('many buttons pressed at random do no harm', async ({ ada, desk }) => {
  await ada.says('My parcel is late.')
  await desk.says('It comes today.')
  await desk.resolves()
  ada.hears()
  for (const emoji of ['👍', '👎', '🎈']) await ada.reacts(emoji)
  expect(await desk.counts()).toBe(1)
})

story('an agent who acts on an ended case is told so, and the customer hears nothing', async ({ ada, desk }) => {
  await ada.says('My parcel is late.')
  await desk.says('It comes today.')
  await desk.resolves()
  ada.hears()
  await desk.resolves()
  desk.sees(/^refused: /)
  await desk.promises('I call the courier', '15:00')
  desk.sees(/^refused: /)
  await desk.approves()
  desk.sees(/^refused: /)
  ada.hearsNothing()
})

story('a holiday for the desk moves the promise', async ({ ada, clock }) => {
  await clock.to('Friday 17:00')
  await ada.says('My parcel is late.')
  // An hour is left on Friday, the other comes on Monday.
  ada.hearsOne(/Monday by 10:00/)
})

story('no text of ours ever shows a hole', async ({ ada, customer, desk, clock }) => {
  const mei = customer('美玲')
  for (const [who, text] of [
    [ada, 'My parcel is late.'],
    [mei, '我的包裹還沒到。'],
  ] as const) {
    await who.says(text)
    await clock.after('7h')
    await who.says('???')
  }
  const told = [...ada.heard(), ...mei.heard()].map((one) => one.text)
  for (const text of told) expect(text).not.toMatch(/「」|“”|\(\s*\)|（\s*）|: ,|，，|null|undefined|\{\{|\s[,.]/u)
  for (const line of desk.shown()) expect(line).not.toMatch(/「」|“”|\(\s*\)|: ,|null:|undefined|\{\{/u)
  expect(await desk.counts()).toBe(2)
})

// Was read as praise once: “That'll make somebody's day here.”
for (const text of ['Everything is bad.'])
  story(`what is plainly bad is not thanked for as praise: ${text}`, async ({ ada, desk }) => {
    await ada.says(text)
    expect(ada.hearsOne().script).not.toContain('praise@')
    desk.seesNo(/^praise/)
  })

// Read as nothing in particular, although it names a thing and its failure.
story('a failure that is named is a complaint, however few the words', async ({ customer, desk }) => {
  const mei = customer('美玲')
  await mei.says('我的包裹遲到了。')
  mei.hearsOne(/12:00/)
  expect((await desk.reads(1)).kind).toBe('complaint')
})

story('who asks for a person is not told how to ask for one', async ({ ada }) => {
  await ada.says('I want to talk to a human.')
  expect(ada.hearsOne(/12:00/).script).not.toContain('inquiry')
})

// “You'd like a person, and you'll have one”, to somebody who never asked for one.
story('a language that we do not read is no wish for a person', async ({ customer }) => {
  const eva = customer('eva')
  await eva.says('Mein Paket ist schon wieder nicht angekommen und niemand antwortet mir.')
  expect(eva.hearsOne().text).not.toMatch(/You'd like a person/)
})
