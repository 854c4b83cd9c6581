/** The Web API's methods, as far as the bot and its tests use them: what each needs, does, and refuses. */
import { z } from 'zod'
import { blocksOf, viewOf } from './blocks.ts'
import { imOf, type Message, messageIn, type Room, type SlackFile, type Team, type World } from './world.ts'

/** What a method sees of a call. */
export interface Call {
  world: World
  team: Team
  args: Record<string, string>
  /** Where files go up and come down. */
  address: string
  /** Others hear of it: `message`, `message_changed` … as Slack tells the app of its own doings too. */
  tell(event: object, room: Room): void
  /** Takes a trigger: each opens one view, within three seconds. */
  trigger(id: string): string | null
}

export class Refused extends Error {
  readonly data: object
  constructor(error: string, data: object = {}) {
    super(error)
    this.data = data
  }
}

interface Method {
  /** Any call needs this; more can be asked for inside. */
  scope: string | null
  run(call: Call): object
}

const textAtMost = 40_000
const editAtMost = 4_000

export const methods: Record<string, Method> = {
  'auth.test': {
    scope: null,
    run: ({ team }) => ({
      url: 'https://example.slack.test/',
      team: team.name,
      user: 'amends',
      team_id: team.id,
      user_id: team.bot.user,
      bot_id: team.bot.id,
      is_enterprise_install: false,
    }),
  },
  'chat.postMessage': { scope: 'chat:write', run: (call) => post(call) },
  'chat.postEphemeral': {
    scope: 'chat:write',
    run({ world, args, team }) {
      const room = writable(world, team, given(args, 'channel'))
      const user = given(args, 'user')
      if (!room.members.has(user)) throw new Refused('user_not_in_channel')
      const blocks = parsedBlocks(args.blocks)
      world.ephemeral.push({ room: room.id, user, text: args.text ?? '', blocks, threadTs: args.thread_ts ?? null })
      return { message_ts: world.ts() }
    },
  },
  'chat.update': {
    scope: 'chat:write',
    run({ world, args, team, tell }) {
      const room = readable(world, team, given(args, 'channel'))
      const message = messageIn(room, given(args, 'ts'))
      if (!message) throw new Refused('message_not_found')
      if (message.botId !== team.bot.id) throw new Refused('cant_update_message')
      if ((args.text ?? '').length > editAtMost) throw new Refused('msg_too_long')
      const before = { ...message }
      // Text without blocks takes the blocks away; metadata stays unless it is sent anew.
      message.blocks = parsedBlocks(args.blocks)
      message.text = args.text ?? message.text
      if (args.metadata !== undefined) message.metadata = metadataOf(args.metadata)
      tell({ subtype: 'message_changed', hidden: true, message: shown(message), previous_message: shown(before) }, room)
      return { channel: room.id, ts: message.ts, text: message.text, message: shown(message) }
    },
  },
  'chat.delete': {
    scope: 'chat:write',
    run({ world, args, team, tell }) {
      const room = readable(world, team, given(args, 'channel'))
      const message = messageIn(room, given(args, 'ts'))
      if (!message) throw new Refused('message_not_found')
      if (message.botId !== team.bot.id) throw new Refused('cant_delete_message')
      room.messages.splice(room.messages.indexOf(message), 1)
      tell({ subtype: 'message_deleted', hidden: true, deleted_ts: message.ts, previous_message: shown(message) }, room)
      return { channel: room.id, ts: message.ts }
    },
  },
  'conversations.open': {
    scope: 'im:write',
    run({ world, args, team }) {
      const user = world.people.get(given(args, 'users'))
      if (!user) throw new Refused('user_not_found')
      if (user.deleted) throw new Refused('user_disabled')
      return { channel: { id: imOf(world, team, user.id).id } }
    },
  },
  'conversations.info': {
    scope: null,
    run({ world, args, team }) {
      const room = roomOf(world, team, given(args, 'channel'))
      needs(team, { channel: 'channels:read', group: 'groups:read', im: 'im:read' }[room.kind])
      return {
        channel: {
          id: room.id,
          name: room.name,
          is_channel: room.kind === 'channel',
          is_im: room.kind === 'im',
          is_private: room.kind !== 'channel',
          is_archived: room.archived,
          is_member: room.members.has(team.bot.user),
          ...(room.user === null ? {} : { user: room.user }),
        },
      }
    },
  },
  'conversations.members': {
    scope: null,
    run({ world, args, team }) {
      const room = readable(world, team, given(args, 'channel'))
      needs(team, { channel: 'channels:read', group: 'groups:read', im: 'im:read' }[room.kind])
      return { members: [...room.members], response_metadata: { next_cursor: '' } }
    },
  },
  'conversations.history': {
    scope: null,
    run: (call) => listed(call, (message) => message.threadTs === null || message.threadTs === message.ts, 'newest'),
  },
  'conversations.replies': {
    scope: null,
    run(call) {
      const root = given(call.args, 'ts')
      return listed(call, (message) => message.ts === root || message.threadTs === root, 'oldest')
    },
  },
  'users.info': {
    scope: 'users:read',
    run({ world, args }) {
      const user = world.people.get(given(args, 'user'))
      if (!user) throw new Refused('user_not_found')
      return {
        user: {
          id: user.id,
          team_id: user.team,
          name: user.name,
          deleted: user.deleted,
          real_name: user.realName,
          tz: user.tz,
          ...(args.include_locale === 'true' ? { locale: user.locale } : {}),
          is_bot: user.isBot,
          profile: {
            real_name: user.realName,
            display_name: user.name,
            image_72: `https://avatars.example.test/${user.id}.png`,
            team: user.team,
          },
        },
      }
    },
  },
  'reactions.add': {
    scope: 'reactions:write',
    run({ world, args, team }) {
      const message = messageOf(world, team, args)
      if (!/^[a-z0-9_+'-]+$/u.test(args.name ?? '')) throw new Refused('invalid_name')
      const who = message.reactions.get(args.name ?? '') ?? new Set()
      if (who.has(team.bot.user)) throw new Refused('already_reacted')
      message.reactions.set(args.name ?? '', who.add(team.bot.user))
      return {}
    },
  },
  'reactions.remove': {
    scope: 'reactions:write',
    run({ world, args, team }) {
      const message = messageOf(world, team, args)
      if (!message.reactions.get(args.name ?? '')?.delete(team.bot.user)) throw new Refused('no_reaction')
      return {}
    },
  },
  'files.getUploadURLExternal': {
    scope: 'files:write',
    run({ world, args, address }) {
      const length = Number(given(args, 'length'))
      const file: SlackFile = {
        id: world.id('F'),
        name: given(args, 'filename'),
        mimetype: '',
        size: length,
        bytes: Buffer.alloc(0),
        shares: [],
      }
      world.files.set(file.id, file)
      return { upload_url: `${address}/upload/${file.id}`, file_id: file.id }
    },
  },
  'files.completeUploadExternal': {
    scope: 'files:write',
    run({ world, args, team, tell }) {
      const wanted = z
        .array(z.object({ id: z.string(), title: z.string().optional() }))
        .parse(JSON.parse(given(args, 'files')))
      const files = wanted.map(({ id }) => world.files.get(id) ?? raise('file_not_found'))
      if (files.some((file) => file.bytes.length !== file.size)) throw new Refused('file_upload_size_mismatch')
      if (args.channel_id !== undefined) {
        const room = writable(world, team, args.channel_id)
        const message = newMessage(
          world,
          team.bot.user,
          team.bot.id,
          args.initial_comment ?? '',
          args.thread_ts ?? null,
        )
        message.files = files
        room.messages.push(message)
        for (const file of files) file.shares.push({ room: room.id, ts: message.ts })
        tell({ subtype: 'file_share', ...shown(message) }, room)
      }
      // Sharing is done a moment later: the answer has no `shares`.
      return { files: files.map((file) => ({ id: file.id, title: file.name })) }
    },
  },
  'files.info': {
    scope: 'files:read',
    run({ world, args, address }) {
      const file = world.files.get(given(args, 'file'))
      if (!file) throw new Refused('file_not_found')
      const byRoom = Object.groupBy(file.shares, (share) => share.room)
      const shares = Object.fromEntries(
        Object.entries(byRoom).map(([room, list]) => [room, (list ?? []).map(({ ts }) => ({ ts }))]),
      )
      return { file: { ...fileFacts({ ...file, hidden: false }, address), shares: { private: shares } } }
    },
  },
  'views.open': {
    scope: null,
    run({ world, args, team, trigger }) {
      const user = trigger(given(args, 'trigger_id'))
      if (user === null) throw new Refused('expired_trigger_id')
      const parsed = viewOf(JSON.parse(given(args, 'view')))
      if ('error' in parsed) throw new Refused(parsed.error, { response_metadata: { messages: [parsed.detail] } })
      const id = world.id('V')
      const view = {
        id,
        hash: `${world.ts()}.x`,
        team: team.id,
        user,
        view: parsed.view,
        rootId: id,
      }
      world.views.push(view)
      return { view: { id: view.id, hash: view.hash, ...parsed.view } }
    },
  },
  'views.update': {
    scope: null,
    run({ world, args }) {
      const open = world.views.find((one) => one.id === args.view_id)
      if (!open) throw new Refused('not_found')
      if (args.hash !== undefined && args.hash !== open.hash) throw new Refused('hash_conflict')
      const parsed = viewOf(JSON.parse(given(args, 'view')))
      if ('error' in parsed) throw new Refused(parsed.error, { response_metadata: { messages: [parsed.detail] } })
      open.view = parsed.view
      open.hash = `${world.ts()}.x`
      return { view: { id: open.id, hash: open.hash, ...parsed.view } }
    },
  },
  'views.publish': {
    scope: null,
    run({ world, args }) {
      const parsed = viewOf(JSON.parse(given(args, 'view')))
      if ('error' in parsed) throw new Refused(parsed.error, { response_metadata: { messages: [parsed.detail] } })
      world.homes.set(given(args, 'user_id'), parsed.view)
      return { view: { id: world.id('V'), hash: `${world.ts()}.x`, ...parsed.view } }
    },
  },
  'assistant.threads.setStatus': {
    scope: 'chat:write',
    run({ world, args, team }) {
      const room = writable(world, team, given(args, 'channel_id'))
      world.status.push({ room: room.id, threadTs: given(args, 'thread_ts'), status: args.status ?? '' })
      return {}
    },
  },
  'auth.revoke': {
    scope: null,
    run({ team }) {
      team.refused = 'token_revoked'
      return { revoked: true }
    },
  },
}

function post({ world, team, args, tell }: Call): object {
  const text = args.text ?? ''
  if (text === '' && args.blocks === undefined) throw new Refused('no_text')
  if (text.length > textAtMost) throw new Refused('msg_too_long')
  if (args.username !== undefined || args.icon_url !== undefined) needs(team, 'chat:write.customize')
  const room = writable(world, team, given(args, 'channel'))
  if (args.thread_ts !== undefined && !messageIn(room, args.thread_ts)) throw new Refused('thread_not_found')
  const message = newMessage(world, team.bot.user, team.bot.id, text, args.thread_ts ?? null)
  message.blocks = parsedBlocks(args.blocks)
  message.username = args.username ?? null
  if (args.metadata !== undefined) message.metadata = metadataOf(args.metadata)
  room.messages.push(message)
  tell(message.username === null ? shown(message) : { subtype: 'bot_message', ...shown(message) }, room)
  return { channel: room.id, ts: message.ts, message: shown(message) }
}

export function newMessage(
  world: World,
  user: string,
  botId: string | null,
  text: string,
  threadTs: string | null,
): Message {
  return {
    ts: world.ts(),
    user,
    botId,
    username: null,
    text,
    threadTs,
    blocks: [],
    metadata: null,
    reactions: new Map(),
    files: [],
    edited: null,
    at: world.now(),
  }
}

/** A message as events and histories give it. */
export function shown(message: Message, address = ''): Record<string, unknown> {
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    ...(message.botId === null ? {} : { bot_id: message.botId, app_id: 'A0000001' }),
    ...(message.username === null ? {} : { username: message.username }),
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    ...(message.blocks.length === 0 ? {} : { blocks: message.blocks }),
    ...(message.edited === null ? {} : { edited: { user: message.user, ts: message.edited } }),
    ...(message.files.length === 0 ? {} : { files: message.files.map((file) => fileFacts(file, address)) }),
  }
}

export function fileFacts(file: SlackFile, address: string): object {
  if (file.hidden) return { id: file.id, mode: 'file_access', file_access: 'check_file_info' }
  return {
    id: file.id,
    name: file.name,
    title: file.name,
    mimetype: file.mimetype,
    filetype: file.name.split('.').at(-1) ?? '',
    size: file.size,
    mode: 'hosted',
    url_private: `${address}/files/${file.id}`,
    url_private_download: `${address}/files/${file.id}/download`,
  }
}

function listed(
  { world, args, team, address }: Call,
  belongs: (message: Message) => boolean,
  from: 'newest' | 'oldest',
): object {
  const room = roomOf(world, team, given(args, 'channel'))
  needs(team, { channel: 'channels:history', group: 'groups:history', im: 'im:history' }[room.kind])
  if (!room.members.has(team.bot.user)) throw new Refused('not_in_channel')
  const { oldest = '0', latest = '99999999999', inclusive } = args
  const found = room.messages.filter(belongs).filter(({ ts }) => {
    const after = inclusive === 'true' || inclusive === '1' ? ts >= oldest : ts > oldest
    return after && ts <= latest
  })
  const ordered = from === 'newest' ? found.toReversed() : found
  const atMost = Math.min(Number(args.limit ?? 100), 999)
  const begin = Number(args.cursor ?? 0)
  const page = ordered.slice(begin, begin + atMost)
  const more = begin + atMost < ordered.length
  const withMetadata = args.include_all_metadata === 'true' || args.include_all_metadata === '1'
  return {
    messages: page.map((message) => ({
      ...shown(message, address),
      ...(message.metadata === null
        ? {}
        : { metadata: withMetadata ? message.metadata : { event_type: message.metadata.event_type } }),
    })),
    has_more: more,
    response_metadata: { next_cursor: more ? String(begin + atMost) : '' },
  }
}

function messageOf(world: World, team: Team, args: Record<string, string>): Message {
  const room = readable(world, team, given(args, 'channel'))
  return messageIn(room, given(args, 'timestamp')) ?? raise('message_not_found')
}

/** A room that the app may write in; a person's id stands for their direct messages. */
function writable(world: World, team: Team, id: string): Room {
  if (id.startsWith('U')) {
    const user = world.people.get(id)
    if (!user) throw new Refused('channel_not_found')
    if (user.deleted) throw new Refused('account_inactive')
    return imOf(world, team, id)
  }
  return readable(world, team, id)
}

function readable(world: World, team: Team, id: string): Room {
  const room = roomOf(world, team, id)
  if (room.archived) throw new Refused('is_archived')
  if (!room.members.has(team.bot.user)) throw new Refused('not_in_channel')
  return room
}

function roomOf(world: World, team: Team, id: string): Room {
  const room = world.rooms.get(id)
  if (!room || room.team !== team.id) throw new Refused('channel_not_found')
  return room
}

export function needs(team: Team, scope: string): void {
  if (team.bot.scopes.has(scope)) return
  throw new Refused('missing_scope', { needed: scope, provided: [...team.bot.scopes].join(',') })
}

function parsedBlocks(raw: string | undefined) {
  if (raw === undefined) return []
  const parsed = blocksOf(JSON.parse(raw))
  if ('error' in parsed) throw new Refused(parsed.error, { response_metadata: { messages: [parsed.detail] } })
  return parsed.blocks
}

const metadataShape = z.object({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

function metadataOf(raw: string) {
  const parsed = metadataShape.safeParse(JSON.parse(raw))
  if (!parsed.success) throw new Refused('invalid_metadata_format')
  return parsed.data
}

function given(args: Record<string, string>, name: string): string {
  const value = args[name]
  if (value === undefined || value === '')
    throw new Refused('invalid_arguments', {
      response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
    })
  return value
}

function raise(error: string): never {
  throw new Refused(error)
}
