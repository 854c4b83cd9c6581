/** Effects become rows of the outbox: the words to the customer, and what the desk is shown. */
import { heldButtons } from '../domain/buttons.ts'
import { isHeld } from '../domain/case.ts'
import { localeOf } from '../domain/customer.ts'
import { type Effect, part } from '../domain/decision.ts'
import type { Card, Outgoing, Place, Room } from '../domain/message.ts'
import type { StoredCase } from '../store/cases.ts'
import type { Conversation } from '../store/conversations.ts'
import * as conversations from '../store/conversations.ts'
import type { KnownCustomer, Used } from '../store/customers.ts'
import type { MessageRow } from '../store/messages.ts'
import type { NewOutboxRow, OutboxRow } from '../store/outbox.ts'
import { writtenForDesk } from './atdesk.ts'
import { botName, shownCard } from './desks.ts'
import { type BareLine, shortName } from './happened.ts'
import { type LineBody, markFor, markOf } from './lines.ts'
import { newRow } from './newrow.ts'
import { type Parts, standsAtCommit, zoneOf } from './parts.ts'
import { type Numbers, named, numbered, type Worded } from './wording.ts'

export interface Draft {
  parts: Parts
  effects: readonly Effect[]
  conversation: Conversation
  customer: KnownCustomer
  kase: StoredCase | null
  /** Where the case is worked. */
  desk: Room
  /** What the turn took in hand; and what the customer said in it in a case that stood before. */
  arrived: readonly MessageRow[]
  heard: { text: string; files: string[] } | null
  /** Now that the case or the suggestion is stored. */
  numbers: Numbers
  now: number
  /** What a model made of the words, in place of the scripts' own. */
  worded: Worded
  /** The turn that writes this: the id of its first message, or null. */
  turn: string | null
  /** Something said earlier has not left yet: nothing may overtake it. */
  queued: boolean
  /** The card, where something on it changed. */
  card(): Card | null
}

interface Out {
  rows: NewOutboxRow[]
  lines: BareLine[]
  used: Used
}

/**
 * Rows that this very commit delivers, in their places after what was shown in the conversation at last: at its time and
 * not at the turn's, during which something else may have been said and read.
 */
export function shownLast(
  rows: readonly NewOutboxRow[],
  shownAt: number,
  now: number,
): { rows: NewOutboxRow[]; shownAt: number } {
  let last = shownAt
  const placed = rows.map((row) => {
    if (row.state !== 'sent' || row.audience !== 'customer') return row
    last = conversations.shownAfter(last, now)
    return { ...row, sentAt: now, shownAt: last }
  })
  return { rows: placed, shownAt: last }
}

export function outgoingOf(draft: Draft): Out {
  const out: Out = { rows: [], lines: [], used: draft.customer.used }
  // The thread at the desk is the whole conversation: what was only answered by the bot stands in it too.
  if (draft.heard && !draft.effects.some((effect) => effect.type === 'relay'))
    mirror(draft, out, { by: 'customer', from: draft.customer.name, ...draft.heard }, saidIds(draft))
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
        effect.parts.map((part) => named(part, draft.numbers)),
        { id: customer.id, used: Object.fromEntries(Object.entries(out.used)) },
        setting,
      )
      if (written.text === '') return
      const buttons = parts.writer.buttons(effect.buttons, locale)
      out.used = Object.fromEntries(Object.entries(written.used).map(([name, said]) => [name, [...said]]))
      const better = draft.worded.get(effect)
      const text = better === undefined ? written.text : numbered(better, draft.numbers)
      const script = better === undefined ? written.script : `${written.script}+model`
      const said = row(draft, 'customer', { type: 'say', text, buttons, from: 'bot', agent: null }, script)
      out.rows.push(said)
      mirror(draft, out, { by: 'bot', from: botName(parts), text, files: [] }, [])
      // What does not leave with the commit is told of when it has left (deliver.ts).
      if (said.state === 'sent')
        out.lines.push({ type: 'say', to: shortName(customer.id), text, case: number, script, buttons })
      return
    }
    case 'words':
      return words(draft, out, effect.by.name, draft.worded.get(effect) ?? effect.text)
    case 'relay': {
      const { from, files } = effect
      const text = relayed(draft, effect)
      out.rows.push({
        ...row(draft, 'desk', { type: 'relay', by: 'customer', from, text, files }, null),
        sources: saidIds(draft),
      })
      const to = kase && isHeld(kase.state) ? kase.state.owner.name : 'desk'
      out.lines.push({ type: 'relay', case: number ?? 0, from: shortName(conversation.customer), to, text })
      return
    }
    case 'note': {
      const line = lineIn(draft)
      // Written in the thread it stands there already.
      if (line) return mark(draft, out, line, markOf.inside)
      return void out.rows.push(row(draft, 'desk', { type: 'note', from: effect.from, text: effect.text }, null))
    }
    case 'card': {
      const card = draft.card()
      if (card === null || kase === null) return
      out.rows.push(row(draft, 'desk', shownCard(parts, card, kase.state, customer), null))
      out.lines.push({ type: 'card', ...card })
      return
    }
    case 'alert':
      return alert(draft, out, effect)
    case 'ask':
    case 'promise':
    case 'timer':
    case 'cancel':
    case 'suggest':
    case 'know':
    case 'undo':
    case 'link':
    case 'reword':
    case 'retract':
      return
    default:
      effect satisfies never
  }
}

/** A customer's words for the desk, which is told where they take the place of others, or are gone. */
function relayed({ parts, worded, now }: Draft, effect: Extract<Effect, { type: 'relay' }>): string {
  const text = worded.get(effect) ?? effect.text
  if (effect.changed === undefined) return text
  return writtenForDesk(parts, effect.changed === 'edited' ? part('desk.edited', { text }) : part('desk.deleted'), now)
    .text
}

/** An agent's words to the customer, with the files that they sent along. */
function words(draft: Draft, out: Out, agent: string, text: string): void {
  const line = lineIn(draft)
  const sources = line ? [line.id] : []
  const files = line ? line.body.files : []
  const said = row(
    draft,
    'customer',
    { type: 'say', text, buttons: [], from: 'agent', agent, ...(files.length > 0 ? { files } : {}) },
    null,
  )
  out.rows.push({ ...said, sources })
  if (line === null) mirror(draft, out, { by: 'agent', from: agent, text, files: [] }, [])
  else if (said.state === 'sent') mark(draft, out, line, markOf.delivered)
}

function alert(draft: Draft, out: Out, { reason, part }: Extract<Effect, { type: 'alert' }>): void {
  const { parts, kase } = draft
  const number = kase?.number ?? null
  const { text, script } = writtenForDesk(parts, named(part, draft.numbers), draft.now)
  const held = reason === 'held' ? (kase?.state.held ?? null) : null
  const buttons = held ? parts.writer.buttons(heldButtons(held.better), parts.policy.desk.language) : []
  const line = reason === 'held' || reason === 'refused' ? lineIn(draft) : null
  if (line) mark(draft, out, line, markOf.failed)
  out.rows.push(row(draft, 'desk', { type: 'alert', reason, text, case: number, buttons }, script))
  if (held && kase) {
    const { agent, text: stopped, better } = held
    out.lines.push({ type: 'held', case: kase.number, agent: agent.name, text: stopped, reason: held.reason, better })
  } else out.lines.push({ type: 'alert', reason, text, case: number })
}

/** What is said elsewhere stands in the case's thread as well; a page shows the conversation by itself. */
function mirror(
  draft: Draft,
  out: Out,
  { by, from, text, files }: Omit<Extract<Outgoing, { type: 'relay' }>, 'type'>,
  sources: readonly string[],
): void {
  if (draft.kase === null || standsAtCommit(draft.parts, draft.desk)) return
  out.rows.push({ ...row(draft, 'desk', { type: 'relay', by, from, text, files }, null), sources })
}

function mark(draft: Draft, out: Out, line: LineIn, emoji: string): void {
  out.rows.push(row(draft, 'desk', markFor(line.body, emoji), null))
}

interface LineIn {
  id: string
  body: LineBody
}

/** The agent's line that this turn deals with. */
function lineIn({ arrived }: Draft): LineIn | null {
  const found = arrived.find((one) => one.type === 'line')
  return found ? { id: found.id, body: JSON.parse(found.body) } : null
}

/** Of what a relay tells: the messages themselves, or the one that was changed. */
function saidIds({ arrived }: Draft): string[] {
  return arrived.flatMap((one) => {
    if (one.type === 'said') return one.deleted_at === null ? [one.id] : []
    if (one.type !== 'edited' && one.type !== 'deleted') return []
    const { original }: { original?: string } = JSON.parse(one.body)
    return original === undefined ? [] : [original]
  })
}

/** Its thread on a platform is known only once its card is posted; on the page it is the case itself. */
function atDesk({ desk, kase }: Draft): Place {
  return { ...desk, thread: kase && desk.channel === 'web' ? String(kase.number) : null }
}

export function row(
  draft: Draft,
  audience: OutboxRow['audience'],
  outgoing: OutboxRow['outgoing'],
  script: string | null,
): OutboxRow {
  const { parts, conversation, kase, now, turn } = draft
  const place: Place = audience === 'customer' ? conversation.place : atDesk(draft)
  // A person's words can be taken back for a few seconds. What comes behind them has the same time: a row that is due
  // and may not leave yet would be looked at without end.
  const waits = audience === 'customer' && draft.queued
  const notBefore = waits || (outgoing.type === 'say' && outgoing.from === 'agent') ? now + parts.undoMs : now
  const delivered = standsAtCommit(parts, place) && notBefore === now && !waits
  return newRow(
    {
      id: parts.store.newId(now),
      conversation: conversation.id,
      customer: conversation.customer,
      caseId: kase?.id ?? null,
      audience,
      place,
      outgoing,
      script,
      turn,
      notBefore,
    },
    { now, delivered },
  )
}
