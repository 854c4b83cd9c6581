/** OAuth v2 with token rotation: the page where an admin allows the app, codes, tokens of twelve hours, refresh tokens for one use. */
import type { ServerResponse } from 'node:http'
import type { Team, World } from './world.ts'

export interface OAuth {
  clientId: string
  clientSecret: string
  /** Tokens expire and are renewed; off, they last. */
  rotates: boolean
  /** The workspace whose admin is at the page; null: the admin declines. */
  allowing: Team | null
  page(url: URL, response: ServerResponse): void
  access(args: Record<string, string>): object
  holds(team: string, token: string): boolean
  expired(token: string): boolean
  /** Where the app's settings say that people come back to. */
  redirectUri: string
  /** How many times a token was renewed. */
  renewals: number
}

const livesMs = 12 * 3_600_000

export function createOAuth(world: World): OAuth {
  const codes = new Map<string, Team>()
  const tokens = new Map<string, { team: string; until: number }>()
  const refreshes = new Map<string, Team>()

  function grant(team: Team): object {
    const token = oauth.rotates ? `xoxe.xoxb-${world.id('')}` : `xoxb-${world.id('')}`
    const refresh = `xoxe-1-${world.id('')}`
    tokens.set(token, { team: team.id, until: oauth.rotates ? world.now() + livesMs : Number.POSITIVE_INFINITY })
    refreshes.set(refresh, team)
    team.refused = null
    return {
      ok: true,
      access_token: token,
      token_type: 'bot',
      scope: [...team.bot.scopes].join(','),
      bot_user_id: team.bot.user,
      app_id: 'A0000001',
      team: { id: team.id, name: team.name },
      enterprise: null,
      is_enterprise_install: false,
      authed_user: { id: 'U0000INST' },
      ...(oauth.rotates ? { refresh_token: refresh, expires_in: livesMs / 1000 } : {}),
    }
  }

  const oauth: OAuth = {
    clientId: '100.200',
    clientSecret: 'a-client-secret',
    rotates: true,
    allowing: null,
    redirectUri: 'http://nowhere.test/',
    renewals: 0,
    page(url, response) {
      const back = new URL(url.searchParams.get('redirect_uri') ?? oauth.redirectUri)
      back.searchParams.set('state', url.searchParams.get('state') ?? '')
      if (oauth.allowing) {
        const code = world.id('code')
        codes.set(code, oauth.allowing)
        oauth.allowing.bot.scopes = new Set((url.searchParams.get('scope') ?? '').split(','))
        back.searchParams.set('code', code)
      } else back.searchParams.set('error', 'access_denied')
      response.writeHead(302, { location: back.href }).end()
    },
    access(args) {
      if (args.client_id !== oauth.clientId) return { ok: false, error: 'invalid_client_id' }
      if (args.client_secret !== oauth.clientSecret) return { ok: false, error: 'bad_client_secret' }
      if (args.grant_type === 'refresh_token') {
        const team = refreshes.get(args.refresh_token ?? '')
        if (!team) return { ok: false, error: 'invalid_refresh_token' }
        // For one use only.
        refreshes.delete(args.refresh_token ?? '')
        oauth.renewals += 1
        return grant(team)
      }
      const team = codes.get(args.code ?? '')
      if (!team) return { ok: false, error: 'invalid_code' }
      codes.delete(args.code ?? '')
      return grant(team)
    },
    holds(team, token) {
      const known = tokens.get(token)
      return known !== undefined && known.team === team && known.until > world.now()
    },
    expired: (token) => (tokens.get(token)?.until ?? Number.POSITIVE_INFINITY) <= world.now(),
  }
  return oauth
}
