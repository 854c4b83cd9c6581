/** When the service itself fails: one truthful text for all who are affected, and news as it comes (P27, P28). */
import { expect } from 'vitest'
import { story } from './story.ts'

story('an incident from its opening to its end', async ({ ada, customer, desk, admin }) => {
  const ben = customer('ben')
  const cleo = customer('cleo')
  await ada.says('My parcel is late.')
  await ben.says('My parcel never arrived.')
  await cleo.says('What are your opening hours?')
  ada.hears()
  ben.hears()
  cleo.hears()
  expect(await desk.counts()).toBe(2)

  await admin.opensIncident('The depot in Taoyuan has no power; parcels stand still.', [1], '14:00')
  ada.hearsOne(/depot in Taoyuan/, /14:00/)
  ben.hearsNothing()
  await admin.linksIncident('i1', [2])
  ben.hearsOne(/depot in Taoyuan/)
  ada.hearsNothing()
  await admin.updatesIncident('i1', 'Power is back; parcels move again.', '18:00')
  ada.hearsOne(/Power is back/, /18:00/)
  ben.hearsOne(/Power is back/)
  await admin.closesIncident('i1', 'All parcels have left. A second line now feeds the depot.')
  ada.hearsOne(/second line/)
  ben.hearsOne(/second line/)
  cleo.hearsNothing()
})

story('an incident and an id that do not exist do no harm', async ({ ada, admin }) => {
  await ada.says('My parcel is late.')
  ada.hears()
  await admin.updatesIncident('i9', 'nothing')
  await admin.linksIncident('i9', [1])
  await admin.opensIncident('The lines are down.', [77])
  ada.hearsNothing()
})

story(
  'an announcement reaches everybody who ever wrote, but who is blocked',
  async ({ ada, customer, desk, admin }) => {
    const ben = customer('ben')
    await ada.says('My parcel is late.')
    await ben.says('My parcel is late, you idiots.')
    await desk.blocks(2)
    ada.hears()
    ben.hears()
    await admin.announces('On Sunday from 2 to 4 the shop is closed for repairs.')
    ada.hearsOne(/On Sunday from 2 to 4/)
    ben.hearsNothing()
  },
)
