/** An agent in a story: what they do at the desk, and what they are shown there. */
import { expect } from 'vitest'
import { z } from 'zod'
import type { Command } from '../../src/domain/message.ts'
import type { HappenedLine } from '../../src/engine/happened.ts'
import { casesOf } from '../engine/accounted.ts'
import type { Scene } from './story.ts'
import { timeOf } from './time.ts'

type Wording = 'take' | 'edit' | 'send'

/** `n` is the case; left out, it is the newest. */
export interface Desk {
  as(agent: string): Desk
  claims(n?: number): Promise<void>
  /** Stored at the door, its turn not yet taken. */
  reachesFor(n?: number): Promise<void>
  says(text: string, n?: number): Promise<void>
  /** Says it, and goes on before it has left. */
  hurries(text: string, n?: number): Promise<void>
  /** Says it, and takes it back in time. */
  takesBack(text: string, n?: number): Promise<void>
  /** Presses undo, whatever there is to take back. */
  undoes(n?: number): Promise<void>
  /** What to do with words that the guard stopped. */
  rewords(wording: Wording, text?: string, n?: number): Promise<void>
  notes(text: string, n?: number): Promise<void>
  resolves(how?: { cause?: string; remedy?: string; text?: string }, n?: number): Promise<void>
  promises(text: string, by: string, n?: number): Promise<void>
  offers(remedy: string, amount?: string, n?: number): Promise<void>
  approves(n?: number): Promise<void>
  releases(n?: number): Promise<void>
  transfers(to: string, n?: number): Promise<void>
  refiles(kind: string, n?: number): Promise<void>
  /** The customer is the same person as whoever's case, or account, that is. */
  links(to: string, n?: number): Promise<void>
  unlinks(n?: number): Promise<void>
  blocks(n?: number): Promise<void>
  /** Of the spike that this case tipped. */
  declares(text: string, by?: string, n?: number): Promise<void>
  dismisses(n?: number): Promise<void>
  records(customer: string, text: string): Promise<void>
  /** A channel tells the desk of something; `about` is a customer. */
  isTold(reason: string, text: string, about?: string): Promise<void>
  /** What the desk was shown since it last looked: each pattern is in it, by itself in one line. */
  sees(...patterns: RegExp[]): void
  /** None of it was shown since the desk last looked. */
  seesNo(...patterns: RegExp[]): void
  /** All that the desk was ever shown. */
  shown(): string[]
  /** The record of a case as it stands. */
  reads(n?: number): Promise<Awaited<ReturnType<typeof casesOf>>[number]>
  /** The numbers of the same person's other cases, and their tier: as the page of a case shows them. */
  knows(n?: number): Promise<{ others: number[]; tier: string | null }>
  /** The number of a customer's newest case. */
  numberOf(customer: string): Promise<number>
  /** How many cases there are. */
  counts(): Promise<number>
}

const known = z.object({ history: z.array(z.object({ case: z.number() })), tier: z.string().nullable() })

export function deskOn(scene: Scene, agent: string, eye = { seen: 0 }): Desk {
  const newest = () => Math.max(1, ...scene.lines.map((line) => ('case' in line && line.case !== null ? line.case : 0)))

  const hands = scene.ground.agent(agent)

  async function send(command: Command): Promise<void> {
    const { do: what, ...rest } = command
    scene.said(agent, `(${what}) ${JSON.stringify(rest)}`)
    await hands.does(command)
  }

  async function act(command: Command): Promise<void> {
    await send(command)
    await scene.play()
  }

  function look(): string[] {
    const shown = scene.lines.slice(eye.seen).flatMap(shownAtDesk)
    eye.seen = scene.lines.length
    return shown
  }

  return {
    as: (other) => deskOn(scene, other, eye),
    claims: (n = newest()) => act({ do: 'claim', case: n }),
    reachesFor: (n = newest()) => send({ do: 'claim', case: n }),
    says: (text, n = newest()) => act({ do: 'reply', case: n, text, wording: null }),
    async hurries(text, n = newest()) {
      await send({ do: 'reply', case: n, text, wording: null })
      await scene.play(true)
    },
    async takesBack(text, n = newest()) {
      await send({ do: 'reply', case: n, text, wording: null })
      await scene.play(true)
      await act({ do: 'undo', case: n })
    },
    undoes: (n = newest()) => act({ do: 'undo', case: n }),
    rewords: (wording, text = '', n = newest()) => act({ do: 'reply', case: n, text, wording }),
    notes: (text, n = newest()) => act({ do: 'note', case: n, text, wording: null }),
    resolves: (
      { cause = null, remedy = null, text = null }: Partial<Record<string, string | null>> = {},
      n = newest(),
    ) => act({ do: 'resolve', case: n, cause, remedy, text, wording: null }),
    promises: (text, by, n = newest()) =>
      act({ do: 'promise', case: n, text, by: timeOf(by, scene.stage.clock.now()), wording: null }),
    offers: (remedy, amount, n = newest()) =>
      act({ do: 'remedy', case: n, remedy, amount: amount ?? null, text: null }),
    approves: (n = newest()) => act({ do: 'approve', case: n }),
    releases: (n = newest()) => act({ do: 'release', case: n }),
    transfers: (to, n = newest()) => act({ do: 'transfer', case: n, to }),
    refiles: (kind, n = newest()) => act({ do: 'refile', case: n, kind }),
    links: (to, n = newest()) => act({ do: 'link', case: n, to }),
    unlinks: (n = newest()) => act({ do: 'unlink', case: n }),
    blocks: (n = newest()) => act({ do: 'block', case: n }),
    declares: (text, by, n = newest()) =>
      act({ do: 'declare', case: n, text, by: by === undefined ? null : timeOf(by, scene.stage.clock.now()) }),
    dismisses: (n = newest()) => act({ do: 'dismiss', case: n }),
    records: (customer, text) => act({ do: 'open', for: scene.ground.idOf(customer), text }),
    async isTold(reason, text, about) {
      const received = await scene.stage.receive({
        id: scene.nextId(),
        place: { channel: 'web', workspace: '-', room: 'desk', thread: null },
        author: { id: 'web:-:bot', name: 'bot' },
        at: scene.stage.clock.now(),
        type: 'trouble',
        about: about === undefined ? null : scene.ground.idOf(about),
        reason,
        text,
      })
      expect(received.type).toBe('stored')
      await scene.play()
    },
    sees(...patterns) {
      const shown = look()
      for (const pattern of patterns)
        expect(
          shown.some((line) => pattern.test(line)),
          `the desk sees ${pattern} in\n${shown.join('\n')}`,
        ).toBe(true)
    },
    seesNo(...patterns) {
      const shown = look()
      for (const pattern of patterns) expect(shown.filter((line) => pattern.test(line))).toEqual([])
    },
    shown: () => scene.lines.flatMap(shownAtDesk),
    async reads(n = newest()) {
      const kase = (await casesOf(scene.stage.store)).find((one) => one.number === n)
      if (!kase) throw new Error(`there is no case ${n}`)
      return kase
    },
    async knows(n = newest()) {
      const { history, tier } = known.parse(await scene.stage.engine.view({ of: 'case', number: n }))
      return { others: history.map((one) => one.case), tier }
    },
    async numberOf(customer) {
      const kase = (await casesOf(scene.stage.store)).findLast((one) => one.customer === scene.ground.idOf(customer))
      if (!kase) throw new Error(`${customer} has no case`)
      return kase.number
    },
    counts: async () => (await casesOf(scene.stage.store)).length,
  }
}

/** A line as the desk reads it: its sort first. */
function shownAtDesk(line: HappenedLine): string[] {
  switch (line.type) {
    case 'card': {
      const { case: n, kind, status, step, owner, severity, mood, customer, summary, harm, wish } = line
      return [
        `card ${n}: ${kind} ${status} ${step} ${owner} severity ${severity} ${mood} ${customer} ${summary} ${harm} ${wish}`,
      ]
    }
    case 'alert':
      return [`${line.reason}: ${line.text}`]
    case 'relay':
      return [`${line.from} → ${line.to}: ${line.text}`]
    case 'held':
      return [`held: ${line.reason}; better: ${line.better}`]
    case 'promise':
      return [`promise ${line.state}: ${line.what}`]
    default:
      return []
  }
}
