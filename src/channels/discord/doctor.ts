/** What Discord says of the token, the intents, the servers and the desk: a line each, with the fix. Changes nothing. */
import { PermissionFlagsBits, Routes } from 'discord.js'
import { Gone } from '../../domain/faults.ts'
import { createApi, Refusal } from './api.ts'
import { withoutContent } from './index.ts'
import { answers, mayReadAll } from './shapes.ts'

export interface Finding {
  well: boolean
  text: string
}

/** All that the bot ever does in a server, and nothing more. */
const needed = {
  'View Channels': PermissionFlagsBits.ViewChannel,
  'Send Messages': PermissionFlagsBits.SendMessages,
  'Send Messages in Threads': PermissionFlagsBits.SendMessagesInThreads,
  'Create Public Threads': PermissionFlagsBits.CreatePublicThreads,
  'Create Private Threads': PermissionFlagsBits.CreatePrivateThreads,
  'Read Message History': PermissionFlagsBits.ReadMessageHistory,
  'Add Reactions': PermissionFlagsBits.AddReactions,
  'Attach Files': PermissionFlagsBits.AttachFiles,
  'Manage Webhooks': PermissionFlagsBits.ManageWebhooks,
} as const

const administrator = PermissionFlagsBits.Administrator

export function inviteLink(application: string): string {
  const permissions = Object.values(needed).reduce((all, one) => all | one, 0n)
  const query = new URLSearchParams({
    client_id: application,
    scope: 'bot applications.commands',
    permissions: permissions.toString(),
  })
  return `https://discord.com/oauth2/authorize?${query}`
}

export interface Examined {
  token: string
  url?: string | undefined
  /** The desk's channel, where it is on Discord. */
  desk: string | null
}

export async function examine({ token, url, desk }: Examined): Promise<Finding[]> {
  const api = createApi(token, url, () => undefined)
  try {
    const application = await api.get(Routes.currentApplication(), answers.application)
    const reads = ((application.flags ?? 0) & mayReadAll) !== 0
    const guilds = await api.get(Routes.userGuilds(), answers.guilds)
    const invite = `invite it with ${inviteLink(application.id)}`
    return [
      { well: true, text: `the token is good: ${application.name ?? application.id}` },
      intentFinding(reads, desk),
      guilds.length === 0
        ? { well: false, text: `it is in no server: ${invite}` }
        : { well: true, text: `in ${guilds.length === 1 ? '1 server' : `${guilds.length} servers`}; ${invite}` },
      ...guilds.flatMap(({ name, permissions }) => {
        const missing = missingFrom(BigInt(permissions))
        return missing.length === 0
          ? []
          : [{ well: false, text: `in ${name} it lacks ${missing.join(', ')}: ${invite}` }]
      }),
      ...(desk === null ? [] : [await deskFinding(api, desk)]),
    ]
  } catch (error) {
    if (api.refused())
      return [
        {
          well: false,
          text: 'Discord refuses the token: set DISCORD_TOKEN to the one of the developer portal, under Bot',
        },
      ]
    const reason = error instanceof Error ? error.message : String(error)
    return [{ well: false, text: `Discord does not answer (${reason}): try again later, or check DISCORD_API_URL` }]
  } finally {
    api.rest.clearHashSweeper()
    api.rest.clearHandlerSweeper()
  }
}

function intentFinding(reads: boolean, desk: string | null): Finding {
  if (reads) return { well: true, text: 'it may read messages that do not address it (Message Content intent)' }
  // A desk in which agents' lines cannot be read is none.
  if (desk !== null)
    return {
      well: false,
      text: 'agents’ lines at the desk come empty: switch the Message Content intent on in the developer portal, under Bot',
    }
  return { well: true, text: `${withoutContent} (developer portal, under Bot)` }
}

function missingFrom(permissions: bigint): string[] {
  if ((permissions & administrator) !== 0n) return []
  return Object.entries(needed).flatMap(([name, bit]) => ((permissions & bit) === 0n ? [name] : []))
}

async function deskFinding(api: ReturnType<typeof createApi>, desk: string): Promise<Finding> {
  try {
    const { name } = await api.get(Routes.channel(desk), answers.channel)
    return { well: true, text: `the desk is #${name ?? desk}` }
  } catch (error) {
    if (error instanceof Gone)
      return { well: false, text: `DESK=discord:${desk} names no channel: copy its id with Developer Mode on` }
    if (error instanceof Refusal) return { well: false, text: `DESK=discord:${desk}: ${error.message}` }
    throw error
  }
}
