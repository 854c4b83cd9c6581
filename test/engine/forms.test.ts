/** Forms of the desk and of customers: what they ask, what they refuse, what they lead to; the home page; who is a loop. */
import { expect } from 'vitest'
import { deskForms, type Form, type NoForm } from '../../src/domain/ports.ts'
import { atDesk, start } from './room.ts'

const kim = { id: 'slack:T1:kim', name: 'kim' }
const ada = { id: 'discord:-:71', name: 'ada' }

function opened(form: Form | NoForm): Form {
  if ('refused' in form) throw new Error(form.refused)
  return form
}

atDesk('every form of a case is ready to show, and refuses what is missing at its field', async (room) => {
  await room.ada.says('My parcel is late.')
  for (const name of deskForms) {
    const form = opened(await room.stage.engine.view({ of: 'form', form: name, case: 1, by: kim, about: null }))
    expect(form).toMatchObject({ form: name, case: 1, submit: 'Send' })
    const needed = form.fields.filter(({ optional }) => !optional).map(({ id }) => id) ?? []
    const submitted = await room.kim.submits(name, 1, {})
    if (needed.length === 0) continue
    expect(submitted).toEqual({
      type: 'wrong',
      errors: Object.fromEntries(needed.map((id) => [id, 'Write something here.'])),
    })
  }
  expect(await room.stage.engine.view({ of: 'form', form: 'reply', case: 9, by: kim, about: null })).toEqual({
    refused: 'There is no such case any more.',
  })
})

atDesk('a reply by form reaches the customer, and stands in the thread', async (room) => {
  await room.ada.says('My parcel is late.')
  expect(await room.kim.submits('reply', 1, { text: 'It is on its way.' })).toEqual({ type: 'done', text: null })
  await room.settle()
  expect(room.ada.hears().at(-1)).toBe('It is on its way.')
  expect(room.thread()).toContainEqual({
    type: 'relay',
    by: 'agent',
    from: 'kim',
    text: 'It is on its way.',
    files: [],
  })
})

atDesk('a time is read as people write it', async (room) => {
  await room.ada.says('My parcel is late.')
  const wrong = await room.kim.submits('promise', 1, { text: 'I call the courier', by: 'soon' })
  expect(wrong).toEqual({ type: 'wrong', errors: { by: expect.stringContaining('today 15:00') } })
  const past = await room.kim.submits('promise', 1, { text: 'I call the courier', by: 'today 9:00' })
  expect(past).toEqual({ type: 'wrong', errors: { by: expect.stringContaining('ahead') } })
  expect(await room.kim.submits('promise', 1, { text: 'I call the courier', by: 'today 15:00' })).toMatchObject({
    type: 'done',
  })
  await room.settle()
  expect(room.ada.hears().at(-1)).toMatch(/15:00/)
})

atDesk('remedy, refile and resolve do what the buttons say', async (room) => {
  await room.ada.says('My kettle arrived broken.')
  await room.kim.submits('refile', 1, { kind: 'inquiry' })
  await room.kim.submits('refile', 1, { kind: 'complaint' })
  await room.kim.submits('remedy', 1, { remedy: 'voucher', amount: '20 USD' })
  await room.settle()
  expect(room.ada.hears().at(-1)).toMatch(/20 USD/)
  await room.kim.submits('resolve', 1, { cause: 'courier', remedy: 'a new kettle', text: '' })
  expect(room.cards()[0]?.outgoing).toMatchObject({ card: { status: 'resolved' } })
  expect(await room.kim.submits('promise', 1, { text: 'More', by: 'tomorrow' })).toEqual({
    type: 'refused',
    text: 'Case 1 is closed already.',
  })
})

atDesk('a case is given to a colleague by name', async (room) => {
  await room.ada.says('My parcel is late.')
  await room.kim.submits('transfer', 1, { to: '@lee' })
  expect(room.cards()[0]?.outgoing).toMatchObject({ card: { owner: 'lee' } })
})

atDesk('the forms of the desk are for the desk', async (room) => {
  await room.ada.says('My parcel is late.')
  const place = { channel: 'discord' as const, workspace: '-', room: 'dm-ada', thread: null }
  const submission = { id: 's1', form: 'note' as const, case: 1, by: ada, place, at: start, about: null }
  const submitted = await room.stage.engine.submit({ ...submission, values: { text: 'let me in' } })
  expect(submitted).toEqual({ type: 'refused', text: 'This can only be done at the desk.' })
})

atDesk('the same form handed in twice counts once', async (room) => {
  await room.ada.says('My parcel is late.')
  const place = { channel: 'slack' as const, workspace: 'T1', room: 'C1', thread: null }
  const submission = { id: 's1', form: 'note' as const, case: 1, by: kim, place, at: start, about: null }
  for (let n = 0; n < 2; n += 1)
    expect(await room.stage.engine.submit({ ...submission, values: { text: 'ask the courier' } })).toMatchObject({
      type: 'done',
    })
  await room.settle()
  expect(room.thread().filter(({ type }) => type === 'note')).toHaveLength(1)
})

atDesk('an agent records a failure on a customer’s message, and has the case', async (room) => {
  const about = { message: 'm1', author: ada, text: 'still waiting for my lamp…' }
  const form = opened(await room.stage.engine.view({ of: 'form', form: 'record', case: null, by: kim, about }))
  expect(form.fields[0]).toMatchObject({ value: 'still waiting for my lamp…' })
  const place = { channel: 'discord' as const, workspace: '-', room: 'shop', thread: null }
  const submission = { id: 's1', form: 'record' as const, case: null, by: kim, place, at: start, about }
  const submitted = await room.stage.engine.submit({ ...submission, values: { text: 'lamp lost by the courier' } })
  expect(submitted).toEqual({ type: 'done', text: 'Recorded. You have the case.' })
  await room.settle()
  expect(room.cards()[0]?.outgoing).toMatchObject({ card: { owner: 'kim', kind: 'complaint' } })
  expect(room.ada.hears()).toEqual([])
})

atDesk('“something went wrong here” is heard as a complaint, whatever the words', async (room) => {
  const about = { message: 'm1', author: ada, text: 'blue lamp' }
  expect(await room.ada.submits('wrong', { text: 'look at this' }, about)).toMatchObject({ type: 'done' })
  await room.settle()
  expect(room.cards()[0]?.outgoing).toMatchObject({ card: { kind: 'complaint' } })
  expect(room.ada.hears()).toHaveLength(1)
})

atDesk('an angry face on one’s own message opens a complaint about it; on another’s it does not', async (room) => {
  await room.ada.says('What are your opening hours?')
  await room.ada.reacts('😡', null)
  expect(room.cards()).toEqual([])
  await room.ada.reacts('😡', 'the parcel still is not here')
  expect(room.cards()[0]?.outgoing).toMatchObject({ card: { kind: 'complaint' } })
})

atDesk('preferences are kept, and what is heard later does not change them', async (room) => {
  await room.ada.says('What are your opening hours?')
  const form = opened(
    await room.stage.engine.view({ of: 'form', form: 'preferences', case: null, by: ada, about: null }),
  )
  expect(form.fields.map(({ id, value }) => [id, value])).toEqual([
    ['language', 'auto'],
    ['checkins', 'on'],
    ['timezone', 'Asia/Taipei'],
    ['model', 'on'],
    ['privacy', 'keep'],
    ['confirm', undefined],
  ])
  const values = { language: 'zh-TW', checkins: 'off', timezone: 'Europe/Berlin', model: 'off', privacy: 'keep' }
  expect(await room.ada.submits('preferences', { ...values, timezone: 'Mars/Crater' })).toMatchObject({
    type: 'wrong',
    errors: { timezone: expect.stringContaining('Asia/Taipei') },
  })
  expect(await room.ada.submits('preferences', values)).toEqual({ type: 'done', text: 'Saved.' })
  await room.ada.says('My parcel is late.')
  expect(room.ada.hears().at(-1)).toMatch(/^\p{Script=Han}/u)
  const [row] = await room.stage.store.read.selectFrom('customers').selectAll().where('id', '=', ada.id).execute()
  expect(row).toMatchObject({ language: 'zh-TW', timezone: 'Europe/Berlin' })
  expect([row?.stopped_at, row?.no_model_at]).not.toContain(null)
})

atDesk('a customer is sent a copy of what is known, and it is deleted when they say so twice', async (room) => {
  await room.ada.says('What are your opening hours?')
  const kept = { language: 'auto', checkins: 'on', model: 'on', timezone: '' }
  await room.ada.submits('preferences', { ...kept, privacy: 'export' })
  await room.settle()
  const copy = room.discord.shown.at(-1)
  expect(copy?.files[0]?.name).toBe('amends.json')
  expect(Buffer.from(copy?.files[0]?.bytes ?? []).toString()).toContain('What are your opening hours?')
  expect(await room.ada.submits('preferences', { ...kept, privacy: 'delete' })).toMatchObject({
    type: 'wrong',
    errors: { confirm: expect.stringContaining('DELETE') },
  })
  expect(await room.ada.submits('preferences', { ...kept, privacy: 'delete', confirm: 'delete' })).toMatchObject({
    type: 'done',
  })
  const left = await room.stage.store.read.selectFrom('customers').selectAll().where('id', '=', ada.id).execute()
  expect(left).toEqual([])
})

atDesk('the home page tells what is open, what was promised by when, and what may be expected', async (room) => {
  const before = await room.stage.engine.view({ of: 'home', customer: ada })
  expect(before).toMatchObject({ cases: [], none: expect.stringContaining('Write to us') })
  expect(before.buttons.map(({ id }) => id)).toEqual(['wrong', 'human', 'preferences'])
  expect(before.standard[0]).toMatch(/120 minutes/)
  await room.ada.says('My parcel is late.')
  await room.kim.does({ do: 'claim', case: 1 })
  const home = await room.stage.engine.view({ of: 'home', customer: ada })
  expect(home.none).toBeNull()
  expect(home.cases).toMatchObject([{ case: 1, title: expect.stringContaining('Case 1') }])
  expect(home.cases[0]?.lines).toEqual([expect.stringMatching(/^kim has it/), expect.stringMatching(/today by 12:00/)])
})

atDesk('who goes on and on is left aside, and the desk is told once', async (room) => {
  for (let n = 0; n < 9; n += 1) await room.ada.says('I am a bot, how can I help you?')
  await room.settle()
  const told = room.slack.shown.filter(({ outgoing }) => outgoing.type === 'alert' && outgoing.reason === 'loop')
  expect(told).toHaveLength(1)
  const stored = await room.stage.store.read.selectFrom('messages').select('id').where('type', '=', 'said').execute()
  expect(stored).toHaveLength(6)
  await room.stage.until(room.stage.clock.now() + 61_000)
  await room.ada.says('My parcel is late.')
  expect(room.ada.hears().at(-1)).toMatch(/sorry/i)
})
