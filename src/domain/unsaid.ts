/** An agent's words are taken back, or said otherwise: by undo, by editing or deleting what they wrote. */
import { type Case, isActive, type Person } from './case.ts'
import { restore } from './clocks.ts'
import { type Draft, showCard, standing } from './decision.ts'
import type { Command } from './message.ts'

/** The words have not left, so nobody has answered: what they kept is owed again, by the time that was named (P14). */
export function undo(to: Draft, by: Person, kase: Case): void {
  to.effects.push({ type: 'undo', by })
  unsay(to, by, kase)
}

function unsay(to: Draft, by: Person, kase: Case): void {
  to.events.push({ type: 'unsaid', by })
  // Where a case has ended meanwhile, nothing is owed in it any more.
  if (isActive(kase)) for (const promise of kase.replies.at(-1)?.kept ?? []) restore(to, promise)
  showCard(to)
}

/** An agent edits or deletes what they wrote: what waits leaves as it now stands, and what has left changes where it is. */
export function reword(to: Draft, by: Person, { of, text }: Extract<Command, { do: 'reword' }>, unsent: boolean): void {
  const kase = standing(to)
  if (kase === null) return
  to.events.push({ type: 'reworded', by, text })
  if (text !== null) return void to.effects.push({ type: 'reword', of, text })
  to.effects.push({ type: 'retract', of })
  if (unsent) unsay(to, by, kase)
}
