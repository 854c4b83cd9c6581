/**
 * What a turn decided becomes true: case, events, promises, timers and outgoing messages, in one short transaction.
 * The lease and the case's owner are looked at again inside it, so that a claim in between drops the bot's reply.
 */
import { apply, type Case, type CaseEvent, ownerName } from '../domain/case.ts'
import { type Commitment, isOpen } from '../domain/commitment.ts'
import { type Decision, type Effect, learntIn, type Situation } from '../domain/decision.ts'
import type { Card, Place, Room } from '../domain/message.ts'
import * as cases from '../store/cases.ts'
import * as conversations from '../store/conversations.ts'
import type { KnownCustomer } from '../store/customers.ts'
import * as customers from '../store/customers.ts'
import * as messages from '../store/messages.ts'
import * as outbox from '../store/outbox.ts'
import * as promises from '../store/promises.ts'
import type { Db } from '../store/schema.ts'
import * as timers from '../store/timers.ts'
import { cardOf, deskOfCase, giveDesk } from './desks.ts'
import { type BareLine, caseLine } from './happened.ts'
import { learn } from './learn.ts'
import { linked } from './linking.ts'
import { begunRow } from './newrow.ts'
import { type Draft, outgoingOf, shownLast } from './outgoing.ts'
import { type Parts, standsAtCommit } from './parts.ts'
import { arrivedAtMost, type Waiting } from './situation.ts'
import { suggest } from './suggest.ts'
import type { Taken } from './take.ts'
import { touch } from './touch.ts'
import type { TurnResult } from './turn.ts'
import { watch } from './watch.ts'
import type { Worded } from './wording.ts'

export interface Turned {
  waiting: Waiting
  taken: Taken
  kase: cases.StoredCase | null
  situation: Situation
  personSpoke: boolean
  decision: Decision
  /** What a model made of the words. */
  worded: Worded
  turnAt: number
  /** Holder of the lease, where there is one. */
  owner: string | null
  /** The timer that rang, if that is what began the turn. */
  timer: timers.TimerRow | null
}

export async function commit(parts: Parts, turned: Turned): Promise<TurnResult> {
  const written = await parts.store.write((tx) => write(parts, tx, turned))
  if (written === null) return { type: 'again' }
  const { lines, elsewhere, ...todo } = written
  const { waiting, situation } = turned
  const { id, customer } = waiting.conversation
  if (lines.length > 0)
    parts.happened(lines.map((line) => ({ ...line, at: situation.now, conversation: id, person: customer })))
  for (const other of elsewhere) parts.wake(other)
  return { type: 'done', rest: isFollowed(turned), ...todo }
}

interface Written {
  lines: BareLine[]
  /** When the earliest of the timers that were set rings. */
  next: number | null
  /** Words whose sending began with this commit. */
  begun: outbox.OutboxRow | null
  /** Is there anything else that deliver must send? */
  unsent: boolean
  /** Other conversations in which there is something to send. */
  elsewhere: string[]
}

async function write(parts: Parts, tx: Db, turned: Turned): Promise<Written | null> {
  const { waiting, taken, decision, situation, timer } = turned
  const { conversation } = waiting
  const here = await conversations.atCommit(tx, conversation.id, turned.owner)
  if (here === null || !(await stillHolds(tx, turned, here))) return null
  if (turned.kase && !(await isFresh(parts, tx, turned.kase))) return null
  if (timer) await timers.remove(tx, timer)

  const learnt = learntIn(decision.effects)
  const elsewhere = await linked(parts, tx, turned)
  // In another conversation they may have been told something meanwhile: what was said there is not said here (P8).
  const used = waiting.customer.also ? customers.together([waiting.customer.used, here.used]) : here.used
  const known = { ...waiting.customer, used, ...learnt, ...elsewhere.known }
  const kase = await putCase(parts, tx, turned)
  const lines: BareLine[] = kase ? changedCase(turned.kase, kase) : []
  if (kase) lines.push(...followupLines(turned, kase), ...checkLines(turned, kase))
  await learn(tx, turned)
  const suggestion = await suggest(parts, tx, turned)
  lines.push(...suggestion.lines)
  const promised = kase ? await putPromises(tx, turned, kase, lines) : situation.promises
  const watched = kase
    ? await watch(parts, tx, turned.kase?.id === kase.id ? turned.kase : null, kase, situation.now)
    : null
  const effects = [...decision.effects, ...suggestion.effects, ...(watched?.effects ?? [])]
  const next = await putTimers(tx, effects, conversation.id, kase, lines)

  const ahead = await waitingBefore(parts, tx, turned)
  const draft: Draft = {
    parts,
    effects,
    conversation,
    customer: known,
    kase,
    desk: await deskOf(parts, tx, turned, kase, known),
    arrived: taken.rows,
    heard: turned.kase?.id === kase?.id && taken.happening?.type === 'heard' ? taken.happening : null,
    numbers: { case: kase ? String(kase.number) : '', suggestion: suggestion.name },
    now: situation.now,
    turn: turnOf(turned),
    worded: turned.worded,
    // Only a person's words wait, for their seconds of undo; the case may have been released or ended meanwhile.
    queued: turned.personSpoke && ahead.has('customer'),
    card: () => changedCard(turned, kase, promised, known),
  }
  const out = outgoingOf(draft)
  const now = parts.clock.now()
  const placed = shownLast(out.rows, here.shownAt, now)
  const begun = ahead.size > 0 || isFollowed(turned) ? null : begins(parts, placed.rows, now)
  await outbox.insert(
    tx,
    placed.rows.map((row) => (row === begun ? begunRow(row, now) : row)),
  )
  await outbox.insert(tx, elsewhere.cards)
  lines.push(...out.lines)
  if (watched) await outbox.insert(tx, watched.rows)
  lines.push(...(watched?.lines ?? []))
  const touched = await touch(draft, tx)
  for (const effect of decision.effects) if (effect.type === 'undo' && kase) await outbox.undo(tx, kase.id)
  await customers.change(tx, known.id, out.used === known.used ? learnt : { ...learnt, used: out.used })

  const ids = taken.rows.map((row) => row.id)
  if (ids.length > 0) {
    const caseId = kase?.id ?? null
    await messages.handled(tx, { ids, caseId, reading: taken.reading, turnAt: turned.turnAt, at: parts.clock.now() })
  }
  if (taken.reread) await messages.reread(tx, taken.reread.id, taken.reread.reading)
  await conversations.leave(tx, conversation.id, { ...left(turned, here), shownAt: placed.shownAt })
  await parts.store.bus?.tell(tx, conversation.customer)
  const unsent =
    touched ||
    ahead.size > 0 ||
    [...placed.rows, ...(watched?.rows ?? [])].some((row) => row !== begun && row.state !== 'sent')
  return { lines, next, begun, unsent, elsewhere: elsewhere.cards.map((card) => card.conversation) }
}

/** For whom something from before waits to be sent; what a commit delivers leaves nothing behind. */
async function waitingBefore(parts: Parts, tx: Db, { waiting, personSpoke }: Turned): Promise<Set<string>> {
  const { id, place } = waiting.conversation
  return personSpoke || sendsTo(parts, place) ? await outbox.waitingFor(tx, id) : new Set()
}

/** The words to the customer that may leave at once: they begin to with this very commit, which saves another. */
function begins(parts: Parts, rows: readonly outbox.OutboxRow[], now: number): outbox.OutboxRow | null {
  const first = rows.find((row) => row.audience === 'customer' && row.state === 'waiting')
  return first && first.notBefore <= now && sendsTo(parts, first.place) ? first : null
}

function sendsTo(parts: Parts, place: Place): boolean {
  return parts.channels.has(place.channel) && !standsAtCommit(parts, place)
}

/** The desk that the case keeps; that of one which is opened in this turn is chosen now. */
async function deskOf(
  parts: Parts,
  tx: Db,
  { kase: before, waiting }: Turned,
  kase: cases.StoredCase | null,
  { tier }: KnownCustomer,
): Promise<Room> {
  if (kase === null) return parts.desk
  if (before?.id === kase.id) return await deskOfCase(parts, tx, kase.id)
  return await giveDesk(parts, tx, kase, waiting.conversation.place, tier)
}

/** The turn's first message names it; a timer's turn has none. */
function turnOf({ taken }: Turned): string | null {
  return taken.rows[0]?.id ?? null
}

/** Is what the turn read still so? The customer may have been blocked, a message edited or deleted. */
async function stillHolds(tx: Db, { waiting, taken }: Turned, here: conversations.AtCommit): Promise<boolean> {
  const { conversation, customer } = waiting
  if (here.blocked !== (customer.blockedAt !== null)) return false
  // Whatever arrives, an edit too, leaves its mark.
  if (here.lastIn === conversation.lastIn) return true
  return !(await messages.haveChanged(tx, taken.rows))
}

/** Has anybody claimed, released or otherwise changed the case since the turn looked at it? */
async function isFresh(parts: Parts, tx: Db, kase: cases.StoredCase): Promise<boolean> {
  const current = await cases.lock(tx, kase.id, parts.store.engine)
  return current !== null && current.updatedAt === kase.updatedAt && ownerName(current.state) === ownerName(kase.state)
}

async function putCase(parts: Parts, tx: Db, turned: Turned): Promise<cases.StoredCase | null> {
  const { decision, situation, waiting } = turned
  const { events } = decision
  if (events.length === 0) return turned.kase
  const { now } = situation
  const opensAt = events.findIndex((event) => event.type === 'opened')
  const before = opensAt === -1 ? turned.kase : null
  const state = sum(before?.state ?? null, events, now)
  if (before) {
    const kase = { ...before, updatedAt: now, state }
    await cases.update(tx, kase)
    await cases.log(tx, parts.store.newId, kase.id, events, now, turnOf(turned))
    return kase
  }
  const kase: cases.StoredCase = {
    id: parts.store.newId(now),
    number: await cases.nextNumber(tx, 'case'),
    conversation: waiting.conversation.id,
    customer: waiting.conversation.customer,
    updatedAt: now,
    state,
  }
  await cases.insert(tx, kase)
  await cases.log(tx, parts.store.newId, kase.id, events, now, turnOf(turned))
  return kase
}

function sum(before: Case | null, events: readonly CaseEvent[], now: number): Case {
  const state = events.reduce<Case | null>((kase, event) => apply(kase, event, now), before)
  if (state === null) throw new Error('a case was changed that was never opened')
  return state
}

/** A line for the case, where something that people see of it changed. */
function changedCase(before: cases.StoredCase | null, after: cases.StoredCase): BareLine[] {
  const line = caseLine(after.number, after.state)
  const was = before?.id === after.id ? caseLine(before.number, before.state) : null
  return JSON.stringify(line) === JSON.stringify(was) ? [] : [line]
}

function changedCard(
  { kase: before, situation, taken, waiting }: Turned,
  after: cases.StoredCase | null,
  promised: readonly Commitment[],
  known: KnownCustomer,
): Card | null {
  if (after === null) return null
  const card = cardOf(after, promised, known)
  // What an edit took off the card was taken off as it came in: the desk is still to be shown that.
  if (taken.rows.some((row) => row.type === 'edited' || row.type === 'deleted')) return card
  const was =
    before?.id === after.id ? cardOf(before, situation.promises, { ...known, also: waiting.customer.also ?? [] }) : null
  return JSON.stringify(card) === JSON.stringify(was) ? null : card
}

async function putPromises(
  tx: Db,
  { decision, situation, waiting }: Turned,
  kase: cases.StoredCase,
  lines: BareLine[],
): Promise<Commitment[]> {
  const promised = new Map(situation.promises.map((promise) => [promise.n, promise]))
  const conversation = waiting.conversation.id
  for (const effect of decision.effects) {
    if (effect.type !== 'promise') continue
    const { promise } = effect
    promised.set(promise.n, promise)
    await promises.put(tx, kase.id, promise)
    lines.push({ type: 'promise', case: kase.number, what: promise.what, due: promise.due, state: promise.state })
    if (!isOpen(promise))
      for (const timer of ['promise.risk', 'promise.due'] as const)
        await timers.remove(tx, { conversation, caseId: kase.id, timer, key: String(promise.n), dueAt: 0, about: null })
  }
  return [...promised.values()]
}

async function putTimers(
  tx: Db,
  effects: readonly Effect[],
  conversation: string,
  kase: cases.StoredCase | null,
  lines: BareLine[],
): Promise<number | null> {
  let next: number | null = null
  for (const effect of effects) {
    if (effect.type === 'cancel' && kase) await timers.cancel(tx, conversation, kase.id, effect.timer)
    if (effect.type !== 'timer') continue
    const { timer, key, dueAt, about } = effect
    const caseId = timer === 'suggestion' ? '' : (kase?.id ?? '')
    await timers.put(tx, { conversation, caseId, timer, key, dueAt, about })
    next = Math.min(next ?? dueAt, dueAt)
    if (timer === 'check') lines.push({ type: 'followup', case: kase?.number ?? null, due: dueAt, state: 'scheduled' })
  }
  return next
}

function followupLines({ decision, situation }: Turned, kase: cases.StoredCase): BareLine[] {
  const lines: BareLine[] = []
  for (const event of decision.events) {
    if (event.type === 'checked') lines.push({ type: 'followup', case: kase.number, due: situation.now, state: 'sent' })
    if (event.type === 'answered' && event.solved !== undefined)
      lines.push({ type: 'followup', case: kase.number, due: situation.now, state: 'answered' })
    if (event.type === 'closed' && event.reason === 'silent')
      lines.push({ type: 'followup', case: kase.number, due: situation.now, state: 'unanswered' })
  }
  return lines
}

function checkLines({ decision }: Turned, kase: cases.StoredCase): BareLine[] {
  if (!decision.events.some((event) => event.type === 'answered')) return []
  const { solved, expectation, rating } = kase.state
  return [{ type: 'check', case: kase.number, solved, expectation, rating }]
}

/** Does another turn come next? Whatever arrives meanwhile wakes the conversation by itself. */
function isFollowed({ waiting, taken }: Turned): boolean {
  return isRest(waiting, taken) || waiting.due !== null
}

/** Is some of what arrived left: not taken in this turn, or more than one turn looks at? */
function isRest({ arrived }: Waiting, { rows }: Taken): boolean {
  return arrived.length > rows.length || arrived.length >= arrivedAtMost
}

/** The mark of waiting work goes, unless something is left or has arrived that the turn has not seen. */
function left(turned: Turned, here: conversations.AtCommit): Omit<conversations.Standing, 'shownAt'> {
  const { decision, taken, waiting, situation } = turned
  const asks = decision.effects.findLast((effect) => effect.type === 'ask')
  const asked = asks ? asks.asked : here.asked
  const { readyAt, waitingSince } = here
  if (taken.rows.length === 0) return { asked, readyAt, waitingSince }
  if (isRest(waiting, taken)) return { asked, readyAt: situation.now, waitingSince }
  const seen = here.lastIn === waiting.arrived.at(-1)?.id
  return seen ? { asked, readyAt: null, waitingSince: null } : { asked, readyAt, waitingSince }
}
