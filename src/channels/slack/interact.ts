/**
 * What somebody presses, commands or hands in. Stored, and then acknowledged; a form opens while its trigger lives, and
 * none of it waits for a turn.
 */
import type { App } from '@slack/bolt'
import { authorOf } from './events.ts'
import { listenToForms } from './filling.ts'
import { directly, type Interacting, stored, words } from './interacting.ts'
import { command } from './payloads.ts'
import { listenToPresses } from './pressing.ts'
import { plain } from './text.ts'

/** The command of the manifests. */
export const commandName = '/support'

export function listen(app: App, parts: Interacting): void {
  listenToPresses(app, parts)
  listenToForms(app, parts)
  listenToCommand(app, parts)
}

function listenToCommand(app: App, parts: Interacting): void {
  const { people } = parts
  app.command(commandName, async ({ body, ack }) => {
    const { team_id: workspace, user_id: user, text: raw, trigger_id } = command.parse(body)
    const person = await people.find(workspace, user)
    const author = authorOf({ workspace }, user, person)
    const { text } = plain(raw, '', (id) => people.nameOf(workspace, id))
    if (text === '' || /^(?:help|\?)$/iu.test(text))
      return await ack({ response_type: 'ephemeral', text: await words(parts, author, 'help') })
    await stored(parts, {
      type: 'said',
      id: `command:${trigger_id}`,
      place: directly(workspace, user),
      author,
      at: parts.now(),
      text,
      files: [],
      timezone: person.timezone,
      locale: person.locale,
      tier: null,
    })
    await ack({ response_type: 'ephemeral', text: await words(parts, author, 'received') })
  })
}
