/** What is to be shown somewhere, as it is first written down. */
import type { OutboxRow } from '../store/outbox.ts'

type Given = Pick<
  OutboxRow,
  'id' | 'conversation' | 'customer' | 'caseId' | 'audience' | 'place' | 'outgoing' | 'script' | 'turn' | 'notBefore'
>

/** `delivered`: the commit that writes it shows it (web). Nothing else has happened to it yet. */
export function newRow(given: Given, { now, delivered }: { now: number; delivered: boolean }): OutboxRow {
  return {
    ...given,
    state: delivered ? 'sent' : 'waiting',
    attempts: 0,
    createdAt: now,
    begunAt: null,
    sentAt: delivered ? now : null,
    shownAt: null,
    platformId: null,
  }
}
