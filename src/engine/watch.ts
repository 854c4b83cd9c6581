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
  const { windowMinutes } = parts.policy.spikes
  const since = now - windowMinutes * minute
  const seen = await spikes.seenAt(tx, topic)
  // One that goes on is looked at now and then, to know when it is over.
  if (seen !== null && now - seen < (windowMinutes * minute) / 10) return nothing
  if (!(await isSpike(parts, tx, topic, since))) return nothing
  if (seen !== null && seen > since) {
    await spikes.goesOn(tx, topic, now)
    return nothing
  }
  return await propose(parts, tx, topic, kase, now)
}

async function propose(parts: Parts, tx: Db, topic: string, kase: StoredCase, now: number): Promise<Watched> {
  const { windowMinutes } = parts.policy.spikes
  const since = now - windowMinutes * minute
  const people = await spikes.peopleSince(tx, topic, since)
  const numbers = (await spikes.casesSince(tx, topic, since)).join(', ')
  const said = part('desk.spike', { topic: { topic }, people, minutes: windowMinutes, numbers })
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

/** What is known of a topic without counting: what is usual, by the hour, and how many may come before it is worth it. */
interface Pace {
  hour: number
  usual: number
  skip: number
}

const paces = new WeakMap<Store, Map<string, Pace>>()

/** On a busy day each complaint would count all others: far from a spike, some are let pass uncounted. */
async function isSpike({ store, policy }: Parts, tx: Db, topic: string, since: number): Promise<boolean> {
  const known = paces.get(store) ?? new Map<string, Pace>()
  paces.set(store, known)
  const before = known.get(topic)
  if (before && before.skip > 0) {
    before.skip -= 1
    return false
  }
  const people = await spikes.peopleSince(tx, topic, since)
  if (people < policy.spikes.people) return false
  const hour = Math.floor(since / (60 * minute))
  const usual = before?.hour === hour ? before.usual : await usualIn(tx, topic, since, policy.spikes.windowMinutes)
  const short = spikeFrom(usual, policy.spikes) - people
  known.set(topic, { hour, usual, skip: Math.max(0, Math.floor(short / 4) - 1) })
  return short <= 0
}

async function usualIn(tx: Db, topic: string, until: number, windowMinutes: number): Promise<number> {
  const past = await spikes.past(tx, topic, until - usualDays * day, until)
  return past === null ? 0 : usualOf(past.n, past.first, until, windowMinutes)
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
