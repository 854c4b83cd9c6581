/** The stages that need no client of anybody's: the page, and a platform in memory (engine/platform.ts). */
import { expect } from 'vitest'
import { webAtCommit } from '../../src/channels/web/channel.ts'
import { pressedAtDesk } from '../../src/domain/buttons.ts'
import { Gone } from '../../src/domain/faults.ts'
import type { Incoming, Place } from '../../src/domain/message.ts'
import type { Received } from '../../src/domain/ports.ts'
import { platform } from '../engine/platform.ts'
import { type CustomerHands, deedOf, type Stage, type Told } from './stage.ts'

/** Everything of an `Incoming` that its sort does not say. */
type Arrived = Pick<Incoming, 'id' | 'place' | 'author' | 'at'>

/** The page: customers write there, and agents act by its buttons. */
export function onThePage(): Stage {
  const ground = groundOf('web', '-')
  return {
    ...ground.stage,
    name: '',
    channels: new Map([['web', webAtCommit]]),
    desk: 'web',
    agent: (name) => ({
      async does(command) {
        const thread = 'case' in command ? String(command.case) : null
        const place: Place = { channel: 'web', workspace: '-', room: 'desk', thread }
        const received = await ground.send({ ...ground.arrived(name, place), type: 'commanded', command })
        // What is refused is told as an alert.
        expect(received.type, `${name}: ${command.do}`).toMatch(/^(?:stored|refused)$/u)
      },
    }),
  }
}

/** Customers in direct conversations, and the desk in a channel: what any platform has. */
export function onAPlatform(): Stage {
  const ground = groundOf('slack', 'T1')
  const memory = platform('slack', (what) => new Gone(`${what} is not there`))
  return {
    ...ground.stage,
    name: 'platform',
    channels: new Map([
      ['slack', memory.channel],
      ['web', webAtCommit],
    ]),
    desk: 'slack:C1',
    agent: (name) => ({
      async does(command) {
        const { front, now, threadOf } = ground.told()
        const deed = deedOf(command, now())
        const room: Place = { channel: 'slack', workspace: 'T1', room: 'C1', thread: null }
        if (deed.type === 'line') {
          const { place } = await threadOf(deed.case)
          const said = { type: 'said' as const, text: deed.text, files: [], timezone: null, tier: null }
          return void (await ground.send({ ...ground.arrived(name, { ...place, workspace: 'T1' }), ...said }))
        }
        if (deed.type === 'form') {
          const { author: by, ...arrived } = ground.arrived(name, room)
          const about =
            deed.about === null ? null : { message: 'theirs', author: { id: deed.about, name: '' }, text: '' }
          const { form, case: number, values } = deed
          const submitted = await front.submit({ ...arrived, by, form, case: number, values, about })
          if (submitted.type === 'done') return
        }
        const pressed = deed.type === 'press' ? pressedAtDesk(deed.button, deed.case) : command
        await ground.send({ ...ground.arrived(name, room), type: 'commanded', command: pressed ?? command })
      },
    }),
    shownTo: async (name) =>
      memory.shown.flatMap(({ place, outgoing }) =>
        place.room === name && outgoing.type === 'say' ? [outgoing.text] : [],
      ),
  }
}

type Without<T> = T extends Incoming ? Omit<T, keyof Arrived> : never
/** What a customer does beside talking. */
type Beside = Without<Extract<Incoming, { type: 'edited' | 'deleted' | 'reacted' | 'pressed' | 'joined' }>>

/** What both have in common: people whose name is their id, and whose words come in as they are. */
function groundOf(channel: 'web' | 'slack', workspace: string) {
  let telling: Told | null = null
  let events = 0
  const told = (): Told => {
    if (!telling) throw new Error('the stage has not begun')
    return telling
  }
  const idOf = (name: string) => `${channel}:${workspace}:${name}`
  const arrived = (name: string, place: Place): Arrived => {
    events += 1
    return { id: `event-${events}`, place, author: { id: idOf(name), name }, at: told().now() }
  }
  const send = (incoming: Incoming) => told().front.receive(incoming)
  const customer: Stage['customer'] = (name, { timezone = null, tier = null }): CustomerHands => {
    const place: Place = { channel, workspace, room: name, thread: null }
    const taken = async (incoming: Incoming): Promise<string> => {
      const received: Received = await send(incoming)
      if (received.type === 'unknown' || received.type === 'conflict')
        throw new Error(`${name}: ${JSON.stringify(received)}`)
      return incoming.id
    }
    const does = async (what: Beside) => void (await taken({ ...arrived(name, place), ...what }))
    return {
      says: (text, files) =>
        taken({
          ...arrived(name, place),
          type: 'said',
          text,
          files: files.map((file) => ({ name: file, type: 'image/jpeg', bytes: new Uint8Array([1, 2, 3]) })),
          timezone,
          tier,
        }),
      edits: (message, text) => does({ type: 'edited', message, text }),
      deletes: (message) => does({ type: 'deleted', message }),
      reacts: (emoji) => does({ type: 'reacted', emoji, to: 'last', text: null }),
      presses: (button) => does({ type: 'pressed', button, case: null }),
      joins: () => does({ type: 'joined' }),
    }
  }
  const stage = {
    idOf,
    customer,
    async begin(begun: Told) {
      telling = begun
    },
    stop: async () => undefined,
  }
  return { stage, told, arrived, send }
}
