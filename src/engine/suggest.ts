/** Suggestions are kept: similar ones merge, people are counted, and each giver will hear what became of it (P20). */
import { localeOf } from '../domain/customer.ts'
import type { Effect } from '../domain/decision.ts'
import { learntIn, part } from '../domain/decision.ts'
import { day } from '../domain/hours.ts'
import { mostSimilar } from '../domain/suggestion.ts'
import type { Db } from '../store/schema.ts'
import * as suggestions from '../store/suggestions.ts'
import type { Turned } from './commit.ts'
import type { BareLine } from './happened.ts'
import type { Parts } from './parts.ts'

export interface Suggested {
  /** `s1`, for the customer's ears; of several, `s1 and s2`, each once, as their language joins them. */
  name: string
  effects: Effect[]
  lines: BareLine[]
}

export async function suggest(parts: Parts, tx: Db, { decision, situation, waiting }: Turned): Promise<Suggested> {
  const suggested: Suggested = { name: '', effects: [], lines: [] }
  const ideas = decision.effects.filter((effect) => effect.type === 'suggest')
  // Nearly every turn has none, and a list's format takes long to make.
  if (ideas.length === 0) return suggested
  const names = new Set<string>()
  for (const effect of ideas) {
    const known = mostSimilar(effect.text, await suggestions.open(tx))
    const kept = known ?? (await suggestions.insert(tx, parts.store.newId, effect.text, situation.now))
    const giver = { customer: waiting.conversation.customer, conversation: waiting.conversation.id, text: effect.text }
    const people = await suggestions.addGiver(tx, kept.id, giver, situation.now)
    const name = `s${kept.number}`
    names.add(name)
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
  const customer = { ...waiting.customer, ...learntIn(decision.effects) }
  return { ...suggested, name: new Intl.ListFormat(localeOf(customer)).format(names) }
}
