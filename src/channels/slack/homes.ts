/** People's home pages: shown when they open one, and again when what stands there has changed. */
import type { Author, Incoming } from '../../domain/message.ts'
import type { Front } from '../../domain/ports.ts'
import type { Api } from './api.ts'
import type { Origin } from './events.ts'
import { homeView } from './home.ts'
import { customerId, placeIn, timeOf, userOf } from './ids.ts'
import type { Log } from './parts.ts'
import type { HomeEvent } from './payloads.ts'
import type { People } from './people.ts'

export interface Homes {
  refresh(workspace: string, author: Author): Promise<void>
  /** What is to be received: whoever opens the messages' tab has joined. */
  opened(origin: Origin, event: HomeEvent): Promise<Incoming[]>
}

export interface HomeParts {
  front: Front
  api: Api
  people: People
  log: Log
  now(): number
}

export function createHomes({ front, api, people, log, now }: HomeParts): Homes {
  async function refresh(workspace: string, author: Author): Promise<void> {
    const home = await front.view({ of: 'home', customer: author })
    await api.call(workspace, 'views.publish', { user_id: userOf(author.id), view: homeView(home) })
  }

  return {
    refresh,
    async opened({ workspace }, { user, tab, event_ts }) {
      const { name } = await people.find(workspace, user)
      const author = { id: customerId(workspace, user), name }
      if (tab === 'home') {
        await refresh(workspace, author).catch((error: unknown) =>
          log.warn({ err: error }, 'the home page could not be shown'),
        )
        return []
      }
      const place = placeIn(workspace, user, null)
      const at = event_ts === undefined ? now() : timeOf(event_ts)
      // Opened again and again: the first time alone counts, and the store knows it by its id.
      return [{ type: 'joined', id: `joined:${author.id}`, place, author, at }]
    },
  }
}
