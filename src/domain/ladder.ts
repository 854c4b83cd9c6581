/** The ladder: whom the desk calls when an agent alone is not enough, first the leads, then the managers (P12). */
import { type Draft, numberOf, part } from './decision.ts'

export type Rung = 'leads' | 'managers'

/** Calls them by name, or by their office where policy names nobody. `alert` is how the desk sorts it. */
export function call(to: Draft, rung: Rung, reason: string, alert = 'ladder'): void {
  const people = to.situation.policy.people[rung].join(', ') || (rung === 'leads' ? 'lead' : 'manager')
  callPeople(to, people, reason, alert)
}

/** Calls somebody who is known: the person who has the case. */
export function callPeople(to: Draft, people: string, reason: string, alert: string): void {
  to.effects.push({ type: 'alert', reason: alert, part: part('desk.ladder', { number: numberOf(to), people, reason }) })
}
