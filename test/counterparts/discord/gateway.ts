/** The gateway: HELLO, IDENTIFY, READY, heartbeats, RESUME, reconnects and invalid sessions, with shards and intents. */
import type { Server } from 'node:http'
import { inflateSync } from 'node:zlib'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { guildPayload, type World } from './world.ts'

/** Intents that withhold. */
export const intent = {
  guilds: 1 << 0,
  guildMessages: 1 << 9,
  guildReactions: 1 << 10,
  directMessages: 1 << 12,
  directReactions: 1 << 13,
  content: 1 << 15,
} as const

interface Session {
  id: string
  shard: [number, number]
  intents: number
  sequence: number
  /** All that was dispatched, for RESUME. */
  sent: { s: number; t: string; d: unknown }[]
  socket: WebSocket | null
  /** Ended by an ordinary close, or by the test: it can be resumed no more. */
  over: boolean
}

export interface Dispatch {
  t: string
  /** `content` says whether this session may read the texts. */
  d(content: boolean): unknown
  guild: string | null
  needs: number
}

export interface Gateway {
  url(): string
  dispatch(event: Dispatch): void
  /** Closes every socket with this code, as a drop does. */
  drop(code?: number): void
  /** Ends the connections without a word. */
  cut(): void
  /** Op 7. */
  askToReconnect(): void
  /** Op 9; sessions that cannot be resumed are over. */
  invalidate(resumable: boolean): void
  /** Sessions can be resumed no more, as after some minutes. */
  forget(): void
  /** Is anybody connected and ready? */
  ready(): boolean
  /** Heartbeats are no longer answered. */
  mute: boolean
  /** How long between heartbeats. */
  heartbeatMs: number
  /** Every IDENTIFY and RESUME that came, and close codes. */
  seen: { op: number; d: Record<string, unknown> }[]
  closes: number[]
  heartbeats: number
  shards: number
  /** Refuses new sockets, as a gateway that is down. */
  down: boolean
  stop(): void
}

export function createGateway(server: Server, world: World, address: () => string): Gateway {
  const sockets = new WebSocketServer({ noServer: true })
  const sessions = new Map<string, Session>()
  let count = 0

  server.on('upgrade', (request, socket, head) => {
    if (gateway.down || !request.url?.startsWith('/gateway')) return void socket.destroy()
    sockets.handleUpgrade(request, socket, head, welcome)
  })

  function welcome(socket: WebSocket): void {
    let session: Session | null = null
    send(socket, { op: 10, d: { heartbeat_interval: gateway.heartbeatMs } })
    socket.on('message', (raw) => {
      const { op, d } = parse(raw)
      if (op === 1) {
        gateway.heartbeats += 1
        if (!gateway.mute) send(socket, { op: 11 })
      }
      if (op === 2 || op === 6) gateway.seen.push({ op, d })
      if (op === 2) session = identify(socket, d)
      if (op === 6) session = resume(socket, d)
    })
    socket.on('close', (code) => {
      gateway.closes.push(code)
      if (session?.socket !== socket) return
      session.socket = null
      // Discord ends the session of whoever says goodbye in the ordinary way.
      if (code === 1000 || code === 1001) session.over = true
    })
  }

  function identify(socket: WebSocket, d: Record<string, unknown>): Session | null {
    if (d.token !== world.token) return refuse(socket, 4004)
    const intents = Number(d.intents)
    if ((intents & intent.content) !== 0 && (world.application.flags & ((1 << 18) | (1 << 19))) === 0)
      return refuse(socket, 4014)
    const shard: [number, number] = Array.isArray(d.shard) ? [Number(d.shard[0]), Number(d.shard[1])] : [0, 1]
    count += 1
    const session: Session = {
      id: `session-${count}-${world.nextId()}`,
      shard,
      intents,
      sequence: 0,
      sent: [],
      socket,
      over: false,
    }
    sessions.set(session.id, session)
    const guilds = [...world.guilds.values()].filter((guild) => isOn(guild.id, shard))
    push(session, 'READY', {
      v: 10,
      user: world.bot,
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: address(),
      shard,
      application: { id: world.application.id, flags: world.application.flags },
    })
    if ((intents & intent.guilds) !== 0)
      for (const guild of guilds) push(session, 'GUILD_CREATE', guildPayload(guild, world))
    return session
  }

  function resume(socket: WebSocket, d: Record<string, unknown>): Session | null {
    if (d.token !== world.token) return refuse(socket, 4004)
    const session = sessions.get(String(d.session_id))
    if (!session || session.over) {
      send(socket, { op: 9, d: false })
      return null
    }
    session.socket?.terminate()
    session.socket = socket
    for (const { s, t, d: data } of session.sent) if (s > Number(d.seq)) send(socket, { op: 0, s, t, d: data })
    push(session, 'RESUMED', {})
    return session
  }

  function push(session: Session, t: string, d: unknown): void {
    session.sequence += 1
    const event = { s: session.sequence, t, d }
    session.sent.push(event)
    if (session.socket) send(session.socket, { op: 0, ...event })
  }

  const gateway: Gateway = {
    url: address,
    dispatch({ t, d, guild, needs }) {
      for (const session of sessions.values()) {
        if (session.over || !isOn(guild, session.shard) || (session.intents & needs) !== needs) continue
        push(session, t, d((session.intents & intent.content) !== 0))
      }
    },
    drop(code = 4000) {
      for (const session of sessions.values()) session.socket?.close(code)
    },
    cut() {
      for (const session of sessions.values()) session.socket?.terminate()
    },
    askToReconnect() {
      for (const { socket } of sessions.values()) if (socket) send(socket, { op: 7, d: null })
    },
    invalidate(resumable) {
      for (const session of sessions.values()) {
        session.over ||= !resumable
        if (session.socket) send(session.socket, { op: 9, d: resumable })
      }
    },
    forget() {
      for (const session of sessions.values()) session.over = true
    },
    ready: () => [...sessions.values()].some((session) => !session.over && session.socket !== null),
    mute: false,
    heartbeatMs: 41_250,
    seen: [],
    closes: [],
    heartbeats: 0,
    shards: 1,
    down: false,
    stop() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
  return gateway
}

/** shard = (guild_id >> 22) % n; what has no guild goes to shard 0. */
function isOn(guild: string | null, [id, of]: [number, number]): boolean {
  return guild === null ? id === 0 : Number((BigInt(guild) >> 22n) % BigInt(of)) === id
}

function refuse(socket: WebSocket, code: number): null {
  socket.close(code)
  return null
}

function send(socket: WebSocket, payload: { op: number; d?: unknown; s?: number; t?: string }): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ s: null, t: null, d: null, ...payload }))
}

function parse(raw: RawData): { op: number; d: Record<string, unknown> } {
  const bytes = Array.isArray(raw) ? Buffer.concat(raw) : Buffer.from(raw as Buffer)
  const text = bytes[0] === 0x7b ? bytes.toString('utf8') : inflateSync(bytes).toString('utf8')
  return JSON.parse(text)
}
