/**
 * What somebody presses, commands or hands in. Stored, and then acknowledged; a form opens while its trigger lives, and
 * none of it waits for a turn.
 */
import type { App } from '@slack/bolt'
import { z } from 'zod'
import { isForm, pressedAtDesk } from '../../domain/buttons.ts'
import type { Author, Incoming, Place } from '../../domain/message.ts'
import type { ChannelLine } from '../../domain/moments.ts'
import type { About, FormName, Front, Received } from '../../domain/ports.ts'
import type { Api } from './api.ts'
import { authorOf } from './events.ts'
import { formCallback, modal, notice, submissionOf } from './forms.ts'
import { messageId, placeIn, timeOf } from './ids.ts'
import type { Members } from './members.ts'
import { command, handedIn, type MessageShortcut, messageShortcut, type Press, press, workspaceOf } from './payloads.ts'
import type { People } from './people.ts'
import { pressedBlocks } from './render.ts'
import { plain } from './text.ts'

export interface Interacting {
  front: Front
  api: Api
  people: People
  members: Members
  /** Is the app shown as an agent there? */
  isAgent(workspace: string): boolean
  /** Our own user in each workspace. */
  bots: ReadonlyMap<string, string>
  /** Their home page is to be shown as it is now. */
  refreshHome(workspace: string, author: Author): Promise<void>
  now(): number
}

type Respond = (message: {
  text: string
  blocks?: never[]
  replace_original: boolean
  response_type?: 'ephemeral'
}) => Promise<unknown>

/** The command of the manifests. */
export const commandName = '/support'

export function listen(app: App, parts: Interacting): void {
  const { front, people } = parts

  app.action(/^press:/u, async ({ body, ack, respond }) => {
    const pressed = press.parse(body)
    const taken = await pressedByCustomer(parts, pressed)
    await ack()
    if (taken) await takeAway(pressed, respond as Respond)
  })

  app.action(/^desk:/u, async ({ body, ack, respond }) => {
    const pressed = press.parse(body)
    const line = await pressedAtTheDesk(parts, pressed)
    await ack()
    if (line !== null) await respond({ text: line, replace_original: false, response_type: 'ephemeral' })
  })

  app.action(/^home:/u, async ({ body, ack }) => {
    const pressed = press.parse(body)
    const workspace = workspaceOf(pressed)
    const author = await whoIs(parts, workspace, pressed.user.id)
    const place = directly(workspace, pressed.user.id)
    const [action] = pressed.actions
    const button = action.action_id.slice('home:'.length)
    if (isForm(button)) await open(parts, pressed, author, place, { form: button, case: null, about: null })
    else {
      const at = timeOf(action.action_ts)
      await stored(front, {
        type: 'pressed',
        id: `home:${pressed.user.id}:${action.action_ts}`,
        place,
        author,
        at,
        button,
        case: null,
      })
    }
    await ack()
    await parts.refreshHome(workspace, author)
  })

  app.command(commandName, async ({ body, ack }) => {
    const { team_id: workspace, user_id: user, text: raw, trigger_id } = command.parse(body)
    const person = await people.find(workspace, user)
    const author = authorOf({ workspace }, user, person)
    const { text } = plain(raw, '', (id) => people.nameOf(workspace, id))
    if (text === '' || /^(?:help|\?)$/iu.test(text))
      return await ack({ response_type: 'ephemeral', text: await words(front, author, 'help') })
    const place = directly(workspace, user)
    const { timezone } = person
    await stored(front, {
      type: 'said',
      id: `command:${trigger_id}`,
      place,
      author,
      at: parts.now(),
      text,
      files: [],
      timezone,
      tier: null,
    })
    await ack({ response_type: 'ephemeral', text: await words(front, author, 'received') })
  })

  for (const callback_id of ['wrong', 'record'] as const)
    app.shortcut({ callback_id, type: 'message_action' }, async ({ body, ack, respond }) => {
      const used = messageShortcut.parse(body)
      const workspace = workspaceOf(used)
      const author = await whoIs(parts, workspace, used.user.id)
      const about = await aboutOf(parts, workspace, used)
      // What goes wrong is nobody else's business: it is answered in direct messages.
      const place = directly(workspace, used.user.id)
      // Slack offers both to everybody; whoever is no agent tells of a failure as a customer does.
      const records = callback_id === 'record' && about !== null && (await parts.members.isAgent(used.user.id))
      const form = records ? 'record' : 'wrong'
      const opened = await open(parts, used, author, place, { form, case: null, about })
      await ack()
      if (!opened)
        await respond({
          text: await words(front, author, 'notNow'),
          replace_original: false,
          response_type: 'ephemeral',
        })
    })

  app.view(formCallback, async ({ body, ack }) => {
    const given = handedIn.parse(body)
    const workspace = given.view.app_installed_team_id ?? workspaceOf(given)
    const author = await whoIs(parts, workspace, given.user.id)
    const submission = submissionOf(given, author, parts.now())
    const submitted = await front.submit(submission)
    if (submitted.type === 'wrong') return await ack({ response_action: 'errors', errors: submitted.errors })
    if (submitted.type === 'refused')
      return await ack({ response_action: 'update', view: notice(titleOf(body), submitted.text) })
    const { text } = submitted
    const { place } = submission
    const inRoom = text !== null && /^[CG]/u.test(place.room)
    if (text !== null && !inRoom) await ack({ response_action: 'update', view: notice(titleOf(body), text) })
    else await ack()
    if (inRoom) await inPrivate(parts, place, given.user.id, text)
    if (submission.form === 'preferences') await parts.refreshHome(workspace, author)
  })
}

async function pressedByCustomer(parts: Interacting, pressed: Press): Promise<boolean> {
  const workspace = workspaceOf(pressed)
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
  await stored(parts.front, { type: 'pressed', id, place, author, at: timeOf(action.action_ts), button, case: null })
  return true
}

/** What was answered offers no choices any more; it shows the one that was made. */
async function takeAway({ message, actions: [action] }: Press, respond: Respond): Promise<void> {
  if (!message) return
  const blocks = pressedBlocks(message.blocks, action.text?.text ?? '')
  await respond({ text: message.text, blocks: blocks as never[], replace_original: true })
}

/** A line for whoever pressed, or null. */
async function pressedAtTheDesk(parts: Interacting, pressed: Press): Promise<string | null> {
  const workspace = workspaceOf(pressed)
  const { user, message, channel } = pressed
  const [action] = pressed.actions
  const button = action.action_id.slice('desk:'.length)
  const number = Number(action.value)
  const author = await whoIs(parts, workspace, user.id)
  const failed = () => words(parts.front, author, 'notNow')
  if (!message || !channel || !Number.isInteger(number) || number < 1) return await failed()
  const place = placeIn(workspace, channel.id, message.thread_ts ?? message.ts)
  if (isForm(button)) {
    const opened = await open(parts, pressed, author, place, { form: button, case: number, about: null })
    return opened ? null : await failed()
  }
  const does = pressedAtDesk(button, number)
  if (does === null) return await failed()
  const id = `${messageId({ room: channel.id, ts: message.ts })}:${user.id}:${action.action_ts}`
  const at = timeOf(action.action_ts)
  await stored(parts.front, { type: 'commanded', id, place, author, at, command: does })
  return does.do === 'claim' ? await takenBy(parts.front, number, author) : null
}

const caseShape = z.looseObject({ owner: z.string() })

/** Two claim at once: whoever comes second is told at once, and alone. */
async function takenBy(front: Front, number: number, author: Author): Promise<string | null> {
  const kase = caseShape.safeParse(await front.view({ of: 'case', number }))
  if (!kase.success || kase.data.owner === author.name || kase.data.owner === 'desk' || kase.data.owner === 'bot')
    return null
  return await words(front, author, 'taken', { name: kase.data.owner, number })
}

interface Wanted {
  form: FormName
  case: number | null
  about: About | null
}

/** False when there is nothing to fill in, or the trigger lived too short. */
async function open(
  parts: Interacting,
  { trigger_id, ...at }: Pick<Press, 'trigger_id' | 'team' | 'enterprise'>,
  by: Author,
  place: Place,
  wanted: Wanted,
): Promise<boolean> {
  const form = await parts.front.view({ of: 'form', by, ...wanted })
  if (form === null) return false
  return await parts.api
    .call(workspaceOf(at), 'views.open', { trigger_id, view: modal(form, place, wanted.about) })
    .then(
      () => true,
      () => false,
    )
}

/** Null for what a bot wrote: nobody can be asked about that. */
async function aboutOf(
  { people, bots }: Interacting,
  workspace: string,
  { channel, message: { user, text, ts } }: MessageShortcut,
): Promise<About | null> {
  if (user === undefined || user === bots.get(workspace)) return null
  const person = await people.find(workspace, user)
  if (person.isBot) return null
  return {
    message: messageId({ room: channel.id, ts }),
    author: authorOf({ workspace }, user, person),
    text: plain(text, '', (id) => people.nameOf(workspace, id)).text,
  }
}

async function whoIs({ people }: Interacting, workspace: string, user: string): Promise<Author> {
  return authorOf({ workspace }, user, await people.find(workspace, user))
}

function directly(workspace: string, user: string): Place {
  return placeIn(workspace, user, null)
}

async function inPrivate({ api }: Interacting, place: Place, user: string, text: string): Promise<void> {
  const thread = place.thread === null ? {} : { thread_ts: place.thread }
  // A courtesy: the case's card and thread tell the same.
  await api
    .call(place.workspace, 'chat.postEphemeral', { channel: place.room, user, text, ...thread })
    .catch(() => undefined)
}

async function words(
  front: Front,
  { id }: Author,
  line: ChannelLine,
  values: Record<string, string | number> = {},
): Promise<string> {
  return await front.view({ of: 'words', customer: id, line, values })
}

/** Stored, or not acknowledged: Slack then shows that it did not work. */
async function stored(front: Front, incoming: Incoming): Promise<Received> {
  const received = await front.receive(incoming)
  if (received.type === 'draining') throw new Error('the bot is shutting down')
  return received
}

const titled = z.looseObject({ view: z.looseObject({ title: z.looseObject({ text: z.string() }) }) })

function titleOf(body: unknown): string {
  const parsed = titled.safeParse(body)
  return parsed.success ? parsed.data.view.title.text : ' '
}
