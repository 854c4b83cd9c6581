/** Where something was said lately on a platform: what a channel looks through once it is back. */
import { sql } from 'kysely'
import type { ChannelName } from '../domain/message.ts'
import type { KnownPlace } from '../domain/ports.ts'
import * as conversations from './conversations.ts'
import type { Db } from './schema.ts'

/** A page is read in a few milliseconds; together they are as far back as anybody may still wait for an answer. */
const pageOf = 1_000
const pagesAtMost = 50
const placesAtMost = 500

interface Row {
  id: string
  conversation: string
  role: string
  type: string
  platform_id: string
  body: string
  at: number
}

/** The newest first, each place once: where customers spoke since then, and the threads of cases that are not closed. */
export async function known(db: Db, channel: ChannelName, since: number): Promise<KnownPlace[]> {
  const places = new Map<string, KnownPlace>()
  const add = (one: KnownPlace) => {
    const key = JSON.stringify(one.place)
    if (!places.has(key)) places.set(key, one)
  }
  const seen = new Set<string>()
  let before: string | null = null
  for (let page = 0; page < pagesAtMost && places.size < placesAtMost; page += 1) {
    const rows: Row[] = await said(db, channel, since, before)
    for (const row of rows) {
      const { platform_id: newest, at } = row
      if (row.type === 'line') {
        const { line } = JSON.parse(row.body)
        add({ place: line.place, newest, at })
      } else if (row.role === 'customer' && !seen.has(row.conversation)) {
        seen.add(row.conversation)
        const conversation = await conversations.byId(db, row.conversation)
        if (conversation?.place.channel === channel) add({ place: conversation.place, newest, at })
      }
    }
    before = rows.at(-1)?.id ?? null
    if (rows.length < pageOf) break
  }
  for (const one of await openThreads(db, channel)) add(one)
  return [...places.values()].slice(0, placesAtMost)
}

async function said(db: Db, channel: ChannelName, since: number, before: string | null): Promise<Row[]> {
  let query = db
    .selectFrom('messages')
    .select(['id', 'conversation', 'role', 'type', 'platform_id', 'body', 'at'])
    .where('channel', '=', channel)
    .where('received_at', '>=', since)
  if (before !== null) query = query.where('id', '<', before)
  return await query.orderBy('id', 'desc').limit(pageOf).execute()
}

/** A thread in which nobody has written yet: the first line is what we know there. */
async function openThreads(db: Db, channel: ChannelName): Promise<KnownPlace[]> {
  const rows = await db
    .selectFrom('cases')
    .innerJoin('desk_threads', 'desk_threads.case_id', 'cases.id')
    .select(['desk_threads.workspace', 'desk_threads.room', 'desk_threads.thread', 'cases.updated_at'])
    .select(sql<string>`coalesce(desk_threads.rule, desk_threads.card)`.as('newest'))
    .where('desk_threads.channel', '=', channel)
    .where('desk_threads.thread', 'is not', null)
    .where('cases.status', 'in', ['open', 'waiting', 'resolved'])
    .orderBy('cases.number', 'desc')
    .limit(placesAtMost)
    .execute()
  return rows.map(({ workspace, room, thread, newest, updated_at }) => ({
    place: { channel, workspace, room, thread },
    newest,
    at: updated_at,
  }))
}
