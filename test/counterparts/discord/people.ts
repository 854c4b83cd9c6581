/** People in the counterpart: they write, edit, delete, react, press, run commands and fill in forms. */
import { withInner } from './body.ts'
import type { Gateway } from './gateway.ts'
import { type Answer, directWith, type Pending, type Rest } from './rest.ts'
import {
  type Channel,
  type Component,
  isThread,
  kind,
  type Message,
  messagePayload,
  type User,
  type World,
} from './world.ts'

export interface Sent {
  files?: { name: string; type: string; bytes: Uint8Array }[]
  /** A reply that pings whoever wrote that. */
  to?: Message
  sticker?: string
  forward?: string
}

export interface Person {
  id: string
  name: string
  user: User
  /** The channel between this person and the bot. */
  direct(): Channel
  says(text: string, sent?: Sent): Message
  /** In a channel or a thread; `@bot` becomes the mention. */
  writes(channel: Channel, text: string, sent?: Sent): Message
  /** A post in a forum: a thread with this first message. */
  posts(forum: Channel, title: string, text: string): { thread: Channel; message: Message }
  edits(message: Message, text: string): void
  deletes(message: Message): void
  reacts(message: Message, emoji: string): void
  presses(message: Message, which: string | RegExp): Promise<Answered>
  runs(command: string, options?: Record<string, string>, channel?: Channel): Promise<Answered>
  /** A context-menu entry on a message. */
  uses(entry: string, message: Message): Promise<Answered>
  /** Fills in the modal that the answer opened; fields by custom_id. */
  fills(modal: Answered, values: Record<string, string>): Promise<Answered>
  closesDirect(): void
}

/** What came of an interaction. */
export interface Answered {
  answer: Answer
  pending: Pending
  /** The text that the person alone, or everybody, was answered with. */
  text(): string
  /** Resolves when the deferred answer is there. */
  final(): Promise<string>
}

export interface Ground {
  world: World
  rest: Rest
  gateway: Gateway
  /** How long Discord waits for the first answer, in real milliseconds. */
  answerWithinMs: number
}

export function personIn(ground: Ground, name: string, id = ground.world.nextId()): Person {
  const { world, rest } = ground
  const user: User = { id, username: name, global_name: name, discriminator: '0', avatar: null }
  world.users.set(id, user)

  function write(channel: Channel, text: string, { files = [], to, sticker, forward }: Sent = {}): Message {
    return rest.put(channel, {
      author: user,
      content: text.replaceAll('@bot', `<@${world.bot.id}>`),
      attachments: files.map(({ name: filename, type, bytes }) => {
        const attachment = world.nextId()
        const url = `${new URL(ground.gateway.url().replace(/^ws/u, 'http')).origin}/attachments/${channel.id}/${attachment}/${encodeURIComponent(filename)}?ex=1&is=1&hm=1`
        return { id: attachment, filename, content_type: type, size: bytes.length, url, bytes: Buffer.from(bytes) }
      }),
      ...(to ? { type: 19, message_reference: { message_id: to.id, channel_id: channel.id } } : {}),
      ...(sticker === undefined ? {} : { sticker_items: [{ id: world.nextId(), name: sticker, format_type: 1 }] }),
      ...(forward === undefined ? {} : { message_snapshots: [{ message: { content: forward, attachments: [] } }] }),
    })
  }

  const interact = (channel: Channel | null, type: number, data: object, message?: Message) =>
    interaction(ground, user, channel, type, data, message)

  const person: Person = {
    id,
    name,
    user,
    direct: () => directWith(world, id),
    says: (text, sent) => write(person.direct(), text, sent),
    writes: write,
    posts(forum, title, text) {
      const thread = rest.makeThread(forum, title, kind.public, id)
      return { thread, message: rest.put(thread, { author: user, content: text, id: thread.id }) }
    },
    edits: (message, text) => rest.change(message, text),
    deletes: (message) => rest.drop(message),
    reacts: (message, emoji) => rest.react(message, id, emoji, true),
    async presses(message, which) {
      const channel = world.channels.get(message.channel_id) ?? null
      const button = message.components
        .flatMap(withInner)
        .find(
          (one) =>
            one.type === 2 && (typeof which === 'string' ? one.label === which : which.test(String(one.custom_id))),
        )
      if (!button) throw new Error(`there is no button ${which} on: ${JSON.stringify(message.components)}`)
      if (button.disabled) throw new Error(`the button ${which} is disabled`)
      return await interact(channel, 3, { custom_id: button.custom_id, component_type: 2 }, message)
    },
    async runs(command, options = {}, channel = person.direct()) {
      const known = world.commands.find((one) => one.name === command && (one.type ?? 1) === 1)
      if (!known) throw new Error(`there is no command /${command}`)
      const given = Object.entries(options).map(([option, value]) => ({ name: option, type: 3, value }))
      return await interact(channel, 2, { id: known.id, name: command, type: 1, options: given })
    },
    async uses(entry, message) {
      const known = world.commands.find((one) => one.name === entry && one.type === 3)
      if (!known) throw new Error(`there is no entry ${entry}`)
      const channel = world.channels.get(message.channel_id) ?? null
      // What a context menu is used on comes with its text, whatever the intents.
      const messages = { [message.id]: messagePayload(message, world) }
      return await interact(channel, 2, {
        id: known.id,
        name: entry,
        type: 3,
        target_id: message.id,
        resolved: { messages },
      })
    },
    async fills({ answer, pending }, values) {
      if (answer.type !== 9) throw new Error(`no form was opened, but: ${JSON.stringify(answer)}`)
      const fields = (answer.data.components as Component[]).filter((one) => one.type === 18)
      const ids = fields.map((field) => String(field.component?.custom_id))
      for (const field of Object.keys(values))
        if (!ids.includes(field)) throw new Error(`the form has ${ids}, and no ${field}`)
      const picked: string[] = []
      const components = fields.map((field) => {
        const { custom_id: field_id = '', type = 4, value, required = true, options } = field.component ?? { type: 4 }
        const chosen = (options as { value: string; default?: boolean }[] | undefined)?.find((one) => one.default)
        const given = values[field_id] ?? (typeof value === 'string' ? value : (chosen?.value ?? ''))
        if (given === '' && required !== false) throw new Error(`the field ${field_id} must be filled in`)
        if (type === 3 && given !== '' && !(options as { value: string }[]).some((one) => one.value === given))
          throw new Error(`${field_id} offers no ${given}: ${JSON.stringify(options)}`)
        if (type === 5) picked.push(given)
        return {
          type: 18,
          id: 1,
          component:
            type === 3 || type === 5
              ? { type, custom_id: field_id, values: given === '' ? [] : [given] }
              : { type, custom_id: field_id, value: given },
        }
      })
      return await interact(
        pending.channel,
        5,
        { custom_id: answer.data.custom_id, components, resolved: resolvedOf(world, picked) },
        pending.message ?? undefined,
      )
    },
    closesDirect: () => void world.closed.add(id),
  }
  return person
}

/** Whom a select of people gave, as Discord sends them along. */
function resolvedOf({ users }: World, picked: readonly string[]): object {
  const found = picked.flatMap((id): [string, User][] => {
    const user = users.get(id)
    if (!user) throw new Error(`there is nobody with the id ${id}`)
    return [[id, user]]
  })
  const members = found.map(([id]) => [id, { nick: null, roles: [] }])
  return found.length === 0 ? {} : { users: Object.fromEntries(found), members: Object.fromEntries(members) }
}

async function interaction(
  { world, rest, gateway, answerWithinMs }: Ground,
  user: User,
  channel: Channel | null,
  type: number,
  data: object,
  message?: Message,
): Promise<Answered> {
  const watchers = new Set<() => void>()
  const pending: Pending = {
    id: world.nextId(),
    token: `token-${world.nextId()}`,
    user: user.id,
    channel,
    message: message ?? null,
    answered: null,
    expired: false,
    original: null,
    followUps: [],
    changed() {
      for (const watcher of [...watchers]) watcher()
    },
  }
  rest.interactions.set(pending.id, pending)
  const guild = channel?.guild_id === undefined ? undefined : world.guilds.get(channel.guild_id)
  gateway.dispatch({
    t: 'INTERACTION_CREATE',
    guild: guild?.id ?? null,
    needs: 0,
    d: () => ({
      id: pending.id,
      application_id: world.application.id,
      type,
      data,
      token: pending.token,
      version: 1,
      locale: 'en-US',
      entitlements: [],
      authorizing_integration_owners: {},
      attachment_size_limit: 10_485_760,
      channel_id: channel?.id,
      channel: channel
        ? {
            id: channel.id,
            type: channel.type,
            name: channel.name,
            parent_id: channel.parent_id,
            guild_id: channel.guild_id,
          }
        : undefined,
      ...(message ? { message: messagePayload(message, world) } : {}),
      ...(guild
        ? {
            guild_id: guild.id,
            guild_locale: 'en-US',
            app_permissions: allowed(world, guild.permissions, channel).toString(),
            member: {
              user,
              roles: [],
              nick: null,
              permissions: '0',
              joined_at: new Date(0).toISOString(),
              deaf: false,
              mute: false,
              flags: 0,
            },
            context: 0,
          }
        : { user, app_permissions: '0', context: 1 }),
    }),
  })
  const until = <T>(find: () => T | null, ms: number) =>
    new Promise<T | null>((resolve) => {
      const timer = setTimeout(() => done(null), ms)
      const done = (found: T | null) => {
        clearTimeout(timer)
        watchers.delete(look)
        resolve(found)
      }
      const look = () => {
        const found = find()
        if (found !== null) done(found)
      }
      watchers.add(look)
      look()
    })
  const answer = await until(() => pending.answered, answerWithinMs)
  if (answer === null) {
    pending.expired = true
    throw new Error('This interaction failed: nobody answered in time')
  }
  const text = () => textOf(pending.original) || pending.followUps.map(({ body }) => textOf(body)).join('\n')
  return {
    answer,
    pending,
    text,
    async final() {
      await until(() => (text() === '' ? null : text()), 10_000)
      return text()
    },
  }
}

function allowed(world: World, permissions: bigint, channel: Channel | null): bigint {
  const of = channel && isThread(channel) ? world.channels.get(channel.parent_id ?? '') : channel
  return permissions & ~(of?.permission_overwrites ?? []).reduce((all, one) => all | BigInt(one.deny), 0n)
}

/** All that can be read of a message: its content, and the text in its components. */
export function textOf(message: { content?: unknown; components?: unknown } | null): string {
  if (message === null) return ''
  const components = Array.isArray(message.components) ? (message.components as Component[]) : []
  const shown = components.flatMap(withInner).filter((one) => one.type === 10)
  return [String(message.content ?? ''), ...shown.map((one) => String(one.content))]
    .filter((text) => text !== '')
    .join('\n')
}

/** The buttons of a message, by label. */
export function buttonsOf(message: Message): string[] {
  return message.components.flatMap(withInner).flatMap((one) => (one.type === 2 ? [String(one.label)] : []))
}
