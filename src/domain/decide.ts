/** The one door to the rules: a situation and what happened in it give events and effects. Pure; no I/O, no clock. */

import { isActive } from './case.ts'
import { type Decision, type Draft, done, draft, type Happening, part, type Situation, showCard } from './decision.ts'
import { desk } from './desk.ts'
import { due } from './due.ts'
import { heard } from './heard.ts'
import { pressed, reacted } from './pressed.ts'

export function decide(situation: Situation, happening: Happening): Decision {
  switch (happening.type) {
    case 'heard':
      return heard(situation, happening)
    case 'pressed':
      return pressed(situation, happening)
    case 'reacted':
      return reacted(situation, happening.emoji)
    case 'changed':
      return changed(situation, happening)
    case 'joined':
      return joined(situation)
    case 'trouble':
      return trouble(situation, happening)
    case 'due':
      return due(situation, happening)
    case 'desk':
      return desk(situation, happening)
    default:
      return happening satisfies never
  }
}

/** The customer edited or deleted a message that was already answered: the desk must not answer a text that is gone. */
function changed(situation: Situation, { text, reading }: Extract<Happening, { type: 'changed' }>): Decision {
  const to: Draft = draft(situation)
  if (situation.case === null) return done(to)
  // The order number that was forgotten at first belongs on the card.
  if (reading !== null && text !== null && isActive(situation.case))
    to.events.push({ type: 'heard', facts: reading.facts, mood: reading.mood, text })
  to.effects.push({
    type: 'relay',
    from: situation.customer.name,
    text: text ?? '',
    files: [],
    changed: text === null ? 'deleted' : 'edited',
  })
  showCard(to)
  return done(to)
}

/** Somebody new came to where they can write to us: they are told what is speaking, and how to reach a person. */
function joined(situation: Situation): Decision {
  const to: Draft = draft(situation)
  if (situation.customer.greetedAt === null) to.parts.push(part('greeting'))
  return done(to)
}

/** A channel met with something that a person has to see to. */
function trouble(situation: Situation, { reason, text }: { reason: string; text: string }): Decision {
  const to: Draft = draft(situation)
  const said = reason === 'spent' ? part('desk.spent') : part('desk.trouble', { text })
  to.effects.push({ type: 'alert', reason, part: said })
  return done(to)
}
