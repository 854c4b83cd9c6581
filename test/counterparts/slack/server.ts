/**
 * Slack, for the tests: its Web API over HTTP, Socket Mode over a real WebSocket, signed events, OAuth. It keeps Slack's
 * rules, as far as they are documented (PLATFORMS), and gives an app no more than its manifest asks for.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { createFaults, type Faults } from './faults.ts'
import { type Call, methods, needs, Refused, shown } from './methods.ts'
import { createOAuth, type OAuth } from './oauth.ts'
import { envelope, type Someone, type Stage, someone, subscribed } from './people.ts'
import { createWire, type Mode, takeSockets, type Wire } from './wire.ts'
import {
  addRoom,
  addTeam,
  createWorld,
  type Message,
  messageIn,
  type Person,
  person,
  type Room,
  readManifest,
  type Team,
  type World,
} from './world.ts'

export interface Called {
  method: string
  args: Record<string, string>
  team: string
  at: number
}

export interface Slack {
  world: World
  wire: Wire
  faults: Faults
  oauth: OAuth
  /** For SLACK_API_URL. */
  apiUrl: string
  address: string
  /** The first workspace: where the app is installed from the beginning. */
  team: Team
  appToken: string
  signingSecret: string
  /** The settings of a bot that is to live here. */
  settings: Record<string, string>
  calls: Called[]
  /** The app is told of its own messages, as Slack does. */
  echo: boolean
  user(name: string, more?: Partial<Person>, team?: Team): Someone
  room(name: string, kind?: 'channel' | 'group', members?: Someone[], team?: Team): Room
  workspace(name: string): Team
  stage(team?: Team): Stage
  /** Any event at all, as an admin's doing or of a sort that nobody has heard of. */
  sends(event: object, team?: Team): ReturnType<Wire['event']>
  stop(): Promise<void>
}

export interface Options {
  mode?: Mode
  now?: () => number
  manifest?: string
  /** How long Slack waits for an acknowledgement: three seconds, unless a test cannot. */
  ackWithinMs?: number
  /** Settings of a bot that is installed by OAuth have no bot token. */
  oauth?: boolean
}

const triggerLivesMs = 3000
const responseUrlUses = 5
const responseUrlLivesMs = 30 * 60_000

export async function startSlack(options: Options = {}): Promise<Slack> {
  const { mode = 'http', now = () => Date.now(), ackWithinMs = 3000 } = options
  const world = createWorld(now, readManifest(options.manifest))
  const team = addTeam(world, 'Example')
  const secret = 'a-signing-secret-of-the-tests'
  const appToken = 'xapp-1-A0000001-tests'
  const wire = createWire(mode, secret, now, ackWithinMs)
  const faults = createFaults()
  const calls: Called[] = []
  const triggers = new Map<string, { user: string; at: number }>()
  const tickets = new Set<string>()
  const urls = new Map<string, { room: Room | null; message: Message | null; user: string; left: number; at: number }>()

  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  server.keepAliveTimeout = 60_000
  takeSockets(server, wire, (url) => tickets.delete(url.searchParams.get('ticket') ?? ''))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  const address = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`
  const oauth = createOAuth(world)

  function trigger(user: string): string {
    const id = `${world.id('')}.${world.id('')}`
    triggers.set(id, { user, at: now() })
    return id
  }

  function stageOf(at: Team): Stage {
    return {
      world,
      team: at,
      wire,
      address,
      trigger,
      responseUrl(room, message, user) {
        const id = world.id('R')
        urls.set(id, { room, message, user, left: responseUrlUses, at: now() })
        return `${address}/response/${id}`
      },
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', address)
    const body = await buffer(request)
    const [, place, ...rest] = url.pathname.split('/')
    const name = rest.join('/')
    if (place === 'api') return await api(name, request, response, body)
    if (place === 'upload') return upload(name, body, response)
    if (place === 'files') return download(name.split('/')[0] ?? '', request, response)
    if (place === 'response') return respond(name, body, response)
    if (place === 'oauth') return oauth.page(url, response)
    response.writeHead(404).end()
  }

  async function api(method: string, request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const args = Object.fromEntries(new URLSearchParams(body.toString()))
    const token = /^Bearer (.+)$/u.exec(request.headers.authorization ?? '')?.[1] ?? args.token ?? ''
    const at = [...world.teams.values()].find((one) => one.bot.token === token || oauth.holds(one.id, token))
    calls.push({ method, args, team: at?.id ?? '', at: now() })
    const fault = faults.take(method)
    if (fault?.type === 'hangs' && !fault.done) await faults.released()
    if (fault?.type === 'limited')
      return send(response, 429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(fault.retryAfter) })
    if (fault?.type === 'status') return void response.writeHead(fault.status).end('upstream is not well')
    if (fault?.type === 'error') return send(response, 200, { ok: false, error: fault.error })
    const result = outcome(method, args, token, at)
    if (fault?.type === 'hangs' && fault.done) await faults.released()
    if (fault?.type === 'doneThenCut') return void request.socket.destroy()
    const scopes = at ? { 'x-oauth-scopes': [...at.bot.scopes].join(',') } : {}
    send(response, 200, result, scopes)
  }

  function outcome(method: string, args: Record<string, string>, token: string, at: Team | undefined): object {
    if (method === 'apps.connections.open') {
      if (token !== appToken) return { ok: false, error: 'invalid_auth' }
      const ticket = world.id('tk')
      tickets.add(ticket)
      return { ok: true, url: `${address.replace('http', 'ws')}/link?ticket=${ticket}` }
    }
    if (method === 'oauth.v2.access') return oauth.access(args)
    if (token === '') return { ok: false, error: 'not_authed' }
    if (!at) return { ok: false, error: oauth.expired(token) ? 'token_expired' : 'invalid_auth' }
    if (at.refused !== null) return { ok: false, error: at.refused }
    const known = methods[method]
    if (!known) return { ok: false, error: 'unknown_method' }
    const call: Call = {
      world,
      team: at,
      args,
      address,
      tell(event, room) {
        const stage = stageOf(at)
        if (!slack.echo || !subscribed(stage, room)) return
        const ts = world.ts()
        const full = { type: 'message', channel: room.id, channel_type: room.kind, ts, event_ts: ts, ...event }
        // Slack tells the app a moment after it has answered.
        setImmediate(() => void wire.event(envelope(stage, full)).catch(() => undefined))
      },
      trigger(id) {
        const found = triggers.get(id)
        triggers.delete(id)
        return found && now() - found.at <= triggerLivesMs ? found.user : null
      },
    }
    try {
      if (known.scope !== null) needs(at, known.scope)
      return { ok: true, ...known.run(call) }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return { ok: false, error: error.message, ...error.data }
    }
  }

  function upload(id: string, body: Buffer, response: ServerResponse): void {
    const file = world.files.get(id)
    if (!file) return void response.writeHead(404).end()
    file.bytes = body
    response.writeHead(200).end(`OK - ${body.length}`)
  }

  function download(id: string, request: IncomingMessage, response: ServerResponse): void {
    const file = world.files.get(id)
    const token = /^Bearer (.+)$/u.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const at = [...world.teams.values()].find((one) => one.bot.token === token || oauth.holds(one.id, token))
    // Whoever has no token, or no scope, is shown the sign-in page: with status 200, as Slack does.
    if (!file || !at?.bot.scopes.has('files:read'))
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><title>Sign in</title>')
    const fault = faults.take('files')
    if (fault?.type === 'hangs')
      return void faults
        .released()
        .then(() => response.writeHead(200, { 'content-type': file.mimetype }).end(file.bytes))
    if (fault) return void response.writeHead(fault.type === 'status' ? fault.status : 500).end()
    response.writeHead(200, { 'content-type': file.mimetype, 'content-length': file.bytes.length }).end(file.bytes)
  }

  function respond(id: string, body: Buffer, response: ServerResponse): void {
    const found = urls.get(id)
    if (!found || found.left === 0 || now() - found.at > responseUrlLivesMs)
      return void response.writeHead(404).end('expired_url')
    found.left -= 1
    const { text = '', blocks = [], replace_original, delete_original, response_type } = JSON.parse(body.toString())
    const { room, message, user } = found
    calls.push({
      method: 'response_url',
      args: { text, blocks: JSON.stringify(blocks) },
      team: room?.team ?? '',
      at: now(),
    })
    if (replace_original && message) {
      message.text = text
      message.blocks = blocks
    } else if (delete_original && message && room) room.messages.splice(room.messages.indexOf(message), 1)
    else if (response_type !== 'in_channel' && room)
      world.ephemeral.push({ room: room.id, user, text, blocks, threadTs: message?.threadTs ?? null })
    response.writeHead(200).end('ok')
  }

  const slack: Slack = {
    world,
    wire,
    faults,
    oauth,
    apiUrl: `${address}/api/`,
    address,
    team,
    appToken,
    signingSecret: secret,
    settings: {
      ...(options.oauth
        ? {
            SLACK_CLIENT_ID: oauth.clientId,
            SLACK_CLIENT_SECRET: oauth.clientSecret,
            SLACK_STATE_SECRET: 'a-state-secret',
          }
        : { SLACK_BOT_TOKEN: team.bot.token }),
      ...(mode === 'socket' ? { SLACK_APP_TOKEN: appToken } : { SLACK_SIGNING_SECRET: secret }),
      SLACK_PORT: '0',
      SLACK_API_URL: `${address}/api/`,
    },
    calls,
    echo: true,
    user: (name, more = {}, at = team) => someone(stageOf(at), person(world, at.id, name, more)),
    room: (name, kind = 'channel', members = [], at = team) =>
      addRoom(world, at.id, name, kind, [at.bot.user, ...members.map((one) => one.id)]),
    workspace: (name) => addTeam(world, name),
    stage: (at = team) => stageOf(at),
    sends: (event, at = team) => wire.event(envelope(stageOf(at), event)),
    async stop() {
      faults.clear()
      wire.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return slack
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body))
}

/** What the app has said in a room, oldest first: text and labels of its buttons. */
export function saidIn(
  room: Room,
): { ts: string; text: string; thread: string | null; buttons: string[]; username: string | null }[] {
  return room.messages
    .filter((message) => message.botId !== null)
    .map((message) => ({
      ts: message.ts,
      text: message.text,
      thread: message.threadTs,
      username: message.username,
      buttons: message.blocks.flatMap((block) =>
        block.type === 'actions'
          ? block.elements.flatMap((element) => (element.type === 'button' ? [element.text.text] : []))
          : [],
      ),
    }))
}

export { messageIn, shown }
