/** How a case begins, how grave it is, and when it is the same trouble come back. */
import type { CaseKind } from './case.ts'
import { type Draft, type Heard, type Situation, standing } from './decision.ts'
import { day, minute } from './hours.ts'
import type { Facts, Reading, Severity } from './reading.ts'
import { inOneLine } from './shortened.ts'
import { tolerance } from './tolerance.ts'

/** How long an earlier case of the same kind counts as the same trouble come back. */
const repeatDays = 14

export function open(to: Draft, happening: Heard, kind: CaseKind): void {
  const { reading, text } = happening
  const repeat = isRepeat(to.situation, reading.facts)
  const severity = graver(reading, repeat ? 1 : 0)
  to.events.push({
    type: 'opened',
    kind,
    severity,
    tolerance: tolerance({ ...strainOf(to.situation, reading), severity }),
    mood: reading.mood,
    summary: summarise(text),
    facts: reading.facts,
    owner: 'desk',
  })
}

/** A threat to go public or leave raises the severity; it never changes what is true or owed (P41). */
export function graver(reading: Reading, more: number): Severity {
  const least = reading.goingPublic || reading.leaving ? 2 : 0
  const severity = Math.min(3, Math.max(reading.severity + more, least))
  return severity >= 3 ? 3 : severity >= 2 ? 2 : severity >= 1 ? 1 : 0
}

export function raise(to: Draft, reading: Reading, reason: string): void {
  const kase = standing(to)
  if (kase === null) return
  const severity = graver(
    reading,
    reading.severity > kase.severity
      ? 0
      : kase.severity - reading.severity + (reason === 'the same complaint again' ? 1 : 0),
  )
  const strain = { ...strainOf(to.situation, reading), severity }
  const left = Math.min(
    kase.tolerance,
    tolerance({ ...strain, failuresBefore: strain.failuresBefore + kase.secondFailures }),
  )
  to.events.push({ type: 'raised', severity, tolerance: left, reason })
}

function strainOf(situation: Situation, reading: Reading) {
  const kase = situation.case
  const hoursWaited =
    kase && kase.answeredAt === null ? Math.min(24, (situation.now - kase.openedAt) / (60 * minute)) : 0
  return {
    severity: reading.severity,
    mood: reading.mood,
    urgency: reading.urgency,
    failuresBefore: situation.complaintsBefore,
    hoursWaited,
    keyCustomer: situation.customer.tier !== null && situation.customer.tier in situation.policy.tiers,
  }
}

/** The same trouble come back: an earlier complaint of late with the same failure or the same thing (P9). */
export function isRepeat(situation: Situation, facts: Facts): boolean {
  const { before, now } = situation
  if (before === null || now - before.endedAt > repeatDays * day) return false
  const same = (a: string | null, b: string | null) => a !== null && a === b
  return same(before.facts.failure, facts.failure) || same(before.facts.thing, facts.thing)
}

/** The first words of what was said, for lists and for people who look up the case. */
export function summarise(text: string): string {
  return inOneLine(text, 140)
}
