/** `backup FILE`: a copy of the embedded database while the bot runs. */
import { resolve } from 'node:path'
import { type Config, Refusal } from '../config.ts'
import { BackupError, backup } from '../store/backup.ts'
import { argumentsOf } from './arguments.ts'
import { codeOf, embedded } from './database.ts'
import { createProgress, share } from './progress.ts'

export async function backupCommand(config: Config, args: string[]): Promise<void> {
  const [name = ''] = argumentsOf(args, 'backup FILE', {}).positionals
  if (config.database.engine === 'postgres')
    throw new Refusal(
      'DATABASE_URL is PostgreSQL, whose own tool makes the backup: pg_dump --format=custom --file=FILE "$DATABASE_URL"',
    )
  const file = embedded(config)
  const to = resolve(name)
  const progress = createProgress()
  const bytes = await refusing(
    to,
    backup(file, to, (done, of) => progress.tell(share('backing up', done, of))),
  )
  progress.done()
  process.stdout.write(`${to} holds the whole of ${file}: ${(bytes / 1e6).toFixed(1)} MB\n`)
}

/** What a person can mend, about the file that they named, as a refusal. */
export async function refusing<T>(file: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof BackupError) throw new Refusal(error.message)
    const reason = reasons[codeOf(error)]
    if (reason === undefined) throw error
    throw new Refusal(`${file} ${reason}`)
  }
}

const reasons: Record<string, string> = {
  EACCES: 'cannot be used: its folder does not allow it',
  EPERM: 'cannot be used: its folder does not allow it',
  EROFS: 'cannot be written: the disk is read-only',
  EISDIR: 'is a folder: name a file',
  SQLITE_CANTOPEN: 'cannot be opened: is it a file, and may you use it?',
  SQLITE_READONLY: 'cannot be written: its folder does not allow it',
  SQLITE_FULL: 'does not fit on its disk: make room',
  ENOSPC: 'does not fit on its disk: make room',
  SQLITE_BUSY: 'is in use: try again when less is going on',
}
