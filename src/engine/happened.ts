/** What happened, as people and `replay` see it (CONTRACT.md, "lines out"). Times are epoch milliseconds here. */
import { type Case, ownerName } from '../domain/case.ts'
import type { Button, Card } from '../domain/message.ts'

export type HappenedLine = { at: number; conversation: string; person: string } & (
  | { type: 'say'; to: string; text: string; case: number | null; script: string; buttons: Button[] }
  | ({ type: 'card' } & Card)
  | { type: 'relay'; case: number; from: string; to: string; text: string }
  | {
      type: 'case'
      case: number
      kind: string
      status: string
      step: string
      owner: string
      severity: number
      cause: string | null
      remedy: string | null
    }
  | { type: 'promise'; case: number; what: string; due: number; state: string }
  | { type: 'followup'; case: number | null; due: number; state: 'scheduled' | 'sent' | 'answered' | 'unanswered' }
  | { type: 'held'; case: number; agent: string; text: string; reason: string; better: string | null }
  | { type: 'incident'; id: string; state: string; cases: number[] }
  | { type: 'suggestion'; id: string; people: number; status: string }
  | { type: 'check'; case: number; solved: boolean | null; expectation: string | null; rating: number | null }
  | { type: 'alert'; reason: string; text: string; case: number | null }
)

export function caseLine(number: number, kase: Case) {
  const { kind, status, step, severity, cause, remedy } = kase
  return { type: 'case' as const, case: number, kind, status, step, owner: ownerName(kase), severity, cause, remedy }
}

/** A line before it is known when, where and to whom it happened. */
export type BareLine<T = HappenedLine> = T extends HappenedLine ? Omit<T, 'at' | 'conversation' | 'person'> : never

/** The name by which a customer is called in lines and on cards: the last part of their id. */
export function shortName(customer: string): string {
  return customer.split(':').slice(2).join(':')
}
