/** What a turn begins with: the conversation, what waits in it, and everything the rules need to know. */
import type { Asked, Situation } from '../domain/decision.ts'
import { pendingNumber } from '../domain/decision.ts'
import { day } from '../domain/hours.ts'
import * as cases from '../store/cases.ts'
import * as conversations from '../store/conversations.ts'
import * as customers from '../store/customers.ts'
import * as messages from '../store/messages.ts'
import * as promises from '../store/promises.ts'
import type { Db } from '../store/schema.ts'
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

/** Cases of a customer that a turn looks at to know what happened before. */
const casesAtMost = 10
const recentDays = 30

export interface Situated {
  situation: Situation
  kase: cases.StoredCase | null
  /** A person may have written to this customer: their last words may still wait to leave. */
  personSpoke: boolean
}

/** The case that a happening belongs to: one that is named, however old, or the one in hand where it was said. */
export type Which =
  | { of: 'id'; id: string }
  | { of: 'number'; number: number }
  | { of: 'current'; asked: Asked | null }
  | { of: 'none' }

async function find(
  db: Db,
  which: Which,
  { id, customer }: conversations.Conversation,
  newest: readonly cases.StoredCase[],
): Promise<cases.StoredCase | null> {
  switch (which.of) {
    case 'id':
      return newest.find((kase) => kase.id === which.id) ?? (await cases.byId(db, which.id))
    case 'number': {
      const kase = await cases.byNumber(db, which.number)
      return kase?.customer === customer ? kase : null
    }
    case 'current':
      return await currentCase(db, id, which.asked, newest)
    case 'none':
      return null
    default:
      return which satisfies never
  }
}

export async function situate(parts: Parts, { conversation, customer }: Waiting, which: Which): Promise<Situated> {
  const { store, clock, policy, hours } = parts
  const now = clock.now()
  const { newest, kase, promised } = await store.look(async (db) => {
    const newest = await cases.newestOf(db, customer, casesAtMost)
    const kase = await find(db, which, conversation, newest)
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
  return {
    situation,
    kase,
    // Of who has more cases than were looked at, it is not known.
    personSpoke:
      newest.length === casesAtMost ||
      [...newest, ...(kase ? [kase] : [])].some((known) => known.state.answeredAt !== null),
  }
}

/** The case that what a customer says belongs to: the one in hand, else the one that was just resolved. */
async function currentCase(
  db: Db,
  conversation: string,
  asked: Asked | null,
  newest: readonly cases.StoredCase[],
): Promise<cases.StoredCase | null> {
  // Nearly everybody is new, or has no case.
  if (newest.length === 0) return null
  const live = await cases.liveIn(db, conversation)
  if (live !== null) return live
  const survey = asked?.question === 'expectation' || asked?.question === 'rating'
  return survey ? await cases.closedLast(db, conversation) : null
}
