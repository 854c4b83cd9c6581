/**
 * Socket Mode: two connections, so that one is there while Slack renews the other. Each is started anew by us: left to
 * itself the client gives up for good on some errors, and ends the process on others (PLATFORMS).
 */
import type { Logger } from '@slack/bolt'
import { SocketModeClient } from '@slack/socket-mode'
import type { WebClientOptions } from '@slack/web-api'
import type { Intake } from './intake.ts'
import { Unready } from './intake.ts'
import type { Log } from './parts.ts'

export interface Sockets {
  stop(): Promise<void>
}

export interface SocketParts {
  appToken: string
  options: WebClientOptions
  logger: Logger
  intake: Intake
  log: Log
  /** Told when all connections are lost, and when there is one again. */
  changed(fault: string | null): void
  /** Waits between tries; the first after a connection was lost is made at once. */
  waits?: readonly number[]
}

interface Envelope {
  ack: (response?: Record<string, unknown>) => Promise<void>
  type: string
  body: Record<string, unknown>
  retry_num?: number
}

const connections = 2
const defaultWaits = [1000, 2000, 5000, 15_000, 30_000, 60_000]

export function openSockets(parts: SocketParts): Sockets {
  const faults = new Array<string | null>(connections).fill('not connected yet')
  let told: string | null | undefined
  let stopping = false
  const stops: (() => Promise<void>)[] = []

  function report(i: number, fault: string | null): void {
    faults[i] = fault
    const all = faults.includes(null) ? null : (faults.find((one) => one !== null) ?? null)
    if (told === all || stopping) return
    told = all
    parts.changed(all)
  }

  function keep(i: number): void {
    const client = new SocketModeClient({
      appToken: parts.appToken,
      autoReconnectEnabled: false,
      clientOptions: parts.options,
      logger: parts.logger,
    })
    let tries = 0
    let timer: NodeJS.Timeout | undefined
    const waits = parts.waits ?? defaultWaits
    const again = () => {
      if (stopping) return
      timer = setTimeout(() => void connect(), tries === 0 ? 0 : waits[Math.min(tries, waits.length) - 1])
    }
    const connect = async () => {
      try {
        await client.start()
      } catch (error) {
        report(i, error instanceof Error ? error.message : String(error))
        tries += 1
        again()
      }
    }
    client.on('connected', () => {
      tries = 0
      report(i, null)
    })
    client.on('disconnected', () => {
      // While it is being started, the start itself fails.
      if (faults[i] !== null) return
      report(i, 'the connection was lost')
      again()
    })
    client.on('slack_event', (envelope: Envelope) => void take(parts, envelope))
    stops.push(async () => {
      clearTimeout(timer)
      await Promise.race([client.disconnect(), new Promise((resolve) => setTimeout(resolve, 1000).unref())])
    })
    void connect()
  }

  for (let i = 0; i < connections; i += 1) keep(i)
  return {
    async stop() {
      stopping = true
      await Promise.all(stops.map((stop) => stop()))
    },
  }
}

/** Without its acknowledgement Slack sends an event again, over this connection or another. */
async function take({ intake, log }: SocketParts, { ack, type, body, retry_num }: Envelope): Promise<void> {
  try {
    if (type === 'events_api') {
      await intake.event(body, retry_num ?? 0)
      await ack()
    } else {
      let given = false
      await intake.interaction(body, async (response) => {
        if (given) return
        given = true
        await ack(
          typeof response === 'string' ? (response === '' ? {} : { text: response }) : { ...(response as object) },
        )
      })
    }
  } catch (error) {
    if (error instanceof Unready) return
    log.error({ err: error }, 'what came over the socket could not be taken; Slack will send it again')
  }
}
