/** Slack: a channel like any other. Made first, so that the engine can be made with it; connected once there is an engine. */
import type { WebClientOptions } from '@slack/web-api'
import type { Incoming } from '../../domain/message.ts'
import type { Channel, Front, Platform } from '../../domain/ports.ts'
import { clientOptions, createApi, loggerOf } from './api.ts'
import { createApp } from './bolt.ts'
import { createCatchUp } from './catchup.ts'
import { createChannel } from './channel.ts'
import type { Origin, Receiving } from './events.ts'
import { createFiles } from './files.ts'
import { createHomes } from './homes.ts'
import { listen as listenHttp } from './http.ts'
import { customerId, placeIn } from './ids.ts'
import { createPages, exchange, type Pages } from './install.ts'
import { createInstalled, type Installed } from './installed.ts'
import { createIntake, type Intake } from './intake.ts'
import { listen } from './interact.ts'
import { createMembers } from './members.ts'
import { createPace } from './pace.ts'
import type { SlackParts } from './parts.ts'
import { createPeople } from './people.ts'
import { createTelling } from './private.ts'
import { createRooms } from './rooms.ts'
import { createSecrets } from './secret.ts'
import { openSockets } from './socket.ts'
import { createTalk } from './talk.ts'
import { oneToken, type Tokens } from './tokens.ts'

export interface Slack extends Platform {
  /** The port of HTTP mode and of the installation's pages, once it listens. */
  port(): number | null
  /** Resolves once Slack takes us: the socket is open, or the token is known to be good. */
  ready: Promise<void>
}

export function createSlack(parts: SlackParts): Slack {
  const { settings, log, now } = parts
  const options = clientOptions(settings.apiUrl, log)
  /** Our own user in each workspace. */
  const bots = new Map<string, string>()
  const installed = installedOf(parts, options)
  const tokens: Tokens = installed ?? oneToken(settings.botToken ?? '')
  const api = createApi(tokens, options)
  const people = createPeople(api, now)
  const rooms = createRooms(api, tokens)
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
  // Only an app that is shown as an agent has this scope (slack-manifest.agent.yaml).
  const isAgent = (workspace: string) => tokens.scopes(workspace).includes('assistant:write')

  /** Asks each workspace's token who it is: the answer tells what was granted. Throws where Slack does not take it. */
  async function introduce(): Promise<void> {
    for (const workspace of await tokens.workspaces()) {
      const me = await api.call<{ team_id: string; user_id: string }>(workspace, 'auth.test', {})
      tokens.learn(me.team_id, me.response_metadata?.scopes ?? [])
      bots.set(me.team_id, me.user_id)
    }
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
    const telling = createTelling(front, api, now)
    const homes = createHomes({ front, api, people, log, now })
    const receiving: Receiving = { front, api, people, rooms, files, talk, isAgent, telling }
    const app = createApp(tokens, options, loggerOf(log))
    const members = createMembers(api, rooms, parts.desks, now)
    listen(app, { front, api, people, members, isAgent, bots, refreshHome: homes.refresh, now })
    const intake = createIntake({
      front,
      app,
      receiving,
      log,
      waitFor: parts.waitFor,
      tooFast: telling.tooFast,
      bots,
      others: {
        home: homes.opened,
        removed: (origin) => removed(parts, tokens, origin),
      },
    })
    const catchUp = createCatchUp({
      api,
      rooms,
      front,
      take: intake.incoming,
      bots,
      wait,
      betweenMs: parts.paceMs * 1.2,
      log,
    })
    await receive(intake, catchUp)
  }

  async function receive(intake: Intake, catchUp: () => Promise<void>): Promise<void> {
    const introduced = () => introduce().then(catchUp)
    if (settings.signingSecret !== undefined || installed !== null) {
      const pages = pagesOf(parts, installed, options)
      const { host, port: wanted, signingSecret } = settings
      const listening = await listenHttp({ host, port: wanted, signingSecret, intake, pages, now, log })
      port = listening.port
      stops.push(listening.stop)
    }
    if (settings.appToken !== undefined) {
      const changed = (fault: string | null) => {
        if (fault === null) {
          log.info({}, 'Slack is connected')
          introduced().catch((error: unknown) =>
            log.warn({ err: error }, 'what was missed in Slack could not be fetched'),
          )
          isReady()
        } else log.error({ fault }, 'Slack is not connected; it is tried again and again, and all else goes on')
      }
      const { appToken } = settings
      const sockets = openSockets({ appToken, options, logger: loggerOf(log), intake, log, changed })
      stops.push(sockets.stop)
    } else
      introduced().then(isReady, (error: unknown) => {
        log.error({ err: error }, 'Slack does not answer; what is to be said there waits')
        isReady()
      })
  }

  return { channel, connect, ready, port: () => port }
}

/** Installed to many workspaces: the settings for it come all together (config.ts). */
function installedOf({ settings, keep, now }: SlackParts, options: WebClientOptions): Installed | null {
  const { clientId, clientSecret, encryptionKey } = settings
  if (clientId === undefined || clientSecret === undefined || encryptionKey === undefined) return null
  const renew = (refresh_token: string) =>
    exchange({ clientId, clientSecret, options }, { grant_type: 'refresh_token', refresh_token })
  return createInstalled(keep, createSecrets(encryptionKey), renew, now)
}

function pagesOf({ settings, now, log }: SlackParts, installed: Installed | null, options: WebClientOptions): Pages {
  const { clientId, clientSecret, stateSecret, apiUrl } = settings
  if (installed === null || clientId === undefined || clientSecret === undefined || stateSecret === undefined)
    return async () => false
  return createPages({ clientId, clientSecret, stateSecret, apiUrl, installed, options, now, log })
}

/** The app was removed from a workspace, or its token was revoked: the desk is told, for nobody can be reached there now. */
async function removed({ now, log }: SlackParts, tokens: Tokens, { workspace, bot }: Origin): Promise<Incoming[]> {
  const name = await tokens.remove(workspace)
  const text = `Slack: the app was removed from the workspace ${name}, or its token was revoked. Nobody there can be answered until it is installed again.`
  log.error({ workspace }, text)
  const at = now()
  const place = placeIn(workspace, bot, null)
  const author = { id: customerId(workspace, bot), name: 'Slack' }
  // Slack tells of both together: once a minute is enough.
  const id = `removed:${workspace}:${Math.floor(at / 60_000)}`
  return [{ type: 'trouble', id, place, author, at, about: null, reason: 'removed', text }]
}
