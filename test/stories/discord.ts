/**
 * Discord as a stage: the genuine client against the counterpart, customers in their direct messages, the desk in a
 * channel of a server. What people do there comes in by the gateway, and what they can read stands in their channels.
 */
import { crc32 } from 'node:zlib'
import { expect } from 'vitest'
import { type Discord as Bot, createDiscord } from '../../src/channels/discord/index.ts'
import { deskId, pressId } from '../../src/channels/discord/render.ts'
import { webAtCommit } from '../../src/channels/web/channel.ts'
import type { Command, Incoming, Place } from '../../src/domain/message.ts'
import type { Front, Keep, Received, Submitted } from '../../src/domain/ports.ts'
import { words } from '../channels/discord-stage.ts'
import { withInner } from '../counterparts/discord/body.ts'
import { type Discord, startDiscord } from '../counterparts/discord/index.ts'
import type { Answered, Person } from '../counterparts/discord/people.ts'
import { contentFlag, type Guild, type Message } from '../counterparts/discord/world.ts'
import type { Known } from './customer.ts'
import { type Deed, deedOf, type Stage, type Told } from './stage.ts'

export interface DiscordStages {
  /** A server of its own for each story, on the one Discord. */
  make(): Promise<Stage>
  stop(): Promise<void>
}

/** Ids hold the time: before a story has begun they are made at this one. */
const dawn = Date.parse('2026-11-01T00:00:00Z')

export async function discordStages(): Promise<DiscordStages> {
  let now = () => dawn
  const discord = await startDiscord({ now: () => now() })
  discord.world.application.flags = contentFlag
  return {
    make: async () =>
      stageOn(discord, (clock) => {
        now = clock
      }),
    async stop() {
      await discord.stop()
      expect(discord.rest.unknown, 'the bot calls what Discord does not have').toEqual([])
    },
  }
}

/** What came in and was stored, for those who wait for it. */
type Came = { incoming: Incoming; received: Received } | { submission: string; submitted: Submitted }

function stageOn(discord: Discord, setClock: (now: () => number) => void): Stage {
  const { world } = discord
  const guild = discord.guild()
  const desk = discord.channel(guild, 'desk')
  const shop = discord.channel(guild, 'shop')
  const people = new Map<string, Person>()
  const known = new Map<string, Known>()
  const waiting = new Set<(came: Came) => void>()
  let telling: Told | null = null
  let events = 0

  const told = (): Told => {
    if (!telling) throw new Error('the stage has not begun')
    return telling
  }

  function person(name: string): Person {
    const one = people.get(name) ?? discord.person(name, idFor(name))
    people.set(name, one)
    guild.members.add(one.id)
    return one
  }

  const idOf = (name: string) => `discord:-:${person(name).id}`

  const bot: Bot = createDiscord({
    token: discord.token,
    url: discord.url,
    keep: keepInMemory(),
    now: () => told().now(),
    log: {
      info: () => undefined,
      warn: (what, message) => told().log.warn(what, message),
      error: (what, message) => told().log.error(what, message),
    },
    receives: true,
    words,
    // A story's people write as fast as they are told to.
    waitFor: async () => 0,
  })

  function tell(came: Came): void {
    for (const one of waiting) one(came)
  }

  /** Discord says nobody's zone or tier: a shop that knows them has them from elsewhere. */
  function dressed(incoming: Incoming): Incoming {
    if (incoming.type !== 'said') return incoming
    const { timezone = null, tier = null } = known.get(incoming.author.id) ?? {}
    return { ...incoming, timezone, tier }
  }

  function frontOf(front: Front): Front {
    return {
      view: (request) => front.view(request),
      async receive(incoming) {
        const received = await front.receive(dressed(incoming))
        tell({ incoming, received })
        return received
      },
      async submit(submission) {
        const submitted = await front.submit(submission)
        tell({ submission: submission.id, submitted })
        return submitted
      },
    }
  }

  /** Acts, and waits until what comes of it is stored. */
  async function stored<T>(what: string, isIt: (came: Came) => boolean, act: () => Promise<T> | T): Promise<[T, Came]> {
    let here = (_: Came) => {}
    let timer: NodeJS.Timeout | undefined
    const came = new Promise<Came>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${what}: nothing came of it`)), 5_000)
      here = (one) => {
        if (isIt(one)) resolve(one)
      }
    })
    waiting.add(here)
    try {
      return await Promise.all([act(), came])
    } finally {
      clearTimeout(timer)
      waiting.delete(here)
    }
  }

  const isOf =
    (type: Incoming['type'], author: string) =>
    (came: Came): boolean =>
      'incoming' in came && came.incoming.type === type && came.incoming.author.id === author

  async function doneBy<T>(name: string, type: Incoming['type'], act: () => Promise<T> | T): Promise<T> {
    const [done, came] = await stored(`${name}: ${type}`, isOf(type, idOf(name)), act)
    if ('received' in came && (came.received.type === 'unknown' || came.received.type === 'conflict'))
      throw new Error(`${name}: ${JSON.stringify(came.received)}`)
    return done
  }

  /** What has no hand on Discord. */
  async function without(
    name: string,
    room: string,
    what: { type: 'joined' } | { type: 'commanded'; command: Command },
  ) {
    events += 1
    const place: Place = { channel: 'discord', workspace: '-', room, thread: null }
    const author = { id: idOf(name), name }
    await told().front.receive({ ...what, id: `event-${events}`, place, author, at: told().now() })
  }

  function messageOf(id: string): Message {
    for (const { messages } of world.channels.values()) {
      const found = messages.find((one) => one.id === id)
      if (found) return found
    }
    throw new Error(`there is no message ${id}`)
  }

  /** The newest message that has the button; none may, where what somebody's screen shows is older than the card. */
  async function pressAtDesk(kim: Person, button: string, number: number): Promise<Answered> {
    const { place, card } = await told().threadOf(number)
    const id = deskId(button, number)
    const thread = world.channels.get(place.thread ?? '')?.messages ?? []
    const room = world.channels.get(desk.id)?.messages ?? []
    const shown = [messageOf(card), ...thread, ...room].findLast((one) => has(one, id))
    return await kim.presses(shown ?? asOnceShown(messageOf(card), id), exactly(id))
  }

  async function fill(name: string, deed: Extract<Deed, { type: 'form' }>): Promise<boolean> {
    const kim = person(name)
    const form =
      deed.case === null
        ? await kim.uses('Record a failure', person(nameOf(deed.about ?? '')).writes(shop, 'It never came.'))
        : await pressAtDesk(kim, deed.form, deed.case)
    if (form.answer.type !== 9) return false
    const [, came] = await stored(
      `${name}: ${deed.form}`,
      (one) => 'submitted' in one,
      () => kim.fills(form, deed.form === 'transfer' ? { to: person(deed.values.to ?? '').id } : deed.values),
    )
    return 'submitted' in came && came.submitted.type === 'done'
  }

  const nameOf = (id: string) => people.values().find((one) => id.split(':').at(-1) === one.id)?.name ?? id

  return {
    name: 'discord',
    channels: new Map([
      ['discord', bot.channel],
      ['web', webAtCommit],
    ]),
    desk: `discord:${desk.id}`,
    idOf,
    nameOf,
    async begin(begun) {
      telling = begun
      setClock(begun.now)
      await bot.connect(frontOf(begun.front))
      await bot.ready
    },
    customer(name, facts) {
      const one = person(name)
      const { id } = one
      // Discord takes the buttons away from what was answered; a second screen may show them a moment longer.
      const elsewhere = new Map<string, Message>()
      known.set(idOf(name), facts)
      return {
        async says(text, files) {
          const attached = files.map((file) => ({ name: file, type: 'image/jpeg', bytes: new Uint8Array([1, 2, 3]) }))
          return (await doneBy(name, 'said', () => one.says(text, { files: attached }))).id
        },
        edits: (message, text) => doneBy(name, 'edited', () => one.edits(messageOf(message), text)),
        deletes: (message) => doneBy(name, 'deleted', () => one.deletes(messageOf(message))),
        reacts: (emoji) => doneBy(name, 'reacted', () => one.reacts(lastTo(discord, one), emoji)),
        async presses(button) {
          const shown = discord.shown(one.direct()).findLast((message) => has(message, pressId(button)))
          const screen = shown ?? elsewhere.get(button)
          if (!screen) throw new Error(`${name} sees no button ${button}`)
          for (const choice of pressIds(screen)) elsewhere.set(choice, { ...screen })
          await doneBy(name, 'pressed', () => one.presses(screen, exactly(pressId(button))))
        },
        // Discord tells nobody that a conversation was opened.
        joins: () => without(name, id, { type: 'joined' }),
      }
    },
    agent: (name) => ({
      async does(command) {
        const kim = person(name)
        const deed = deedOf(command, told().now())
        switch (deed.type) {
          case 'line': {
            const { place } = await told().threadOf(deed.case)
            const thread = world.channels.get(place.thread ?? '')
            if (!thread) throw new Error(`case ${deed.case} has no thread`)
            await doneBy(name, 'said', () => kim.writes(thread, deed.text))
            return
          }
          case 'press':
            await doneBy(name, 'commanded', () => pressAtDesk(kim, deed.button, deed.case))
            return
          case 'form':
            if (await fill(name, deed)) return
            return await without(name, desk.id, { type: 'commanded', command })
          default:
            return await without(name, desk.id, { type: 'commanded', command })
        }
      },
    }),
    shownTo: async (name) => discord.shown(person(name).direct()).map(({ content }) => unsigned(content)),
    async stop() {
      await bot.channel.stop()
      leave(discord, guild, people.values())
    },
  }
}

/** The same for a name in every story: which of many wordings a customer hears comes of who they are. */
function idFor(name: string): string {
  return (((BigInt(dawn) - 1_420_070_400_000n) << 22n) | BigInt(crc32(name) & 0x3fffff)).toString()
}

/** The story is over: the next one finds an empty Discord. */
function leave({ world, gateway, rest }: Discord, guild: Guild, people: Iterable<Person>): void {
  gateway.forget()
  rest.calls.length = 0
  world.guilds.delete(guild.id)
  const users = new Set([...people].map(({ id }) => id))
  for (const user of users) world.users.delete(user)
  for (const [id, { guild_id, recipients }] of world.channels)
    if (guild_id === guild.id || users.has(recipients?.[0]?.id ?? '')) world.channels.delete(id)
}

const exactly = (id: string) => new RegExp(`^${id.replaceAll('|', '\\|')}$`, 'u')

function has({ components }: Message, id: string): boolean {
  return components.flatMap(withInner).some((one) => one.custom_id === id)
}

/** The buttons of a message to a customer. */
function pressIds({ components }: Message): string[] {
  const ids = components.flatMap(withInner).flatMap(({ custom_id }) => custom_id ?? [])
  return ids.flatMap((id) => /^press\|(.+)$/u.exec(id)?.[1] ?? [])
}

function asOnceShown(card: Message, id: string): Message {
  return { ...card, components: [{ type: 1, components: [{ type: 2, label: id, custom_id: id }] }] }
}

function lastTo(discord: Discord, one: Person): Message {
  const last = discord.shown(one.direct()).at(-1)
  if (!last) throw new Error(`nothing was said to ${one.name}`)
  return last
}

/** An agent's words stand under their name. */
function unsigned(text: string): string {
  return text.replace(/^-# .+\n/u, '')
}

function keepInMemory(): Keep {
  const kept = new Map<string, string>()
  return {
    get: async (key) => kept.get(key) ?? null,
    set: async (key, value) => void kept.set(key, value),
    delete: async (key) => void kept.delete(key),
  }
}
