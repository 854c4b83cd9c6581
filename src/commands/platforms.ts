/** The platforms that have their settings. Each is loaded only then: nobody pays for a library that is not used. */
import type { CommandWords } from '../channels/discord/commands.ts'
import type { Config } from '../config.ts'
import { type Locale, locales } from '../domain/customer.ts'
import type { ChannelName } from '../domain/message.ts'
import type { Keep, Platform } from '../domain/ports.ts'
import type { Log } from '../engine/parts.ts'

export interface PlatformParts {
  log: Log
  /** A place of its own for each. */
  keep(prefix: string): Keep
  waitFor(customer: string): Promise<number>
  /** Where agents work, by settings and by policy: `slack:C0123`, `discord:1234` or `web`. */
  desks(): string[]
  /** The words of buttons and menu entries, as admins have them. */
  labels(names: readonly string[], locale: Locale): string[]
  /** Between two messages in a room. */
  paceMs: number
}

export async function platformsOf(config: Config, parts: PlatformParts): Promise<Map<ChannelName, Platform>> {
  const platforms = new Map<ChannelName, Platform>()
  if (hasSlack(config)) platforms.set('slack', await slack(config, parts))
  if (config.DISCORD_TOKEN !== undefined) platforms.set('discord', await discord(config, config.DISCORD_TOKEN, parts))
  return platforms
}

export function hasSlack({ SLACK_BOT_TOKEN, SLACK_CLIENT_ID }: Config): boolean {
  return SLACK_BOT_TOKEN !== undefined || SLACK_CLIENT_ID !== undefined
}

async function slack(config: Config, { log, keep, waitFor, desks, paceMs }: PlatformParts): Promise<Platform> {
  const { createSlack } = await import('../channels/slack/index.ts')
  return createSlack({
    settings: slackSettings(config),
    receives: config.ROLE !== 'worker',
    keep: keep('slack'),
    log,
    // Not the playground's time: Slack signs with the world's.
    now: () => Date.now(),
    desks: () => desks().flatMap((desk) => (desk.startsWith('slack:') ? [desk.slice('slack:'.length)] : [])),
    waitFor,
    paceMs,
  })
}

export function slackSettings(config: Config) {
  return {
    botToken: config.SLACK_BOT_TOKEN,
    appToken: config.SLACK_APP_TOKEN,
    signingSecret: config.SLACK_SIGNING_SECRET,
    host: config.HOST,
    port: config.SLACK_PORT,
    clientId: config.SLACK_CLIENT_ID,
    clientSecret: config.SLACK_CLIENT_SECRET,
    stateSecret: config.SLACK_STATE_SECRET,
    apiUrl: config.SLACK_API_URL,
    encryptionKey: config.ENCRYPTION_KEY,
  }
}

async function discord(
  config: Config,
  token: string,
  { log, keep, labels, waitFor }: PlatformParts,
): Promise<Platform> {
  const { createDiscord } = await import('../channels/discord/index.ts')
  return createDiscord({
    token,
    url: config.DISCORD_API_URL,
    receives: config.ROLE !== 'worker',
    keep: keep('discord'),
    log,
    // Not the playground's time: Discord's ids tell the world's.
    now: () => Date.now(),
    words: menuWords(labels),
    waitFor,
  })
}

/** Our entries in Discord's own menus, in each language that Discord and we have. */
function menuWords(labels: PlatformParts['labels']): [CommandWords, ...CommandWords[]] {
  const words = (locale: Locale): CommandWords => {
    const [support = '', supportText = '', wrong = '', record = ''] = labels(
      ['support', 'support_text', 'wrong', 'record'],
      locale,
    )
    return { locale, support, supportText, wrong, record }
  }
  const [first, ...others] = locales
  return [words(first), ...others.map(words)]
}
