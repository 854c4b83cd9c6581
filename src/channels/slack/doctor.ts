/** Asks Slack whether all is as it should be, and says what to click where it is not. Changes nothing. */
import { clientOptions, createApi } from './api.ts'
import type { Log, SlackSettings } from './parts.ts'
import { missingScopes, scopes } from './scopes.ts'
import { oneToken } from './tokens.ts'

export interface Finding {
  well: boolean
  text: string
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const page = 'api.slack.com/apps → your app'

/** `desk` is the room where agents work, where that is in Slack. */
export async function examine(settings: SlackSettings, desk: string | null): Promise<Finding[]> {
  const options = clientOptions(settings.apiUrl, silent)
  const findings: Finding[] = []
  const { botToken, appToken } = settings
  if (botToken !== undefined) findings.push(...(await examineBot(settings, desk)))
  if (appToken !== undefined) {
    const app = createApi(oneToken(appToken), options)
    findings.push(
      await app.call('-', 'apps.connections.open', {}).then(
        () => ({ well: true, text: 'Socket Mode: SLACK_APP_TOKEN is taken' }),
        (error: unknown) => ({
          well: false,
          text: `Socket Mode: ${reason(error)} (SLACK_APP_TOKEN): ${page} → Basic Information → App-Level Tokens → Generate, with connections:write; and Settings → Socket Mode is on`,
        }),
      ),
    )
  }
  return findings
}

async function examineBot(settings: SlackSettings, desk: string | null): Promise<Finding[]> {
  const api = createApi(oneToken(settings.botToken ?? ''), clientOptions(settings.apiUrl, silent))
  let granted: string[]
  const findings: Finding[] = []
  try {
    const me = await api.call<{ team?: string; user?: string }>('-', 'auth.test', {})
    granted = me.response_metadata?.scopes ?? []
    findings.push({ well: true, text: `in the workspace ${me.team} as @${me.user}` })
  } catch (error) {
    return [
      {
        well: false,
        text: `${reason(error)}: ${page} → OAuth & Permissions → copy the Bot User OAuth Token into SLACK_BOT_TOKEN`,
      },
    ]
  }
  const missing = missingScopes(granted)
  findings.push(
    missing.length === 0
      ? { well: true, text: `all ${Object.keys(scopes).length} scopes are granted` }
      : {
          well: false,
          text: `not granted: ${missing.map((scope) => `${scope} (${scopes[scope]})`).join(', ')}: ${page} → OAuth & Permissions → Scopes → add them → Reinstall to Workspace`,
        },
  )
  if (desk !== null) findings.push(await examineDesk(api, desk))
  return findings
}

async function examineDesk(api: ReturnType<typeof createApi>, room: string): Promise<Finding> {
  try {
    await api.call('-', 'conversations.history', { channel: room, limit: 1 })
    return { well: true, text: `the app is in the desk’s channel ${room}` }
  } catch (error) {
    return { well: false, text: `the desk’s channel ${room}: ${reason(error)}` }
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
