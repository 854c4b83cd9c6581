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

/** Its first attempt begins with the commit that writes it: nothing stands before it, and no claim can come in between. */
export function begunRow<Row extends OutboxRow>(row: Row, now: number): Row {
  return { ...row, state: 'begun', attempts: 1, begunAt: now }
}
