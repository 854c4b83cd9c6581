/**
 * What an agent may not do in a case as it stands. Asked at the door, so that whoever acts is told at once, and once more
 * in the turn, because the case may have changed by then.
 */
import { isOffered } from './answered.ts'
import { type Case, isActive, isHeld, isOwner, type Person } from './case.ts'
import type { Command } from './message.ts'
import { type Policy, rankOf } from './policy.ts'
import type { FormName } from './ports.ts'

/** A heading of `prompts/scripts/refusals.<locale>.md`. */
export type Refusal = { refusal: Why; agent: string | null; number: string }
export type Why =
  | 'ended'
  | 'taken'
  | 'nothing'
  | 'noOffer'
  | 'notLead'
  | 'past'
  | 'blocked'
  | 'empty'
  | 'asIs'
  | 'nobody'

type CaseCommand = Extract<Command, { case: number }>

/** Forms for what only whoever has the case may do. */
const owners: ReadonlySet<FormName> = new Set(['reply', 'remedy', 'promise', 'resolve'])

/** Why `by` need not begin to fill in a form of the case: what is handed in is looked at once more. */
export function refusalOfForm(kase: Case, number: string, by: Person, form: FormName): Refusal | null {
  const taken = owners.has(form) && isAnothers(kase, by)
  return taken && isHeld(kase) ? { refusal: 'taken', agent: kase.owner.name, number } : null
}

/** A case and what is known beside it. */
export interface Standing {
  case: Case
  number: string
  policy: Policy
  now: number
  blocked: boolean
  /** Do a person's words wait to leave, so that they can be taken back? */
  unsent: boolean
  /** The accounts that are linked with the customer's; whom a link names, where they are known. */
  also: readonly string[]
  customer: string
  other: string | null
}

/** Why `by` may not do that; null when they may. */
export function refusalOf(standing: Standing, by: Person, command: CaseCommand): Refusal | null {
  const why = whyNot(standing, by, command)
  const { case: kase, number } = standing
  return why === null ? null : { refusal: why, agent: isHeld(kase) ? kase.owner.name : null, number }
}

function whyNot(standing: Standing, by: Person, command: CaseCommand): Why | null {
  const { case: kase, policy, now, blocked, unsent, also, customer, other } = standing
  switch (command.do) {
    // One claim wins; the next is told who has it (PLATFORMS, pain 7).
    case 'claim':
      return isAnothers(kase, by) ? 'taken' : null
    case 'release':
      if (!isHeld(kase)) return 'asIs'
      return isAnothers(kase, by) && rankOf(policy, by.id) === 'agent' ? 'taken' : null
    case 'reply':
      if (blocked) return 'blocked'
      if (command.wording === null && command.text.trim() === '') return 'empty'
      return isAnothers(kase, by) ? 'taken' : null
    case 'resolve':
    case 'remedy':
    case 'promise':
      if (!isActive(kase)) return 'ended'
      if (isAnothers(kase, by)) return 'taken'
      return command.do === 'promise' && command.by <= now ? 'past' : null
    case 'approve': {
      if (!kase.offer || kase.offer.approved) return isOffered(kase) ? 'asIs' : 'noOffer'
      if (!isActive(kase)) return 'ended'
      const { leads, managers, admins } = policy.people
      const named = leads.length + managers.length + admins.length > 0
      return named && rankOf(policy, by.id) === 'agent' ? 'notLead' : null
    }
    case 'undo':
      return unsent ? null : 'nothing'
    case 'refile':
      if (command.kind === kase.kind) return 'asIs'
      return kase.status === 'closed' || kase.status === 'withdrawn' ? 'ended' : null
    case 'link':
      if (other === null) return 'nobody'
      return other === customer || also.includes(other) ? 'asIs' : null
    case 'unlink':
      return also.length === 0 ? 'asIs' : null
    case 'transfer':
      return kase.status === 'closed' || kase.status === 'withdrawn' ? 'ended' : null
    default:
      return null
  }
}

function isAnothers(kase: Case, by: Person): boolean {
  return isHeld(kase) && !isOwner(kase.owner, by)
}
