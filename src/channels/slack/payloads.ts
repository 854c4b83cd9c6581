/** What Slack sends, as far as it is looked at; parsed once, at the door. Fixtures of the real shapes are in test/fixtures/slack. */
import { z } from 'zod'

const file = z.object({
  id: z.string(),
  name: z.string().optional(),
  mimetype: z.string().optional(),
  size: z.number().optional(),
  url_private_download: z.string().optional(),
  url_private: z.string().optional(),
  file_access: z.string().optional(),
})
export type FileFacts = z.infer<typeof file>

/** A message inside of an event that tells of a change. */
const inner = z.object({
  user: z.string().optional(),
  bot_id: z.string().optional(),
  subtype: z.string().optional(),
  text: z.string().default(''),
  ts: z.string(),
  thread_ts: z.string().optional(),
  edited: z.object({ ts: z.string() }).optional(),
})

const message = z.object({
  type: z.enum(['message', 'app_mention']),
  subtype: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().default(''),
  ts: z.string(),
  thread_ts: z.string().optional(),
  channel: z.string(),
  channel_type: z.string().optional(),
  files: z.array(file).optional(),
  message: inner.optional(),
  previous_message: inner.optional(),
  deleted_ts: z.string().optional(),
})
export type MessageEvent = z.infer<typeof message>

const reaction = z.object({
  type: z.literal('reaction_added'),
  user: z.string(),
  reaction: z.string(),
  item_user: z.string().optional(),
  item: z.object({ type: z.string(), channel: z.string().optional(), ts: z.string().optional() }),
  event_ts: z.string(),
})
export type ReactionEvent = z.infer<typeof reaction>

const home = z.object({
  type: z.literal('app_home_opened'),
  user: z.string(),
  channel: z.string(),
  tab: z.string(),
  event_ts: z.string().optional(),
})

export type HomeEvent = z.infer<typeof home>

const uninstalled = z.object({ type: z.literal('app_uninstalled') })
const revoked = z.object({
  type: z.literal('tokens_revoked'),
  tokens: z.object({ bot: z.array(z.string()).optional() }),
})

export const events = z.discriminatedUnion('type', [message, reaction, home, uninstalled, revoked])
export type Event = z.infer<typeof events>

/** The types of event that are subscribed to: all else is of no use here. */
export const eventTypes: readonly string[] = events.options.flatMap(({ shape: { type } }) =>
  'options' in type ? type.options : [...type.values],
)

export const envelope = z.object({
  team_id: z.string().nullish(),
  enterprise_id: z.string().nullish(),
  event_id: z.string(),
  event_time: z.number(),
  event: z.looseObject({ type: z.string() }),
  authorizations: z
    .array(z.object({ team_id: z.string().nullish(), enterprise_id: z.string().nullish(), user_id: z.string() }))
    .optional(),
})

/** Whose installation an event is for: in a channel that is shared with another workspace the event's own team may be theirs. */
export function installationOf({ authorizations, team_id, enterprise_id }: z.infer<typeof envelope>) {
  const [authorization] = authorizations ?? []
  const workspace = authorization?.team_id ?? authorization?.enterprise_id ?? team_id ?? enterprise_id ?? null
  return { workspace, bot: authorization?.user_id ?? null }
}

const someone = z.object({ id: z.string() })
const team = z.object({ id: z.string() }).nullish()

const place = {
  team,
  user: someone,
  enterprise: z.object({ id: z.string() }).nullish(),
}

const action = z.object({
  action_id: z.string(),
  action_ts: z.string(),
  value: z.string().optional(),
  text: z.object({ text: z.string() }).optional(),
})

export const press = z.object({
  ...place,
  channel: z.object({ id: z.string() }).optional(),
  container: z.looseObject({ type: z.string(), is_ephemeral: z.boolean().optional() }),
  message: z
    .object({
      team: z.string().optional(),
      ts: z.string(),
      thread_ts: z.string().optional(),
      text: z.string().default(''),
      blocks: z.array(z.looseObject({ type: z.string() })).default([]),
    })
    .optional(),
  trigger_id: z.string(),
  actions: z.tuple([action], action),
})
export type Press = z.infer<typeof press>

export const messageShortcut = z.object({
  ...place,
  callback_id: z.string(),
  channel: z.object({ id: z.string() }),
  trigger_id: z.string(),
  message: z.object({
    ts: z.string(),
    thread_ts: z.string().optional(),
    user: z.string().optional(),
    text: z.string().default(''),
  }),
})
export type MessageShortcut = z.infer<typeof messageShortcut>

export const command = z.object({
  team_id: z.string(),
  enterprise_id: z.string().optional(),
  channel_id: z.string(),
  user_id: z.string(),
  text: z.string().default(''),
  trigger_id: z.string(),
})

const input = z.looseObject({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
})

export const handedIn = z.object({
  ...place,
  view: z.object({
    id: z.string(),
    hash: z.string(),
    callback_id: z.string(),
    private_metadata: z.string(),
    title: z.object({ text: z.string() }),
    app_installed_team_id: z.string().nullish(),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), input)) }),
  }),
})
export type HandedIn = z.infer<typeof handedIn>

/** The workspace in which somebody pressed or wrote. */
export function workspaceOf({ team: at, enterprise }: Pick<Press, 'team' | 'enterprise'>): string {
  return at?.id ?? enterprise?.id ?? '-'
}

/** The same of a press: whoever pressed may be from another workspace, but what they pressed under is our own message. */
export function workspacePressed({ message, ...at }: Press): string {
  return message?.team ?? workspaceOf(at)
}
