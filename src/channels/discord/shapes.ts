/** The payloads of Discord's that we read, as far as we read them. Parsed at the door, trusted inside. */
import { z } from 'zod'

const id = z.string().regex(/^\d{1,20}$/u)

const user = z.object({
  id,
  username: z.string().default(''),
  global_name: z.string().nullish(),
  avatar: z.string().nullish(),
  bot: z.boolean().nullish(),
})
export type User = z.infer<typeof user>

const member = z.object({ nick: z.string().nullish(), user: user.nullish() })

const attachment = z.object({
  id,
  filename: z.string(),
  content_type: z.string().nullish(),
  size: z.number().default(0),
  url: z.string(),
})
export type Attachment = z.infer<typeof attachment>

const snapshot = z.object({ message: z.object({ content: z.string().default('') }) })

const message = z.object({
  id,
  channel_id: id,
  guild_id: id.nullish(),
  author: user,
  member: member.nullish(),
  webhook_id: id.nullish(),
  content: z.string().default(''),
  timestamp: z.string(),
  edited_timestamp: z.string().nullish(),
  type: z.number().default(0),
  flags: z.number().nullish(),
  mentions: z.array(user.extend({ member: member.nullish() })).default([]),
  attachments: z.array(attachment).default([]),
  sticker_items: z.array(z.object({ name: z.string() })).nullish(),
  message_snapshots: z.array(snapshot).nullish(),
  referenced_message: z.object({ author: user.nullish() }).nullish(),
  nonce: z.union([z.string(), z.number()]).nullish(),
  components: z.array(z.unknown()).nullish(),
})
export type Message = z.infer<typeof message>

/** An update may be of embeds alone, and then lacks nearly everything. */
const update = message.partial().extend({ id, channel_id: id, guild_id: id.nullish() })

const gone = z.object({ id, channel_id: id, guild_id: id.nullish() })
const allGone = z.object({ ids: z.array(id), channel_id: id, guild_id: id.nullish() })

const reaction = z.object({
  user_id: id,
  channel_id: id,
  message_id: id,
  guild_id: id.nullish(),
  message_author_id: id.nullish(),
  member: member.nullish(),
  emoji: z.object({ id: id.nullish(), name: z.string().nullish() }),
})
export type Reaction = z.infer<typeof reaction>

const channel = z.object({
  id,
  type: z.number(),
  name: z.string().nullish(),
  guild_id: id.nullish(),
  parent_id: id.nullish(),
  owner_id: id.nullish(),
  recipients: z.array(user).nullish(),
})
export type ChannelPayload = z.infer<typeof channel>

const guild = z.object({
  id,
  name: z.string().nullish(),
  unavailable: z.boolean().nullish(),
  channels: z.array(channel).default([]),
  threads: z.array(channel).default([]),
  roles: z.array(z.object({ id, name: z.string() })).default([]),
})

const ready = z.object({ user, session_id: z.string(), application: z.object({ id, flags: z.number().nullish() }) })

/** What a modal gives back: labels that hold a field each, or the older rows. */
const field = z.object({
  type: z.number(),
  custom_id: z.string().nullish(),
  value: z.string().nullish(),
  values: z.array(z.string()).nullish(),
})
const held = z.object({ type: z.number(), component: field.nullish(), components: z.array(field).nullish() })

const option = z.object({ name: z.string(), value: z.union([z.string(), z.number(), z.boolean()]).nullish() })

const interaction = z.object({
  id,
  application_id: id,
  type: z.number(),
  token: z.string(),
  guild_id: id.nullish(),
  channel_id: id.nullish(),
  channel: channel.partial().extend({ id }).nullish(),
  user: user.nullish(),
  member: member.nullish(),
  locale: z.string().nullish(),
  app_permissions: z.string().nullish(),
  message: message.partial().extend({ id, channel_id: id }).nullish(),
  data: z
    .object({
      name: z.string().nullish(),
      type: z.number().nullish(),
      custom_id: z.string().nullish(),
      values: z.array(z.string()).nullish(),
      target_id: id.nullish(),
      options: z.array(option).nullish(),
      components: z.array(held).nullish(),
      resolved: z
        .object({
          messages: z.record(z.string(), message.partial().extend({ id })).nullish(),
          users: z.record(z.string(), user).nullish(),
          members: z.record(z.string(), member).nullish(),
        })
        .nullish(),
    })
    .nullish(),
})
export type Interaction = z.infer<typeof interaction>

export const shapes = { message, update, gone, allGone, reaction, channel, guild, ready, interaction, user } as const

/** What REST gives: only what we use of each. */
export const answers = {
  application: z.object({ id, flags: z.number().nullish(), name: z.string().nullish() }),
  channel,
  message,
  messages: z.array(message),
  user,
  posted: z.object({ id }),
  webhook: z.object({ id, token: z.string().nullish(), application_id: id.nullish() }),
  webhooks: z.array(z.object({ id, token: z.string().nullish(), application_id: id.nullish() })),
  guilds: z.array(z.object({ id, name: z.string(), permissions: z.string() })),
  threads: z.object({ threads: z.array(channel) }),
}

/** Where a snowflake was made, in epoch milliseconds. */
export function madeAt(snowflake: string): number {
  return Number((BigInt(snowflake) >> 22n) + 1_420_070_400_000n)
}

/** The first snowflake that could be made at that time. */
export function snowflakeAt(at: number): string {
  return String(BigInt(Math.max(0, Math.floor(at) - 1_420_070_400_000)) << 22n)
}

/** Flags of an app that may read what does not address it: given by review, or to a small app by a switch. */
export const mayReadAll = (1 << 18) | (1 << 19)

export const channelType = {
  text: 0,
  dm: 1,
  announcement: 5,
  newsThread: 10,
  thread: 11,
  privateThread: 12,
  forum: 15,
  media: 16,
} as const

export function isThreadType(type: number): boolean {
  return type === channelType.newsThread || type === channelType.thread || type === channelType.privateThread
}

export function isForumType(type: number): boolean {
  return type === channelType.forum || type === channelType.media
}

/** The API's own error codes that mean something to us. */
export const code = {
  unknownChannel: 10003,
  unknownMessage: 10008,
  unknownInteraction: 10062,
  tooLarge: 40005,
  openingTooFast: 40003,
  acknowledged: 40060,
  missingAccess: 50001,
  notTheAuthor: 50005,
  noDirect: 50007,
  missingPermissions: 50013,
  noSharedServer: 50278,
  archived: 50083,
  hasThread: 160004,
  editsTooOld: 30046,
} as const
