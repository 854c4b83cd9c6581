/**
 * What waits in the outbox is shown, in order within each place. No attempt begins after a claim is committed; one that
 * fails is tried again later, and later still, until it is plain that it cannot be.
 */
import * as cases from '../store/cases.ts'
import * as outbox from '../store/outbox.ts'
import { type BareLine, shortName } from './happened.ts'
import type { Parts } from './parts.ts'

/** Waits between attempts: 1 s, 2 s, 4 s … at most 10 min; given up after about a day. */
const attemptsAtMost = 150
const longestWaitMs = 10 * 60_000

/** Sends what may be sent by now; resolves to when the next may be, or null. */
export async function deliver(parts: Parts, conversation: string): Promise<number | null> {
  const rows = await outbox.unsent(parts.store.read, conversation)
  const blocked = new Map<string, number>()
  const later: number[] = []
  for (const row of rows) {
    const place = JSON.stringify(row.place)
    const until = blocked.get(place)
    if (until !== undefined) {
      // What stands behind it in the same place waits as long.
      if (row.notBefore < until) await parts.store.write((tx) => outbox.postpone(tx, row.id, until))
      continue
    }
    const at = row.notBefore > parts.clock.now() ? row.notBefore : await attempt(parts, row)
    if (at === null) continue
    blocked.set(place, at)
    later.push(at)
  }
  return later.length > 0 ? Math.min(...later) : null
}

/** Null when the row needs nothing more, else when to try again. */
async function attempt(parts: Parts, row: outbox.OutboxRow): Promise<number | null> {
  const { store, clock, channels, log } = parts
  const channel = channels.get(row.place.channel)
  if (!channel) {
    // Its channel is not set up in this process: another one, or the next start, sends it.
    const later = clock.now() + longestWaitMs
    await store.write((tx) => outbox.retryAt(tx, row.id, later, `${row.place.channel} is not set up here`))
    return later
  }
  // A claim drops what the bot had not begun, and an undo what a person had not: then there is nothing left to begin.
  if (!(await store.write((tx) => outbox.begin(tx, row.id, clock.now())))) return null
  try {
    const found =
      row.begunAt !== null && clock.now() - row.begunAt >= (channel.remembersMs ?? 0)
        ? await channel.findSent?.(row.place, row.id, row.outgoing)
        : null
    const { id } = found ?? (await channel.post(row.place, row.outgoing, row.id))
    await store.write(async (tx) => {
      await outbox.sent(tx, row, id, clock.now())
      await store.bus?.tell(tx, row.customer)
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const final = row.attempts + 1 >= attemptsAtMost
    log.warn(
      { outbox: row.id, attempt: row.attempts + 1, reason },
      final ? 'not delivered, given up' : 'not delivered, will try again',
    )
    const at = clock.now() + Math.min(longestWaitMs, 1000 * 2 ** Math.min(20, row.attempts))
    await store.write((tx) => (final ? outbox.failed(tx, row.id, reason) : outbox.retryAt(tx, row.id, at, reason)))
    return final ? null : at
  }
  await tell(parts, row)
  return null
}

/** What waited is told of only once it has left: a person's words, which could be taken back, and what came behind them. */
async function tell(parts: Parts, row: outbox.OutboxRow): Promise<void> {
  const { outgoing, caseId, conversation, customer, script } = row
  if (outgoing.type !== 'say') return
  const number = caseId === null ? null : ((await cases.byId(parts.store.read, caseId))?.number ?? null)
  const { text, buttons } = outgoing
  const to = shortName(customer)
  // Where the commit delivers, only what had to wait comes this way; elsewhere the turn has told of it already.
  const waited = parts.channels.get(row.place.channel)?.deliversAtCommit === true
  let line: BareLine
  if (outgoing.from === 'agent') line = { type: 'relay', case: number ?? 0, from: outgoing.agent ?? '', to, text }
  else if (waited) line = { type: 'say', to, text, case: number, script: script ?? '', buttons }
  else return
  parts.happened([{ ...line, at: parts.clock.now(), conversation, person: customer }])
}
