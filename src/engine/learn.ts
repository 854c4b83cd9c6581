/**
 * What an agent files otherwise than it was read becomes a lesson: the words that were misread, masked, with the kind
 * that they have. Nothing is learnt by itself: `prompts learn` shows lessons, and takes them (P31).
 */

import { createMask } from '../domain/privacy.ts'
import { kinds, type Reading } from '../domain/reading.ts'
import { maskSecrets } from '../domain/secrets.ts'
import * as cases from '../store/cases.ts'
import * as lessons from '../store/lessons.ts'
import * as messages from '../store/messages.ts'
import type { Db } from '../store/schema.ts'
import type { Turned } from './commit.ts'

type Misread = Pick<lessons.NewLesson, 'turn' | 'text' | 'was'>

/** What is longer is a story, which says several things. */
const textAtMost = 600

export async function learn(tx: Db, { taken, decision, kase, situation }: Turned): Promise<void> {
  const { happening } = taken
  if (happening?.type !== 'desk' || happening.command.do !== 'refile') return
  const filed = happening.command.kind
  const kind = kinds.find((known) => known === filed)
  if (!kind || kase === null || decision.events.length === 0) return
  const misread = await misreadIn(tx, kase)
  if (misread === null) return
  if (misread.was === kind) return await lessons.drop(tx, kase.id)
  const { id, customer } = kase
  await lessons.put(tx, { ...misread, case_id: id, customer, kind, by: happening.by.name, at: situation.now })
}

/** The words that made the case what it is, and what they were read as; null where no words of the customer's did. */
async function misreadIn(tx: Db, { id, customer }: cases.StoredCase): Promise<Misread | null> {
  const log = await cases.eventsOf(tx, id)
  const made = log.findLast(
    ({ event }) => event.type === 'opened' || (event.type === 'refiled' && event.by.id === 'bot'),
  )
  if (!made?.turn) return null
  const said = await messages.ofTurn(tx, customer, made.turn)
  const reading: Reading | null = JSON.parse(said[0]?.reading ?? 'null')
  const text = masked(said.map((row) => row.text).join(' '))
  if (reading === null || text === '') return null
  // A model may have read it rightly: what is taught is the local reader.
  return { turn: made.turn, text, was: (reading.local ?? reading).kind }
}

function masked(text: string): string {
  return createMask().hide(maskSecrets(text)).replace(/\s+/gu, ' ').trim().slice(0, textAtMost)
}
