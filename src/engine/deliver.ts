/**
 * What waits in the outbox is shown, in order within each place. No attempt begins after a claim is committed, or by a
 * process that lost the conversation to another; one that fails is tried again later, and later still, until it is plain
 * that it cannot be.
 */
import { Gone, TryAgain, Undeliverable } from '../domain/faults.ts'
import type { Channel, Posted } from '../domain/ports.ts'
import * as cases from '../store/cases.ts'
import * as leases from '../store/leases.ts'
import * as outbox from '../store/outbox.ts'
import * as sources from '../store/sources.ts'
import * as threads from '../store/threads.ts'
import { type BareLine, shortName } from './happened.ts'
import type { Parts } from './parts.ts'
import { lineMarks, tellDesk } from './report.ts'
import { found, isTouch, showAtDesk, touchAt } from './thread.ts'

/** Waits between attempts: 1 s, 2 s, 4 s … at most 10 min; given up after about a day. */
const attemptsAtMost = 150
const longestWaitMs = 10 * 60_000

/**
 * Sends what may be sent by now; resolves to when the next may be, or null. `owner` holds the lease, where there is one;
 * `begun` is what the turn's own commit began to send, with nothing before it, `more` whether there may be anything else.
 */
export async function deliver(
  parts: Parts,
  conversation: string,
  owner: string | null,
  begun: outbox.OutboxRow | null,
  more: boolean,
): Promise<number | null> {
  const later: number[] = []
  const seen = new Set<string>()
  if (begun) {
    const tried = await attempt(parts, begun, owner, true)
    if (tried === 'lost') return null
    // Should it have to wait, it is found again with whatever waits behind it.
    more ||= tried.more || tried.at !== null
  }
  // What is delivered can give more to deliver: a mark on an agent's line, or the reason why it did not arrive.
  while (more) {
    more = false
    const rows = (await outbox.unsent(parts.store.read, conversation)).filter((row) => !seen.has(row.id))
    const blocked = new Map<string, number>()
    for (const row of await newestCards(parts, rows)) {
      seen.add(row.id)
      const place = placeKey(row)
      const until = blocked.get(place)
      if (until !== undefined) {
        // What stands behind it in the same place waits as long.
        if (row.notBefore < until) await parts.store.write((tx) => outbox.postpone(tx, row.id, until))
        continue
      }
      const tried =
        row.notBefore > parts.clock.now() ? { at: row.notBefore, more: false } : await attempt(parts, row, owner)
      if (tried === 'lost') return null
      more ||= tried.more
      if (tried.at === null) continue
      blocked.set(place, tried.at)
      later.push(tried.at)
    }
  }
  return later.length > 0 ? Math.min(...later) : null
}

/** In a room of the desk each case has its own order: one that cannot be shown holds up no other. */
function placeKey({ place, audience, caseId }: outbox.OutboxRow): string {
  return `${JSON.stringify(place)} ${audience === 'desk' ? caseId : ''}`
}

/** A card that waits is shown as it is by now: of several of one case, the first to come takes the newest's content. */
async function newestCards(parts: Parts, rows: outbox.OutboxRow[]): Promise<outbox.OutboxRow[]> {
  const cards = rows.filter((row) => row.outgoing.type === 'card')
  if (cards.length < 2) return rows
  const first = new Map<string | null, outbox.OutboxRow>()
  const gone = new Set<string>()
  for (const card of cards) {
    const known = first.get(card.caseId)
    if (known) gone.add(card.id)
    first.set(card.caseId, known ? { ...known, outgoing: card.outgoing } : card)
  }
  if (gone.size > 0)
    await parts.store.write(async (tx) => {
      for (const id of gone) await outbox.drop(tx, id)
    })
  return rows
    .filter((row) => !gone.has(row.id))
    .map((row) => (row.outgoing.type === 'card' ? (first.get(row.caseId) ?? row) : row))
}

interface Tried {
  /** When to try again; null when the row needs nothing more. */
  at: number | null
  /** There are new rows. */
  more: boolean
}

/** `isBegun`: the commit that wrote the row has begun it, and it is given as it was before that. */
async function attempt(
  parts: Parts,
  row: outbox.OutboxRow,
  owner: string | null,
  isBegun = false,
): Promise<Tried | 'lost'> {
  const { store, clock, channels } = parts
  const channel = channels.get(row.place.channel)
  if (!channel) {
    // Its channel is not set up in this process: another one, or the next start, sends it.
    const later = clock.now() + longestWaitMs
    await store.write((tx) => outbox.retryAt(tx, row.id, later, `${row.place.channel} is not set up here`))
    return { at: later, more: false }
  }
  const begun = isBegun ? 'begun' : await begin(parts, row, owner)
  if (begun === 'lost') return 'lost'
  if (begun === 'nothing') return { at: null, more: false }
  try {
    const posted = await show(parts, channel, row)
    const more = await store.write(async (tx) => {
      await outbox.sent(tx, row, posted.id, clock.now())
      const marks = await lineMarks(parts, tx, row, 'delivered')
      await outbox.insert(tx, marks)
      await store.bus?.tell(tx, row.customer)
      return marks.length > 0
    })
    await tell(parts, row)
    return { at: null, more }
  } catch (error) {
    return await failed(parts, row, owner, error)
  }
}

async function begin(
  { store, clock }: Parts,
  row: outbox.OutboxRow,
  owner: string | null,
): Promise<'begun' | 'nothing' | 'lost'> {
  return await store.write(async (tx) => {
    if (owner !== null && !(await leases.holds(tx, row.conversation, owner))) return 'lost'
    // A claim drops what the bot had not begun, and an undo what a person had not: then there is nothing left to begin.
    return (await outbox.begin(tx, row.id, clock.now())) ? 'begun' : 'nothing'
  })
}

/** Shows it, or does what is to be done to what stands there. What may be there already is looked for first. */
async function show(parts: Parts, channel: Channel, row: outbox.OutboxRow): Promise<Posted> {
  if (row.audience === 'desk') return await showAtDesk(parts, channel, row)
  const { outgoing, place } = row
  if (isTouch(outgoing)) return await touchAt(parts, channel, place, outgoing, null)
  const there = await found(parts, channel, row, place, outgoing)
  if (there) return there
  const files = outgoing.type === 'say' && outgoing.files ? await sources.filesOf(parts.store.read, row.id) : undefined
  return await channel.post(place, outgoing, row.id, files)
}

async function failed(
  parts: Parts,
  row: outbox.OutboxRow,
  owner: string | null,
  error: unknown,
): Promise<Tried | 'lost'> {
  const { store, clock, log } = parts
  const reason = error instanceof Error ? error.message : String(error)
  if (error instanceof TryAgain) {
    const at = clock.now() + error.afterMs
    await store.write((tx) => outbox.putOff(tx, row.id, at, reason, error.maybeThere))
    return { at, more: false }
  }
  // There is nothing any more to be marked or changed.
  if (error instanceof Gone && isTouch(row.outgoing)) {
    await store.write((tx) => outbox.failed(tx, row.id, reason))
    return { at: null, more: false }
  }
  if (error instanceof Gone && row.audience === 'desk' && row.caseId !== null && row.attempts < 2) {
    // The card or its thread was deleted: the line finds a new one.
    const { caseId } = row
    await store.write(async (tx) => {
      await threads.set(tx, caseId, { thread: null, card: null, rule: null })
      await outbox.retryAt(tx, row.id, clock.now(), reason)
    })
    return await attempt(parts, { ...row, attempts: row.attempts + 1 }, owner)
  }
  const hopeless = error instanceof Undeliverable || error instanceof Gone || row.attempts + 1 >= attemptsAtMost
  log.warn(
    { outbox: row.id, attempt: row.attempts + 1, reason },
    hopeless ? 'not delivered, given up' : 'not delivered, will try again',
  )
  const at = clock.now() + Math.min(longestWaitMs, 1000 * 2 ** Math.min(20, row.attempts))
  if (!hopeless) {
    await store.write((tx) => outbox.retryAt(tx, row.id, at, reason))
    return { at, more: false }
  }
  const more = await store.write(async (tx) => {
    const told = await tellDesk(parts, tx, row, reason)
    await outbox.failed(tx, row.id, reason)
    await outbox.insert(tx, told)
    return told.length > 0
  })
  return { at: null, more }
}

/** What did not leave with its commit is told of once it has left: only then can anybody have read it. */
async function tell(parts: Parts, row: outbox.OutboxRow): Promise<void> {
  const { outgoing, caseId, conversation, customer, script } = row
  if (outgoing.type !== 'say') return
  const number = caseId === null ? null : ((await cases.byId(parts.store.read, caseId))?.number ?? null)
  const { text, buttons } = outgoing
  const to = shortName(customer)
  const line: BareLine =
    outgoing.from === 'agent'
      ? { type: 'relay', case: number ?? 0, from: outgoing.agent ?? '', to, text }
      : { type: 'say', to, text, case: number, script: script ?? '', buttons }
  parts.happened([{ ...line, at: parts.clock.now(), conversation, person: customer }])
}
