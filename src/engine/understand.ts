/** What a customer's words are about: read, and their questions looked up, by a model too where there is one and time. */
import { localeHeard } from '../domain/customer.ts'
import { actsOf, type Inquiry } from '../domain/decision.ts'
import type { Reading } from '../domain/reading.ts'
import type { MessageRow } from '../store/messages.ts'
import type { Left } from '../writing/author.ts'
import { inquiriesOf } from '../writing/inquiries.ts'
import type { Parts } from './parts.ts'
import type { Waiting } from './situation.ts'

export interface Words {
  text: string
  /** Said to be a complaint by the way they came, by a form or a face. */
  complains: boolean
}

export interface Understood {
  reading: Reading
  inquiries: Inquiry[]
}

export interface Burst extends Words {
  rows: MessageRow[]
  /** Those of them that were not taken back. */
  live: MessageRow[]
}

/** Consecutive words of the customer are one burst, and so one turn. */
export function burstOf(arrived: readonly MessageRow[]): Burst {
  const end = arrived.findIndex((row) => row.type !== 'said')
  const rows = end === -1 ? [...arrived] : arrived.slice(0, end)
  const live = rows.filter((row) => row.deleted_at === null)
  const text = live
    .map((row) => row.text)
    .join('\n')
    .trim()
  return { rows, live, text, complains: live.some((row) => JSON.parse(row.body).complains === true) }
}

/** `calledOff` ends what a model is asked, where the words turn out to be only the first of more. */
export async function understand(
  parts: Parts,
  waiting: Waiting,
  { text, complains }: Words,
  left: Left,
  calledOff?: AbortSignal,
): Promise<Understood> {
  const heard = await read(parts, waiting, text, left, calledOff)
  const reading = complains ? asComplaint(heard, text) : heard
  // Looked up in the language in which it is asked, whatever language was chosen for the rest.
  const locale = localeHeard(reading, { ...waiting.customer, chosen: [] }, parts.policy.desk.language)
  const inquiries = inquiriesOf(parts.knowledge, reading, text, locale)
  // What our own search did not find, a model may still find on the pages nearest to it.
  const open = inquiries.filter(({ answer }) => answer === null)
  const { author } = parts
  if (author === null || open.length === 0 || left() === 0) return { reading, inquiries }
  const asked = await Promise.all(
    open.map(async ({ act }) => ({ question: act.text, near: await author.near(act.text, locale, left) })),
  )
  const answers = await author.answer(asked, locale, left, calledOff)
  const answered = (inquiry: Inquiry) => inquiry.answer ?? answers[open.indexOf(inquiry)] ?? null
  return { reading, inquiries: inquiries.map((inquiry) => ({ ...inquiry, answer: answered(inquiry) })) }
}

/** A better reading is worth waiting this long for, and no longer. */
const readWithinMs = 2_000

export async function read(
  parts: Parts,
  { conversation }: Waiting,
  text: string,
  left: Left,
  calledOff?: AbortSignal,
): Promise<Reading> {
  const asked = conversation.asked?.question ?? null
  return await parts.reader.read(text, asked, Math.min(left(), readWithinMs), calledOff)
}

/** Nobody is asked whether it is one. */
function asComplaint(read: Reading, text: string): Reading {
  if (actsOf(read, 'complaint').length > 0) return read
  return { ...read, kind: 'complaint', confidence: 1, acts: [{ kind: 'complaint', text, confidence: 1 }], answer: null }
}
