/** Forms: opened by a button or on a message, handed in, and answered at once. */
import type { App, types } from '@slack/bolt'
import type { Author, Place } from '../../domain/message.ts'
import type { About, FormName } from '../../domain/ports.ts'
import { authorOf } from './events.ts'
import { formCallback, modal, notice, submissionOf } from './forms.ts'
import { messageId } from './ids.ts'
import { directly, type Interacting, type Respond, whisper, whoIs, words } from './interacting.ts'
import { handedIn, type MessageShortcut, messageShortcut, workspaceOf } from './payloads.ts'
import { inPrivate } from './private.ts'
import { plain } from './text.ts'

export function listenToForms(app: App, parts: Interacting): void {
  for (const callback_id of ['wrong', 'record'] as const)
    app.shortcut({ callback_id, type: 'message_action' }, async ({ body, ack, respond }) => {
      const line = await openOn(parts, messageShortcut.parse(body), callback_id)
      await ack()
      if (line !== null) await whisper(respond as Respond, line)
    })

  app.view(formCallback, async ({ body, ack }) => {
    const given = handedIn.parse(body)
    const workspace = given.view.app_installed_team_id ?? workspaceOf(given)
    const author = await whoIs(parts, workspace, given.user.id)
    const submission = submissionOf(given, author, parts.now())
    const submitted = await parts.front.submit(submission)
    if (submitted.type === 'wrong') return await ack({ response_action: 'errors', errors: submitted.errors })
    const { text } = submitted
    const { place } = submission
    const inRoom = submitted.type === 'done' && /^[CG]/u.test(place.room)
    if (text === null || inRoom) await ack()
    else await ack({ response_action: 'update', view: notice(given.view.title.text, text) })
    if (text !== null && inRoom) await inPrivate(parts.api, { ...place, user: given.user.id }, text)
    if (submission.form === 'preferences') await parts.refreshHome(workspace, author)
  })
}

async function openOn(parts: Interacting, used: MessageShortcut, asked: 'wrong' | 'record'): Promise<string | null> {
  const workspace = workspaceOf(used)
  const author = await whoIs(parts, workspace, used.user.id)
  const about = await aboutOf(parts, workspace, used)
  // Slack offers both to everybody; whoever is no agent tells of a failure as a customer does.
  const records = asked === 'record' && about !== null && (await parts.members.isAgent(used.user.id))
  // What goes wrong is nobody else's business: it is answered in direct messages.
  const place = directly(workspace, used.user.id)
  return await open(parts, used.trigger_id, author, place, { form: records ? 'record' : 'wrong', case: null, about })
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

interface Wanted {
  form: FormName
  case: number | null
  about: About | null
}

/** A line for whoever wanted to fill it in, where it does not open; null where it does. */
export async function open(
  parts: Interacting,
  trigger: string,
  by: Author,
  place: Place,
  wanted: Wanted,
): Promise<string | null> {
  const form = await parts.front.view({ of: 'form', by, ...wanted })
  if ('refused' in form) return form.refused
  const shown = await show(parts, place.workspace, trigger, modal(form, place, wanted.about))
  return shown === null ? await words(parts, by, 'notNow') : null
}

/** The id of the view that opened; null where the trigger lived too short. */
export async function show(
  { api }: Interacting,
  workspace: string,
  trigger_id: string,
  view: types.ModalView,
): Promise<string | null> {
  const opened = api.call<{ view?: { id?: string } }>(workspace, 'views.open', { trigger_id, view })
  return await opened.then(
    (answer) => answer.view?.id ?? '',
    () => null,
  )
}
