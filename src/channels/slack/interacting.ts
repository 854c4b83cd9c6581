/** What all that listens to presses, commands and forms is handed, and shares. */
import type { Author, Incoming, Place } from '../../domain/message.ts'
import type { ChannelLine } from '../../domain/moments.ts'
import type { Front, Received } from '../../domain/ports.ts'
import type { Api } from './api.ts'
import { authorOf } from './events.ts'
import { placeIn } from './ids.ts'
import type { Members } from './members.ts'
import type { People } from './people.ts'

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

/** Answers where somebody pressed, as Slack's `response_url` takes it. */
export type Respond = (message: {
  text: string
  blocks?: never[]
  replace_original: boolean
  response_type?: 'ephemeral'
}) => Promise<unknown>

export async function whoIs({ people }: Interacting, workspace: string, user: string): Promise<Author> {
  return authorOf({ workspace }, user, await people.find(workspace, user))
}

export function directly(workspace: string, user: string): Place {
  return placeIn(workspace, user, null)
}

export async function words({ front }: Interacting, { id }: Author, line: ChannelLine): Promise<string> {
  return await front.view({ of: 'words', customer: id, line, values: {} })
}

/** Seen by whoever pressed, and by nobody else. */
export async function whisper(respond: Respond, text: string): Promise<void> {
  await respond({ text, replace_original: false, response_type: 'ephemeral' })
}

/** Stored, or not acknowledged: Slack then shows that it did not work. */
export async function stored({ front }: Interacting, incoming: Incoming): Promise<Received> {
  const received = await front.receive(incoming)
  if (received.type === 'draining') throw new Error('the bot is shutting down')
  return received
}
