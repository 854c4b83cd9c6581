/** Installed to many workspaces: allowed by an admin, sealed, renewed before it expires, gone when it is removed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createInstalled, type Granted } from '../../src/channels/slack/installed.ts'
import { createSecrets } from '../../src/channels/slack/secret.ts'
import { type Bench, modes, said, serve } from './slack.ts'

function keepInMemory() {
  const rows = new Map<string, string>()
  return {
    rows,
    get: async (key: string) => rows.get(key) ?? null,
    set: async (key: string, value: string) => void rows.set(key, value),
    delete: async (key: string) => void rows.delete(key),
  }
}

const hour = 3_600_000
const grant = (n: number): Granted => ({
  access_token: `xoxe.xoxb-${n}`,
  refresh_token: `xoxe-1-${n}`,
  expires_in: 43_200,
  scope: 'chat:write,assistant:write',
  team: { id: 'T1', name: 'Example' },
})

describe('tokens at rest', () => {
  test('are sealed under the key, and bound to their name', () => {
    const secrets = createSecrets('a passphrase')
    const sealed = secrets.seal('installation:T1', 'xoxb-secret')
    expect(sealed).not.toContain('xoxb')
    expect(secrets.open('installation:T1', sealed)).toBe('xoxb-secret')
    expect(secrets.open('installation:T2', sealed)).toBeNull()
    expect(createSecrets('another').open('installation:T1', sealed)).toBeNull()
    expect(secrets.open('installation:T1', `${sealed.slice(0, -2)}xx`)).toBeNull()
    expect(secrets.open('installation:T1', 'nonsense')).toBeNull()
    expect(secrets.seal('installation:T1', 'xoxb-secret'), 'never the same twice').not.toBe(sealed)
  })

  test('are renewed two hours before they expire, once for all who ask, for the refresh token serves once', async () => {
    const keep = keepInMemory()
    let now = 0
    let renewals = 0
    const renew = async (refresh: string) => {
      renewals += 1
      expect(refresh).toBe(`xoxe-1-${renewals}`)
      return grant(renewals + 1)
    }
    const installed = createInstalled(keep, createSecrets('k'), renew, () => now)
    await installed.add(grant(1))
    expect([...keep.rows.values()].join()).not.toContain('xox')
    now = 9 * hour
    expect(await installed.of('T1')).toBe('xoxe.xoxb-1')
    now = 11 * hour
    expect(await Promise.all([installed.of('T1'), installed.of('T1'), installed.of('T1')])).toEqual(
      Array(3).fill('xoxe.xoxb-2'),
    )
    expect(renewals).toBe(1)
    const other = createInstalled(keep, createSecrets('k'), renew, () => now)
    expect(await other.of('T1'), 'another process reads what this one renewed').toBe('xoxe.xoxb-2')
    expect(renewals).toBe(1)
  })

  test('while Slack does not renew it, the old one serves to its end; then it is said what to do', async () => {
    let now = 0
    const failing = async () => {
      throw new Error('Slack is down')
    }
    const installed = createInstalled(keepInMemory(), createSecrets('k'), failing, () => now)
    await installed.add(grant(1))
    now = 11 * hour
    expect(await installed.of('T1')).toBe('xoxe.xoxb-1')
    now = 13 * hour
    await expect(installed.of('T1')).rejects.toThrow('Slack is down')
    await expect(installed.of('T2')).rejects.toThrow(/not installed to the workspace T2/)
    await installed.remove('T1')
    await expect(installed.of('T1')).rejects.toThrow(/slack\/install/)
    expect(await installed.workspaces()).toEqual([])
  })
})

describe.each(modes)('installing, over %s', (mode) => {
  let bench: Bench
  beforeAll(async () => {
    bench = await serve({ mode, oauth: true, settings: { ENCRYPTION_KEY: 'a passphrase of the tests' } })
  })
  afterAll(() => bench.stop())

  const base = () => bench.url('/slack')
  const visit = (url: string, cookie = '') =>
    fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } })

  /** Goes the whole way as a browser does; gives the last page. */
  async function install(): Promise<Response> {
    const begun = await visit(`${base()}/install`)
    const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? ''
    bench.slack.oauth.redirectUri = `${base()}/oauth_redirect`
    const allowed = await visit(begun.headers.get('location') ?? '')
    return await visit(allowed.headers.get('location') ?? '', cookie)
  }

  test('an admin allows it, and people there are answered, each workspace with its own token', async () => {
    const { slack, hears } = bench
    const other = slack.workspace('Other')
    for (const team of [slack.team, other]) {
      slack.oauth.allowing = team
      const page = await install()
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(`installed to ${team.name}`)])
      const ada = slack.user('ada', {}, team)
      await ada.says('What are your opening hours?')
      await hears(ada.dm(), said(1))
    }
    const teams = new Set(slack.calls.filter((call) => call.method === 'chat.postMessage').map((call) => call.team))
    expect(teams).toEqual(new Set([slack.team.id, other.id]))
  })

  test('what did not begin here, took too long or was not allowed installs nothing', async () => {
    const { slack } = bench
    slack.oauth.allowing = slack.workspace('Third')
    slack.oauth.redirectUri = `${base()}/oauth_redirect`
    const begun = await visit(`${base()}/install`)
    const allowed = await visit(begun.headers.get('location') ?? '')
    const back = allowed.headers.get('location') ?? ''
    expect((await visit(back)).status, 'another browser').toBe(400)
    expect((await visit(back.replace(/state=[^&]*/u, 'state=x'), 'amends_install=x')).status).toBe(400)
    slack.oauth.allowing = null
    const declined = await install()
    expect([declined.status, await declined.text()]).toEqual([400, expect.stringContaining('Nothing was installed')])
    slack.oauth.allowing = slack.workspace('Fourth')
    slack.faults.order('oauth.v2.access', { type: 'error', error: 'invalid_code' })
    expect((await install()).status).toBe(502)
  })

  test('the token outlives a restart; removed, nobody there is answered until it is installed again', async () => {
    const { slack, hears } = bench
    slack.oauth.allowing = slack.team
    await install()
    await bench.restart()
    const ada = slack.user('ada')
    await ada.says('What are your opening hours?')
    await hears(ada.dm(), said(1))
    expect((await slack.sends({ type: 'app_uninstalled' })).status).toBe(200)
    await slack.sends({ type: 'tokens_revoked', tokens: { bot: [slack.team.bot.user] } })
    await ada.says('And how can I pay?')
    await bench.until(async () =>
      expect((await bench.alerts()).filter((text) => /removed from the workspace Example/.test(text))).toHaveLength(1),
    )
    await install()
    const eve = slack.user('eve')
    await eve.says('What are your opening hours?')
    await hears(eve.dm(), said(1))
  })
})
