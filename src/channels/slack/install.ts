/** The two pages by which the app is installed to a workspace: /slack/install leads to Slack, and Slack leads back. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebClientOptions } from '@slack/web-api'
import { WebClient } from '@slack/web-api'
import { type Granted, granted, type Installed } from './installed.ts'
import type { Log } from './parts.ts'
import { agentScopes, scopes } from './scopes.ts'

export interface InstallParts {
  clientId: string
  clientSecret: string
  stateSecret: string
  apiUrl: string | undefined
  installed: Pick<Installed, 'add'>
  options: WebClientOptions
  now(): number
  log: Log
}

const stateLivesMs = 10 * 60_000
const cookie = 'amends_install'

export type Pages = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

export function createPages(parts: InstallParts): Pages {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (request.method !== 'GET') return false
    if (url.pathname === '/slack/install') begin(parts, url, response)
    else if (url.pathname === '/slack/oauth_redirect') await finish(parts, url, request, response)
    else return false
    return true
  }
}

/** `?agent` asks for what the agent's manifest has besides. */
function begin(parts: InstallParts, asked: URL, response: ServerResponse): void {
  const nonce = randomBytes(18).toString('base64url')
  const wanted = { ...scopes, ...(asked.searchParams.has('agent') ? agentScopes : {}) }
  const to = new URL('../oauth/v2/authorize', parts.apiUrl ?? 'https://slack.com/api/')
  to.searchParams.set('client_id', parts.clientId)
  to.searchParams.set('scope', Object.keys(wanted).join(','))
  to.searchParams.set('state', stateOf(parts, nonce, parts.now() + stateLivesMs))
  response.writeHead(302, {
    location: to.href,
    // Only the browser that set out may come back.
    'set-cookie': `${cookie}=${nonce}; Path=/slack; HttpOnly; SameSite=Lax; Max-Age=${stateLivesMs / 1000}`,
  })
  response.end()
}

async function finish(
  parts: InstallParts,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const nonce = new RegExp(`(?:^|;\\s*)${cookie}=([\\w-]+)`, 'u').exec(request.headers.cookie ?? '')?.[1] ?? ''
  const fault = stateFault(parts, url.searchParams.get('state') ?? '', nonce)
  if (fault !== null) return page(response, 400, fault)
  const refused = url.searchParams.get('error')
  if (refused !== null)
    return page(response, 400, 'Slack did not allow it. Nothing was installed; open /slack/install to try again.')
  try {
    const grant = await exchange(parts, { code: url.searchParams.get('code') ?? '' })
    const name = await parts.installed.add(grant)
    parts.log.info({ workspace: grant.team?.id }, 'the app was installed to a workspace')
    page(response, 200, `Amends is installed to ${name}. In Slack, open Amends under Apps and write to it.`)
  } catch (error) {
    parts.log.error({ err: error }, 'the app could not be installed to a workspace')
    page(response, 502, 'Slack did not give a token. Open /slack/install to try again; if it goes on, run doctor.')
  }
}

/** A code, or a refresh token, for a token. */
export async function exchange(
  { clientId, clientSecret, options }: Pick<InstallParts, 'clientId' | 'clientSecret' | 'options'>,
  given: { code: string } | { grant_type: 'refresh_token'; refresh_token: string },
): Promise<Granted> {
  const client = new WebClient(undefined, options)
  return granted.parse(
    await client.apiCall('oauth.v2.access', { client_id: clientId, client_secret: clientSecret, ...given }),
  )
}

function stateOf({ stateSecret }: InstallParts, nonce: string, until: number): string {
  const sign = createHmac('sha256', stateSecret).update(`${nonce}.${until}`).digest('base64url')
  return `${nonce}.${until}.${sign}`
}

function stateFault(parts: InstallParts, state: string, nonce: string): string | null {
  const [, until = ''] = state.split('.')
  const expected = Buffer.from(stateOf(parts, nonce, Number(until)))
  const given = Buffer.from(state)
  const same = given.length === expected.length && timingSafeEqual(given, expected)
  if (nonce === '' || !same) return 'This did not begin here. Open /slack/install, in this browser.'
  return Number(until) > parts.now() ? null : 'That took too long. Open /slack/install once more.'
}

function page(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'x-content-type-options': 'nosniff',
  })
  const shown = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Amends</title><p>${shown}</p></html>`)
}
