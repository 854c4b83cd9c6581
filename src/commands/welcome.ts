/** What `start` says: what is running, and what is not, with the setting that would turn it on. */
import type { Config } from '../config.ts'

export function welcome(config: Config, address: string | null): string[] {
  const { database } = config
  const rows: [string, string][] = [
    ['playground', address ?? 'off in this process (ROLE=worker)'],
    ['slack', 'off: comes with the Slack channel'],
    ['discord', 'off: comes with the Discord channel'],
    [
      'database',
      database.engine === 'postgres'
        ? 'PostgreSQL'
        : `SQLite, ${database.file} (DATABASE_URL=postgres://… for a server)`,
    ],
    ['reader', 'local, no key needed'],
    ['desk', config.DESK === 'web' ? 'web, in the playground (DESK)' : config.DESK],
  ]
  return ['Amends is running. Ctrl-C stops it.', ...rows.map(([name, what]) => `  ${name.padEnd(11)} ${what}`)]
}
