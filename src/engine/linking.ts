/** The customer is the same person as somebody whom we know from elsewhere, or is not after all: every open case of theirs shows it. */
import { isActive } from '../domain/case.ts'
import * as accounts from '../store/accounts.ts'
import * as cases from '../store/cases.ts'
import * as customers from '../store/customers.ts'
import type { NewOutboxRow } from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import type { Turned } from './commit.ts'
import { freshCard } from './desks.ts'
import type { Parts } from './parts.ts'
import { atDesk } from './report.ts'

export interface Linked {
  /** What is known of them by their other accounts from now on. */
  known: Partial<customers.KnownCustomer>
  /** The cards of their other cases, in the conversations of those. */
  cards: NewOutboxRow[]
}

const casesAtMost = 20

export async function linked(parts: Parts, tx: Db, { decision, waiting, situation, kase }: Turned): Promise<Linked> {
  const effect = decision.effects.find((one) => one.type === 'link')
  if (effect === undefined) return { known: {}, cards: [] }
  const { id, also: before = [] } = waiting.customer
  if (effect.other === null) await accounts.unlink(tx, id)
  else await accounts.link(tx, parts.store.newId, id, effect.other, situation.now)
  const known = { also: [], ...(await customers.find(tx, id)) }
  const theirs = await cases.newestOf(tx, { id, also: [...new Set([...before, ...known.also])] }, casesAtMost)
  const cards: NewOutboxRow[] = []
  for (const one of theirs)
    if (isActive(one.state) && one.id !== kase?.id)
      cards.push(await atDesk(parts, tx, { ...one, caseId: one.id }, await freshCard(parts, tx, one)))
  return { known, cards }
}
