/** Failures that come thicker than usual, and causes that come back: people are told with figures, and decide (P4, P27, P31). */
import type { Case } from './case.ts'
import { minute } from './hours.ts'
import type { Policy } from './policy.ts'

/** What makes two complaints alike: the failure that was named. A question names none that counts. */
export function topicOf({ kind, facts }: Pick<Case, 'kind' | 'facts'>): string | null {
  return kind === 'inquiry' ? null : facts.failure
}

/** So many customers in one window are a spike where `usual` come in such a window: in a small shop the floor, in a busy one a multiple. */
export function spikeFrom(usual: number, { people, times }: Policy['spikes']): number {
  return Math.max(people, Math.ceil(usual * times))
}

/** What is usual is reckoned over so many days, as far as there is a past; a first busy day is no past. */
export const usualDays = 28
const pastAtLeast = 24 * 60 * minute

/** How many come in a window, on average: `complaints` in the time from `since`, that of the first of them, to `now`. */
export function usualOf(complaints: number, since: number, now: number, windowMinutes: number): number {
  return (complaints * windowMinutes * minute) / Math.max(pastAtLeast, now - since)
}

/** Causes are compared as people mean them: "Courier " is "courier". */
export function causeKey(cause: string | null): string | null {
  return cause?.normalize('NFKC').trim().toLowerCase() || null
}

/** Told at the first count that policy names, and again at each doubling: nobody hears of every single one. */
export function isToldAt(count: number, { times }: Policy['recurring']): boolean {
  return count >= times && Number.isInteger(Math.log2(count / times))
}
