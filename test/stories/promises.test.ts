/** Promises: made with a time, kept, given a new time, or broken and made good (P12, P14, P15). */
import { expect } from 'vitest'
import { story } from './story.ts'

story(
  'a promise that nobody keeps climbs the ladder, and the customer is told before they ask',
  async ({ ada, desk, clock }) => {
    await ada.says('My parcel is late.')
    ada.hearsOne(/today by 12:00/i)
    desk.sees(/^promise made: answer/)

    await clock.to('11:29')
    desk.seesNo(/risk/)
    await clock.to('11:31')
    desk.sees(/^promise at risk: .*1.*12:00/)
    ada.hearsNothing()

    await clock.to('12:00')
    const broken = ada.hearsOne(/sorry|apolog/i, /16:00/)
    expect(broken.script).toContain('promise.broken@')
    desk.sees(/^promise broken: answer/, /^ladder: /)
    expect(await desk.reads()).toMatchObject({ secondFailures: 1, severity: 2, apologies: 2 })

    await clock.to('16:00')
    ada.hearsOne(/sorry|apolog/i)
    desk.sees(/^ladder: .*manager/)

    await clock.to('next day 09:30')
    await desk.says('I am sorry for the wait: the parcel is at your door.')
    ada.hears(/at your door/)
    desk.sees(/^promise kept: answer/)
  },
)

story('who was reminded of their promise and then writes has kept it', async ({ ada, desk, clock }) => {
  await ada.says('My parcel is late.')
  await desk.claims()
  await desk.promises('I call the courier', '15:00')
  ada.hears()
  await desk.says('One moment, they are not answering yet.')
  desk.seesNo(/^promise kept: I call the courier/)
  await clock.to('14:30')
  desk.sees(/^promise at risk: .*I call the courier/)
  await desk.says('I called: it comes tomorrow.')
  desk.sees(/^promise kept: I call the courier/)
  await clock.to('16:00')
  desk.seesNo(/^promise broken/)
  ada.hears()
})

story("an agent's promise is said with its time, and kept", async ({ ada, desk, clock }) => {
  await ada.says('My parcel is late.')
  await desk.claims()
  ada.hears()
  await desk.promises('I call the courier', '15:00')
  ada.hearsOne(/I call the courier/, /15:00/)
  desk.sees(/^promise made: I call the courier/)
  await clock.to('14:00')
  await desk.says('The courier brings it tonight.')
  await desk.resolves({ cause: 'courier' })
  desk.sees(/^promise kept: I call the courier/)
  ada.hears()
  await clock.to('15:30')
  ada.hearsNothing()
})

story("an agent's promise is given a new time before the old one passes", async ({ ada, desk, clock }) => {
  await ada.says('My parcel is late.')
  await desk.claims()
  await desk.promises('I call the courier', '15:00')
  ada.hears()
  await clock.to('14:30')
  await desk.promises('I call the courier', '17:00')
  ada.hearsOne(/17:00/)
  desk.seesNo(/^promise broken/)
  await clock.to('16:00')
  ada.hearsNothing()
  await clock.to('17:00')
  ada.hearsOne(/sorry|apolog/i)
  desk.sees(/^promise broken: I call the courier/)
})

story('a case that nobody moves is never a day in silence', async ({ ada, desk, clock }) => {
  await ada.says('My parcel arrived broken.')
  await desk.claims()
  await desk.offers('a new one by courier')
  ada.hears()
  await clock.to('next day 10:30')
  desk.sees(/^waiting: /)
  ada.hearsNothing()
})

story('at night a promise is for working hours, and in the zone of who hears it', async ({ customer, clock }) => {
  const bob = customer('bob', { timezone: 'America/New_York' })
  await clock.to('20:00')
  await bob.says('My parcel is late.')
  // Wednesday 11:00 in Taipei is Tuesday 22:00 in New York, where it is now seven in the morning.
  bob.hearsOne(/today by 22:00/i)
})

story('a key customer has a shorter promise', async ({ customer, desk }) => {
  const vera = customer('vera', { tier: 'vip' })
  await vera.says('My parcel is late.')
  vera.hearsOne(/today by 11:00/i)
  desk.sees(/^card 1: /)
})

// Two new times a day, all of them broken, and after a week in words that were said before.
story('a case that nobody ever touches is not apologised for in the same words', async ({ ada, clock }) => {
  await ada.says('My parcel is late.')
  await clock.after('20d')
  ada.hears()
})

story('what is left of patience is a plain number on the card', async ({ ada, desk, clock }) => {
  await ada.says('My parcel is late.')
  await clock.after('7h')
  ada.hears()
  const { tolerance } = await desk.reads()
  expect(String(tolerance)).toMatch(/^(?:0|1|0\.\d\d?)$/)
})
