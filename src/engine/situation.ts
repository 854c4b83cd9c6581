/** What a turn begins with: the conversation, what waits in it, and everything the rules need to know. */
import { isActive } from '../domain/case.ts'
import type { Situation } from '../domain/decision.ts'
import { pendingNumber } from '../domain/decision.ts'
import { day } from '../domain/hours.ts'
import * as cases from '../store/cases.ts'
import * as conversations from '../store/conversations.ts'
import * as customers from '../store/customers.ts'
import * as messages from '../store/messages.ts'
import * as promises from '../store/promises.ts'
import * as timers from '../store/timers.ts'
import type { Parts } from './parts.ts'

export interface Waiting {
  conversation: conversations.Conversation
  customer: customers.KnownCustomer
  arrived: messages.MessageRow[]
  due: timers.TimerRow | null
}

/** More than this in one turn would hold the store too long; the rest comes in the next. */
export const arrivedAtMost = 100

export async function load(parts: Parts, id: string): Promise<Waiting | null> {
  return await parts.store.look(async (db) => {
    const conversation = await conversations.byId(db, id)
    if (conversation === null) return null
    const customer = await customers.find(db, conversation.customer)
    if (customer === null) return null
    const arrived = await messages.unhandled(db, id, arrivedAtMost)
    const due = await timers.firstDue(db, id, parts.clock.now())
    return { conversation, customer, arrived, due }
  })
}

/** Cases of a customer that a turn looks at: the current one and what happened before. */
const casesAtMost = 10
const recentDays = 30

export interface Situated {
  situation: Situation
  kase: cases.StoredCase | null
  /** A person has written to this customer: their last words may still wait to leave. */
  personSpoke: boolean
}

/** `pick` chooses the case that this happening belongs to, of the customer's newest. */
export async function situate(
  parts: Parts,
  { conversation, customer }: Waiting,
  pick: (newest: cases.StoredCase[]) => cases.StoredCase | null,
): Promise<Situated> {
  const { store, clock, policy, hours } = parts
  const now = clock.now()
  const { newest, kase, promised } = await store.look(async (db) => {
    const newest = await cases.newestOf(db, customer.id, casesAtMost)
    const kase = pick(newest)
    return { newest, kase, promised: kase ? await promises.ofCase(db, kase.id) : [] }
  })
  const earlier = newest.filter(
    (other) =>
      other.id !== kase?.id && other.state.kind === 'complaint' && other.state.openedAt > now - recentDays * day,
  )
  const [before] = earlier
  const situation: Situation = {
    now,
    policy,
    hours,
    customer,
    asked: conversation.asked,
    case: kase?.state ?? null,
    number: kase ? String(kase.number) : pendingNumber,
    promises: promised,
    complaintsBefore: earlier.length,
    before: before ? { number: before.number, facts: before.state.facts, endedAt: before.updatedAt } : null,
  }
  return { situation, kase, personSpoke: newest.some((known) => known.state.answeredAt !== null) }
}

/** The case that what a customer says belongs to: the one in hand, else the one that was just resolved. */
export function currentCase(conversation: conversations.Conversation) {
  const survey = conversation.asked?.question === 'expectation' || conversation.asked?.question === 'rating'
  return (newest: cases.StoredCase[]): cases.StoredCase | null => {
    const here = newest.filter((kase) => kase.conversation === conversation.id)
    return (
      here.find((kase) => isActive(kase.state)) ??
      here.find((kase) => kase.state.status === 'resolved') ??
      (survey ? here.find((kase) => kase.state.status === 'closed') : undefined) ??
      null
    )
  }
}
