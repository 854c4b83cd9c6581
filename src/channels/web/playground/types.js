/**
 * The shapes that the server answers with (CONTRACT.md, engine/view.ts). Types only: nothing here runs.
 *
 * @typedef {{ id: string, label: string }} Button
 * @typedef {{ id: string, at: string, from: 'customer' | 'bot' | 'agent', agent?: string, text: string,
 *   case: number | null, buttons: Button[] }} Message
 * @typedef {{ what: string, due: string, state: 'made' | 'at risk' | 'kept' | 'broken' | 'let go', by: string,
 *   because: string | null }} Promised
 * @typedef {{ case: number, kind: string, status: string, step: string, owner: string, severity: number,
 *   tolerance: number, mood?: string, customer: string, name: string, openedAt: string, summary: string,
 *   promise: { what: string, due: string } | null }} CaseSummary
 * @typedef {{ id: string, type: string, at: string, [field: string]: any }} CaseEvent
 * @typedef {{ id: string, at: string, type: 'relay' | 'note' | 'alert', from?: string, text: string, reason?: string }} DeskLine
 * @typedef {{ id: string, text: string, leavesAt: string }} Waiting
 * @typedef {{ agent: { id: string, name: string }, text: string, reason: string, better: string | null }} Held
 * @typedef {{ remedy: string, amount: string | null, by: { name: string } | null, approved: boolean }} Offer
 * @typedef {{ summary: string | null, reply: string | null,
 *   remedy: { name: string, amount: number | null, why: string } | null }} Help
 * @typedef {CaseSummary & { suggests: boolean, language: string, tier: string | null, also: string[], history: CaseSummary[], facts: Record<string, string | number | null>,
 *   cause: string | null, remedy: string | null, held: Held | null, offer: Offer | null, secondFailures: number,
 *   check: { solved: boolean | null, expectation: string | null, rating: number | null },
 *   promises: Promised[], events: CaseEvent[], messages: Message[], waiting: Waiting[], thread: DeskLine[] }} CaseDetail
 * @typedef {{ now: string, cases: (CaseSummary & { promises: Promised[] })[],
 *   due: { timer: string, at: string, case: number | null }[] }} Journey
 * @typedef {{ id: string, at: string, case: number | null, type: 'alert', reason: string, text: string,
 *   buttons: Button[] }} Alert
 * @typedef {{ id: string, name: string, language: string, timezone: string }} Person
 */
export {}
