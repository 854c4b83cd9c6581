/**
 * A message that was answered is edited or deleted: its words leave the case, its record and what the desk was shown,
 * in the transaction that takes them off the message. A turn that runs meanwhile begins again, as the case has changed.
 */
import type { Outgoing, Touch } from '../domain/message.ts'
import type { Reading } from '../domain/reading.ts'
import { redactCard, redactCase, redactEvent, redactReading, redactText } from '../domain/redact.ts'
import * as cases from '../store/cases.ts'
import * as conversations from '../store/conversations.ts'
import * as lessons from '../store/lessons.ts'
import * as messages from '../store/messages.ts'
import * as outbox from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import * as suggestions from '../store/suggestions.ts'
import * as timers from '../store/timers.ts'
import type { Parts } from './parts.ts'

/** `was` is the message as it stood before. */
export async function redact({ store }: Parts, tx: Db, was: messages.MessageRow, now: number): Promise<void> {
  const turns = [await turnOf(tx, was), ...(await editsOf(tx, was))]
  for (const { id } of turns) await lessons.dropTurn(tx, id)
  for (const { id, rest, gone } of turns)
    for (const row of await outbox.ofTurn(tx, was.customer, id))
      await outbox.rewrite(tx, row.id, withoutWords(row.outgoing, rest, gone))
  await conversations.forgetUnsure(tx, was.conversation)
  const kase = was.case_id === null ? null : await cases.lock(tx, was.case_id, store.engine)
  const gone = [...turns.flatMap((turn) => turn.gone), ...(kase ? [kase.state.summary] : [])]
  await rewordIdeas(tx, was, gone)
  if (kase === null) return
  const logged = await cases.eventsOf(tx, kase.id)
  for (const entry of logged) {
    const turn = turns.find(({ id }) => id === entry.turn)
    if (!turn) continue
    entry.event = redactEvent(entry.event, turn.rest)
    await cases.rewrite(tx, entry)
  }
  const events = logged.map(({ event }) => event)
  const state = redactCase(kase.state, events)
  await cases.update(tx, { ...kase, state, updatedAt: now })
  for (const { id, outgoing } of await outbox.ofCase(tx, kase.id))
    if (outgoing.type === 'card') await outbox.rewrite(tx, id, { ...outgoing, card: redactCard(outgoing.card, state) })
}

/** An idea that was written in them, or in the summary of a case that was filed as one. */
async function rewordIdeas(tx: Db, was: messages.MessageRow, gone: readonly string[]): Promise<void> {
  const now = (await messages.byPlatformId(tx, was.channel, was.platform_id))?.text ?? ''
  const words = gone.filter((one) => one !== '' && !now.includes(one))
  if (words.length === 0) return
  await suggestions.reword(tx, was.customer, words, now)
  await timers.reword(tx, was.conversation, words, now || null)
}

/** A turn that read the words: what is left of what it read, and what is gone. */
interface Redacted {
  id: string
  rest: string
  gone: string[]
}

async function turnOf(tx: Db, was: messages.MessageRow): Promise<Redacted> {
  const id = was.turn ?? was.id
  const burst = await messages.ofTurn(tx, was.customer, id)
  const rest = burst
    .map((row) => row.text)
    .join('\n')
    .trim()
  for (const row of burst)
    if (row.reading !== null) await messages.reread(tx, row.id, redactReading(JSON.parse(row.reading), rest))
  return { id, rest, gone: wordsOf(was).filter((words) => !rest.includes(words)) }
}

/** Each earlier edit was a turn of its own. */
async function editsOf(tx: Db, was: messages.MessageRow): Promise<Redacted[]> {
  const edits = await messages.editsOf(tx, was)
  for (const { id } of edits) await messages.blank(tx, id)
  return edits.map((row) => ({ id: row.id, rest: '', gone: wordsOf(row) }))
}

/** A message and its parts, as others quote it. */
function wordsOf({ text, reading }: messages.MessageRow): string[] {
  const acts: Reading['acts'] = reading === null ? [] : JSON.parse(reading).acts
  return [text, ...acts.map((act) => act.text)]
}

/** Of what the desk was shown. What the bot said to the customer is ours, and stays. */
function withoutWords(outgoing: Outgoing | Touch, rest: string, gone: readonly string[]): Outgoing | Touch {
  switch (outgoing.type) {
    case 'relay':
      // What we said is ours, at the desk as well.
      return outgoing.by === 'bot' || outgoing.by === 'agent' ? outgoing : { ...outgoing, text: rest }
    case 'alert':
      return { ...outgoing, text: redactText(outgoing.text, gone) }
    case 'note':
      return { ...outgoing, text: redactText(outgoing.text, gone) }
    default:
      return outgoing
  }
}
