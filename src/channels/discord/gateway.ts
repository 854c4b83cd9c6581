/**
 * The gateway, by discord.js's own client for it. A session outlives the process: how far its events have been *stored*
 * is kept, and the next start resumes from there, so that what came in meanwhile comes again, edits and deletes too.
 * discord.js's `Client` cannot do that (it learns who it is from READY alone), and reads edits and deletes only of what
 * it has cached.
 */
import { WebSocketManager, WebSocketShardEvents } from '@discordjs/ws'
import { GatewayCloseCodes, type GatewayDispatchPayload } from 'discord.js'
import { z } from 'zod'
import type { Keep } from '../../domain/ports.ts'
import type { Api } from './api.ts'

export interface Gateway {
  /** Resolves once every shard is connected; rejects where Discord will never have us. Tries on while it is away. */
  connect(): Promise<void>
  stop(): Promise<void>
}

export interface Listening {
  api: Api
  token: string
  intents: number
  keep: Keep
  /** Stores what came; true: it need never come again. `id` is the event's own, the same if it does. */
  handle(event: GatewayDispatchPayload, id: string): Promise<boolean>
  /** A shard is connected: anew, or again where it left off. */
  connected(anew: boolean): void
  /** Discord is away: told once until it is back. */
  away(reason: string): void
  failed(error: unknown, event: string): void
}

const session = z.object({
  sessionId: z.string(),
  resumeURL: z.string(),
  sequence: z.number(),
  shardId: z.number(),
  shardCount: z.number(),
})
type Session = z.infer<typeof session>

/** Any code but 1000 and 1001 leaves the session standing. */
const leaving = 4_200
const keptEveryMs = 1_000
const firstWaitMs = 1_000
const longestWaitMs = 60_000
const silentAtMost = 4
export const tokenRefused = 'Discord refuses the token: set DISCORD_TOKEN to the one of the developer portal'

/** Nothing that is tried again can mend these: they are the operator's to mend. */
const fatal: Partial<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]: tokenRefused,
  [GatewayCloseCodes.InvalidIntents]: 'Discord knows none of these intents',
  [GatewayCloseCodes.DisallowedIntents]:
    'the app may not have the Message Content intent: switch it on in the developer portal',
}

/** Discord will not have us, and says why. */
export class Unwelcome extends Error {
  readonly code: number
  constructor(closed: number, why: string) {
    super(why)
    this.code = closed
  }
}

export function createGateway({ api, token, intents, keep, handle, connected, away, failed }: Listening): Gateway {
  /** As discord.js knows them, and how far we have stored what came. */
  const live = new Map<number, Session>()
  const stored = new Map<number, Progress>()
  let stopping = false
  /** A shard that is closed gives its session up; while this holds, ours lives on. */
  let holding = false
  let manager: WebSocketManager | null = null
  let saving: NodeJS.Timeout | null = null
  /** Ends the attempt to connect that is under way. */
  let end: ((error: Error) => void) | null = null
  let hurry = () => {}

  function progressOf(shard: number, from: number): Progress {
    const known = stored.get(shard) ?? createProgress(from)
    stored.set(shard, known)
    return known
  }

  async function save(): Promise<void> {
    saving = null
    for (const [shard, known] of live) {
      const sequence = stored.get(shard)?.done() ?? known.sequence
      await keep.set(`session:${shard}`, JSON.stringify({ ...known, sequence }))
    }
  }

  function saveSoon(): void {
    saving ??= setTimeout(() => void save().catch((error) => failed(error, 'session')), keptEveryMs)
  }

  async function retrieve(shard: number): Promise<Session | null> {
    const known = live.get(shard)
    if (known) return known
    const text = await keep.get(`session:${shard}`)
    const parsed = text === null ? null : session.safeParse(JSON.parse(text))
    if (!parsed?.success) return null
    live.set(shard, parsed.data)
    return parsed.data
  }

  async function updated(shard: number, known: Session | null): Promise<void> {
    if (holding) return
    if (known === null) {
      live.delete(shard)
      stored.delete(shard)
      return await keep.delete(`session:${shard}`)
    }
    if (live.get(shard)?.sessionId !== known.sessionId) stored.delete(shard)
    live.set(shard, known)
  }

  function take(data: GatewayDispatchPayload, shard: number): void {
    const progress = progressOf(shard, data.s - 1)
    progress.begin(data.s)
    handle(data, `${live.get(shard)?.sessionId ?? ''}:${data.s}`)
      .catch((error) => {
        failed(error, data.t)
        return true
      })
      .then((isStored) => {
        progress.end(data.s, isStored)
        saveSoon()
      })
  }

  function make(): WebSocketManager {
    const made = new WebSocketManager({
      token,
      intents,
      rest: api.rest,
      retrieveSessionInfo: retrieve,
      updateSessionInfo: updated,
    })
    let silent = 0
    made.on(WebSocketShardEvents.Dispatch, ({ data, shardId }) => take(data, shardId))
    made.on(WebSocketShardEvents.Ready, () => {
      silent = 0
      connected(true)
    })
    made.on(WebSocketShardEvents.Resumed, () => {
      silent = 0
      connected(false)
    })
    made.on(WebSocketShardEvents.Error, ({ error }) => failed(error, 'socket'))
    made.on(WebSocketShardEvents.Closed, ({ code }) => {
      if (made !== manager || stopping) return
      const why = fatal[code]
      silent += 1
      if (why !== undefined) lost(new Unwelcome(code, why))
      // discord.js comes back twice a second for ever; a gateway that stays silent is given time.
      else if (silent === silentAtMost) lost(new Error(`its gateway closes at once, with ${code}`))
    })
    return made
  }

  function lost(error: Error): void {
    if (end) return end(error)
    void (async () => {
      await leave()
      if (error instanceof Unwelcome) throw error
      away(error.message)
      await pause(firstWaitMs)
      await connect()
    })().catch((fault) => failed(fault, 'gateway'))
  }

  async function connect(): Promise<void> {
    for (let tries = 0; !stopping; tries += 1) {
      manager = make()
      const ended = new Promise<never>((_, reject) => {
        end = reject
      })
      try {
        await Promise.race([manager.connect(), ended])
        end = null
        return
      } catch (error) {
        end = null
        await leave()
        if (error instanceof Unwelcome) throw error
        if (api.refused()) throw new Unwelcome(GatewayCloseCodes.AuthenticationFailed, tokenRefused)
        away(error instanceof Error ? error.message : String(error))
        await pause(Math.min(longestWaitMs, firstWaitMs * 2 ** tries))
      }
    }
  }

  async function leave(): Promise<void> {
    const gone = manager
    manager = null
    holding = true
    try {
      await gone?.destroy({ code: leaving })
    } catch (error) {
      failed(error, 'leaving')
    } finally {
      holding = stopping
    }
  }

  async function pause(ms: number): Promise<void> {
    if (stopping) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      hurry = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    connect,
    async stop() {
      stopping = true
      hurry()
      end?.(new Error('the bot stops'))
      await leave()
      if (saving) clearTimeout(saving)
      await Promise.all([...stored.values()].map((progress) => progress.settled()))
      await save()
    },
  }
}

/** How far a row of events is stored without a gap: they are taken side by side, and may end in any order. */
interface Progress {
  begin(s: number): void
  end(s: number, isStored: boolean): void
  /** All up to here are stored. */
  done(): number
  settled(): Promise<void>
}

function createProgress(from: number): Progress {
  const open = new Set<number>()
  const missing = new Set<number>()
  let newest = from
  let resolve = () => {}
  return {
    begin(s) {
      open.add(s)
      newest = Math.max(newest, s)
    },
    end(s, isStored) {
      open.delete(s)
      if (!isStored) missing.add(s)
      if (open.size === 0) resolve()
    },
    done: () => (open.size + missing.size === 0 ? newest : Math.min(...open, ...missing) - 1),
    settled: async () => {
      if (open.size > 0) await new Promise<void>((done) => (resolve = done))
    },
  }
}
