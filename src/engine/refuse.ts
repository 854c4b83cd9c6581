/** What an agent may not do is told at the door, before anything is stored: the page, the button, the line shows why. */
import type { Person } from '../domain/case.ts'
import { type Part, part } from '../domain/decision.ts'
import type { Command } from '../domain/message.ts'
import type { Received } from '../domain/ports.ts'
import { type Refusal, refusalOf } from '../domain/refusal.ts'
import * as accounts from '../store/accounts.ts'
import * as cases from '../store/cases.ts'
import * as conversations from '../store/conversations.ts'
import * as customers from '../store/customers.ts'
import * as messages from '../store/messages.ts'
import * as outbox from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import { writtenForDesk } from './atdesk.ts'
import type { Parts } from './parts.ts'

/**
 * Null where it may be done, or where that can only be told in its turn: something that was done before it still waits.
 * The conversation and the case stay locked, in the order in which a turn's commit locks them.
 */
export async function refusalAtDoor(
  parts: Parts,
  tx: Db,
  { id, conversation, customer }: cases.StoredCase,
  by: Person,
  command: Command,
): Promise<Received | null> {
  if (!('case' in command)) return null
  await conversations.lock(tx, conversation, parts.store.engine)
  const kase = await cases.lock(tx, id, parts.store.engine)
  if (kase === null) return null
  const settled = command.do === 'claim' || (await messages.unhandled(tx, conversation, 1)).length === 0
  if (!settled) return null
  const known = await customers.find(tx, customer)
  const standing = {
    case: kase.state,
    number: String(kase.number),
    policy: parts.policy,
    now: parts.clock.now(),
    blocked: known !== null && known.blockedAt !== null,
    unsent: (await outbox.newestWords(tx, id)) !== null,
    also: known?.also ?? [],
    customer,
    other: command.do === 'link' ? ((await accounts.named(tx, command.to))?.id ?? null) : null,
  }
  const refusal = refusalOf(standing, by, command)
  if (refusal === null) return null
  const { agent, number } = refusal
  return {
    type: 'refused',
    text: command.do === 'claim' ? written(parts, part('desk.taken', { agent, number })) : refusedWords(parts, refusal),
  }
}

export function refusedWords(parts: Parts, refusal: Refusal): string {
  return written(parts, part('desk.refused', { reason: refusal }))
}

function written(parts: Parts, said: Part): string {
  return writtenForDesk(parts, said, parts.clock.now()).text
}
