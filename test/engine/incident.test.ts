/** A proposed incident at a desk on a platform: it stands in the room, and is decided there. */
import { expect } from 'vitest'
import { atDesk, type Room } from './room.ts'

atDesk('it stands in the room, opens a filled form, and shows who declared it', async (room) => {
  for (const name of ['ada', 'ben', 'cleo']) await isLate(room, name)
  const proposal = () =>
    room.slack.shown.find(({ outgoing }) => outgoing.type === 'alert' && outgoing.reason === 'spike')
  expect(proposal()).toMatchObject({
    place: { room: 'C1', thread: null },
    outgoing: { text: expect.stringMatching(/3 customers/), case: 3, buttons: [{ id: 'declare' }, { id: 'dismiss' }] },
  })
  const by = { id: 'slack:T1:kim', name: 'kim' }
  const form = await room.stage.engine.view({ of: 'form', form: 'declare', case: 3, by, about: null })
  expect(form).toMatchObject({ fields: [{ id: 'text', value: expect.stringMatching(/delays/) }, { id: 'by' }] })
  const text = 'The depot has no power.'
  expect(await room.kim.submits('declare', 3, { text, by: 'today 15:00' })).toMatchObject({ type: 'done' })
  expect(room.ada.hears().filter((heard) => heard.includes(text) && heard.includes('15:00'))).toHaveLength(3)
  const decided = { text: expect.stringMatching(/kim declared incident i1/), buttons: [] }
  expect(proposal()).toMatchObject({ edits: 1, outgoing: decided })
})

async function isLate({ stage }: Room, name: string): Promise<void> {
  const place = { channel: 'discord' as const, workspace: '-', room: `dm-${name}`, thread: null }
  const author = { id: `discord:-:${name}`, name }
  const said = { type: 'said' as const, text: 'My parcel is late.', files: [], timezone: null, tier: null }
  await stage.receive({ ...said, id: `late-${name}`, place, author, at: stage.clock.now() })
  await stage.settle()
}
