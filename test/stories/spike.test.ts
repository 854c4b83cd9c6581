/** Like complaints that come thicker than usual: one proposal at the desk, and people decide (P4, P27); causes that come back (P31). */
import { type Cast, story } from './story.ts'

const proposed = /^spike: More than usual: 3 customers .*60 minutes.*delays .*\(cases 1, 2, 3\)/

async function threeAreLate({ ada, customer }: Pick<Cast, 'ada' | 'customer'>) {
  const [ben, cleo] = [customer('ben'), customer('cleo')]
  for (const one of [ada, ben, cleo]) {
    await one.says('My parcel is late.')
    one.hears()
  }
  return { ben, cleo }
}

story('a spike of like complaints is proposed once, and declared for all who are hit', async (cast) => {
  const { ada, customer, desk } = cast
  const { ben, cleo } = await threeAreLate(cast)
  desk.sees(proposed)
  const dora = customer('dora')
  await dora.says('My parcel is late.')
  dora.hears()
  desk.seesNo(/^spike/)
  await desk.declares('The depot has no power; parcels stand still.', '14:00', 3)
  for (const one of [ada, ben, cleo, dora]) one.hearsOne(/depot has no power/, /14:00/)
  desk.sees(/^spike: kim declared incident i1/)
  await desk.declares('The depot has no power; parcels stand still.', '14:00', 3)
  for (const one of [ada, ben, cleo, dora]) one.hearsNothing()
})

story('what is no incident is not proposed again while it goes on, and is once it comes back', async (cast) => {
  const { ada, customer, desk, clock } = cast
  await threeAreLate(cast)
  desk.sees(proposed)
  await desk.dismisses(3)
  desk.sees(/^spike: kim: .*not an incident/)
  ada.hearsNothing()
  const dora = customer('dora')
  await dora.says('My parcel is late.')
  desk.seesNo(/^spike/)
  await clock.after('2d')
  for (const name of ['ed', 'fay', 'gus']) await customer(name).says('My parcel is late.')
  desk.sees(/^spike: More than usual: 3 customers/)
})

story('one who complains thrice, unlike complaints and questions are no spike', async ({ ada, customer, desk }) => {
  await ada.says('My parcel is late.')
  await customer('ben').says('My parcel is late.')
  await customer('cleo').says('My blender arrived broken.')
  await customer('dora').says('Is my parcel late?')
  await desk.resolves({ cause: 'courier' }, 1)
  await ada.says('My other parcel is late.')
  desk.seesNo(/^spike/)
})

story('in a busy shop the usual is no spike', async ({ customer, desk, clock }) => {
  const comes = async (name: string) => await customer(name).says('My parcel is late.')
  for (let day = 0; day < 2; day += 1) {
    for (let n = 0; n < 24; n += 1) {
      await comes(`day${day}-${n}`)
      await clock.after('30m')
    }
    await clock.after('12h')
  }
  desk.seesNo(/^spike/)
  for (let n = 0; n < 3; n += 1) await comes(`today${n}`)
  desk.seesNo(/^spike/)
  for (let n = 3; n < 10; n += 1) await comes(`today${n}`)
  desk.sees(/^spike: More than usual/)
})

story('a cause that comes back is raised with its figures, and again at each doubling', async ({ customer, desk }) => {
  const isCaused = async (name: string, cause: string) => {
    await customer(name).says('My parcel never arrived, order 4821.')
    await desk.resolves({ cause })
  }
  for (const name of ['ada', 'ben']) await isCaused(name, 'courier')
  desk.seesNo(/^recurring/)
  await isCaused('cleo', ' Courier')
  desk.sees(/^recurring: “courier”.* 3 cases of 3 customers .*30 days/)
  for (const name of ['dora', 'ed']) await isCaused(name, 'courier')
  desk.seesNo(/^recurring/)
  await isCaused('fay', 'courier')
  desk.sees(/^recurring: “courier”.* 6 cases/)
})
