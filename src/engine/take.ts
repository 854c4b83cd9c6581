/** What of that which waits is taken by a turn, and what it amounts to. */
import { localeHeard } from '../domain/customer.ts'
import type { Happening, Inquiry, Situation } from '../domain/decision.ts'
import { withoutSentence } from '../domain/guard.ts'
import type { Command } from '../domain/message.ts'
import { meansOther, type Reading } from '../domain/reading.ts'
import * as accounts from '../store/accounts.ts'
import type { StoredCase } from '../store/cases.ts'
import * as messages from '../store/messages.ts'
import * as outbox from '../store/outbox.ts'
import * as sources from '../store/sources.ts'
import * as told from '../store/told.ts'
import type { Left } from '../writing/author.ts'
import type { LineBody } from './lines.ts'
import type { Parts } from './parts.ts'
import type { Waiting, Which } from './situation.ts'
import { burstOf, read, type Understood, understand } from './understand.ts'
import { backing } from './wording.ts'

/** A turn's input: rows that are handled together, and what they amount to. */
export interface Taken {
  rows: messages.MessageRow[]
  /** Null where the rows need nothing more, such as an edit of what was not yet answered. */
  happening: Happening | null
  reading: Reading | null
  /** The case that it belongs to. */
  which: Which
  /** An earlier message that is understood anew, because it was edited. */
  reread: { id: string; reading: Reading } | null
}

/** The first of what waits; consecutive words of the customer are one burst, and so one turn. */
export async function take(parts: Parts, waiting: Waiting, left: Left): Promise<Taken> {
  const { conversation, arrived } = waiting
  const [first] = arrived
  if (!first) throw new Error('a turn was begun with nothing to do')
  const which: Which = { of: 'current', asked: conversation.asked }
  const body: Record<string, unknown> = JSON.parse(first.body)
  switch (first.type) {
    case 'said':
      return await hear(parts, waiting, left)
    case 'pressed': {
      const { button, case: number } = body
      const offered = await casePressed(parts, waiting, String(button), typeof number === 'number' ? number : null)
      const inquiries =
        conversation.asked?.question === 'kind'
          ? lookUp(parts, waiting, conversation.asked.reading, String(button))
          : []
      return unread(first, offered ? { type: 'pressed', button: String(button), inquiries } : null, offered ?? which)
    }
    case 'reacted':
      if (typeof body.text === 'string' && parts.policy.complaintEmoji.includes(String(body.emoji)))
        return await complain(parts, waiting, first, body.text, left)
      return unread(first, { type: 'reacted', emoji: String(body.emoji) }, which)
    case 'joined':
      return unread(first, { type: 'joined' }, which)
    case 'trouble':
      return unread(first, { type: 'trouble', reason: String(body.reason), text: first.text }, which)
    case 'edited':
    case 'deleted':
      // One that was changed before its turn was read as it now stands: there is nothing left to do.
      if (body.answered !== true) return unread(first, null, which)
      return await change(parts, waiting, first, String(body.message), left)
    case 'line': {
      const { command }: LineBody = JSON.parse(first.body)
      // Taken away before its turn came.
      if (first.deleted_at !== null) return unread(first, null, which)
      return commanded(first, command)
    }
    default:
      return commanded(first, JSON.parse(first.body))
  }
}

/** One row in which there is nothing to understand. */
function unread(row: messages.MessageRow, happening: Happening | null, which: Which): Taken {
  return { rows: [row], happening, reading: null, which, reread: null }
}

async function hear(parts: Parts, waiting: Waiting, left: Left): Promise<Taken> {
  const burst = burstOf(waiting.arrived)
  const { rows, live, text } = burst
  const files = !live.some(hasFiles)
    ? []
    : await messages.fileNames(
        parts.store.read,
        live.map((row) => row.id),
      )
  if (text === '' && files.length === 0)
    return { rows, happening: null, reading: null, which: { of: 'none' }, reread: null }
  const understood = await (parts.ahead.taken(waiting, burst) ?? understand(parts, waiting, burst, left))
  return { rows, reread: null, ...heard(waiting, text, understood, files) }
}

/** An angry face on their own message: what it says is a complaint, and is heard as one. */
async function complain(
  parts: Parts,
  waiting: Waiting,
  row: messages.MessageRow,
  text: string,
  left: Left,
): Promise<Taken> {
  const understood = await understand(parts, waiting, { text, complains: true }, left)
  return { rows: [row], reread: null, ...heard(waiting, text, understood) }
}

function heard(
  { conversation }: Waiting,
  text: string,
  { reading, inquiries }: Understood,
  files: string[] = [],
): Pick<Taken, 'happening' | 'reading' | 'which'> {
  return {
    happening: { type: 'heard', reading, text, inquiries, files },
    reading,
    // A fresh complaint is not part of the survey on an earlier case.
    which: { of: 'current', asked: reading.kind === 'complaint' ? null : conversation.asked },
  }
}

/**
 * What was answered is now another text, or none. One that asks for another answer than it got ("never mind, it works
 * now") is heard anew; any other change is only told to whoever has the case.
 */
async function change(
  parts: Parts,
  waiting: Waiting,
  row: messages.MessageRow,
  message: string,
  left: Left,
): Promise<Taken> {
  const db = parts.store.read
  const original = await messages.byPlatformId(db, row.channel, message)
  const { asked } = waiting.conversation
  const caseId = original?.case_id ?? null
  const which: Which = caseId === null ? { of: 'current', asked } : { of: 'id', id: caseId }
  // Edited and then deleted, before this was looked at.
  const gone = row.type === 'deleted' || original?.deleted_at !== null
  if (gone || original.reading === null || original.turn === null) {
    const text = row.type === 'edited' ? row.text : null
    return unread(row, { type: 'changed', text, reading: null }, which)
  }
  const burst = (await messages.ofTurn(db, row.customer, original.turn)).map((one) => one.text).join('\n')
  const reading = await read(parts, waiting, burst.trim(), left)
  const before: Reading = JSON.parse(original.reading)
  const reread = { id: original.id, reading }
  if (!meansOther(before, reading)) {
    const happening: Happening = { type: 'changed', text: row.text, reading }
    return { rows: [row], happening, reading, which, reread }
  }
  const alone = await understand(parts, waiting, { text: row.text, complains: false }, left)
  return { rows: [row], reread, ...heard(waiting, row.text, alone) }
}

function hasFiles(row: messages.MessageRow): boolean {
  return row.body !== '{"files":0}'
}

/** The customer has settled that it is a question: now it is looked up. */
function lookUp(parts: Parts, { customer }: Waiting, reading: Reading, button: string): Inquiry[] {
  if (button !== 'choose:inquiry') return []
  const text = reading.acts.map((act) => act.text).join(' ')
  const locale = localeHeard(reading, customer, parts.policy.desk.language)
  return [{ act: { kind: 'inquiry', text, confidence: 1 }, answer: parts.knowledge.answer(text, locale) }]
}

/**
 * A press belongs to the case it names, else to that of the newest message that offers the button; null for one that
 * nobody offered. A person, and to be left alone, can be asked for at any time.
 */
async function casePressed(
  parts: Parts,
  { conversation }: Waiting,
  button: string,
  number: number | null,
): Promise<Which | null> {
  const current: Which = { of: 'current', asked: conversation.asked }
  const offered = await told.offering(parts.store.read, conversation.customer, button)
  if (offered === null) return button === 'human' || button === 'stop' ? current : null
  if (number !== null) return { of: 'number', number }
  return offered.caseId === null ? current : { of: 'id', id: offered.caseId }
}

function commanded(row: messages.MessageRow, command: Command): Taken {
  const by = { id: row.author, name: row.author_name }
  const which: Which = row.case_id === null ? { of: 'none' } : { of: 'id', id: row.case_id }
  return unread(row, { type: 'desk', by, command, guarded: null, unsent: false, other: null }, which)
}

/** What an agent does, with what is known only once its case is. */
export async function asItStands(
  parts: Parts,
  happening: Happening | null,
  situation: Situation,
  kase: StoredCase | null,
): Promise<Happening | null> {
  if (happening?.type !== 'desk' || kase === null) return happening
  const { read } = parts.store
  if (happening.command.do === 'undo')
    return { ...happening, unsent: (await outbox.newestWords(read, kase.id)) !== null }
  if (happening.command.do === 'link')
    return { ...happening, other: (await accounts.named(read, happening.command.to))?.id ?? null }
  const checked = await guarded(parts, happening, situation, kase)
  if (happening.command.do !== 'reword') return checked
  const said = await sources.carrying(read, happening.command.of)
  return { ...checked, unsent: said.some((row) => row.audience === 'customer' && row.state === 'waiting') }
}

type Acted = Extract<Happening, { type: 'desk' }>

/** What brings an agent's words before the customer. */
const speaks: ReadonlySet<Command['do']> = new Set(['reply', 'reword', 'promise', 'resolve'])

/** An agent's words pass the same guard as the bot's (P7); what the record holds is backed (P16). */
async function guarded(parts: Parts, happening: Acted, situation: Situation, kase: StoredCase): Promise<Acted> {
  const { command } = happening
  const text = speaks.has(command.do) && 'text' in command ? command.text : null
  if (text === null) return happening
  // What is written into a promise has its time beside it, on the record.
  const { times, ...backed } = await backing(parts, situation, kase)
  const known = command.do === 'promise' ? backed : { ...backed, times }
  const verdict = parts.guard.check(text, known)
  if (verdict === null) return happening
  const reason = `${verdict.fault}: “${verdict.found}”`
  const better = withoutSentence(text, verdict.found)
  // What is offered in its place must pass as well.
  const passes = better !== null && parts.guard.check(better, known) === null
  return { ...happening, guarded: { reason, better: passes ? better : null } }
}
