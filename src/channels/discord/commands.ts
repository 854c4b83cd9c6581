/** What Discord shows of us in its own menus: registered when it has changed, never on each start. */
import { createHash } from 'node:crypto'
import { Routes } from 'discord.js'
import type { Keep } from '../../domain/ports.ts'
import type { Api } from './api.ts'
import { shortened } from './render.ts'

/** The words of our entries, by locale; the first is the one that everybody else sees. */
export interface CommandWords {
  locale: string
  support: string
  supportText: string
  wrong: string
  record: string
}

export const supportCommand = 'support'
export const supportOption = 'text'
const kind = { chat: 1, message: 3 } as const
const textOption = 3
const textAtMost = 4_000
/** Manage Messages: only staff see the entry. Who is an agent is the engine's to say. */
const staffOnly = String(1 << 13)
const inServers = 0
const inDirect = 1

export function commandsOf(words: readonly [CommandWords, ...CommandWords[]]): object[] {
  const [first, ...others] = words
  const localized = (pick: (one: CommandWords) => string, atMost: number) =>
    Object.fromEntries(others.map((one) => [one.locale, shortened(pick(one), atMost)]))
  const entry = (pick: (one: CommandWords) => string) => ({
    type: kind.message,
    name: shortened(pick(first), 32),
    name_localizations: localized(pick, 32),
  })
  return [
    {
      type: kind.chat,
      name: supportCommand,
      description: shortened(first.support, 100),
      description_localizations: localized((one) => one.support, 100),
      options: [
        {
          type: textOption,
          name: supportOption,
          description: shortened(first.supportText, 100),
          description_localizations: localized((one) => one.supportText, 100),
          required: false,
          max_length: textAtMost,
        },
      ],
      contexts: [inServers, inDirect],
    },
    { ...entry((one) => one.wrong), contexts: [inServers, inDirect] },
    { ...entry((one) => one.record), contexts: [inServers], default_member_permissions: staffOnly },
  ]
}

export async function registerCommands(
  api: Api,
  keep: Keep,
  application: string,
  commands: object[],
): Promise<boolean> {
  const hash = createHash('sha256')
    .update(JSON.stringify([application, commands]))
    .digest('base64url')
  if ((await keep.get('commands')) === hash) return false
  await api.put(Routes.applicationCommands(application), { body: commands })
  await keep.set('commands', hash)
  return true
}
