/** `restore FILE`: puts a backup in the place of the embedded database, while the bot does not run. */
import { resolve } from 'node:path'
import { type Config, Refusal } from '../config.ts'
import { restore } from '../store/backup.ts'
import { argumentsOf } from './arguments.ts'
import { refusing } from './backup.ts'
import { createProgress, share } from './progress.ts'

export async function restoreCommand(config: Config, args: string[]): Promise<void> {
  const [name = ''] = argumentsOf(args, 'restore FILE', {}).positionals
  const { database } = config
  if (database.engine === 'postgres')
    throw new Refusal(
      'DATABASE_URL is PostgreSQL, whose own tool puts a backup back: pg_restore --clean --dbname="$DATABASE_URL" FILE',
    )
  if (database.file === ':memory:') throw new Refusal('DATABASE_URL is in memory: there is nowhere to restore to')
  const from = resolve(name)
  // Colons cannot stand in a file's name on Windows.
  const at = new Date().toISOString().replace(/\.\d+/u, '').replaceAll(':', '-')
  const progress = createProgress()
  const aside = await refusing(
    from,
    restore(from, database.file, at, (done, of) => progress.tell(share('restoring', done, of))),
  )
  progress.done()
  const kept = aside === null ? '' : `; what was there is kept as ${aside}`
  process.stdout.write(`${database.file} is now what ${from} holds${kept}\n`)
}
