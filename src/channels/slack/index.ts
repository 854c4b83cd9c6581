/** Slack: a channel like any other. Made first, so that the engine can be made with it; connected once there is an engine. */
import type { Author, Incoming } from '../../domain/message.ts'
import type { Channel, Front, Platform } from '../../domain/ports.ts'
import { type Api, clientOptions, createApi, loggerOf } from './api.ts'
import { createApp } from './bolt.ts'
import { createChannel } from './channel.ts'
import type { Origin, Receiving } from './events.ts'
import { createFiles } from './files.ts'
import { homeView } from './home.ts'
import { listen as listenHttp } from './http.ts'
import { customerId, placeIn, timeOf, userOf } from './ids.ts'
import { createIntake, type Intake, type IntakeParts } from './intake.ts'
import { listen } from './interact.ts'
import { createPace } from './pace.ts'
import type { SlackParts } from './parts.ts'
import type { Event } from './payloads.ts'
import { createPeople } from './people.ts'
import { createRooms } from './rooms.ts'
import { openSockets } from './socket.ts'
import { createTalk } from './talk.ts'
import { oneToken } from './tokens.ts'

export interface Slack extends Platform {
  /** The port of HTTP mode and of the installation's pages, once it listens. */
  port(): number | null
  /** Resolves once Slack takes us: the socket is open, or the token is known to be good. */
  ready: Promise<void>
}

export function createSlack(parts: SlackParts): Slack {
  const { settings, log, now } = parts
  const options = clientOptions(settings.apiUrl, log)
  const agents = new Map<string, boolean>()
  const tokens = oneToken(settings.botToken ?? '', async () => (await whoWeAre()).team_id)
  const api = createApi(tokens, options)
  const people = createPeople(api, now)
  const rooms = createRooms(api)
  const files = createFiles(api)
  const talk = createTalk()
  const pace = createPace(parts.paceMs, now)
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  const stops: (() => Promise<void>)[] = []
  let port: number | null = null
  let isReady = () => {}
  const ready = new Promise<void>((resolve) => {
    isReady = resolve
  })
  const isAgent = (workspace: string) => agents.get(workspace) === true

  async function whoWeAre() {
    const answer = await api.call<{ team_id: string }>('-', 'auth.test', {})
    // Only an app that is shown as an agent has this scope (slack-manifest.agent.yaml).
    agents.set(answer.team_id, (answer.response_metadata?.scopes ?? []).includes('assistant:write'))
    return answer
  }

  const shown = createChannel(api, rooms, files, pace, wait)
  const channel: Channel = {
    ...shown,
    async post(place, outgoing, id, contents) {
      const posted = await shown.post(place, outgoing, id, contents)
      // Where we have spoken, the next word may be for us again.
      if (outgoing.type === 'say' && place.thread !== null) talk.addressed(`${place.room}:${place.thread}`)
      return posted
    },
    async stop() {
      await Promise.all(stops.map((stop) => stop()))
    },
  }

  async function connect(front: Front): Promise<void> {
    if (!parts.receives) return isReady()
    const refreshHome = homeOf(api, front)
    const receiving: Receiving = {
      front,
      api,
      people,
      rooms,
      files,
      talk,
      isAgent,
      tell: (workspace, room, thread, user, line, name) =>
        void tellPrivately(front, api, { workspace, room, thread, user }, line, { name }).catch(() => undefined),
    }
    const app = createApp(tokens, options, loggerOf(log))
    listen(app, { front, api, people, isAgent, refreshHome, now })
    const intake = createIntake({
      front,
      app,
      receiving,
      log,
      waitFor: parts.waitFor,
      tooFast: tooFast(parts, front, api),
      others: {
        home: (origin, event) => homeOpened(parts, people, refreshHome, origin, event),
        removed: async () => [],
      },
    })
    await receive(intake)
  }

  async function receive(intake: Intake): Promise<void> {
    if (settings.signingSecret !== undefined) {
      const pages = async () => false
      const { host, port: wanted, signingSecret } = settings
      const listening = await listenHttp({ host, port: wanted, signingSecret, intake, pages, now, log })
      port = listening.port
      stops.push(listening.stop)
    }
    if (settings.appToken !== undefined) {
      const changed = (fault: string | null) => {
        if (fault === null) {
          log.info({}, 'Slack is connected')
          void whoWeAre().catch(() => undefined)
          isReady()
        } else log.error({ fault }, 'Slack is not connected; it is tried again and again, and all else goes on')
      }
      const { appToken } = settings
      const sockets = openSockets({ appToken, options, logger: loggerOf(log), intake, log, changed })
      stops.push(sockets.stop)
    } else
      whoWeAre().then(isReady, (error: unknown) => {
        log.error({ err: error }, 'Slack does not answer; what is to be said there waits')
        isReady()
      })
  }

  return { channel, connect, ready, port: () => port }
}

interface ToWhom {
  workspace: string
  room: string
  thread: string | null
  user: string
}

async function tellPrivately(
  front: Front,
  api: Api,
  { workspace, room, thread, user }: ToWhom,
  line: 'tooLarge' | 'unreadable' | 'tooFast',
  values: Record<string, string | number>,
): Promise<void> {
  const text = await front.view({ of: 'words', customer: customerId(workspace, user), line, values })
  const where = thread === null ? {} : { thread_ts: thread }
  await api.call(workspace, 'chat.postEphemeral', { channel: room, user, text, ...where })
}

/** Told once a minute at the most: whoever writes too fast is not to be written to as fast. */
function tooFast({ now }: SlackParts, front: Front, api: Api): IntakeParts['tooFast'] {
  const told = new Map<string, number>()
  return (incoming, room) => {
    const { author, place } = incoming
    if (now() - (told.get(author.id) ?? 0) < 60_000) return
    if (told.size > 1000) told.clear()
    told.set(author.id, now())
    const { workspace, thread } = place
    void tellPrivately(front, api, { workspace, room, thread, user: userOf(author.id) }, 'tooFast', {
      seconds: 60,
    }).catch(() => undefined)
  }
}

function homeOf(api: Api, front: Front) {
  return async (workspace: string, author: Author): Promise<void> => {
    const home = await front.view({ of: 'home', customer: author })
    await api.call(workspace, 'views.publish', { user_id: userOf(author.id), view: homeView(home) })
  }
}

async function homeOpened(
  { now, log }: SlackParts,
  people: ReturnType<typeof createPeople>,
  refreshHome: ReturnType<typeof homeOf>,
  { workspace }: Origin,
  event: Extract<Event, { type: 'app_home_opened' }>,
): Promise<Incoming[]> {
  const { name } = await people.find(workspace, event.user)
  const author = { id: customerId(workspace, event.user), name }
  if (event.tab === 'home') {
    await refreshHome(workspace, author).catch((error: unknown) =>
      log.warn({ err: error }, 'the home page could not be shown'),
    )
    return []
  }
  const place = placeIn(workspace, event.user, null)
  const at = event.event_ts === undefined ? now() : timeOf(event.event_ts)
  // Opened again and again: the first time alone counts, and the store knows it by its id.
  return [{ type: 'joined', id: `joined:${author.id}`, place, author, at }]
}
