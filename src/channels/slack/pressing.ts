/** Buttons: a customer's choices, those of the home page, and those under a case's card at the desk. */
import type { App } from '@slack/bolt'
import { isForm, pressedAtDesk } from '../../domain/buttons.ts'
import type { Author, Place } from '../../domain/message.ts'
import { open, show } from './filling.ts'
import { modal, notice } from './forms.ts'
import { messageId, placeIn, timeOf } from './ids.ts'
import { directly, type Interacting, type Respond, stored, whisper, whoIs, words } from './interacting.ts'
import { type Press, press, workspacePressed } from './payloads.ts'
import { pressedBlocks } from './render.ts'

export function listenToPresses(app: App, parts: Interacting): void {
  app.action(/^press:/u, async ({ body, ack, respond }) => {
    const pressed = press.parse(body)
    const taken = await pressedByCustomer(parts, pressed)
    await ack()
    if (taken) await takeAway(pressed, respond as Respond)
  })

  app.action(/^home:/u, async ({ body, ack }) => {
    const pressed = press.parse(body)
    const author = await whoIs(parts, workspacePressed(pressed), pressed.user.id)
    await pressedAtHome(parts, pressed, author)
    await ack()
    await parts.refreshHome(workspacePressed(pressed), author)
  })

  app.action(/^desk:(?!suggest$)/u, async ({ body, ack, respond }) => {
    const pressed = press.parse(body)
    const line = await pressedAtCase(parts, pressed)
    await ack()
    if (line !== null) await whisper(respond as Respond, line)
  })

  app.action('desk:suggest', async ({ body, ack, respond }) => {
    const line = await suggest(parts, press.parse(body), ack)
    if (line !== null) await whisper(respond as Respond, line)
  })
}

async function pressedByCustomer(parts: Interacting, pressed: Press): Promise<boolean> {
  const workspace = workspacePressed(pressed)
  const { user, message, channel } = pressed
  const [action] = pressed.actions
  if (!message || !channel) return false
  const direct = channel.id.startsWith('D')
  const thread = direct && !parts.isAgent(workspace) ? null : (message.thread_ts ?? message.ts)
  const place = placeIn(workspace, direct ? user.id : channel.id, thread)
  const author = await whoIs(parts, workspace, user.id)
  // Whoever else is in the channel can press, too: it is not theirs to answer.
  if (!direct && !(await parts.front.view({ of: 'place', place, author: author.id })).known) return false
  const id = `${messageId({ room: channel.id, ts: message.ts })}:${user.id}:${action.action_ts}`
  const button = action.action_id.slice('press:'.length)
  await stored(parts, { type: 'pressed', id, place, author, at: timeOf(action.action_ts), button, case: null })
  return true
}

/** What was answered offers no choices any more; it shows the one that was made. */
async function takeAway({ message, actions: [action] }: Press, respond: Respond): Promise<void> {
  if (!message) return
  const blocks = pressedBlocks(message.blocks, action.text?.text ?? '')
  await respond({ text: message.text, blocks: blocks as never[], replace_original: true })
}

async function pressedAtHome(parts: Interacting, pressed: Press, author: Author): Promise<void> {
  const { user, actions } = pressed
  const [action] = actions
  const place = directly(workspacePressed(pressed), user.id)
  const button = action.action_id.slice('home:'.length)
  if (isForm(button))
    return void (await open(parts, pressed.trigger_id, author, place, { form: button, case: null, about: null }))
  const id = `home:${user.id}:${action.action_ts}`
  await stored(parts, { type: 'pressed', id, place, author, at: timeOf(action.action_ts), button, case: null })
}

/** What was pressed under a case's card, or under words of its that were held. */
interface AtCase {
  id: string
  button: string
  number: number
  author: Author
  place: Place
  at: number
}

/** Null for a button that is none of ours any more. */
function atCase(pressed: Press, author: Author): AtCase | null {
  const { message, channel, user } = pressed
  const [action] = pressed.actions
  const number = Number(action.value)
  if (!message || !channel || !Number.isInteger(number) || number < 1) return null
  return {
    id: `${messageId({ room: channel.id, ts: message.ts })}:${user.id}:${action.action_ts}`,
    button: action.action_id.slice('desk:'.length),
    number,
    author,
    place: placeIn(workspacePressed(pressed), channel.id, message.thread_ts ?? message.ts),
    at: timeOf(action.action_ts),
  }
}

/** A line for whoever pressed, or null. */
async function pressedAtCase(parts: Interacting, pressed: Press): Promise<string | null> {
  const author = await whoIs(parts, workspacePressed(pressed), pressed.user.id)
  const found = atCase(pressed, author)
  if (found === null) return await words(parts, author, 'notNow')
  const { id, button, number, place, at } = found
  if (isForm(button))
    return await open(parts, pressed.trigger_id, author, place, { form: button, case: number, about: null })
  const command = pressedAtDesk(button, number)
  if (command === null) return await words(parts, author, 'notNow')
  // Two claim at once: whoever comes second is told who has it, at once and alone.
  const received = await stored(parts, { type: 'commanded', id, place, author, at, command })
  if (received.type === 'refused') return received.text
  return received.type === 'unknown' ? await words(parts, author, 'notNow') : null
}

/**
 * A trigger lives for three seconds, and a model takes longer: something to read opens at once, and becomes the form of
 * a reply. Gives a line for whoever pressed where it does not.
 */
async function suggest(parts: Interacting, pressed: Press, ack: () => Promise<void>): Promise<string | null> {
  const workspace = workspacePressed(pressed)
  const author = await whoIs(parts, workspace, pressed.user.id)
  const found = atCase(pressed, author)
  const suggested = found && (await parts.front.view({ of: 'suggestion', case: found.number, by: author }))
  const title = pressed.actions[0].text?.text ?? ''
  const waiting =
    suggested && 'form' in suggested
      ? await show(parts, workspace, pressed.trigger_id, notice(title, suggested.meanwhile))
      : null
  await ack()
  if (suggested && 'refused' in suggested) return suggested.refused
  if (!found || !suggested || waiting === null) return await words(parts, author, 'notNow')
  const view = modal(await suggested.form(), found.place, null)
  // Closed meanwhile, there is nothing to change, and nobody who waits for it.
  await parts.api.call(workspace, 'views.update', { view_id: waiting, view }).catch(() => undefined)
  return null
}
