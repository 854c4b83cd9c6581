/** Suggestions are kept: similar ones merge, people are counted, and each giver will hear what became of it (P20). */
import type { Effect } from '../domain/decision.ts'
import { part } from '../domain/decision.ts'
import { day } from '../domain/hours.ts'
import { mostSimilar } from '../domain/suggestion.ts'
import type { Db } from '../store/schema.ts'
import * as suggestions from '../store/suggestions.ts'
import type { Turned } from './commit.ts'
import type { BareLine } from './happened.ts'
import type { Parts } from './parts.ts'

export interface Suggested {
  /** `s1`, for the customer's ears. */
  name: string
  effects: Effect[]
  lines: BareLine[]
}

export async function suggest(parts: Parts, tx: Db, { decision, situation, waiting }: Turned): Promise<Suggested> {
  const suggested: Suggested = { name: '', effects: [], lines: [] }
  for (const effect of decision.effects) {
    if (effect.type !== 'suggest') continue
    const known = mostSimilar(effect.text, await suggestions.open(tx))
    const kept = known ?? (await suggestions.insert(tx, parts.store.newId, effect.text, situation.now))
    const giver = { customer: waiting.conversation.customer, conversation: waiting.conversation.id, text: effect.text }
    const people = await suggestions.addGiver(tx, kept.id, giver, situation.now)
    const name = `s${kept.number}`
    suggested.name = suggested.name === '' ? name : `${suggested.name}, ${name}`
    suggested.lines.push({ type: 'suggestion', id: name, people, status: kept.status })
    suggested.effects.push({
      type: 'alert',
      reason: 'suggestion',
      part: part('desk.suggestion', { number: name, people, text: effect.text }),
    })
    const dueAt = situation.now + situation.policy.followups.suggestionDays * day
    // Written here and not by the rules, because only now the number is known.
    suggested.effects.push({ type: 'timer', timer: 'suggestion', key: name, dueAt, about: effect.text })
  }
  return suggested
}
