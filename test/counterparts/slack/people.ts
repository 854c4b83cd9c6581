/** What people do in Slack, and what the app is told of it: the payloads as Slack sends them. */
import { randomUUID } from 'node:crypto'
import { type Action, actionsIn, type Block } from './blocks.ts'
import { newMessage, shown } from './methods.ts'
import type { Answered, Wire } from './wire.ts'
import {
  imOf,
  type Message,
  messageIn,
  type OpenView,
  type Person,
  type Room,
  type SlackFile,
  type Team,
  type World,
} from './world.ts'

export interface Said {
  room: Room
  message: Message
  /** What became of each event that it made, in the order in which they were sent. */
  acks: Answered[]
}

interface Where {
  in?: Room
  thread?: string
  files?: { name: string; type: string; bytes: Buffer; hidden?: boolean }[]
  /** A reply that is shown in the channel too. */
  broadcast?: boolean
}

export interface Someone {
  person: Person
  id: string
  /** Without a room: to the app, directly. */
  says(text: string, where?: Where): Promise<Said>
  edits(said: { room: Room; message: Message }, text: string): Promise<Answered[]>
  deletes(said: { room: Room; message: Message }): Promise<Answered[]>
  /** A link is unfurled: `message_changed`, and yet nobody edited. */
  unfurls(said: { room: Room; message: Message }): Promise<Answered[]>
  reacts(emoji: string, to: { room: Room; message: Message }): Promise<Answered[]>
  opensHome(tab: 'home' | 'messages'): Promise<Answered[]>
  /** Presses what is labelled or called so, under a message. */
  presses(button: string, under: { room: Room; message: Message }): Promise<Answered>
  pressesAtHome(button: string): Promise<Answered>
  /** Presses it under a line that only they see. */
  pressesEphemeral(button: string): Promise<Answered>
  commands(command: string, text: string, room?: Room): Promise<Answered>
  shortcuts(callback: string, on: { room: Room; message: Message }): Promise<Answered>
  /** Fills in the newest view that is open to them, by label, and sends it off. */
  submits(values: Record<string, string>): Promise<Answered>
  /** The newest view that is open to them. */
  view(): OpenView | null
  /** Their direct messages with the app. */
  dm(): Room
  /** What was last said in the direct messages. */
  last(): { room: Room; message: Message }
}

export interface Stage {
  world: World
  team: Team
  wire: Wire
  address: string
  trigger(user: string): string
  responseUrl(room: Room | null, message: Message | null, user: string): string
}

const appId = 'A0000001'

export function someone(stage: Stage, person: Person): Someone {
  const { world, team, wire } = stage

  const inRoom = (room: Room | undefined): Room => room ?? imOf(world, team, person.id)
  const found = (): OpenView | null => world.views.findLast((view) => view.user === person.id) ?? null

  async function tell(events: object[]): Promise<Answered[]> {
    const acks: Answered[] = []
    for (const event of events) acks.push(await wire.event(envelope(stage, event)))
    return acks
  }

  return {
    person,
    id: person.id,
    dm: () => imOf(world, team, person.id),
    view: found,
    last() {
      const room = imOf(world, team, person.id)
      const message = room.messages.at(-1)
      if (!message) throw new Error(`nothing was said to ${person.name}`)
      return { room, message }
    },
    async says(text, where = {}) {
      const room = inRoom(where.in)
      const message = newMessage(world, person.id, null, text, where.thread ?? null)
      message.files = (where.files ?? []).map(({ name, type, bytes, hidden = false }) => {
        const file: SlackFile = {
          id: world.id('F'),
          name,
          mimetype: type,
          size: bytes.length,
          bytes,
          shares: [],
          hidden,
        }
        world.files.set(file.id, file)
        return file
      })
      room.messages.push(message)
      return { room, message, acks: await tell(saidEvents(stage, room, message, person, where.broadcast === true)) }
    },
    async edits({ room, message }, text) {
      const before = { ...message }
      message.text = text
      message.edited = world.ts()
      return await tell(changed(stage, room, before, message))
    },
    async unfurls({ room, message }) {
      return await tell(changed(stage, room, { ...message }, message))
    },
    async deletes({ room, message }) {
      room.messages.splice(room.messages.indexOf(message), 1)
      const event = {
        type: 'message',
        subtype: 'message_deleted',
        hidden: true,
        channel: room.id,
        channel_type: room.kind,
        deleted_ts: message.ts,
        ts: world.ts(),
        event_ts: world.ts(),
        previous_message: shown(message, stage.address),
      }
      return await tell(subscribed(stage, room) ? [event] : [])
    },
    async reacts(emoji, { room, message }) {
      const who = message.reactions.get(emoji) ?? new Set()
      message.reactions.set(emoji, who.add(person.id))
      if (!has(stage, 'reaction_added')) return []
      const item = { type: 'message', channel: room.id, ts: message.ts }
      return await tell([
        {
          type: 'reaction_added',
          user: person.id,
          reaction: emoji,
          item,
          item_user: message.user,
          event_ts: world.ts(),
        },
      ])
    },
    async opensHome(tab) {
      if (!has(stage, 'app_home_opened')) return []
      return await tell([
        {
          type: 'app_home_opened',
          user: person.id,
          channel: imOf(world, team, person.id).id,
          tab,
          event_ts: world.ts(),
        },
      ])
    },
    async presses(button, { room, message }) {
      const { block, action } = pick(message.blocks, button)
      const thread = message.threadTs === null ? {} : { thread_ts: message.threadTs }
      return await wire.interaction({
        ...common(stage, person),
        type: 'block_actions',
        container: { type: 'message', message_ts: message.ts, channel_id: room.id, is_ephemeral: false, ...thread },
        channel: { id: room.id, name: room.name },
        message: { ...shown(message), team: team.id },
        state: { values: {} },
        response_url: stage.responseUrl(room, message, person.id),
        actions: [pressed(stage, block, action, button)],
      })
    },
    async pressesAtHome(button) {
      const view = world.homes.get(person.id)
      if (!view) throw new Error(`${person.name} has no home`)
      const { block, action } = pick(view.blocks, button)
      return await wire.interaction({
        ...common(stage, person),
        type: 'block_actions',
        container: { type: 'view', view_id: 'V00000HOME' },
        view: { id: 'V00000HOME', team_id: team.id, ...view, state: { values: {} } },
        actions: [pressed(stage, block, action, button)],
      })
    },
    async pressesEphemeral(button) {
      const line = world.ephemeral.findLast((one) => one.user === person.id)
      const room = line && world.rooms.get(line.room)
      if (!line || !room) throw new Error(`${person.name} was told nothing in private`)
      const { block, action } = pick(line.blocks, button)
      return await wire.interaction({
        ...common(stage, person),
        type: 'block_actions',
        container: { type: 'message', message_ts: world.ts(), channel_id: room.id, is_ephemeral: true },
        channel: { id: room.id, name: room.name },
        state: { values: {} },
        response_url: stage.responseUrl(room, null, person.id),
        actions: [pressed(stage, block, action, button)],
      })
    },
    async commands(command, text, room) {
      if (!world.manifest.features.slash_commands?.some((known) => known.command === command))
        throw new Error(`Slack knows no command ${command}: it is not in the manifest`)
      const where = inRoom(room)
      const answered = await wire.command({
        token: 'verification-token',
        team_id: team.id,
        team_domain: 'example',
        channel_id: where.id,
        channel_name: where.name,
        user_id: person.id,
        user_name: person.name,
        command,
        text,
        api_app_id: appId,
        is_enterprise_install: 'false',
        response_url: stage.responseUrl(where, null, person.id),
        trigger_id: stage.trigger(person.id),
      })
      shownInPrivate(world, where, person, answered.body)
      return answered
    },
    async shortcuts(callback, { room, message }) {
      if (!world.manifest.features.shortcuts?.some((known) => known.callback_id === callback))
        throw new Error(`Slack knows no shortcut ${callback}: it is not in the manifest`)
      return await wire.interaction({
        ...common(stage, person),
        type: 'message_action',
        callback_id: callback,
        action_ts: world.ts(),
        channel: { id: room.id, name: room.name },
        message: shown(message),
        message_ts: message.ts,
        response_url: stage.responseUrl(room, message, person.id),
      })
    },
    async submits(values) {
      const open = found()
      if (!open) throw new Error(`no view is open to ${person.name}`)
      const answered = await wire.interaction({
        ...common(stage, person),
        type: 'view_submission',
        view: {
          id: open.id,
          team_id: team.id,
          app_id: appId,
          app_installed_team_id: team.id,
          bot_id: team.bot.id,
          hash: open.hash,
          root_view_id: open.rootId,
          previous_view_id: null,
          external_id: '',
          ...open.view,
          private_metadata: open.view.private_metadata ?? '',
          state: { values: filled(open.view.blocks, values) },
        },
        response_urls: [],
      })
      if (answered.status === 200 && !keepsOpen(answered.body)) world.views.splice(world.views.indexOf(open), 1)
      return answered
    },
  }
}

function keepsOpen(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'response_action' in body && body.response_action === 'errors'
}

function shownInPrivate(world: World, room: Room, person: Person, body: unknown): void {
  const text =
    typeof body === 'string' ? body : typeof body === 'object' && body && 'text' in body ? String(body.text) : ''
  if (text === '') return
  const blocks = typeof body === 'object' && body && 'blocks' in body ? (body.blocks as Block[]) : []
  world.ephemeral.push({ room: room.id, user: person.id, text, blocks, threadTs: null })
}

/** The envelope of the Events API. */
export function envelope({ world, team }: Stage, event: object): object {
  return {
    token: 'verification-token',
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: appId,
    event,
    type: 'event_callback',
    event_id: world.id('Ev'),
    event_time: Math.floor(world.now() / 1000),
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: team.bot.user, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${randomUUID()}`,
  }
}

export function has({ world, team }: Stage, event: string): boolean {
  const scope: Record<string, string> = {
    'message.channels': 'channels:history',
    'message.groups': 'groups:history',
    'message.im': 'im:history',
    app_mention: 'app_mentions:read',
    reaction_added: 'reactions:read',
  }
  const needed = scope[event]
  const granted = needed === undefined || team.bot.scopes.has(needed)
  return granted && world.manifest.settings.event_subscriptions.bot_events.includes(event)
}

export function subscribed(stage: Stage, room: Room): boolean {
  const event = { channel: 'message.channels', group: 'message.groups', im: 'message.im' }[room.kind]
  return room.members.has(stage.team.bot.user) && has(stage, event)
}

function saidEvents(stage: Stage, room: Room, message: Message, person: Person, broadcast: boolean): object[] {
  const { team, address } = stage
  const base = {
    ...shown(message, address),
    client_msg_id: randomUUID(),
    team: person.team,
    channel: room.id,
    event_ts: message.ts,
    ...(person.team === team.id
      ? {}
      : { user_team: person.team, source_team: person.team, user_profile: { name: person.name, team: person.team } }),
    ...(message.threadTs === null ? {} : { parent_user_id: messageIn(room, message.threadTs)?.user ?? person.id }),
  }
  const subtype =
    message.files.length > 0 ? { subtype: 'file_share' } : broadcast ? { subtype: 'thread_broadcast' } : {}
  const events: object[] = []
  if (subscribed(stage, room))
    events.push({ ...base, ...subtype, channel_type: room.kind, ...(person.isBot ? { bot_id: `B${person.id}` } : {}) })
  // A mention comes a second time, under another id.
  const mentioned = message.text.includes(`<@${team.bot.user}>`) && room.kind !== 'im'
  if (mentioned && room.members.has(team.bot.user) && has(stage, 'app_mention'))
    events.push({ ...base, type: 'app_mention' })
  return events
}

function changed(stage: Stage, room: Room, before: Message, now: Message): object[] {
  if (!subscribed(stage, room)) return []
  const ts = stage.world.ts()
  return [
    {
      type: 'message',
      subtype: 'message_changed',
      hidden: true,
      channel: room.id,
      channel_type: room.kind,
      ts,
      event_ts: ts,
      message: { ...shown(now, stage.address), source_team: stage.team.id },
      previous_message: shown(before, stage.address),
    },
  ]
}

function common(stage: Stage, person: Person) {
  return {
    user: { id: person.id, username: person.name, name: person.name, team_id: person.team },
    api_app_id: appId,
    token: 'verification-token',
    // Theirs, in a channel that two workspaces share.
    team: { id: person.team, domain: 'example' },
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: stage.trigger(person.id),
  }
}

function pressed(stage: Stage, block: Block, action: Action, wanted: string): object {
  const base = { action_id: action.action_id, block_id: block.block_id ?? 'b1', action_ts: stage.world.ts() }
  if (action.type === 'button') return { ...base, type: 'button', text: action.text, value: action.value ?? '' }
  const option = action.options.find((one) => one.text.text === wanted || one.value === wanted)
  return { ...base, type: action.type, selected_option: option }
}

/** The button, or the choice, that is labelled or called so. */
function pick(blocks: readonly Block[], wanted: string): { block: Block; action: Action } {
  const all = blocks.flatMap((block) => actionsIn(block).map((action) => ({ block, action })))
  const found = all.find(({ action }) =>
    action.type === 'button'
      ? action.text.text === wanted || action.action_id === wanted || action.value === wanted
      : action.options.some((one) => one.text.text === wanted || one.value === wanted),
  )
  if (found) return found
  const labels = all.flatMap(({ action }) =>
    action.type === 'button' ? [action.text.text] : action.options.map((one) => one.text.text),
  )
  throw new Error(`there is no button “${wanted}”; there are ${labels.join(', ') || 'none'}`)
}

/** The state of a view's inputs, filled in by label or block id; the rest as it was. */
function filled(blocks: readonly Block[], values: Record<string, string>): Record<string, Record<string, object>> {
  const state: Record<string, Record<string, object>> = {}
  const unknown = new Set(Object.keys(values))
  for (const block of blocks) {
    if (block.type !== 'input' || block.block_id === undefined) continue
    const { element } = block
    const key = [block.label.text, block.block_id].find((name) => name in values)
    if (key !== undefined) unknown.delete(key)
    const given = key === undefined ? undefined : values[key]
    const value = stateOf(element, given)
    state[block.block_id] = { [element.action_id]: { type: element.type, ...value } }
  }
  if (unknown.size > 0) throw new Error(`the view has no field ${[...unknown].join(', ')}`)
  return state
}

function stateOf(element: Extract<Block, { type: 'input' }>['element'], given: string | undefined): object {
  switch (element.type) {
    case 'plain_text_input':
      return { value: given ?? element.initial_value ?? null }
    case 'number_input':
      return { value: given ?? element.initial_value ?? null }
    case 'datetimepicker':
      return {
        selected_date_time: given === undefined ? (element.initial_date_time ?? null) : Date.parse(given) / 1000,
      }
    case 'static_select': {
      const option = element.options.find((one) => one.value === given || one.text.text === given)
      return { selected_option: option ?? (given === undefined ? element.initial_option : undefined) ?? null }
    }
    default:
      return element satisfies never
  }
}
