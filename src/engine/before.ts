/** What was said in a conversation until a moment: by the customer and to them, in the order in which it could be read. */
import * as messages from '../store/messages.ts'
import type { Db } from '../store/schema.ts'
import * as told from '../store/told.ts'

export interface Said {
  from: 'customer' | 'bot' | 'agent'
  /** The name of the person who said it for us. */
  agent: string | null
  text: string
}

/** The last of it, oldest first. */
export async function saidBefore(db: Db, point: messages.Point, atMost: number): Promise<Said[]> {
  const theirs = (await messages.saidUntil(db, point, atMost)).map((row) => ({
    at: row.shown_at,
    said: { from: 'customer' as const, agent: null, text: row.text },
  }))
  const ours = (await told.toldUntil(db, point, atMost)).flatMap(({ outgoing, shownAt, createdAt }) => {
    if (outgoing.type !== 'say') return []
    const { from, agent, text } = outgoing
    return [{ at: shownAt ?? createdAt, said: { from, agent, text } }]
  })
  return [...theirs, ...ours]
    .toSorted((a, b) => a.at - b.at)
    .slice(-atMost)
    .map(({ said }) => said)
}
