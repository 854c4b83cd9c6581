/**
 * The workspaces to which the app was installed. Tokens rest encrypted; one that expires is renewed before it does, once,
 * for the token that renews it can be used but once.
 */
import { z } from 'zod'
import { Undeliverable } from '../../domain/faults.ts'
import type { Keep } from '../../domain/ports.ts'
import type { Secrets } from './secret.ts'
import { notInstalled, type Tokens } from './tokens.ts'

const shape = z.object({
  workspace: z.string(),
  name: z.string(),
  token: z.string(),
  /** Where tokens rotate. */
  refresh: z.string().nullable(),
  expiresAt: z.number().nullable(),
  scopes: z.array(z.string()),
})
type Installation = z.infer<typeof shape>

/** What `oauth.v2.access` answers to a code, and to a refresh token. */
export const granted = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  expires_in: z.number().optional(),
  scope: z.string().default(''),
  team: z.object({ id: z.string(), name: z.string().default('') }).nullish(),
  enterprise: z.object({ id: z.string(), name: z.string().default('') }).nullish(),
})
export type Granted = z.infer<typeof granted>

export interface Installed extends Tokens {
  /** Gives the workspace's name. */
  add(grant: Granted): Promise<string>
}

const renewBeforeMs = 2 * 3_600_000
const index = 'installations'
const names = z.array(z.string())

export function createInstalled(
  keep: Keep,
  secrets: Secrets,
  renew: (refreshToken: string) => Promise<Granted>,
  now: () => number,
): Installed {
  const known = new Map<string, Installation>()
  const renewing = new Map<string, Promise<Installation>>()

  async function load(workspace: string): Promise<Installation> {
    const key = `installation:${workspace}`
    const sealed = await keep.get(key)
    if (sealed === null) throw notInstalled(workspace)
    const text = secrets.open(key, sealed)
    if (text === null)
      throw new Undeliverable(
        `the token of the workspace ${workspace} is sealed under another ENCRYPTION_KEY: set that one, or install the app again`,
      )
    const installation = shape.parse(JSON.parse(text))
    known.set(workspace, installation)
    return installation
  }

  async function save(installation: Installation): Promise<void> {
    const { workspace } = installation
    const key = `installation:${workspace}`
    await keep.set(key, secrets.seal(key, JSON.stringify(installation)))
    const all = await list()
    if (!all.includes(workspace)) await keep.set(index, JSON.stringify([...all, workspace]))
    known.set(workspace, installation)
  }

  async function list(): Promise<string[]> {
    return names.parse(JSON.parse((await keep.get(index)) ?? '[]'))
  }

  function isFresh({ expiresAt }: Installation): boolean {
    return expiresAt === null || expiresAt - now() > renewBeforeMs
  }

  async function renewed(workspace: string): Promise<Installation> {
    // Another process may have renewed it already.
    const current = await load(workspace)
    if (isFresh(current) || current.refresh === null) return current
    try {
      const grant = await renew(current.refresh)
      const fresh = { ...current, ...rotating(grant, now()) }
      await save(fresh)
      return fresh
    } catch (error) {
      const again = await load(workspace)
      if (again.token !== current.token) return again
      if ((current.expiresAt ?? 0) > now()) return current
      throw error
    }
  }

  return {
    async of(workspace) {
      const installation = known.get(workspace) ?? (await load(workspace))
      if (isFresh(installation)) return installation.token
      const under = renewing.get(workspace) ?? renewed(workspace).finally(() => renewing.delete(workspace))
      renewing.set(workspace, under)
      return (await under).token
    },
    refuse(workspace, token) {
      if (known.get(workspace)?.token === token) known.delete(workspace)
    },
    workspaces: list,
    scopes: (workspace) => known.get(workspace)?.scopes ?? [],
    learn: () => undefined,
    async add(grant) {
      const { team, enterprise, scope } = grant
      const workspace = team?.id ?? enterprise?.id
      if (workspace === undefined) throw new Error('Slack granted the app to no workspace')
      const name = team?.name ?? enterprise?.name ?? workspace
      await save({ workspace, name, scopes: scope.split(',').filter((one) => one !== ''), ...rotating(grant, now()) })
      return name
    },
    async remove(workspace) {
      const name = await load(workspace).then(
        (installation) => installation.name,
        () => workspace,
      )
      known.delete(workspace)
      await keep.delete(`installation:${workspace}`)
      await keep.set(index, JSON.stringify((await list()).filter((one) => one !== workspace)))
      return name
    },
  }
}

function rotating({ access_token: token, refresh_token, expires_in }: Granted, now: number) {
  return {
    token,
    refresh: refresh_token ?? null,
    expiresAt: expires_in === undefined ? null : now + expires_in * 1000,
  }
}
