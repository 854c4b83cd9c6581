/** REST, by discord.js. What it refuses is told in the engine's three words: later, never, or not there any more. */
import { DefaultRestOptions, DiscordAPIError, RateLimitError, REST, type RouteLike } from 'discord.js'
import type { z } from 'zod'
import { Gone, TryAgain, Undeliverable } from '../../domain/faults.ts'
import { code } from './shapes.ts'

export interface Api {
  get<T>(route: RouteLike, shape: z.ZodType<T>, query?: Record<string, string>): Promise<T>
  post<T>(route: RouteLike, shape: z.ZodType<T>, sent: Sent): Promise<T>
  patch<T>(route: RouteLike, shape: z.ZodType<T>, sent: Sent): Promise<T>
  put(route: RouteLike, sent?: Sent): Promise<void>
  delete(route: RouteLike, query?: Record<string, string>): Promise<void>
  /** Of which nothing is expected back. */
  send(route: RouteLike, sent: Sent): Promise<void>
  /** The gateway's own client asks through it. */
  rest: REST
  /** The token was refused: nothing is asked any more, for 10,000 refusals in ten minutes bar the whole address. */
  refused(): boolean
}

export interface Sent {
  body?: unknown
  query?: Record<string, string>
  files?: { name: string; type: string; bytes: Uint8Array }[]
  /** Routes that carry a token of their own. */
  withoutToken?: boolean
}

/** With everybody in one bucket a wait of minutes is possible; nothing of ours is held in memory for it. */
const retryRefusedMs = 10 * 60_000

export function createApi(token: string, url: string | undefined, onRefused: () => void): Api {
  // The outbox tries again, and knows what was tried: a POST repeated behind its back could show twice.
  const rest = new REST({
    version: '10',
    retries: 0,
    rejectOnRateLimit: () => true,
    makeRequest,
    // A proxy counts for all who ask through it; what Discord itself asks to wait for is waited for either way.
    ...(url ? { api: trimmed(url), globalRequestsPerSecond: Number.POSITIVE_INFINITY } : {}),
  })
  rest.setToken(token)
  let isRefused = false

  async function call(
    method: 'get' | 'post' | 'patch' | 'put' | 'delete',
    route: RouteLike,
    sent: Sent = {},
  ): Promise<unknown> {
    if (isRefused && !sent.withoutToken)
      throw new TryAgain(retryRefusedMs, 'Discord has refused the token (DISCORD_TOKEN)')
    try {
      return await rest[method](route, {
        ...(sent.body === undefined ? {} : { body: sent.body }),
        ...(sent.query === undefined ? {} : { query: new URLSearchParams(sent.query) }),
        ...(sent.files === undefined
          ? {}
          : {
              files: sent.files.map(({ name, type, bytes }) => ({ name, contentType: type, data: Buffer.from(bytes) })),
            }),
        ...(sent.withoutToken ? { auth: false } : {}),
      })
    } catch (error) {
      if (error instanceof DiscordAPIError && error.status === 401 && !sent.withoutToken && !isRefused) {
        isRefused = true
        onRefused()
      }
      throw meant(error)
    }
  }

  return {
    get: async (route, shape, query) => shape.parse(await call('get', route, query ? { query } : {})),
    post: async (route, shape, sent) => shape.parse(await call('post', route, sent)),
    patch: async (route, shape, sent) => shape.parse(await call('patch', route, sent)),
    put: async (route, sent) => void (await call('put', route, sent)),
    delete: async (route, query) => void (await call('delete', route, query ? { query } : {})),
    send: async (route, sent) => void (await call('post', route, sent)),
    rest,
    refused: () => isRefused,
  }
}

/**
 * Files go by Node's own fetch. discord.js's undici asks through whichever undici was loaded first in this process, and
 * that of Slack's client takes nobody else's forms.
 */
const makeRequest: typeof DefaultRestOptions.makeRequest = (url, init) => {
  const { method = 'GET', headers = {}, body, signal = null } = init
  return body instanceof FormData
    ? fetch(url, { method, headers: Object.entries(headers), body, signal })
    : DefaultRestOptions.makeRequest(url, init)
}

/** discord.js puts its own slash and version behind it. */
function trimmed(url: string): string {
  return url.replace(/\/+$/u, '').replace(/\/v\d+$/u, '')
}

/** A refusal of Discord's that knows its code: what is caught by those who have another way. */
export class Refusal extends Undeliverable {
  readonly code: number
  readonly status: number
  constructor(message: string, number: number, status: number) {
    super(message)
    this.code = number
    this.status = status
  }
}

function meant(error: unknown): Error {
  if (error instanceof RateLimitError) {
    const wait = Math.max(error.retryAfter, error.timeToReset, 250)
    return new TryAgain(wait, `Discord asks to wait ${Math.ceil(wait / 1000)} s (${error.route})`)
  }
  if (error instanceof DiscordAPIError) return refusalOf(error)
  return error instanceof Error ? error : new Error(String(error))
}

const tooFastMs = 10 * 60_000
const editsMs = 5 * 60_000

function refusalOf({ code: number, message, status }: DiscordAPIError): Error {
  switch (Number(number)) {
    case code.unknownChannel:
      return new Gone('that channel or thread is no longer there')
    case code.unknownMessage:
      return new Gone('that message is no longer there')
    case code.openingTooFast:
      return new TryAgain(tooFastMs, 'Discord lets nobody be written to first for now: too many at once')
    case code.editsTooOld:
      return new TryAgain(editsMs, 'Discord takes few edits of a message that old')
    case code.noDirect:
      return new Refusal('they take no direct messages from this server', code.noDirect, status)
    case code.noSharedServer:
      return new Refusal('they have left every server that the bot is in', code.noSharedServer, status)
    case code.missingAccess:
      return new Refusal('the bot may not see that channel: give it View Channel there', code.missingAccess, status)
    case code.missingPermissions:
      return new Refusal(
        'the bot lacks a permission in that channel: invite it anew with the link that doctor gives',
        code.missingPermissions,
        status,
      )
    default:
      if (status === 401) return new TryAgain(retryRefusedMs, 'Discord has refused the token (DISCORD_TOKEN)')
      return new Refusal(`Discord refuses it: ${message}`, Number(number), status)
  }
}

export function refusedWith(error: unknown, ...codes: number[]): boolean {
  return error instanceof Refusal && codes.includes(error.code)
}
