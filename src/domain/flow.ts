/** The order of service recovery (P6), and of the two shorter roads beside it, as tables. */

export const steps = [
  'listen',
  'find',
  'propose',
  'revise',
  'act',
  'check',
  'learn',
  'answer',
  'thank',
  'tell',
] as const
export type Step = (typeof steps)[number]

/** What happened that may carry a case on. */
export type Outcome =
  | 'heard'
  | 'told'
  | 'offered'
  | 'accepted'
  | 'refused'
  | 'taken'
  | 'resolved'
  | 'solved'
  | 'unsolved'
  | 'silent'
  | 'refiled'

/**
 * Where each outcome leads. An outcome that a step does not name leaves the case where it is.
 * The reply of `listen` carries the empathy, the apology and the thanks; nothing is proposed there (P35).
 */
export const flow: Record<Step, Partial<Record<Outcome, Step>>> = {
  // complaint
  listen: { heard: 'find', offered: 'propose', resolved: 'check', refiled: 'answer' },
  find: { offered: 'propose', taken: 'act', resolved: 'check', refiled: 'answer' },
  propose: { accepted: 'act', refused: 'revise', offered: 'propose', resolved: 'check' },
  revise: { offered: 'propose', taken: 'act', resolved: 'check' },
  act: { offered: 'propose', resolved: 'check' },
  check: { accepted: 'act', refused: 'revise', solved: 'learn', silent: 'learn', unsolved: 'act', offered: 'propose' },
  learn: { unsolved: 'act' },
  // inquiry
  answer: { resolved: 'check', refiled: 'find', offered: 'propose' },
  // suggestion
  thank: { told: 'tell' },
  tell: {},
}

/** A customer who refuses this many proposals is not asked to refuse another: a lead is called. */
export const refusalsAtMost = 2

export function nextStep(step: Step, outcome: Outcome): Step {
  return flow[step][outcome] ?? step
}
