/** Following through: check-backs, the short survey, and when to be silent (P18, P21). */
import { expect } from 'vitest'
import type { Cast } from './story.ts'
import { story } from './story.ts'

async function resolved({ ada, desk }: Pick<Cast, 'ada' | 'desk'>): Promise<void> {
  await ada.says('My parcel is late.')
  await desk.says('It comes today.')
  await desk.resolves({ cause: 'courier' })
  ada.hears()
}

story('not solved: the same person goes on, and it counts as a second failure', async ({ ada, desk, clock }) => {
  await resolved({ ada, desk })
  await clock.to('next day 10:00')
  ada.hears()
  await ada.presses('not_solved')
  const reply = ada.hearsOne(/sorry|apolog/i, /kim/, /1[0-9]:\d\d/)
  expect(reply.script).toContain('reopened@')
  desk.sees(/^reopened: .*not solved/)
  expect(await desk.reads()).toMatchObject({ status: 'open', owner: { name: 'kim' }, secondFailures: 1, severity: 2 })
  await desk.says('This time I brought it myself.')
  await desk.resolves({ cause: 'courier' })
  ada.hears(/myself/)
  await clock.after('24h')
  ada.hears()
  await ada.presses('solved')
  ada.hears()
  expect((await desk.reads()).status).toBe('closed')
})

story('not solved, in words', async ({ ada, desk, clock }) => {
  await resolved({ ada, desk })
  await clock.to('next day 10:00')
  ada.hears()
  await ada.says("No, it still hasn't arrived.")
  expect(ada.hearsOne().script).toContain('reopened@')
  expect(await desk.reads()).toMatchObject({ status: 'open', secondFailures: 1 })
  expect(await desk.counts()).toBe(1)
})

story('solved, in words', async ({ ada, desk, clock }) => {
  await resolved({ ada, desk })
  await clock.to('next day 10:00')
  ada.hears()
  await ada.says('Yes, all good now, thanks')
  ada.hearsOne()
  expect((await desk.reads()).status).toBe('closed')
})

story('solved, with an idea beside it: both are taken', async ({ ada, desk, clock }) => {
  await resolved({ ada, desk })
  await clock.to('next day 10:00')
  ada.hears()
  await ada.says('It arrived safe, lovely. You could add a return label to the box.')
  ada.hearsOne(/\bs1\b/)
  desk.sees(/^suggestion: .*return label/)
  expect((await desk.reads()).status).toBe('closed')
})

story('the survey is asked once for a case, never twice', async ({ ada, desk, clock }) => {
  await resolved({ ada, desk })
  await clock.to('next day 10:00')
  await ada.presses('solved')
  await ada.presses('worse')
  await ada.presses('rate:2')
  expect(ada.hearsOne(/1\d:\d\d/).script).toContain('check.low@')
  expect((await desk.reads()).status, 'a low mark opens it again').toBe('open')
  desk.sees(/^low rating: /)
  await desk.says('I have called you a taxi for it.')
  await desk.resolves()
  await clock.after('25h')
  ada.hears()
  await ada.presses('solved')
  const last = ada.hearsOne()
  expect(last.buttons, 'no second survey').toEqual([])
  expect(await desk.reads()).toMatchObject({ status: 'closed', expectation: 'worse', rating: 2 })
})

story('a second press of the survey changes nothing', async ({ ada, desk, clock }) => {
  await resolved({ ada, desk })
  await clock.to('next day 10:00')
  await ada.presses('solved')
  await ada.presses('better')
  await ada.presses('rate:4')
  ada.hears()
  await ada.presses('rate:1')
  ada.hearsNothing()
  expect(await desk.reads()).toMatchObject({ status: 'closed', rating: 4 })
})

story('check-backs come in waking hours of the customer, wherever they are', async ({ customer, desk, clock }) => {
  const bob = customer('bob', { timezone: 'America/New_York' })
  await bob.says('My parcel is late.')
  await desk.says('It comes today.')
  await desk.resolves()
  bob.hears()
  // A day later it is 21:00 in New York.
  await clock.to('next day 21:59')
  bob.hearsNothing()
  await clock.to('22:01')
  bob.hearsOne()
})

story('after two check-backs without an answer the case is closed quietly', async ({ ada, desk, clock }) => {
  await resolved({ ada, desk })
  await clock.after('25h')
  ada.hearsOne()
  await clock.after('73h')
  const second = ada.hearsOne()
  expect(second.buttons).toContain('stop')
  await clock.after('30d')
  ada.hearsNothing()
  expect(await desk.reads()).toMatchObject({ status: 'closed', checks: 2 })
})

story('stop is honoured', async ({ ada, desk, clock }) => {
  await resolved({ ada, desk })
  await clock.after('25h')
  ada.hears()
  await clock.after('73h')
  ada.hears()
  await ada.presses('stop')
  ada.hearsOne()
  await clock.after('30d')
  ada.hearsNothing()
  await ada.says('My parcel is late.')
  ada.hears(/sorry/i)
  await desk.says('It comes today.')
  await desk.resolves()
  ada.hears()
  await clock.after('30d')
  ada.hearsNothing()
})

story('a new complaint while a case is being checked is a case of its own', async ({ ada, desk, clock }) => {
  await resolved({ ada, desk })
  await clock.after('25h')
  await ada.presses('solved')
  ada.hears()
  await ada.says('Now you charged me twice for my subscription!')
  ada.hearsOne(/charged/i, /(?:case|number)\D{0,12}2/i)
  expect(await desk.reads(2)).toMatchObject({ kind: 'complaint', status: 'open' })
})

story('a question after the case was resolved is answered', async ({ ada, desk }) => {
  await resolved({ ada, desk })
  await ada.says('What are your opening hours?')
  ada.hearsOne(/hours/i)
})

story(
  'the short survey is asked once for a case, also where it was not answered and the case came back',
  async ({ ada, desk, clock }) => {
    await resolved({ ada, desk })
    await clock.to('next day 10:00')
    await ada.presses('solved')
    expect(ada.hearsOne().buttons).toEqual(['better', 'as', 'worse'])
    await ada.presses('not_solved')
    await clock.after('10m')
    await desk.resolves({ cause: 'courier' })
    await clock.after('26h')
    await ada.presses('solved')
    expect(ada.heard().filter((one) => one.buttons.includes('better'))).toHaveLength(1)
    expect((await desk.reads()).status).toBe('closed')
  },
)
