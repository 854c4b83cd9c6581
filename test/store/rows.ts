/** Rows as the engine would write them, with what a test does not care about filled in. */
import type { Case } from '../../src/domain/case.ts'
import type { Outgoing, Place } from '../../src/domain/message.ts'
import { noFacts } from '../../src/domain/reading.ts'
import * as cases from '../../src/store/cases.ts'
import * as conversations from '../../src/store/conversations.ts'
import * as customers from '../../src/store/customers.ts'
import type { NewMessage } from '../../src/store/messages.ts'
import type { Store } from '../../src/store/open.ts'
import type { OutboxRow } from '../../src/store/outbox.ts'
import type { Db } from '../../src/store/schema.ts'

/** 2026-11-20T01:00:00Z. */
export const t0 = 1_795_136_400_000

export function placeOf(room: string): Place {
  return { channel: 'web', workspace: '-', room, thread: null }
}

/** A customer of their own for a test, with a conversation. */
export async function someone(store: Store, name: string): Promise<conversations.Conversation> {
  return await store.write(async (tx) => {
    const id = `web:-:${name}`
    await customers.findOrMake(tx, { id, name, timezone: null, tier: null }, t0)
    return await conversations.findOrMake(tx, store, placeOf(name), id, t0)
  })
}

export function messageOf(store: Store, to: conversations.Conversation, more: Partial<NewMessage> = {}): NewMessage {
  const id = store.newId(t0)
  return {
    id,
    channel: 'web',
    platform_id: `p-${id}`,
    conversation: to.id,
    customer: to.customer,
    case_id: null,
    type: 'said',
    role: 'customer',
    author: to.customer,
    author_name: 'Ada',
    text: 'My parcel is late.',
    body: '{}',
    at: t0,
    received_at: t0,
    shown_at: t0,
    ...more,
  }
}

export const complaint: Case = {
  kind: 'complaint',
  status: 'open',
  step: 'listen',
  owner: 'bot',
  introduced: null,
  severity: 2,
  tolerance: 0.5,
  mood: 'annoyed',
  summary: 'The parcel is late.',
  facts: noFacts,
  openedAt: t0,
  spokeAt: t0,
  answeredAt: null,
  resolvedAt: null,
  cause: null,
  remedy: null,
  offer: null,
  refused: 0,
  apologies: 0,
  secondFailures: 0,
  held: null,
  replies: [],
  checks: 0,
  surveyed: false,
  solved: null,
  expectation: null,
  rating: null,
}

export async function openCase(
  store: Store,
  tx: Db,
  of: conversations.Conversation,
  state: Case = complaint,
): Promise<cases.StoredCase> {
  const number = await cases.nextNumber(tx, 'case')
  const kase = { id: store.newId(t0), number, conversation: of.id, customer: of.customer, updatedAt: t0, state }
  await cases.insert(tx, kase)
  return kase
}

export function say(text: string, buttons: string[] = [], from: 'bot' | 'agent' = 'bot'): Outgoing {
  const labelled = buttons.map((id) => ({ id, label: id }))
  return { type: 'say', text, buttons: labelled, from, agent: from === 'agent' ? 'kim' : null }
}

/** Something of the bot's that waits; `outgoing` and the rest as a test needs them. */
export function outboxOf(store: Store, to: conversations.Conversation, more: Partial<OutboxRow> = {}): OutboxRow {
  return {
    id: store.newId(t0),
    conversation: to.id,
    customer: to.customer,
    caseId: null,
    audience: 'customer',
    place: to.place,
    outgoing: say('I am sorry.'),
    script: 'listen@1234:plain',
    state: 'waiting',
    notBefore: t0,
    attempts: 0,
    createdAt: t0,
    begunAt: null,
    sentAt: null,
    shownAt: null,
    turn: null,
    platformId: null,
    ...more,
  }
}
