/** What is so on Slack's side: workspaces, people, rooms, what was said. Plain state; `api.ts` and `people.ts` change it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Block, View } from './blocks.ts'

export interface Person {
  id: string
  /** Their own workspace: another than the app's for a person who comes by Slack Connect. */
  team: string
  name: string
  realName: string
  tz: string
  isBot: boolean
  deleted: boolean
  locale: string
}

export interface SlackFile {
  id: string
  name: string
  mimetype: string
  size: number
  bytes: Buffer
  /** Shown in a room by now: sharing takes a while after an upload. */
  shares: { room: string; ts: string }[]
  /** Slack Connect: the event has no more than the id. */
  hidden?: boolean
}

export interface Message {
  ts: string
  user: string
  botId: string | null
  username: string | null
  text: string
  threadTs: string | null
  blocks: Block[]
  metadata: { event_type: string; event_payload: Record<string, unknown> } | null
  reactions: Map<string, Set<string>>
  files: SlackFile[]
  edited: string | null
  at: number
}

export interface Room {
  id: string
  team: string
  name: string
  kind: 'channel' | 'group' | 'im'
  members: Set<string>
  /** Of an im: whose it is. */
  user: string | null
  archived: boolean
  messages: Message[]
}

export interface Team {
  id: string
  name: string
  bot: { user: string; id: string; token: string; scopes: Set<string> }
  /** What calls with its token are told, if anything: `token_revoked`, `account_inactive`. */
  refused: string | null
}

export interface Ephemeral {
  room: string
  user: string
  text: string
  blocks: Block[]
  threadTs: string | null
}

export interface OpenView {
  id: string
  hash: string
  team: string
  user: string
  view: View
  rootId: string
}

export interface World {
  teams: Map<string, Team>
  people: Map<string, Person>
  rooms: Map<string, Room>
  files: Map<string, SlackFile>
  ephemeral: Ephemeral[]
  views: OpenView[]
  homes: Map<string, View>
  status: { room: string; threadTs: string; status: string }[]
  manifest: Manifest
  now(): number
  ts(): string
  id(prefix: string): string
  /** Begins anew, at whatever time it is then: rooms, what was said, and all people but the apps are gone. */
  forget(): void
}

const manifestShape = z.object({
  features: z.looseObject({
    slash_commands: z.array(z.looseObject({ command: z.string() })).optional(),
    shortcuts: z.array(z.looseObject({ callback_id: z.string(), type: z.string() })).optional(),
    agent_view: z.looseObject({}).optional(),
  }),
  oauth_config: z.looseObject({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.looseObject({
    event_subscriptions: z.looseObject({ bot_events: z.array(z.string()) }),
    socket_mode_enabled: z.boolean(),
  }),
})
export type Manifest = z.infer<typeof manifestShape>

/** The app as a newcomer makes it: what the manifest does not ask for, Slack does not give. */
export function readManifest(file = 'slack-manifest.yaml'): Manifest {
  return manifestShape.parse(parse(readFileSync(join(import.meta.dirname, '../../..', file), 'utf8')))
}

export function createWorld(now: () => number, manifest: Manifest): World {
  let last = 0
  let ids = 0
  const world: World = {
    teams: new Map(),
    people: new Map(),
    rooms: new Map(),
    files: new Map(),
    ephemeral: [],
    views: [],
    homes: new Map(),
    status: [],
    manifest,
    now,
    ts() {
      // Microseconds since the epoch, each used once.
      last = Math.max(last + 1, Math.floor(now() * 1000))
      return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`
    },
    id(prefix) {
      ids += 1
      return `${prefix}${ids.toString(36).toUpperCase().padStart(8, '0')}`
    },
    forget() {
      for (const { id, isBot } of [...world.people.values()]) if (!isBot) world.people.delete(id)
      for (const known of [world.rooms, world.files, world.homes]) known.clear()
      for (const known of [world.ephemeral, world.views, world.status]) known.length = 0
      last = 0
    },
  }
  return world
}

export function addTeam(world: World, name: string): Team {
  const id = world.id('T')
  const user = world.id('U')
  const team: Team = {
    id,
    name,
    bot: {
      user,
      id: world.id('B'),
      token: `xoxb-${id}-bot`,
      scopes: new Set(world.manifest.oauth_config.scopes.bot),
    },
    refused: null,
  }
  world.teams.set(id, team)
  world.people.set(user, person(world, id, 'amends', { id: user, isBot: true }))
  return team
}

export function person(world: World, team: string, name: string, more: Partial<Person> = {}): Person {
  const made = {
    id: more.id ?? world.id('U'),
    team,
    name,
    realName: name,
    tz: 'Asia/Taipei',
    isBot: false,
    deleted: false,
    locale: 'en-US',
    ...more,
  }
  world.people.set(made.id, made)
  return made
}

export function addRoom(world: World, team: string, name: string, kind: Room['kind'], members: string[]): Room {
  const made: Room = {
    id: world.id(kind === 'im' ? 'D' : kind === 'group' ? 'G' : 'C'),
    team,
    name,
    kind,
    members: new Set(members),
    user: kind === 'im' ? (members[0] ?? null) : null,
    archived: false,
    messages: [],
  }
  world.rooms.set(made.id, made)
  return made
}

/** The direct messages between a person and the app: there is one, made when it is first needed. */
export function imOf(world: World, team: Team, user: string): Room {
  const known = [...world.rooms.values()].find((room) => room.team === team.id && room.user === user)
  return known ?? addRoom(world, team.id, 'directmessage', 'im', [user, team.bot.user])
}

export function messageIn(room: Room, ts: string): Message | undefined {
  return room.messages.find((message) => message.ts === ts)
}
