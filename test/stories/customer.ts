/** A customer in a story: what they do, and what they hear. */
import { expect } from 'vitest'
import type { Incoming } from '../../src/domain/message.ts'
import type { HappenedLine } from '../../src/engine/happened.ts'
import type { Scene } from './story.ts'

export interface Known {
  timezone?: string
  tier?: string
}

/** Something said to the customer, by the bot or by a person. */
export interface Told {
  from: string
  text: string
  buttons: string[]
  script: string
}

export interface Customer {
  /** Several texts at once are one burst. Gives the id of the last. */
  says(...texts: string[]): Promise<string>
  /** Said, and not yet looked at by anybody. */
  sends(text: string): Promise<string>
  sendsFile(name: string, text?: string): Promise<string>
  /** The press of a button that was offered; one that was not is a mistake in the story, or in the bot. */
  presses(button: string): Promise<void>
  edits(id: string, text: string): Promise<void>
  deletes(id: string): Promise<void>
  reacts(emoji: string): Promise<void>
  /** Opens a conversation with us, and says nothing yet. */
  joins(): Promise<void>
  /** What was said to them since they last listened, spoke or pressed: each pattern is in it. Gives it back. */
  hears(...patterns: RegExp[]): Told[]
  /** One message, in which each pattern is. */
  hearsOne(...patterns: RegExp[]): Told
  hearsNothing(): void
  /** Everything that was ever said to them. */
  heard(): Told[]
}

export function customerOn(scene: Scene, name: string, { timezone, tier }: Known): Customer {
  const id = `web:-:${name}`
  const place = { channel: 'web' as const, workspace: '-', room: name, thread: null }
  let listened = 0

  const arrived = () => ({ id: scene.nextId(), place, author: { id, name }, at: scene.stage.clock.now() })
  const told = () => scene.lines.flatMap((line) => toldTo(name, line))

  async function receive(incoming: Incoming, shown: string): Promise<string> {
    scene.said(name, shown)
    const received = await scene.stage.receive(incoming)
    if (received.type === 'unknown' || received.type === 'conflict')
      throw new Error(`${name}: ${JSON.stringify(received)}`)
    listened = told().length
    return incoming.id
  }

  const say = (text: string, files: string[] = []) =>
    receive(
      {
        ...arrived(),
        type: 'said',
        text,
        files: files.map((file) => ({ name: file, type: 'image/jpeg', bytes: new Uint8Array([1, 2, 3]) })),
        timezone: timezone ?? null,
        tier: tier ?? null,
      },
      text,
    )

  /** What is new to the ear. */
  function listen(): Told[] {
    const all = told()
    const fresh = all.slice(listened)
    listened = all.length
    return fresh
  }

  return {
    async says(...texts) {
      let last = ''
      for (const text of texts) last = await say(text)
      await scene.play()
      return last
    },
    sends: (text) => say(text),
    async sendsFile(file, text = '') {
      const sent = await say(text, [file])
      await scene.play()
      return sent
    },
    async presses(button) {
      const offered = told().flatMap((one) => one.buttons)
      expect(offered, `${name} presses ${button}`).toContain(button)
      await receive({ ...arrived(), type: 'pressed', button, case: null }, `[${button}]`)
      await scene.play()
    },
    async edits(message, text) {
      await receive({ ...arrived(), type: 'edited', message, text }, `(edits ${message}) ${text}`)
      await scene.play()
    },
    async deletes(message) {
      await receive({ ...arrived(), type: 'deleted', message }, `(deletes ${message})`)
      await scene.play()
    },
    async reacts(emoji) {
      await receive({ ...arrived(), type: 'reacted', emoji, to: 'last', text: null }, emoji)
      await scene.play()
    },
    async joins() {
      await receive({ ...arrived(), type: 'joined' }, '(joins)')
      await scene.play()
    },
    hears(...patterns) {
      const fresh = listen()
      expect(fresh.length, `${name} hears something`).toBeGreaterThan(0)
      const all = fresh.map((one) => one.text).join('\n\n')
      for (const pattern of patterns) expect(all).toMatch(pattern)
      return fresh
    },
    hearsOne(...patterns) {
      const fresh = listen()
      expect(
        fresh.map((one) => one.text),
        `${name} hears one message`,
      ).toHaveLength(1)
      const [one] = fresh
      if (!one) throw new Error(`${name} heard nothing`)
      for (const pattern of patterns) expect(one.text).toMatch(pattern)
      return one
    },
    hearsNothing() {
      expect(
        listen().map((one) => one.text),
        `${name} hears nothing`,
      ).toEqual([])
    },
    heard: told,
  }
}

function toldTo(name: string, line: HappenedLine): Told[] {
  if (line.type === 'say' && line.to === name) {
    const buttons = line.buttons.map((button) => button.id)
    return [{ from: 'bot', text: line.text, buttons, script: line.script }]
  }
  if (line.type === 'relay' && line.to === name) return [{ from: line.from, text: line.text, buttons: [], script: '' }]
  return []
}
