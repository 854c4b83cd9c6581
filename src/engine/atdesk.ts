/** What is said at a desk, in its language and its zone. */
import type { Part } from '../domain/decision.ts'
import type { WriterSetting, Written } from '../writing/compose.ts'
import type { Parts } from './parts.ts'

export function deskSetting({ policy, hours }: Pick<Parts, 'policy' | 'hours'>, now: number): WriterSetting {
  return { locale: policy.desk.language, timezone: hours.timezone, now }
}

/** A desk is told the same thing in the same words: no variants are used up there. */
export function writtenForDesk(parts: Pick<Parts, 'policy' | 'hours' | 'writer'>, part: Part, now: number): Written {
  return parts.writer.write([part], { id: 'desk', used: {} }, deskSetting(parts, now))
}
