/** A customer in a story: what they do, and what they hear. */
import { expect } from 'vitest'
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

export function customerOn(scene: Scene, name: string, known: Known): Customer {
  const hands = scene.ground.customer(name, known)
  let listened = 0

  const told = () => scene.lines.flatMap((line) => toldTo(name, line))

  async function act<T>(shown: string, deed: () => Promise<T>): Promise<T> {
    scene.said(name, shown)
    const done = await deed()
    listened = told().length
    return done
  }

  const say = (text: string, files: string[] = []) => act(text, () => hands.says(text, files))

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
      await act(`[${button}]`, () => hands.presses(button))
      await scene.play()
    },
    async edits(message, text) {
      await act(`(edits ${message}) ${text}`, () => hands.edits(message, text))
      await scene.play()
    },
    async deletes(message) {
      await act(`(deletes ${message})`, () => hands.deletes(message))
      await scene.play()
    },
    async reacts(emoji) {
      await act(emoji, () => hands.reacts(emoji))
      await scene.play()
    },
    async joins() {
      await act('(joins)', () => hands.joins())
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
