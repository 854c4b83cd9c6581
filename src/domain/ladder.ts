/** The ladder: whom the desk calls when an agent alone is not enough, first the leads, then the managers (P12). */
import { type Draft, numberOf, part } from './decision.ts'

export type Rung = 'leads' | 'managers'

/** Why somebody is called: a heading of `prompts/scripts/callings.<locale>.md`, with what it needs to know. */
export interface Calling {
  why:
    | 'public'
    | 'leaving'
    | 'again'
    | 'grave'
    | 'asks'
    | 'broken'
    | 'neglected'
    | 'refused'
    | 'approval'
    | 'unsolved'
    | 'rating'
  /** How many proposals were refused; which mark was given. */
  n?: number
  agent?: string
  remedy?: string
  amount?: string | null
}

/** Calls them by name, or by their office where policy names nobody. `alert` is how the desk sorts it. */
export function call(to: Draft, rung: Rung, reasons: readonly Calling[], alert = 'ladder'): void {
  const named = to.situation.policy.people[rung].join(', ')
  callPeople(to, named === '' ? { office: rung } : named, reasons, alert)
}

/** Calls somebody who is known: the person who has the case. */
export function callPeople(
  to: Draft,
  people: string | { office: Rung },
  reasons: readonly Calling[],
  alert: string,
): void {
  const values = { number: numberOf(to), people, reason: { callings: reasons } }
  to.effects.push({ type: 'alert', reason: alert, part: part('desk.ladder', values) })
}
