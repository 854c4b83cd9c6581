/** What a customer decides for themselves: to take a complaint back, to be left alone, to have no model. */
import { closeLater, letGo } from './clocks.ts'
import { type Draft, numberOf, part, showCard, standing } from './decision.ts'

export function withdraw(to: Draft): void {
  letGo(to, 'withdrawn')
  to.events.push({ type: 'withdrawn' })
  to.effects.push({ type: 'cancel', timer: 'all' }, { type: 'ask', asked: null })
  to.parts.push(part('withdrawn', { number: numberOf(to) }))
  showCard(to)
}

export function stop(to: Draft): void {
  to.effects.push({ type: 'know', change: { stoppedAt: to.situation.now } }, { type: 'cancel', timer: 'check' })
  to.parts.push(part('stopped'))
  if (standing(to)?.status === 'resolved') closeLater(to)
}

/** A customer decides for themselves whether a language model has a part in it (P24). */
export function chooseModel(to: Draft, wanted: boolean): void {
  to.effects.push({ type: 'know', change: { noModelAt: wanted ? null : to.situation.now } })
  to.parts.push(part(wanted ? 'model.on' : 'model.off'))
}
