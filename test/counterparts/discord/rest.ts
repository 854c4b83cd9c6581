/** The REST API: the routes that a support bot calls, with the checks that Discord makes, and faults on demand. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { checkCommands, checkMessage, checkModal, componentsOf, type Upload } from './body.ts'
import type { Gateway } from './gateway.ts'
import { intent } from './gateway.ts'
import { malformed, Refused, refused } from './refusal.ts'
import {
  type Attachment,
  type Channel,
  channelPayload,
  isThread,
  kind,
  type Message,
  messagePayload,
  type World,
} from './world.ts'

/** A fault that the next matching calls meet. */
export interface Fault {
  method: string
  path: RegExp
  times: number
  status: number
  code?: number
  /** Seconds, for a 429. */
  retryAfter?: number
  global?: boolean
  /** The work is done all the same: the answer is what gets lost. */
  afterwards?: boolean
  /** The connection ends without an answer. */
  cut?: boolean
  /** Answers only after this is over. */
  until?: Promise<void>
}

export interface Call {
  method: string
  path: string
  body: Record<string, unknown>
  files: Upload[]
  status: number
}

export interface Answer {
  type: number
  data: Record<string, unknown>
}

/** Somebody pressed, ran or submitted something, and waits. */
export interface Pending {
  id: string
  token: string
  user: string
  channel: Channel | null
  message: Message | null
  answered: Answer | null
  expired: boolean
  /** What followed: edits of the first answer, and further ephemeral or public ones. */
  original: Message | null
  followUps: { body: Record<string, unknown> }[]
  changed(): void
}

export interface Rest {
  faults: Fault[]
  calls: Call[]
  unknown: string[]
  interactions: Map<string, Pending>
  answer(request: IncomingMessage, response: ServerResponse, origin: string): Promise<void>
  /** Puts a message in a channel and tells it to whoever listens. */
  put(channel: Channel, message: Partial<Message> & Pick<Message, 'author'>): Message
  change(message: Message, content: string): void
  drop(message: Message): void
  react(message: Message, user: string, emoji: string, on: boolean): void
  makeThread(parent: Channel, name: string, type: number, owner: string, id?: string): Channel
}

interface Request {
  method: string
  path: string
  query: URLSearchParams
  body: Record<string, unknown>
  list: unknown[]
  files: Upload[]
}

type Handler = (ids: string[], request: Request) => unknown

const permission = {
  viewChannel: 1n << 10n,
  addReactions: 1n << 6n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  attachFiles: 1n << 15n,
  readHistory: 1n << 16n,
  manageWebhooks: 1n << 29n,
  manageThreads: 1n << 34n,
  publicThreads: 1n << 35n,
  privateThreads: 1n << 36n,
  sendInThreads: 1n << 38n,
} as const

export function createRest(world: World, gateway: Gateway, origin: () => string): Rest {
  const nonces = new Map<string, { message: Message; at: number }>()
  const nonceMs = 3 * 60_000

  const channelOf = (id: string | undefined) => {
    const channel = world.channels.get(id ?? '')
    if (!channel) throw refused('unknownChannel')
    return channel
  }
  const messageOf = (channel: Channel, id: string | undefined) => {
    const message = channel.messages.find((one) => one.id === id)
    if (!message) throw refused('unknownMessage')
    return message
  }

  /** May the bot do that here? Refused as Discord refuses it. */
  function may(channel: Channel, ...needs: (keyof typeof permission)[]): void {
    if (channel.guild_id === undefined) return
    const guild = world.guilds.get(channel.guild_id)
    const parent = isThread(channel) ? channelOf(channel.parent_id ?? '') : channel
    const denied = parent.permission_overwrites.reduce((all, one) => all | BigInt(one.deny), 0n)
    const granted = (guild?.permissions ?? 0n) & ~denied
    if ((granted & permission.viewChannel) === 0n) throw refused('missingAccess')
    if (needs.some((need) => (granted & permission[need]) === 0n)) throw refused('missingPermissions')
  }

  function where(channel: Channel, ordinary: number, direct: number) {
    return { guild: channel.guild_id ?? null, needs: channel.guild_id === undefined ? direct : ordinary }
  }

  /** MESSAGE_CONTENT is not needed for own messages, direct ones, and those that mention the bot. */
  function open(message: Message, channel: Channel): boolean {
    return (
      channel.guild_id === undefined ||
      message.author.id === world.bot.id ||
      message.mentions.some((user) => user.id === world.bot.id)
    )
  }

  function tell(t: string, message: Message, channel: Channel): void {
    gateway.dispatch({
      t,
      ...where(channel, intent.guildMessages, intent.directMessages),
      d: (content) => ({
        ...messagePayload(message, world, content || open(message, channel)),
        ...(t === 'MESSAGE_CREATE' && message.nonce !== undefined ? { nonce: message.nonce } : {}),
        ...(channel.guild_id === undefined
          ? {}
          : { member: { roles: [], joined_at: new Date(0).toISOString(), deaf: false, mute: false, flags: 0 } }),
      }),
    })
  }

  function put(channel: Channel, given: Partial<Message> & Pick<Message, 'author'>): Message {
    const mentioned = [...(given.content ?? '').matchAll(/<@!?(\d+)>/gu)].map(([, id]) => world.users.get(id ?? ''))
    const answered =
      given.message_reference && channel.messages.find((one) => one.id === given.message_reference?.message_id)
    const pinged = given.type === 19 && answered ? [answered.author] : []
    const message: Message = {
      id: world.nextId(),
      channel_id: channel.id,
      ...(channel.guild_id === undefined ? {} : { guild_id: channel.guild_id }),
      content: '',
      timestamp: new Date(world.now()).toISOString(),
      edited_timestamp: null,
      mentions: [...mentioned.filter((user) => user !== undefined), ...pinged],
      attachments: [],
      components: [],
      flags: 0,
      type: 0,
      reactions: [],
      ...(given.type === 19 ? { referenced_message: answered ?? null } : {}),
      ...given,
    }
    channel.messages.push(message)
    tell('MESSAGE_CREATE', message, channel)
    return message
  }

  function change(message: Message, content: string): void {
    message.content = content
    // No two edits are made at one time, though the clock may stand.
    const before = message.edited_timestamp === null ? 0 : Date.parse(message.edited_timestamp)
    message.edited_timestamp = new Date(Math.max(world.now(), before + 1)).toISOString()
    tell('MESSAGE_UPDATE', message, channelOf(message.channel_id))
  }

  function drop(message: Message): void {
    const channel = channelOf(message.channel_id)
    channel.messages = channel.messages.filter((one) => one !== message)
    gateway.dispatch({
      t: 'MESSAGE_DELETE',
      ...where(channel, intent.guildMessages, intent.directMessages),
      d: () => ({
        id: message.id,
        channel_id: channel.id,
        ...(channel.guild_id === undefined ? {} : { guild_id: channel.guild_id }),
      }),
    })
  }

  function react(message: Message, user: string, emoji: string, on: boolean): void {
    const channel = channelOf(message.channel_id)
    const one = message.reactions.find((known) => known.emoji === emoji) ?? { emoji, users: [] }
    one.users = on ? [...new Set([...one.users, user])] : one.users.filter((known) => known !== user)
    message.reactions = [...message.reactions.filter((known) => known !== one), one].filter(
      (known) => known.users.length > 0,
    )
    gateway.dispatch({
      t: on ? 'MESSAGE_REACTION_ADD' : 'MESSAGE_REACTION_REMOVE',
      ...where(channel, intent.guildReactions, intent.directReactions),
      d: () => ({
        user_id: user,
        channel_id: channel.id,
        message_id: message.id,
        message_author_id: message.author.id,
        emoji: { id: null, name: emoji },
        burst: false,
        type: 0,
        ...(channel.guild_id === undefined
          ? {}
          : {
              guild_id: channel.guild_id,
              member: {
                user: world.users.get(user),
                roles: [],
                joined_at: new Date(0).toISOString(),
                deaf: false,
                mute: false,
                flags: 0,
              },
            }),
      }),
    })
  }

  function makeThread(parent: Channel, name: string, type: number, owner: string, id = world.nextId()): Channel {
    const thread: Channel = {
      id,
      type,
      name,
      ...(parent.guild_id === undefined ? {} : { guild_id: parent.guild_id }),
      parent_id: parent.id,
      owner_id: owner,
      thread_metadata: {
        archived: false,
        auto_archive_duration: 1440,
        locked: false,
        archive_timestamp: new Date(world.now()).toISOString(),
      },
      permission_overwrites: [],
      members: new Set([owner]),
      messages: [],
    }
    world.channels.set(thread.id, thread)
    gateway.dispatch({
      t: 'THREAD_CREATE',
      guild: parent.guild_id ?? null,
      needs: intent.guilds,
      d: () => ({ ...channelPayload(thread), newly_created: true }),
    })
    return thread
  }

  function attach(files: Upload[], channel: Channel): Attachment[] {
    return files.map(({ name, type, bytes }) => {
      const id = world.nextId()
      return {
        id,
        filename: name,
        content_type: type,
        size: bytes.length,
        url: `${origin()}/attachments/${channel.id}/${id}/${encodeURIComponent(name)}?ex=1&is=1&hm=1`,
        bytes,
      }
    })
  }

  function post(channel: Channel, { body, files }: Request, by: Partial<Message> & Pick<Message, 'author'>): Message {
    checkMessage(body, files)
    if (channel.thread_metadata?.locked) throw refused('locked')
    if (channel.thread_metadata) channel.thread_metadata.archived = false
    const nonce = body.nonce === undefined ? undefined : String(body.nonce)
    const before = body.enforce_nonce === true && nonce !== undefined ? nonces.get(nonce) : undefined
    if (before && world.now() - before.at < nonceMs) return before.message
    const reference = body.message_reference as { message_id: string } | undefined
    const message = put(channel, {
      content: typeof body.content === 'string' ? body.content : '',
      components: componentsOf(body),
      flags: Number(body.flags ?? 0),
      attachments: attach(files, channel),
      ...(nonce === undefined ? {} : { nonce }),
      ...(reference
        ? { type: 19, message_reference: { message_id: reference.message_id, channel_id: channel.id } }
        : {}),
      ...by,
    })
    if (nonce !== undefined) nonces.set(nonce, { message, at: world.now() })
    return message
  }

  function edit(message: Message, { body, files }: Request): Message {
    const keptIds = Array.isArray(body.attachments) ? body.attachments.map((one) => String(one.id)) : null
    const kept = keptIds === null ? message.attachments : message.attachments.filter((one) => keptIds.includes(one.id))
    checkMessage(
      { content: message.content, components: message.components, flags: message.flags, ...body },
      files,
      kept.length,
    )
    if (typeof body.content === 'string') message.content = body.content
    if (body.components !== undefined) message.components = componentsOf(body)
    if (body.flags !== undefined) message.flags |= Number(body.flags)
    message.attachments = [...kept, ...attach(files, channelOf(message.channel_id))]
    message.edited_timestamp = new Date(world.now()).toISOString()
    tell('MESSAGE_UPDATE', message, channelOf(message.channel_id))
    return message
  }

  function webhookOf(id: string | undefined, token: string | undefined) {
    const webhook = world.webhooks.get(id ?? '')
    if (!webhook) throw refused('unknownWebhook')
    if (webhook.token !== token) throw refused('invalidToken')
    return webhook
  }

  function waiting(token: string | undefined): Pending {
    const pending = [...rest.interactions.values()].find((one) => one.token === token)
    if (!pending || pending.expired) throw refused('unknownInteraction')
    return pending
  }

  function showOriginal(pending: Pending, body: Record<string, unknown>): void {
    const ephemeral = (Number(body.flags ?? 0) & 64) !== 0
    const channel = pending.channel
    const given = {
      author: world.bot,
      content: typeof body.content === 'string' ? body.content : '',
      components: componentsOf(body),
      flags: Number(body.flags ?? 0),
      type: 20,
    }
    // Only the person sees an ephemeral one, and it is in no history.
    if (channel && !ephemeral) pending.original = put(channel, given)
    else
      pending.original = {
        id: world.nextId(),
        channel_id: channel?.id ?? '',
        timestamp: '',
        edited_timestamp: null,
        mentions: [],
        attachments: [],
        reactions: [],
        ...given,
      }
  }

  const routes: [string, RegExp, Handler][] = [
    [
      'GET',
      /^\/gateway\/bot$/u,
      () => ({
        url: gateway.url(),
        shards: gateway.shards,
        session_start_limit: { total: 1000, remaining: 1000, reset_after: 14_400_000, max_concurrency: 16 },
      }),
    ],
    ['GET', /^\/applications\/@me$/u, () => ({ ...world.application, bot: world.bot })],
    ['GET', /^\/users\/@me$/u, () => world.bot],
    [
      'GET',
      /^\/users\/@me\/guilds$/u,
      () =>
        [...world.guilds.values()].map(({ id, name, permissions }) => ({
          id,
          name,
          permissions: permissions.toString(),
          owner: false,
          features: [],
        })),
    ],
    ['GET', /^\/users\/(\d+)$/u, ([id = '']) => world.users.get(id) ?? fail('unknownUser')],
    ['GET', /^\/applications\/(\d+)\/commands$/u, () => world.commands],
    [
      'PUT',
      /^\/applications\/(\d+)\/commands$/u,
      (_, { list }) => {
        checkCommands(list as Record<string, unknown>[])
        world.commands = (list as Record<string, unknown>[]).map((one) => ({
          id: world.nextId(),
          application_id: world.application.id,
          ...one,
        }))
        return world.commands
      },
    ],
    [
      'POST',
      /^\/users\/@me\/channels$/u,
      (_, { body }) => {
        const user = world.users.get(String(body.recipient_id)) ?? fail('unknownUser')
        return channelPayload(directWith(world, user.id))
      },
    ],
    [
      'GET',
      /^\/channels\/(\d+)$/u,
      ([id]) => {
        const channel = channelOf(id)
        may(channel)
        return channelPayload(channel)
      },
    ],
    [
      'PATCH',
      /^\/channels\/(\d+)$/u,
      ([id], { body }) => {
        const channel = channelOf(id)
        if (channel.thread_metadata && typeof body.archived === 'boolean')
          channel.thread_metadata.archived = body.archived
        if (typeof body.name === 'string') channel.name = body.name
        return channelPayload(channel)
      },
    ],
    [
      'GET',
      /^\/channels\/(\d+)\/messages$/u,
      ([id], { query }) => {
        const channel = channelOf(id)
        may(channel)
        const limit = Number(query.get('limit') ?? 50)
        if (limit < 1 || limit > 100) throw malformed('limit', 'Must be between 1 and 100.')
        const after = query.get('after')
        const before = query.get('before')
        const guild = channel.guild_id === undefined ? undefined : world.guilds.get(channel.guild_id)
        if (guild && (guild.permissions & permission.readHistory) === 0n) return []
        const found = channel.messages.filter(
          (one) =>
            (after === null || BigInt(one.id) > BigInt(after)) && (before === null || BigInt(one.id) < BigInt(before)),
        )
        const page = after === null ? found.slice(-limit) : found.slice(0, limit)
        const content = (world.application.flags & ((1 << 18) | (1 << 19))) !== 0
        return page.toReversed().map((one) => messagePayload(one, world, content || open(one, channel)))
      },
    ],
    [
      'GET',
      /^\/channels\/(\d+)\/messages\/(\d+)$/u,
      ([id, message]) => {
        const channel = channelOf(id)
        may(channel, 'readHistory')
        const one = messageOf(channel, message)
        const content = (world.application.flags & ((1 << 18) | (1 << 19))) !== 0
        return messagePayload(one, world, content || open(one, channel))
      },
    ],
    [
      'POST',
      /^\/channels\/(\d+)\/messages$/u,
      ([id], request) => {
        const channel = channelOf(id)
        const other = channel.recipients?.[0]
        if (other && world.closed.has(other.id)) throw refused('noDirect')
        if (channel.type === kind.forum) throw malformed('channel', 'Cannot send messages in a forum channel')
        may(
          channel,
          isThread(channel) ? 'sendInThreads' : 'sendMessages',
          ...(request.files.length > 0 ? (['attachFiles'] as const) : []),
        )
        const message = post(channel, request, { author: world.bot })
        return { ...messagePayload(message, world), ...(message.nonce === undefined ? {} : { nonce: message.nonce }) }
      },
    ],
    [
      'PATCH',
      /^\/channels\/(\d+)\/messages\/(\d+)$/u,
      ([id, message], request) => {
        const channel = channelOf(id)
        const one = messageOf(channel, message)
        if (one.author.id !== world.bot.id || one.webhook_id !== undefined) throw refused('notTheAuthor')
        if (channel.thread_metadata?.archived) throw refused('archived')
        return messagePayload(edit(one, request), world)
      },
    ],
    [
      'DELETE',
      /^\/channels\/(\d+)\/messages\/(\d+)$/u,
      ([id, message]) => {
        const channel = channelOf(id)
        const one = messageOf(channel, message)
        if (one.author.id !== world.bot.id) may(channel, 'manageMessages')
        drop(one)
      },
    ],
    [
      'PUT',
      /^\/channels\/(\d+)\/messages\/(\d+)\/reactions\/([^/]+)\/@me$/u,
      ([id, message, emoji = '']) => {
        const channel = channelOf(id)
        may(channel, 'addReactions', 'readHistory')
        if (channel.thread_metadata?.archived) throw refused('archived')
        react(messageOf(channel, message), world.bot.id, decodeURIComponent(emoji), true)
      },
    ],
    [
      'DELETE',
      /^\/channels\/(\d+)\/messages\/(\d+)\/reactions\/([^/]+)\/@me$/u,
      ([id, message, emoji = '']) =>
        react(messageOf(channelOf(id), message), world.bot.id, decodeURIComponent(emoji), false),
    ],
    ['POST', /^\/channels\/(\d+)\/typing$/u, ([id]) => void channelOf(id)],
    [
      'POST',
      /^\/channels\/(\d+)\/messages\/(\d+)\/threads$/u,
      ([id, message = ''], { body }) => {
        const channel = channelOf(id)
        messageOf(channel, message)
        may(channel, 'publicThreads')
        if (world.channels.has(message)) throw refused('hasThread')
        return channelPayload(makeThread(channel, threadName(body), kind.public, world.bot.id, message))
      },
    ],
    [
      'POST',
      /^\/channels\/(\d+)\/threads$/u,
      ([id], request) => {
        const channel = channelOf(id)
        const { body } = request
        if (channel.type === kind.forum) {
          may(channel, 'sendMessages')
          const thread = makeThread(channel, threadName(body), kind.public, world.bot.id)
          const first = post(
            thread,
            { ...request, body: (body.message ?? {}) as Record<string, unknown> },
            { author: world.bot, id: thread.id },
          )
          return { ...channelPayload(thread), message: messagePayload(first, world) }
        }
        const type = Number(body.type ?? kind.private)
        may(channel, type === kind.private ? 'privateThreads' : 'publicThreads')
        if (type === kind.private && channel.type !== kind.text)
          throw malformed('type', 'Private threads are for text channels')
        return channelPayload(makeThread(channel, threadName(body), type, world.bot.id))
      },
    ],
    [
      'GET',
      /^\/guilds\/(\d+)\/threads\/active$/u,
      ([id]) => ({
        threads: [...world.channels.values()]
          .filter((one) => one.guild_id === id && isThread(one) && one.thread_metadata?.archived !== true)
          .map(channelPayload),
        members: [],
      }),
    ],
    [
      'PUT',
      /^\/channels\/(\d+)\/thread-members\/(\d+)$/u,
      ([id, user = '']) => {
        const thread = channelOf(id)
        may(thread, 'sendInThreads')
        if (thread.guild_id !== undefined && !world.guilds.get(thread.guild_id)?.members.has(user))
          throw refused('unknownUser')
        thread.members.add(user)
      },
    ],
    [
      'GET',
      /^\/channels\/(\d+)\/webhooks$/u,
      ([id]) => {
        may(channelOf(id), 'manageWebhooks')
        return [...world.webhooks.values()].filter((one) => one.channel_id === id)
      },
    ],
    [
      'POST',
      /^\/channels\/(\d+)\/webhooks$/u,
      ([id = ''], { body }) => {
        may(channelOf(id), 'manageWebhooks')
        const webhook = {
          id: world.nextId(),
          token: `hook-${world.nextId()}`,
          channel_id: id,
          application_id: world.application.id,
          name: String(body.name),
          type: 1,
        }
        world.webhooks.set(webhook.id, webhook)
        return webhook
      },
    ],
    [
      'POST',
      /^\/webhooks\/(\d+)\/([^/]+)$/u,
      ([id, token], request) => {
        if (id === world.application.id) {
          const pending = waiting(token)
          checkMessage(request.body, request.files)
          pending.followUps.push({ body: request.body })
          pending.changed()
          return { id: world.nextId(), channel_id: pending.channel?.id ?? '', ...request.body }
        }
        const webhook = webhookOf(id, token)
        const { username, avatar_url: avatar } = request.body
        if (/clyde|discord/iu.test(String(username ?? '')) || String(username ?? '').length > 80)
          throw malformed('username', 'Username is not allowed.')
        const thread = request.query.get('thread_id')
        const target = thread === null ? channelOf(webhook.channel_id) : channelOf(thread)
        if (thread !== null && target.parent_id !== webhook.channel_id) throw refused('unknownChannel')
        const author = {
          id: webhook.id,
          username: String(username ?? webhook.name),
          global_name: null,
          discriminator: '0000',
          avatar: typeof avatar === 'string' ? avatar : null,
          bot: true,
        }
        const message = post(target, request, { author, webhook_id: webhook.id })
        return request.query.get('wait') === 'true' ? messagePayload(message, world) : undefined
      },
    ],
    [
      'PATCH',
      /^\/webhooks\/(\d+)\/([^/]+)\/messages\/(@original|\d+)$/u,
      ([id, token, message], request) => {
        if (id === world.application.id) {
          const pending = waiting(token)
          checkMessage({ content: '-', ...request.body }, request.files)
          if (pending.original && !(pending.original.flags & 128)) Object.assign(pending.original, request.body)
          else showOriginal(pending, { flags: pending.answered?.data.flags ?? 0, ...request.body })
          pending.changed()
          return pending.original && messagePayload(pending.original, world)
        }
        const webhook = webhookOf(id, token)
        const thread = request.query.get('thread_id')
        const one = messageOf(channelOf(thread ?? webhook.channel_id), message)
        if (one.webhook_id !== webhook.id) throw refused('unknownMessage')
        return messagePayload(edit(one, request), world)
      },
    ],
    [
      'DELETE',
      /^\/webhooks\/(\d+)\/([^/]+)\/messages\/(@original|\d+)$/u,
      ([id, token, message], { query }) => {
        if (id === world.application.id) {
          waiting(token).original = null
          return
        }
        const webhook = webhookOf(id, token)
        drop(messageOf(channelOf(query.get('thread_id') ?? webhook.channel_id), message))
      },
    ],
    [
      'POST',
      /^\/interactions\/(\d+)\/([^/]+)\/callback$/u,
      ([id = '', token], { body }) => {
        const pending = rest.interactions.get(id)
        if (!pending || pending.token !== token || pending.expired) throw refused('unknownInteraction')
        if (pending.answered) throw refused('acknowledged')
        const answer = { type: Number(body.type), data: (body.data ?? {}) as Record<string, unknown> }
        if (answer.type === 9) checkModal(answer.data)
        if (answer.type === 4) checkMessage(answer.data, [])
        pending.answered = answer
        if (answer.type === 4) showOriginal(pending, answer.data)
        if (answer.type === 7 && pending.message)
          edit(pending.message, {
            method: '',
            path: '',
            query: new URLSearchParams(),
            body: answer.data,
            list: [],
            files: [],
          })
        pending.changed()
      },
    ],
  ]

  async function handle(request: Request): Promise<unknown> {
    for (const [method, pattern, handler] of routes) {
      const ids = pattern.exec(request.path)
      if (ids && method === request.method) return await handler(ids.slice(1), request)
    }
    rest.unknown.push(`${request.method} ${request.path}`)
    throw new Refused(404, 0, '404: Not Found')
  }

  const rest: Rest = {
    faults: [],
    calls: [],
    unknown: [],
    interactions: new Map(),
    async answer(incoming, response, base) {
      const url = new URL(incoming.url ?? '/', base)
      const request = await read(incoming, url)
      const call: Call = {
        method: request.method,
        path: request.path,
        body: request.body,
        files: request.files,
        status: 0,
      }
      rest.calls.push(call)
      const reply = (status: number, headers: Record<string, string>, body: unknown) => {
        call.status = status
        response.writeHead(status, {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        })
        response.end(body === undefined ? undefined : JSON.stringify(body))
      }
      try {
        const free = /^\/(?:webhooks\/\d+\/|interactions\/)/u.test(request.path)
        if (!free && incoming.headers.authorization !== `Bot ${world.token}`) throw refused('unauthorized')
        const fault = rest.faults.find(
          (one) => one.times > 0 && one.method === request.method && one.path.test(request.path),
        )
        if (fault) fault.times -= 1
        if (fault?.until) await fault.until
        const done = fault && !fault.afterwards ? undefined : await handle(request)
        if (fault?.cut) return void response.destroy()
        if (fault && fault.status >= 400) throw faultOf(fault)
        reply(done === undefined ? 204 : 200, {}, done)
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        reply(error.status, error.headers, { code: error.code, message: error.message, ...error.more })
      }
    },
    put,
    change,
    drop,
    react,
    makeThread,
  }
  return rest
}

function faultOf({ status, code = 0, retryAfter, global = false }: Fault): Refused {
  if (status !== 429) return new Refused(status, code, code === 0 ? `${status}: a fault` : `a fault (${code})`)
  const seconds = retryAfter ?? 1
  const headers = {
    'retry-after': String(seconds),
    'x-ratelimit-scope': global ? 'global' : 'user',
    ...(global
      ? { 'x-ratelimit-global': 'true' }
      : { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': String(seconds) }),
  }
  return new Refused(429, code, 'You are being rate limited.', headers, { retry_after: seconds, global })
}

function fail(name: Parameters<typeof refused>[0]): never {
  throw refused(name)
}

function threadName(body: Record<string, unknown>): string {
  const name = String(body.name ?? '')
  if (name.length < 1 || name.length > 100) throw malformed('name', 'Must be between 1 and 100 in length.')
  return name
}

/** The channel between the bot and a person, made at the first word. */
export function directWith(world: World, user: string): Channel {
  const known = [...world.channels.values()].find((one) => one.type === kind.dm && one.recipients?.[0]?.id === user)
  if (known) return known
  const person = world.users.get(user)
  if (!person) throw refused('unknownUser')
  const channel: Channel = {
    id: world.nextId(),
    type: kind.dm,
    name: '',
    recipients: [person],
    permission_overwrites: [],
    members: new Set(),
    messages: [],
  }
  world.channels.set(channel.id, channel)
  return channel
}

async function read(incoming: IncomingMessage, url: URL): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const type = incoming.headers['content-type'] ?? ''
  const request: Request = {
    method: incoming.method ?? 'GET',
    path: url.pathname.replace(/^\/api(?:\/v\d+)?/u, '').replaceAll('%40', '@'),
    query: url.searchParams,
    body: {},
    list: [],
    files: [],
  }
  if (type.startsWith('multipart/form-data')) {
    const form = await new Response(bytes, { headers: { 'content-type': type } }).formData()
    for (const [name, value] of form) {
      if (name === 'payload_json') request.body = JSON.parse(String(value))
      else if (typeof value !== 'string')
        request.files.push({ name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) })
    }
  } else if (bytes.length > 0) {
    const parsed: unknown = JSON.parse(bytes.toString('utf8'))
    if (Array.isArray(parsed)) request.list = parsed
    else if (typeof parsed === 'object' && parsed !== null) request.body = { ...parsed }
  }
  return request
}
