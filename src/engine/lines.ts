/** What is said at a desk comes in as anybody's words do; in a case's thread it is an agent's line of that case. */

import { lineAtDesk } from '../domain/command.ts'
import { type Command, clean, type Incoming, type Place, type Touch } from '../domain/message.ts'
import * as cases from '../store/cases.ts'
import * as messages from '../store/messages.ts'
import type { Db } from '../store/schema.ts'
import * as sources from '../store/sources.ts'
import * as threads from '../store/threads.ts'
import type { Parts } from './parts.ts'

type Said = Extract<Incoming, { type: 'said' }>
type Changed = Extract<Incoming, { type: 'edited' | 'deleted' }>

/** What a message row of an agent's line holds: `message` is where it stands at the desk, for its marks. */
export interface LineBody {
  command: Command
  line: { place: Place; message: string; amended: boolean }
  /** Names of the files that came with it. */
  files: string[]
}

/** What an agent sees on their own line: it arrived, it did not (the thread says why), it stays inside. */
export const markOf = { delivered: '✅', failed: '❗', inside: '🔒' } as const

export function markFor({ line }: LineBody, emoji: string): Touch {
  // Only a line that was written anew bears an earlier mark.
  return { type: 'mark', of: line.message, emoji, instead: line.amended ? markOf.failed : null }
}

export interface Line {
  command: Command
  body: LineBody | Command
  type: 'line' | 'commanded'
}

/** The line itself was changed: its turn will see it as it now stands. */
export interface Done {
  conversation: string
}

/** The agent's line that this is; null for talk that belongs to no case. */
export async function lineSaid(parts: Parts, tx: Db, { place, id, text, files }: Said): Promise<Line | null> {
  if (place.thread === null) return null
  const caseId = await threads.caseAt(tx, place.channel, place.room, place.thread)
  const kase = caseId === null ? null : await cases.byId(tx, caseId)
  if (kase === null) return null
  const command = lineAtDesk(clean(text), kase.number, parts.policy.desk.lines)
  return {
    type: 'line',
    command,
    body: { command, line: { place, message: id, amended: false }, files: files.map((file) => file.name) },
  }
}

/**
 * What an edit or a deletion of an agent's line comes to: null where nothing is left to do. Before its turn, the line
 * itself is changed; afterwards, what it led to. Held words that are edited are said anew.
 */
export async function lineChanged(parts: Parts, tx: Db, changed: Changed): Promise<Line | Done | null> {
  const row = await messages.byPlatformId(tx, changed.place.channel, changed.message)
  if (row?.type !== 'line' || row.deleted_at !== null) return null
  const { command, line, files }: LineBody = JSON.parse(row.body)
  // A note stays one: what was written for inside never leaves by an edit.
  if (command.do !== 'reply') return null
  const again =
    changed.type === 'edited' ? lineAtDesk(clean(changed.text), command.case, parts.policy.desk.lines) : null
  const text = again?.do === 'reply' ? again.text : null
  if (row.handled_at === null) {
    const now = parts.clock.now()
    if (again === null) await messages.strike(tx, row.id, now)
    else await messages.rewrite(tx, row.id, text ?? '', JSON.stringify({ command: again, line, files }), now)
    return { conversation: row.conversation }
  }
  const said = await sources.carrying(tx, row.id)
  if (said.some((one) => one.audience === 'customer' && one.state !== 'dropped')) {
    const reword: Command = { do: 'reword', case: command.case, of: row.id, text }
    return { type: 'commanded', command: reword, body: reword }
  }
  if (again === null || text === null) return null
  return { type: 'line', command: again, body: { command: again, line: { ...line, amended: true }, files: [] } }
}
