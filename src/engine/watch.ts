/** What stands out over many cases: a spike of like complaints is proposed as an incident, a cause that recurs is told (P4, P27, P31). */
import { type Effect, part } from '../domain/decision.ts'
import { day, minute } from '../domain/hours.ts'
import { causeKey, isToldAt, spikeFrom, topicOf, usualDays, usualOf } from '../domain/spike.ts'
import type { StoredCase } from '../store/cases.ts'
import type { Store } from '../store/open.ts'
import type { NewOutboxRow } from '../store/outbox.ts'
import * as outbox from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import * as spikes from '../store/spikes.ts'
import { writtenForDesk } from './atdesk.ts'
import type { BareLine } from './happened.ts'
import type { Parts } from './parts.ts'
import { atDesk } from './report.ts'

export interface Watched {
  effects: Effect[]
  rows: NewOutboxRow[]
  lines: BareLine[]
}

const nothing: Watched = { effects: [], rows: [], lines: [] }

/** `before` is the case as it stood, null for one that this turn opened. */
export async function watch(
  parts: Parts,
  tx: Db,
  before: StoredCase | null,
  after: StoredCase,
  now: number,
): Promise<Watched> {
  const cause = causeKey(after.state.cause)
  const effects =
    cause !== null && cause !== causeKey(before?.state.cause ?? null) ? await recurring(parts, tx, cause, now) : []
  const topic = topicOf(after.state)
  const isNew = topic !== null && (before === null || topicOf(before.state) !== topic)
  const spike = isNew ? await spiking(parts, tx, topic, after, now) : nothing
  return { ...spike, effects }
}

async function recurring({ policy }: Parts, tx: Db, cause: string, now: number): Promise<Effect[]> {
  const { days } = policy.recurring
  const { n, people } = await spikes.causedSince(tx, cause, now - days * day)
  if (!isToldAt(n, policy.recurring)) return []
  return [{ type: 'alert', reason: 'recurring', part: part('desk.recurring', { cause, n, people, days }) }]
}

/** The proposal stands in the desk's room, and not in one case's thread: it is about all of them. */
async function spiking(parts: Parts, tx: Db, topic: string, kase: StoredCase, now: number): Promise<Watched> {
  const rule = parts.policy.spikes
  const since = now - rule.windowMinutes * minute
  const people = await spikes.peopleSince(tx, topic, since)
  if (people < rule.people || people < spikeFrom(await usual(parts, tx, topic, since), rule)) return nothing
  const numbers = await spikes.casesSince(tx, topic, since)
  const said = part('desk.spike', {
    topic: { topic },
    people,
    minutes: rule.windowMinutes,
    numbers: numbers.join(', '),
  })
  const { text } = writtenForDesk(parts, said, now)
  const buttons = parts.writer.buttons(['declare', 'dismiss'], parts.policy.desk.language)
  const { conversation, customer, number, id } = kase
  const row = await atDesk(
    parts,
    tx,
    { conversation, customer, caseId: null },
    { type: 'alert', reason: 'spike', text, case: number, buttons },
  )
  if (!(await spikes.propose(tx, { topic, caseId: id, alert: row.id, at: now, quiet: since }))) return nothing
  return { effects: [], rows: [row], lines: [{ type: 'alert', reason: 'spike', text, case: number }] }
}

/** What is usual changes slowly: it is reckoned once an hour, and not with every complaint of a busy day. */
const reckoned = new WeakMap<Store, Map<string, number>>()

async function usual({ store, policy }: Parts, tx: Db, topic: string, until: number): Promise<number> {
  const known = reckoned.get(store) ?? new Map<string, number>()
  reckoned.set(store, known)
  const key = `${topic} ${Math.floor(until / (60 * minute))}`
  const before = known.get(key)
  if (before !== undefined) return before
  const past = await spikes.past(tx, topic, until - usualDays * day, until)
  const fresh = past === null ? 0 : usualOf(past.n, past.first, until, policy.spikes.windowMinutes)
  if (known.size > 100) known.clear()
  known.set(key, fresh)
  return fresh
}

/** What people made of a proposal: it offers no choices any more, and shows who decided. `stirred` has something to send. */
export async function decided(
  parts: Parts,
  tx: Db,
  { topic, alert }: spikes.Spike,
  { state, agent, incident }: { state: 'declared' | 'refused'; agent: string; incident: string | null },
): Promise<{ lines: BareLine[]; stirred: string[] }> {
  await spikes.settle(tx, topic, state)
  const proposal = await outbox.byId(tx, alert)
  if (proposal?.outgoing.type !== 'alert') return { lines: [], stirred: [] }
  const said = part('desk.spike.decided', { agent, incident, topic: { topic } })
  const { text } = writtenForDesk(parts, said, parts.clock.now())
  const outgoing = { ...proposal.outgoing, text: `${proposal.outgoing.text}\n${text}`, buttons: [] }
  await outbox.rewrite(tx, alert, outgoing)
  if (proposal.state === 'sent' && proposal.platformId !== null) {
    const change = await atDesk(parts, tx, proposal, { type: 'change', of: proposal.platformId, row: alert })
    await outbox.insert(tx, [change])
  }
  const line: BareLine = { type: 'alert', reason: 'spike', text, case: proposal.outgoing.case }
  return { lines: [line], stirred: [proposal.conversation] }
}
