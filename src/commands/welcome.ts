/** What `start` says: what is running, and what is not, with the setting that would turn it on. */
import type { Config } from '../config.ts'
import { hasModel } from './model.ts'
import { hasSlack } from './platforms.ts'

export function welcome(config: Config, address: string | null): string[] {
  const { database } = config
  const rows: [string, string][] = [
    ['playground', address ?? 'off in this process (ROLE=worker)'],
    ['desk', config.DESK === 'web' ? 'web, in the playground' : config.DESK],
    ['slack', slack(config)],
    ['discord', discord(config)],
    [
      'database',
      database.engine === 'postgres'
        ? 'PostgreSQL'
        : `SQLite, ${database.file} (DATABASE_URL=postgres://… for a server)`,
    ],
    ['reader', hasModel(config) ? `local, with ${config.OPENAI_MODEL} over it` : 'local, no key needed'],
    ['model', hasModel(config) ? `${config.OPENAI_MODEL}${at(config)}` : 'off: set OPENAI_API_KEY or OPENAI_BASE_URL'],
  ]
  return ['Amends is running. Ctrl-C stops it.', ...rows.map(([name, what]) => `  ${name.padEnd(11)} ${what}`)]
}

/** Whether Slack takes us is known a moment later; the log says it when it does not. */
function slack(config: Config): string {
  if (!hasSlack(config)) return 'off: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN (README, “Slack”)'
  if (config.ROLE === 'worker') return 'on, for sending (ROLE=worker)'
  const ways = [
    ...(config.SLACK_APP_TOKEN === undefined ? [] : ['over Socket Mode']),
    ...(config.SLACK_SIGNING_SECRET === undefined ? [] : [`over HTTP, port ${config.SLACK_PORT}, /slack/events`]),
    ...(config.SLACK_CLIENT_ID === undefined ? [] : [`to be installed at port ${config.SLACK_PORT}, /slack/install`]),
  ]
  return `on, ${ways.join(', ')}`
}

function discord({ DISCORD_TOKEN, ROLE }: Config): string {
  if (DISCORD_TOKEN === undefined) return 'off: set DISCORD_TOKEN (README, “Discord”)'
  return ROLE === 'worker' ? 'on, for sending (ROLE=worker)' : 'on; doctor says what it may read and do there'
}

function at({ OPENAI_BASE_URL }: Config): string {
  return OPENAI_BASE_URL === undefined ? '' : ` at ${new URL(OPENAI_BASE_URL).host}`
}
