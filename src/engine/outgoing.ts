/** Effects become rows of the outbox: the words to the customer, and what the desk is shown. */
import { cardButtons, heldButtons } from '../domain/buttons.ts'
import { isHeld } from '../domain/case.ts'
import { localeOf } from '../domain/customer.ts'
import { type Effect, pendingNumber } from '../domain/decision.ts'
import type { Card, Outgoing, Place } from '../domain/message.ts'
import type { StoredCase } from '../store/cases.ts'
import type { Conversation } from '../store/conversations.ts'
import * as conversations from '../store/conversations.ts'
import type { KnownCustomer, Used } from '../store/customers.ts'
import type { OutboxRow } from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import { type BareLine, shortName } from './happened.ts'
import { type Parts, zoneOf } from './parts.ts'

export interface Draft {
  parts: Parts
  effects: readonly Effect[]
  conversation: Conversation
  customer: KnownCustomer
  kase: StoredCase | null
  /** What stands for pendingNumber, now that the case or the suggestion is stored. */
  numbers: { case: string; suggestion: string }
  now: number
  /** The turn that writes this: the id of its first message, or null. */
  turn: string | null
  /** Something said earlier has not left yet: nothing may overtake it. */
  queued: boolean
  /** The card, where something on it changed. */
  card(): Card | null
}

interface Out {
  rows: OutboxRow[]
  lines: BareLine[]
  used: Used
}

/**
 * Rows that this very commit delivers, in their places: at its time and not at the turn's, during which something else
 * may have been said and read.
 */
export async function shownLast(tx: Db, rows: readonly OutboxRow[], now: number): Promise<OutboxRow[]> {
  const placed: OutboxRow[] = []
  for (const row of rows) {
    const shown = row.state === 'sent' && row.audience === 'customer'
    placed.push(shown ? { ...row, sentAt: now, shownAt: await conversations.showNext(tx, row.conversation, now) } : row)
  }
  return placed
}

export function outgoingOf(draft: Draft): Out {
  const out: Out = { rows: [], lines: [], used: draft.customer.used }
  for (const effect of draft.effects) add(draft, out, effect)
  return out
}

function add(draft: Draft, out: Out, effect: Effect): void {
  const { parts, conversation, customer, kase } = draft
  const number = kase?.number ?? null
  switch (effect.type) {
    case 'say': {
      const locale = localeOf(customer)
      const setting = { locale, timezone: zoneOf(customer, parts.hours), now: draft.now }
      const written = parts.writer.write(
        named(effect.parts, draft),
        { id: customer.id, used: Object.fromEntries(Object.entries(out.used)) },
        setting,
      )
      if (written.text === '') return
      const buttons = parts.writer.buttons(effect.buttons, locale)
      out.used = Object.fromEntries(Object.entries(written.used).map(([name, said]) => [name, [...said]]))
      const { text, script } = written
      const said = row(draft, 'customer', { type: 'say', text, buttons, from: 'bot', agent: null }, script)
      out.rows.push(said)
      // What waits behind a person's words is told of when it leaves (deliver.ts).
      const later = draft.queued && parts.channels.get(said.place.channel)?.deliversAtCommit === true
      if (!later) out.lines.push({ type: 'say', to: shortName(customer.id), text, case: number, script, buttons })
      return
    }
    case 'words': {
      const outgoing: Outgoing = { type: 'say', text: effect.text, buttons: [], from: 'agent', agent: effect.by.name }
      out.rows.push(row(draft, 'customer', outgoing, null))
      return
    }
    case 'relay': {
      const { from, text, files } = effect
      out.rows.push(row(draft, 'desk', { type: 'relay', from, text, files }, null))
      const to = kase && isHeld(kase.state) ? kase.state.owner.name : 'desk'
      out.lines.push({ type: 'relay', case: number ?? 0, from: shortName(conversation.customer), to, text })
      return
    }
    case 'note':
      return void out.rows.push(row(draft, 'desk', { type: 'note', from: effect.from, text: effect.text }, null))
    case 'card': {
      const card = draft.card()
      if (card === null) return
      const buttons = parts.writer.buttons(kase ? cardButtons(kase.state) : [], parts.policy.desk.language)
      out.rows.push(row(draft, 'desk', { type: 'card', card, buttons }, null))
      out.lines.push({ type: 'card', ...card })
      return
    }
    case 'alert': {
      const setting = { locale: parts.policy.desk.language, timezone: parts.hours.timezone, now: draft.now }
      const { text, script } = parts.writer.write(named([effect.part], draft), { id: 'desk', used: {} }, setting)
      const held = effect.reason === 'held' ? (kase?.state.held ?? null) : null
      const buttons = held ? parts.writer.buttons(heldButtons(held.better), setting.locale) : []
      out.rows.push(row(draft, 'desk', { type: 'alert', reason: effect.reason, text, case: number, buttons }, script))
      if (held && kase) {
        const { agent, text: stopped, reason, better } = held
        out.lines.push({ type: 'held', case: kase.number, agent: agent.name, text: stopped, reason, better })
      } else out.lines.push({ type: 'alert', reason: effect.reason, text, case: number })
      return
    }
    case 'ask':
    case 'promise':
    case 'timer':
    case 'cancel':
    case 'suggest':
    case 'know':
    case 'undo':
      return
    default:
      effect satisfies never
  }
}

/** The numbers that were not known when the rules spoke. */
function named(parts: Extract<Effect, { type: 'say' }>['parts'], { numbers }: Draft) {
  return parts.map((part) => {
    if (part.values.number !== pendingNumber) return part
    const number = part.moment === 'suggestion' ? numbers.suggestion : numbers.case
    return { ...part, values: { ...part.values, number } }
  })
}

function row(draft: Draft, audience: OutboxRow['audience'], outgoing: Outgoing, script: string | null): OutboxRow {
  const { parts, conversation, kase, now, turn } = draft
  const place: Place =
    audience === 'customer' ? conversation.place : { ...parts.desk, thread: kase ? String(kase.number) : null }
  // A person's words can be taken back for a few seconds. What comes behind them has the same time: a row that is due
  // and may not leave yet would be looked at without end.
  const waits = audience === 'customer' && draft.queued
  const notBefore = waits || (outgoing.type === 'say' && outgoing.from === 'agent') ? now + parts.undoMs : now
  const delivered = parts.channels.get(place.channel)?.deliversAtCommit === true && notBefore === now && !waits
  return {
    id: parts.store.newId(now),
    conversation: conversation.id,
    customer: conversation.customer,
    caseId: kase?.id ?? null,
    audience,
    place,
    outgoing,
    script,
    state: delivered ? 'sent' : 'waiting',
    notBefore,
    attempts: 0,
    createdAt: now,
    begunAt: null,
    sentAt: delivered ? now : null,
    shownAt: null,
    turn,
    platformId: null,
  }
}
