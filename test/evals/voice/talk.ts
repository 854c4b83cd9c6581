/** A customer talks to the whole bot on a virtual clock: what is read here is what a customer would have read. */
import { join } from 'node:path'
import pino from 'pino'
import { webCustomer } from '../../../src/domain/command.ts'
import { hour } from '../../../src/domain/hours.ts'
import type { Button } from '../../../src/domain/message.ts'
import { rehearse } from '../../../src/rehearsal.ts'
import { loadPrompts, type Prompts } from '../../../src/wiring.ts'

export interface Said {
  text: string
  script: string | null
  buttons: readonly Button[]
}

/** What one customer writes, a turn each, and how long after the turn before: `["late again", { "after": 48 }, "…"]` in hours. */
export type Turn = string | { after: number }

export interface Talk {
  /** Each customer is new; the answers come turn by turn, empty where the bot stays silent. */
  with(customer: string, turns: readonly Turn[]): Promise<Said[][]>
  prompts: Prompts
  stop(): Promise<void>
}

/** A Friday morning with the desk open; `late` is the evening of the same day, when it is closed. */
export const friday = Date.parse('2026-11-20T10:02:00+08:00')
export const late = Date.parse('2026-11-20T22:40:00+08:00')

export async function openTalk(at = friday): Promise<Talk> {
  const prompts = await loadPrompts({ PROMPTS_DIR: undefined, KNOWLEDGE_DIR: undefined }, cacheDir)
  const log = pino({ level: 'silent' })
  let n = 0
  return {
    prompts,
    async with(customer, turns) {
      const stage = await rehearse({ prompts, at, timezone: '+08:00', log })
      const heard: Said[][] = []
      const id = webCustomer(customer)
      try {
        for (const turn of turns) {
          if (typeof turn !== 'string') {
            await stage.until(stage.clock.now() + turn.after * hour)
            stage.taken()
            continue
          }
          await stage.receive({
            id: `talk-${n++}`,
            place: { channel: 'web', workspace: '-', room: customer, thread: null },
            author: { id, name: customer },
            at: stage.clock.now(),
            type: 'said',
            text: turn,
            files: [],
            timezone: null,
            tier: null,
          })
          await stage.settle()
          const said = stage.taken().filter((line) => line.type === 'say')
          heard.push(said.map(({ text, script, buttons }) => ({ text, script, buttons })))
        }
      } finally {
        await stage.stop()
      }
      return heard
    },
    stop: async () => undefined,
  }
}

const cacheDir = join(import.meta.dirname, '../../../data/cache')
