/** The real engine on virtual time: what `replay`, the stories and the evaluations run on. */

import { webAtCommit } from './channels/web/channel.ts'
import { letPass, type SetClock, setClock } from './clock.ts'
import type { ChannelName, Incoming } from './domain/message.ts'
import type { Channel, Model, Received } from './domain/ports.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import type { HappenedLine } from './engine/happened.ts'
import type { Log } from './engine/parts.ts'
import { openStore, type Store } from './store/open.ts'
import { type Prompts, partsOf } from './wiring.ts'

export interface Rehearsal {
  clock: SetClock
  store: Store
  engine: Engine
  /** Everything that happened since it was last asked for. */
  taken(): HappenedLine[]
  receive(incoming: Incoming): Promise<Received>
  /** Does what is due now; `undoable` leaves an agent's last words where they can be taken back. */
  settle(undoable?: boolean): Promise<void>
  /** Lets time pass; what falls due on the way happens in order. */
  until(at: number): Promise<void>
  stop(): Promise<void>
}

export interface Stage {
  prompts: Prompts
  at: number
  timezone: string
  log: Log
  /** Default: SQLite in memory. */
  store?: Store
  /** Default: the web alone, where the desk is. */
  channels?: ReadonlyMap<ChannelName, Channel>
  desk?: string
  /** Default: none. */
  model?: Model | null
}

export async function rehearse({
  prompts,
  at,
  timezone,
  log,
  store: given,
  channels = new Map([['web', webAtCommit]]),
  desk = 'web',
  model = null,
}: Stage): Promise<Rehearsal> {
  const clock = setClock(at)
  const store = given ?? (await openStore({ engine: 'sqlite', file: ':memory:' }, { alone: true }))
  let lines: HappenedLine[] = []
  const parts = partsOf({
    prompts,
    store,
    clock,
    log,
    timezone,
    channels,
    desk,
    model,
    quietMs: 0,
    happened: (happened) => lines.push(...happened),
  })
  const engine = await createEngine(parts, 'nobody')
  return {
    clock,
    store,
    engine,
    taken() {
      const taken = lines
      lines = []
      return taken
    },
    async receive(incoming) {
      const received = await engine.receive(incoming)
      // Nothing came of it but what the agent is told.
      if (received.type === 'refused' && incoming.type === 'commanded') {
        const number = 'case' in incoming.command ? incoming.command.case : null
        const line = { type: 'alert', reason: 'refused', text: received.text, case: number } as const
        lines.push({ ...line, at: clock.now(), conversation: '', person: '' })
      }
      return received
    },
    settle: (undoable) => engine.settle(undoable),
    until: (to) => letPass(clock, engine, to),
    async stop() {
      await engine.stop()
      await store.close()
    },
  }
}
