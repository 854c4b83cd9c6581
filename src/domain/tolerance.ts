/** The zone of tolerance (P17): how much more of us this customer can be expected to bear. 1 is wide, 0 is none. */
import type { Mood, Severity } from './reading.ts'

export interface Strain {
  severity: Severity
  mood: Mood
  /** 0 whenever – 3 now. */
  urgency: Severity
  /** Apologies, broken promises and earlier cases of late: each a time that we failed this customer. */
  failuresBefore: number
  /** Working hours waited for a person since the case opened. */
  hoursWaited: number
  /** A customer of a tier with its own promise pays for more, and bears less. */
  keyCustomer: boolean
}

/** What each thing costs, from a full zone of 1. Additive, so that an admin can reckon it by hand. */
export const costs = {
  severity: [0, 0.15, 0.3, 0.55],
  mood: { calm: 0, annoyed: 0.1, angry: 0.25, distressed: 0.25 },
  urgency: [0, 0.05, 0.1, 0.2],
  failure: 0.15,
  hourWaited: 0.04,
  keyCustomer: 0.1,
} as const

export function tolerance(strain: Strain): number {
  const cost =
    costs.severity[strain.severity] +
    costs.mood[strain.mood] +
    costs.urgency[strain.urgency] +
    costs.failure * strain.failuresBefore +
    costs.hourWaited * strain.hoursWaited +
    (strain.keyCustomer ? costs.keyCustomer : 0)
  return Math.round(Math.max(0, 1 - cost) * 100) / 100
}

/** Below this a lead is called at once rather than when a clock runs out. */
export const thinTolerance = 0.3
