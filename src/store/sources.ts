/** Whose words an outbox row carries: the way from a message to what became of it elsewhere, and back. */
import type { FileContent } from '../domain/message.ts'
import type { MessageRow } from './messages.ts'
import { type OutboxRow, parse } from './outbox.ts'
import type { Db } from './schema.ts'

/** What carries this message on, oldest first. */
export async function carrying(db: Db, message: string): Promise<OutboxRow[]> {
  const rows = await db
    .selectFrom('outbox')
    .innerJoin('outbox_sources', 'outbox_sources.outbox', 'outbox.id')
    .selectAll('outbox')
    .where('outbox_sources.message', '=', message)
    .orderBy('outbox.id')
    .execute()
  return rows.map(parse)
}

/** The messages that it carries, oldest first. */
export async function carriedBy(db: Db, outbox: string): Promise<MessageRow[]> {
  return await db
    .selectFrom('messages')
    .innerJoin('outbox_sources', 'outbox_sources.message', 'messages.id')
    .selectAll('messages')
    .where('outbox_sources.outbox', '=', outbox)
    .orderBy('messages.id')
    .execute()
}

/** The files of those messages, with their bytes. */
export async function filesOf(db: Db, outbox: string): Promise<FileContent[]> {
  return await db
    .selectFrom('files')
    .innerJoin('outbox_sources', 'outbox_sources.message', 'files.message')
    .select(['files.name', 'files.type', 'files.bytes'])
    .where('outbox_sources.outbox', '=', outbox)
    .orderBy('files.id')
    .execute()
}
