/** What a Discord holds: people, guilds, channels, messages. Plain state and the payload shapes that the API gives of it. */

export interface User {
  id: string
  username: string
  global_name: string | null
  discriminator: string
  avatar: string | null
  bot?: boolean
}

export interface Attachment {
  id: string
  filename: string
  content_type: string
  size: number
  url: string
  bytes: Buffer
}

export interface Message {
  id: string
  channel_id: string
  guild_id?: string
  author: User
  webhook_id?: string
  content: string
  timestamp: string
  edited_timestamp: string | null
  mentions: User[]
  attachments: Attachment[]
  components: Component[]
  flags: number
  type: number
  nonce?: string
  reactions: { emoji: string; users: string[] }[]
  sticker_items?: { id: string; name: string; format_type: number }[]
  message_reference?: { message_id: string; channel_id: string }
  message_snapshots?: { message: { content: string; attachments: [] } }[]
  referenced_message?: Message | null
}

export interface Component {
  type: number
  custom_id?: string
  label?: string
  content?: string
  style?: number
  disabled?: boolean
  components?: Component[]
  component?: Component
  [more: string]: unknown
}

/** Channel types. */
export const kind = { text: 0, dm: 1, public: 11, private: 12, forum: 15 } as const

export interface Channel {
  id: string
  type: number
  name: string
  guild_id?: string
  parent_id?: string | null
  owner_id?: string
  recipients?: User[]
  thread_metadata?: { archived: boolean; auto_archive_duration: number; locked: boolean; archive_timestamp: string }
  permission_overwrites: { id: string; type: number; allow: string; deny: string }[]
  available_tags?: { id: string; name: string }[]
  members: Set<string>
  messages: Message[]
}

export interface Guild {
  id: string
  name: string
  members: Set<string>
  /** The bot's permissions there. */
  permissions: bigint
}

export interface Webhook {
  id: string
  token: string
  channel_id: string
  application_id: string
  name: string
  type: number
}

export interface World {
  now(): number
  nextId(): string
  application: { id: string; flags: number; name: string }
  token: string
  bot: User
  users: Map<string, User>
  guilds: Map<string, Guild>
  channels: Map<string, Channel>
  webhooks: Map<string, Webhook>
  commands: Record<string, unknown>[]
  /** Who takes no direct messages. */
  closed: Set<string>
}

const epoch = 1_420_070_400_000n

export function createWorld(now: () => number, token: string): World {
  let count = 0n
  const nextId = () => {
    count += 1n
    return (((BigInt(now()) - epoch) << 22n) | (count & 0x3fffffn)).toString()
  }
  const id = nextId()
  const bot: User = { id, username: 'amends', global_name: null, discriminator: '0001', avatar: null, bot: true }
  return {
    now,
    nextId,
    application: { id, flags: 0, name: 'Amends' },
    token,
    bot,
    users: new Map([[bot.id, bot]]),
    guilds: new Map(),
    channels: new Map(),
    webhooks: new Map(),
    commands: [],
    closed: new Set(),
  }
}

/** GATEWAY_MESSAGE_CONTENT_LIMITED: the switch in the developer portal of a small app. */
export const contentFlag = 1 << 19

export function isThread(channel: Channel): boolean {
  return channel.type === kind.public || channel.type === kind.private
}

export function madeAt(id: string): number {
  return Number((BigInt(id) >> 22n) + epoch)
}

/** As the API gives it; `shown` is false where the text is withheld for want of the intent. */
export function messagePayload(message: Message, world: World, shown = true): Record<string, unknown> {
  const { reactions, nonce: _nonce, referenced_message: answered, ...rest } = message
  const channel = world.channels.get(message.channel_id)
  return {
    ...rest,
    content: shown ? message.content : '',
    attachments: shown ? message.attachments.map(({ bytes: _bytes, ...known }) => known) : [],
    components: shown ? message.components : [],
    embeds: [],
    mention_roles: [],
    mention_everyone: false,
    pinned: false,
    tts: false,
    channel_type: channel?.type,
    ...(answered === undefined ? {} : { referenced_message: answered && messagePayload(answered, world, shown) }),
    ...(reactions.length === 0
      ? {}
      : {
          reactions: reactions.map(({ emoji, users }) => ({
            emoji: { id: null, name: emoji },
            count: users.length,
            me: users.includes(world.bot.id),
          })),
        }),
  }
}

export function channelPayload(channel: Channel): Record<string, unknown> {
  const { members, messages, ...rest } = channel
  const last = messages.at(-1)?.id ?? null
  return {
    ...rest,
    last_message_id: last,
    ...(isThread(channel) ? { message_count: messages.length, member_count: members.size } : {}),
  }
}

export function guildPayload(guild: Guild, world: World): Record<string, unknown> {
  const here = [...world.channels.values()].filter((channel) => channel.guild_id === guild.id)
  return {
    id: guild.id,
    name: guild.name,
    owner_id: '1',
    unavailable: false,
    joined_at: new Date(world.now()).toISOString(),
    large: false,
    member_count: guild.members.size + 1,
    roles: [
      {
        id: guild.id,
        name: '@everyone',
        permissions: guild.permissions.toString(),
        position: 0,
        color: 0,
        hoist: false,
        managed: false,
        mentionable: false,
        flags: 0,
      },
    ],
    channels: here.filter((channel) => !isThread(channel)).map(channelPayload),
    threads: here
      .filter(
        (channel) =>
          isThread(channel) &&
          (channel.type === kind.public || channel.members.has(world.bot.id)) &&
          channel.thread_metadata?.archived !== true,
      )
      .map(channelPayload),
    members: [
      {
        user: world.bot,
        roles: [],
        joined_at: new Date(world.now()).toISOString(),
        deaf: false,
        mute: false,
        flags: 0,
      },
    ],
    emojis: [],
    stickers: [],
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    features: [],
    preferred_locale: 'en-US',
    premium_tier: 0,
    system_channel_flags: 0,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_progress_bar_enabled: false,
  }
}
