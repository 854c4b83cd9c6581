/** Danger to somebody, the law, a leak: a person at once, fixed wording, no apology theatre. */
import { isHeld } from './case.ts'
import { promiseAnswer, watchSilence } from './clocks.ts'
import { active, type Draft, type Heard, numberOf, part, showCard, standing } from './decision.ts'
import { open, raise } from './opening.ts'
import type { Safety } from './reading.ts'

export function safety(to: Draft, happening: Heard, kind: Safety): void {
  if (active(to))
    to.events.push({
      type: 'heard',
      facts: happening.reading.facts,
      mood: happening.reading.mood,
      text: happening.text,
    })
  else open(to, happening, 'safety')
  raise(to, { ...happening.reading, severity: 3, urgency: 3 }, kind)
  to.events.push({ type: 'called' })
  const number = numberOf(to)
  if (isHeld(standing(to)))
    to.effects.push({ type: 'relay', from: to.situation.customer.name, text: happening.text, files: happening.files })
  else if (kind === 'legal') to.parts.push(part('safety.legal', { number }))
  else if (kind === 'breach') to.parts.push(part('safety.breach', { number }))
  else to.parts.push(part(`safety.${kind}`))
  promiseAnswer(to)
  watchSilence(to)
  to.effects.push({
    type: 'alert',
    reason: 'safety',
    part: part('desk.safety', { number, safety: kind, text: happening.text }),
  })
  showCard(to)
}
