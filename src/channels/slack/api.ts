/** Calls to Slack's Web API: once, with a time limit, and with errors that say what to do next. The outbox repeats, not the client. */
import { type Logger, LogLevel } from '@slack/bolt'
import {
  type WebAPICallResult,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api'
import { Gone, TryAgain, Undeliverable } from '../../domain/faults.ts'
import type { Log } from './parts.ts'
import { keptFetch } from './request.ts'
import type { Tokens } from './tokens.ts'

export interface Api {
  /** Throws TryAgain, Undeliverable or Gone where Slack says so; anything else means that it is not known whether it was done. */
  call<T extends object>(
    workspace: string,
    method: string,
    args: Record<string, unknown>,
  ): Promise<T & WebAPICallResult>
  /** The bytes behind a private address, with the workspace's token. */
  download(workspace: string, url: string, signal: AbortSignal): Promise<Response>
}

/** Slack answers in well under a second; what takes longer than this is taken for lost. */
const timeoutMs = 10_000
/** After a fault on their side. */
const faultMs = 3_000

export function clientOptions(apiUrl: string | undefined, log: Log): WebClientOptions {
  return {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    fetch: keptFetch,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    logger: loggerOf(log),
  }
}

export function createApi(tokens: Tokens, options: WebClientOptions): Api {
  const clients = new Map<string, WebClient>()

  function clientOf(token: string): WebClient {
    const known = clients.get(token)
    if (known) return known
    // Renewed tokens come and go; a client is nothing but its token and its options.
    if (clients.size > 200) clients.clear()
    const made = new WebClient(token, options)
    clients.set(token, made)
    return made
  }

  return {
    async call<T extends object>(workspace: string, method: string, args: Record<string, unknown>) {
      const token = await tokens.of(workspace)
      try {
        return (await clientOf(token).apiCall(method, args)) as T & WebAPICallResult
      } catch (error) {
        if (error instanceof WebAPIPlatformError && expired.has(error.data.error)) tokens.refuse(workspace, token)
        throw faultOf(error, method)
      }
    },
    async download(workspace, url, signal) {
      const token = await tokens.of(workspace)
      return await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal })
    },
  }
}

/** A token that does no more: the next call looks for another. */
const expired = new Set(['token_expired', 'invalid_auth', 'token_revoked', 'account_inactive', 'not_authed'])

/** What Slack refuses for good, as one sentence for whoever can act on it. */
const refusals: Record<string, string> = {
  channel_not_found: 'Slack knows no such channel, or the app may not see it: invite the app there with /invite',
  not_in_channel: 'the app is not in that channel: invite it there with /invite',
  is_archived: 'the channel is archived: unarchive it, or choose another',
  account_inactive: 'the app’s account in that workspace was deactivated: install the app again',
  user_disabled: 'the Slack account is deactivated',
  user_not_found: 'Slack knows no such person',
  cannot_dm_bot: 'that is a bot, and bots are not written to',
  messages_tab_disabled: 'the app’s Messages tab is off: turn it on under App Home in the app’s settings',
  restricted_action: 'the workspace lets nobody but some people post there',
  restricted_action_read_only_channel: 'the channel is read-only',
  team_access_not_granted: 'the app is not installed to that workspace',
  invalid_auth: 'Slack does not take the token: set SLACK_BOT_TOKEN anew, or install the app again',
  token_revoked: 'the token was revoked: install the app again',
  not_authed: 'there is no token: set SLACK_BOT_TOKEN, or install the app',
  ekm_access_denied: 'the workspace’s administrators have suspended access',
}

const gone = new Set(['message_not_found', 'thread_not_found', 'cant_update_message', 'cant_delete_message'])

export function faultOf(error: unknown, method: string): Error {
  if (error instanceof WebAPIRateLimitedError)
    return new TryAgain(error.retryAfter * 1000, `Slack asks to wait ${error.retryAfter} s (${method})`)
  // It may have been done, and only the answer is missing.
  if (error instanceof WebAPIHTTPError)
    return new TryAgain(faultMs, `Slack answered ${error.statusCode} (${method})`, true)
  if (error instanceof WebAPIRequestError) return new TryAgain(faultMs, `Slack does not answer (${method})`, true)
  if (!(error instanceof WebAPIPlatformError)) return error instanceof Error ? error : new Error(String(error))
  const { error: code } = error.data
  // What is no JSON comes as the code: a proxy's page, most likely. Whether it was done is not known.
  if (!/^\w+$/u.test(code))
    return new Error(`what answered ${method} is not Slack: is a proxy in between, or SLACK_API_URL another’s address?`)
  if (code === 'internal_error' || code === 'fatal_error' || code === 'service_unavailable')
    return new TryAgain(faultMs, `Slack is not well (${method})`, true)
  if (code === 'ratelimited' || code === 'rate_limited') return new TryAgain(30_000, `Slack asks to wait (${method})`)
  if (code === 'missing_scope') {
    const needed = 'needed' in error.data ? String(error.data.needed) : 'another'
    return new Undeliverable(
      `the app lacks the scope ${needed}: add it under OAuth & Permissions, and install the app again`,
    )
  }
  if (gone.has(code)) return new Gone(`${code} (${method})`)
  const sentence = refusals[code]
  return sentence === undefined ? new SlackRefusal(code, method) : new Undeliverable(sentence)
}

/** Slack's own word for what it refused, where nothing better is known to say. */
export class SlackRefusal extends Error {
  readonly code: string
  constructor(code: string, method: string) {
    super(`Slack refused ${method}: ${code}`)
    this.code = code
  }
}

/** Slack's libraries talk a lot: only what is wrong is passed on. */
export function loggerOf(log: Log): Logger {
  const words = (message: unknown[]) => message.map(String).join(' ')
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...message) => log.info({ slack: words(message) }, 'Slack’s library warns'),
    error: (...message) => log.info({ slack: words(message) }, 'Slack’s library reports an error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  }
}
