/** One person with several accounts: an agent says so, and can take it back. */
import { expect } from 'vitest'
import { story } from './story.ts'

story('who is known from elsewhere has one history', async ({ ada, customer, desk }) => {
  const otherAda = customer('ada2', { tier: 'gold' })
  await otherAda.says('My parcel arrived broken.')
  otherAda.hears(/broken/)
  await ada.says('Third time my parcel is late.')
  const [broken, late] = [await desk.numberOf('ada2'), await desk.numberOf('ada')]
  await desk.claims(late)
  await desk.links(String(broken), late)
  desk.sees(/linked: .*kim/i)

  // What one account tells holds for both, and each keeps its own case where it is.
  expect(await desk.knows(late)).toEqual({ others: [broken], tier: 'gold' })
  expect(await desk.knows(broken)).toEqual({ others: [late], tier: 'gold' })
  await desk.says('A new one leaves today.', late)
  ada.hears(/A new one leaves today/)
  otherAda.hearsNothing()

  await desk.unlinks(late)
  desk.sees(/unlinked: .*kim/i)
  expect(await desk.knows(late)).toEqual({ others: [], tier: null })
})

story('a wish to be left alone holds wherever they write', async ({ ada, customer, desk }) => {
  await customer('ada2').says('My parcel arrived broken.')
  await ada.says('Third time my parcel is late.')
  const [broken, late] = [await desk.numberOf('ada2'), await desk.numberOf('ada')]
  await desk.links(String(broken), late)
  await desk.claims(broken)
  await desk.blocks(broken)
  await ada.says('Where is it?')
  ada.hearsNothing()
})

story('who is nobody we know, or the same already, is linked with nobody', async ({ ada, desk }) => {
  await ada.says('Third time my parcel is late.')
  await desk.claims()
  await desk.links('99')
  desk.sees(/refused|know nobody/i)
  await desk.links('1')
  desk.sees(/stands like that already/i)
  await desk.unlinks()
  desk.sees(/stands like that already/i)
  expect((await desk.knows()).others).toEqual([])
})

story(
  'where two accounts are one, the copy has both, and both are forgotten',
  async ({ ada, customer, desk, everywhere, person }) => {
    await customer('ada2').says('My blender arrived broken.')
    await ada.says('Third time my parcel is late.')
    const [broken, late] = [await desk.numberOf('ada2'), await desk.numberOf('ada')]
    await desk.links(String(broken), late)
    const copy = await person.tells('ada')
    expect(copy).toMatch(/blender/)
    expect(copy).toMatch(/parcel is late/)
    await person.forgets('ada')
    expect(await everywhere(/blender|parcel is late/i)).toEqual([])
  },
)

story(
  'who was linked by mistake and then forgotten has left nothing with the other',
  async ({ ada, customer, desk, person }) => {
    await customer('ben').says('My blender arrived broken.')
    await ada.says('Third time my parcel is late.')
    const [broken, late] = [await desk.numberOf('ben'), await desk.numberOf('ada')]
    const ben = person.idOf('ben')
    await desk.links(ben, late)
    expect((await desk.knows(late)).others).toEqual([broken])
    await desk.unlinks(late)
    await person.forgets('ben')
    expect(await person.tells('ada')).not.toContain(ben)
    expect(await person.tells('ada')).toMatch(/parcel is late/)
  },
)
