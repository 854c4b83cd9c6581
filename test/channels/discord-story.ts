/** Discord as a stage for stories (stories/stage.ts): what people's hands do there, and what a customer can read. */
import { expect } from 'vitest'
import { createDiscord } from '../../src/channels/discord/index.ts'
import { webAtCommit } from '../../src/channels/web/channel.ts'
import { pressedAtDesk } from '../../src/domain/buttons.ts'
import type { Command, Incoming, Place } from '../../src/domain/message.ts'
import type { Front, Keep, Received } from '../../src/domain/ports.ts'
import { startDiscord } from '../counterparts/discord/index.ts'
import type { Person } from '../counterparts/discord/people.ts'
import { contentFlag, type Message } from '../counterparts/discord/world.ts'
import type { Known } from '../stories/customer.ts'
import { deedOf, type Stage, type Told } from '../stories/stage.ts'
import { words } from './discord-stage.ts'

export async function discordStage(): Promise<Stage> {
  let told: Told | null = null
  const theTold = (): Told => {
    if (!told) throw new Error('the stage has not begun')
    return told
  }
  const now = () => told?.now() ?? Date.parse('2026-11-17T10:00:00+08:00')
  const discord = await startDiscord({ now })
  discord.world.application.flags = contentFlag
  const desk = discord.channel(discord.guild(), 'desk')
  const complaints: string[] = []
  const complain = (what: object, message: string) => void complaints.push(`${message}: ${JSON.stringify(what)}`)
  const log = { info: () => undefined, warn: complain, error: complain }
  const { token, url } = discord
  const bot = createDiscord({ token, url, keep: memory(), now, log, words, receives: true })

  const people = new Map<string, Person>()
  const person = (name: string): Person => {
    const known = people.get(name) ?? discord.person(name)
    people.set(name, known)
    return known
  }
  const idOf = (name: string) => `discord:-:${person(name).id}`

  /** What has arrived in the engine: hands resolve once theirs has. */
  const arrived = new Map<string, Received>()
  const known = new Map<string, Known>()
  const taken = (front: Front): Front => ({
    ...front,
    async receive(incoming) {
      const whole = introduced(incoming)
      const received = await front.receive(whole)
      arrived.set(whole.id, received)
      return received
    },
  })
  /** Discord tells neither time zones nor tiers: a story's people have them from elsewhere. */
  const introduced = (incoming: Incoming): Incoming => {
    const more = known.get(incoming.author.id)
    return incoming.type === 'said' && more
      ? { ...incoming, timezone: more.timezone ?? null, tier: more.tier ?? null }
      : incoming
  }
  const isStored = async (matches: (id: string) => boolean): Promise<void> => {
    await expect.poll(() => [...arrived.keys()].some(matches), { timeout: 10_000, interval: 2 }).toBe(true)
  }
  const send = async (name: string, place: Place, what: Beside): Promise<Received> => {
    const event = { id: discord.world.nextId(), place, author: { id: idOf(name), name }, at: now() }
    return await theTold().front.receive({ ...event, ...what })
  }
  const direct = (name: string): Place => ({ channel: 'discord', workspace: '-', room: person(name).id, thread: null })
  const room: Place = { channel: 'discord', workspace: '-', room: desk.id, thread: null }

  /** The newest message there that has such a button. */
  const offering = (messages: readonly Message[], custom: string) =>
    messages.findLast(({ components }) => JSON.stringify(components).includes(`"${custom}"`))
  const exactly = (custom: string) => new RegExp(`^${custom.replaceAll('|', '\\|')}$`, 'u')

  return {
    name: 'discord',
    channels: new Map([
      ['discord', bot.channel],
      ['web', webAtCommit],
    ]),
    desk: `discord:${desk.id}`,
    idOf,
    nameOf: (user) => [...people.values()].find(({ id }) => id === user)?.name ?? user,
    async begin(begun) {
      told = begun
      await bot.connect(taken(begun.front))
      await bot.ready
    },
    customer(name, introduction) {
      const ada = person(name)
      known.set(idOf(name), introduction)
      return {
        async says(text, files) {
          const bytes = new Uint8Array([1, 2, 3])
          const sent = files.map((file) => ({ name: file, type: 'image/jpeg', bytes }))
          const { id } = ada.says(text, { files: sent })
          await isStored((one) => one === id)
          return id
        },
        async edits(message, text) {
          const before = new Set(arrived.keys())
          ada.edits(find(ada, message), text)
          await isStored((id) => id.startsWith(`${message}:`) && !before.has(id))
        },
        async deletes(message) {
          ada.deletes(find(ada, message))
          await isStored((id) => id === `${message}:deleted`)
        },
        async reacts(emoji) {
          const last = discord.shown(ada.direct()).at(-1)
          if (!last) throw new Error(`${name} has nothing to react to`)
          ada.reacts(last, emoji)
          await isStored((id) => id.startsWith(`${last.id}:${ada.id}:${emoji}`))
        },
        async presses(button) {
          const offered = offering(discord.shown(ada.direct()), `press|${button}`)
          // A choice that was made takes its buttons away; whoever presses it again has an old copy before them.
          if (offered) await ada.presses(offered, exactly(`press|${button}`))
          else await send(name, direct(name), { type: 'pressed', button, case: null })
        },
        joins: async () => void (await send(name, direct(name), { type: 'joined' })),
      }
    },
    agent: (name) => ({
      async does(command) {
        if (!(await byHand(person(name), command))) await send(name, room, { type: 'commanded', command })
      },
    }),
    async shownTo(name) {
      return discord.shown(person(name).direct()).map(({ content }) => content.replace(/^-# .*\n/u, ''))
    },
    async stop() {
      await bot.channel.stop()
      await discord.stop()
      expect(discord.rest.unknown, 'the bot calls what Discord does not have').toEqual([])
      expect(complaints, 'the channel complains').toEqual([])
    },
  }

  /** By a line, a button or a form, where there is one for it; false where there is none, or it was refused. */
  async function byHand(kim: Person, command: Command): Promise<boolean> {
    const deed = deedOf(command, now())
    if (deed.type === 'command' || deed.case === null) return false
    const { place, card } = await theTold().threadOf(deed.case)
    const thread = discord.world.channels.get(place.thread ?? '')
    const shown = desk.messages.find(({ id }) => id === card)
    if (!thread || !shown) return false
    if (deed.type === 'line') {
      const { id } = kim.writes(thread, deed.text)
      await isStored((one) => one === id)
      return true
    }
    const custom = `desk|${deed.type === 'press' ? deed.button : deed.form}|${deed.case}`
    const offered = offering([shown, ...discord.shown(thread)], custom)
    if (!offered) return false
    const answered = await kim.presses(offered, exactly(custom))
    if (deed.type === 'press') return pressedAtDesk(deed.button, deed.case) !== null
    if (answered.answer.type !== 9) return false
    const asked = JSON.stringify(answered.answer.data)
    const values = Object.fromEntries(Object.entries(deed.values).filter(([field]) => asked.includes(`"${field}"`)))
    const { answer } = await kim.fills(answered, values)
    return answer.type === 6
  }

  function find(ada: Person, id: string): Message {
    const message = ada.direct().messages.find((one) => one.id === id)
    if (!message) throw new Error(`${ada.name} never wrote ${id}`)
    return message
  }
}

type Beside =
  | { type: 'pressed'; button: string; case: null }
  | { type: 'joined' }
  | { type: 'commanded'; command: Command }

function memory(): Keep {
  const kept = new Map<string, string>()
  return {
    get: async (key) => kept.get(key) ?? null,
    set: async (key, value) => void kept.set(key, value),
    delete: async (key) => void kept.delete(key),
  }
}
