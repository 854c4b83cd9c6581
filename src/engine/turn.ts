/** One turn: what waits in a conversation is read, decided upon and committed. One at a time in a conversation, in order. */

import { type Locale, localeHeard } from '../domain/customer.ts'
import { decide } from '../domain/decide.ts'
import type { Happening, Inquiry } from '../domain/decision.ts'
import { actsOf } from '../domain/decision.ts'
import { withoutSentence } from '../domain/guard.ts'
import type { Command } from '../domain/message.ts'
import type { Reading } from '../domain/reading.ts'
import type { StoredCase } from '../store/cases.ts'
import * as conversations from '../store/conversations.ts'
import * as messages from '../store/messages.ts'
import * as outbox from '../store/outbox.ts'
import type { TimerRow } from '../store/timers.ts'
import { adminTurn, isAdminCommand } from './admin.ts'
import { commit } from './commit.ts'
import type { Parts } from './parts.ts'
import { currentCase, load, situate, type Waiting } from './situation.ts'

/** `again`: the case or the lease changed hands meanwhile; `next` and `unsent` tell what is left to do, and when. */
export type TurnResult =
  | { type: 'nothing'; next: number | null }
  | { type: 'again' }
  | { type: 'done'; rest: boolean; next: number | null; unsent: boolean }

const nothing: TurnResult = { type: 'nothing', next: null }

/** A turn's input: rows that are handled together, and what they amount to. */
export interface Taken {
  rows: messages.MessageRow[]
  /** Null where the rows need nothing more, such as an edit of what was not yet answered. */
  happening: Happening | null
  reading: Reading | null
  pick: (newest: StoredCase[]) => StoredCase | null
}

/** `owner` is the holder of the lease, where there is one. */
export async function turn(parts: Parts, id: string, owner: string | null): Promise<TurnResult> {
  const waiting = await load(parts, id)
  if (waiting === null) return nothing
  const turnAt = parts.clock.now()
  const [first] = waiting.arrived
  const { due, conversation } = waiting
  if (due && (!first || due.dueAt < first.received_at)) return await ring(parts, waiting, due, turnAt, owner)
  if (!first) {
    // The mark is of something that was handled while this was being loaded: it goes, unless there is newer.
    if (conversation.readyAt !== null)
      await parts.store.write((tx) => conversations.settle(tx, id, conversation.lastIn))
    return nothing
  }
  // The quiet may still run: what waits is left until it is over.
  if (conversation.readyAt !== null && conversation.readyAt > turnAt)
    return { type: 'nothing', next: conversation.readyAt }
  if (isAdminCommand(first)) return await adminTurn(parts, waiting, first, owner)

  const taken = await take(parts, waiting)
  const { situation, kase, personSpoke } = await situate(parts, waiting, taken.pick)
  const happening = await asItStands(parts, taken.happening, kase)
  const decision = happening ? decide(situation, happening) : { events: [], effects: [] }
  return await commit(parts, { waiting, taken, kase, situation, personSpoke, decision, turnAt, owner, timer: null })
}

async function ring(
  parts: Parts,
  waiting: Waiting,
  timer: TimerRow,
  turnAt: number,
  owner: string | null,
): Promise<TurnResult> {
  const pick = (newest: StoredCase[]) => newest.find((kase) => kase.id === timer.caseId) ?? null
  const happening: Happening = { type: 'due', timer: timer.timer, key: timer.key, about: timer.about }
  const { situation, kase, personSpoke } = await situate(parts, waiting, pick)
  const taken: Taken = { rows: [], happening, reading: null, pick }
  return await commit(parts, {
    waiting,
    taken,
    kase,
    situation,
    personSpoke,
    decision: decide(situation, happening),
    turnAt,
    owner,
    timer,
  })
}

/** The first of what waits; consecutive words of the customer are one burst, and so one turn. */
async function take(parts: Parts, waiting: Waiting): Promise<Taken> {
  const { conversation, arrived } = waiting
  const [first] = arrived
  if (!first) throw new Error('a turn was begun with nothing to do')
  const pick = currentCase(conversation)
  const body: Record<string, unknown> = JSON.parse(first.body)
  switch (first.type) {
    case 'said':
      return await hear(parts, waiting, pick)
    case 'pressed': {
      const { button, case: number } = body
      const offered = await casePressed(parts, waiting, String(button), typeof number === 'number' ? number : null)
      const inquiries =
        conversation.asked?.question === 'kind'
          ? lookUp(parts, waiting, conversation.asked.reading, String(button))
          : []
      return {
        rows: [first],
        happening: offered ? { type: 'pressed', button: String(button), inquiries } : null,
        reading: null,
        pick: offered ?? pick,
      }
    }
    case 'reacted':
      return { rows: [first], happening: { type: 'reacted', emoji: String(body.emoji) }, reading: null, pick }
    case 'joined':
      return { rows: [first], happening: { type: 'joined' }, reading: null, pick }
    case 'trouble':
      return {
        rows: [first],
        happening: { type: 'trouble', reason: String(body.reason), text: first.text },
        reading: null,
        pick,
      }
    case 'edited':
    case 'deleted': {
      const text = first.type === 'edited' ? first.text : null
      return {
        rows: [first],
        happening: body.answered === true ? { type: 'changed', text } : null,
        reading: null,
        pick,
      }
    }
    default:
      return commanded(first)
  }
}

async function hear(parts: Parts, waiting: Waiting, pick: Taken['pick']): Promise<Taken> {
  const { conversation, customer, arrived } = waiting
  const end = arrived.findIndex((row) => row.type !== 'said')
  const rows = end === -1 ? arrived : arrived.slice(0, end)
  const live = rows.filter((row) => row.deleted_at === null)
  const text = live
    .map((row) => row.text)
    .join('\n')
    .trim()
  const files = !live.some(hasFiles)
    ? []
    : await messages.fileNames(
        parts.store.read,
        live.map((row) => row.id),
      )
  if (text === '' && files.length === 0) return { rows, happening: null, reading: null, pick }
  const reading = await parts.reader.read(text, conversation.asked?.question ?? null)
  const locale = localeHeard(reading, customer)
  const inquiries = inquiriesOf(parts, reading, locale)
  // A fresh complaint is not part of the survey on an earlier case.
  const fresh = reading.kind === 'complaint' ? currentCase({ ...conversation, asked: null }) : pick
  return { rows, happening: { type: 'heard', reading, text, inquiries, files }, reading, pick: fresh }
}

function hasFiles(row: messages.MessageRow): boolean {
  return row.body !== '{"files":0}'
}

function inquiriesOf(parts: Parts, reading: Reading, locale: Locale): Inquiry[] {
  return actsOf(reading, 'inquiry')
    .flatMap((act) => questionsIn(act.text).map((text) => ({ ...act, text })))
    .map((act) => ({ act, answer: parts.knowledge.answer(act.text, locale) }))
}

/** Two questions in one breath are two to answer (P2): "How long does it take? And do you ship abroad?" */
function questionsIn(text: string): string[] {
  const pieces = text.match(/[^?？]+[?？]*/gu)?.map((piece) => piece.trim()) ?? []
  const asked = pieces.filter((piece) => /[?？]$/u.test(piece) && /\p{L}{2}/u.test(piece))
  return asked.length > 1 ? asked : [text]
}

/** The customer has settled that it is a question: now it is looked up. */
function lookUp(parts: Parts, { customer }: Waiting, reading: Reading, button: string): Inquiry[] {
  if (button !== 'choose:inquiry') return []
  const text = reading.acts.map((act) => act.text).join(' ')
  const locale = localeHeard(reading, customer)
  return [{ act: { kind: 'inquiry', text, confidence: 1 }, answer: parts.knowledge.answer(text, locale) }]
}

/**
 * A press belongs to the case it names, else to that of the newest message that offers the button; null for one that
 * nobody offered. A person, and to be left alone, can be asked for at any time.
 */
async function casePressed(parts: Parts, { conversation }: Waiting, button: string, number: number | null) {
  const offered = await outbox.offering(parts.store.read, conversation.customer, button)
  if (offered === null) return button === 'human' || button === 'stop' ? currentCase(conversation) : null
  if (number !== null) return (newest: StoredCase[]) => newest.find((kase) => kase.number === number) ?? null
  const id = offered.caseId
  return id === null
    ? currentCase(conversation)
    : (newest: StoredCase[]) => newest.find((kase) => kase.id === id) ?? null
}

function commanded(row: messages.MessageRow): Taken {
  const command: Command = JSON.parse(row.body)
  const by = { id: row.author, name: row.author_name }
  const pick = (newest: StoredCase[]) =>
    row.case_id === null ? null : (newest.find((kase) => kase.id === row.case_id) ?? null)
  return { rows: [row], happening: { type: 'desk', by, command, guarded: null, unsent: false }, reading: null, pick }
}

/** What an agent does, with what is known only once its case is. */
async function asItStands(parts: Parts, happening: Happening | null, kase: StoredCase | null) {
  if (happening?.type !== 'desk' || kase === null) return happening
  if (happening.command.do !== 'undo') return guarded(parts, happening, kase)
  return { ...happening, unsent: (await outbox.newestWords(parts.store.read, kase.id)) !== null }
}

/** An agent's words pass the same guard as the bot's (P7); what an approved offer gives is backed (P16). */
function guarded(parts: Parts, happening: Extract<Happening, { type: 'desk' }>, kase: StoredCase): Happening {
  const { command } = happening
  const text = command.do === 'reply' || command.do === 'promise' || command.do === 'resolve' ? command.text : null
  if (text === null) return happening
  const amount = kase.state.offer?.approved ? kase.state.offer.amount : null
  const backed = { amounts: amount === null ? [] : [amount] }
  const verdict = parts.guard.check(text, backed)
  if (verdict === null) return happening
  const reason = `${verdict.fault}: “${verdict.found}”`
  const better = withoutSentence(text, verdict.found)
  // What is offered in its place must pass as well.
  const passes = better !== null && parts.guard.check(better, backed) === null
  return { ...happening, guarded: { reason, better: passes ? better : null } }
}
