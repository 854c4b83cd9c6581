/** Letting time pass in the playground: everything at its own time, in order, whoever else runs on the database. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDatabase, serverUrl } from '../engine/database.ts'
import { folder } from '../store/ground.ts'
import { botSaid, serve, type Web } from './over-http.ts'

const hour = 3_600_000
// The reader learns anew at each first start: seconds, or many where others use the machine.
const startsWithin = 120_000

const grounds = [
  { engine: 'SQLite', make: async () => ({ settings: { DATABASE_URL: 'sqlite::memory:' }, drop: async () => {} }) },
  {
    engine: 'PostgreSQL',
    make: async () => {
      const { url, drop } = await makeDatabase()
      return { settings: { DATABASE_URL: url }, drop }
    },
  },
]

for (const { engine, make } of grounds)
  describe.skipIf(engine === 'PostgreSQL' && !serverUrl)(engine, () => {
    let web: Web
    let ground: Awaited<ReturnType<typeof make>>

    beforeAll(async () => {
      ground = await make()
      web = await serve(ground.settings)
    }, startsWithin)

    afterAll(async () => {
      await web.bot.stop()
      await ground.drop()
    })

    test('a jump of days does on the way what falls due, each at its own time', async () => {
      await web.says('ann', 'My parcel is late for the third time.')
      await web.reads('ann', botSaid(1))
      const { due } = (await web.call('GET', '/api/customers/ann/journey')).body
      const reminder = Date.parse(due.find((row: { timer: string }) => row.timer === 'promise.risk').at)
      const broken = Date.parse(due.find((row: { timer: string }) => row.timer === 'promise.due').at)

      const before = Date.parse((await web.call('GET', '/api/clock')).body.now)
      const moved = await web.call('POST', '/api/clock', { after: '5d' })
      expect(moved.status).toBe(200)
      expect(Date.parse(moved.body.now) - before).toBeGreaterThanOrEqual(5 * 24 * hour - 1000)

      // Nothing is waited for: what fell due has happened by the time the answer comes.
      const alerts: { at: string; reason: string }[] = (await web.call('GET', '/api/desk')).body.lines
      const at = (reason: string) => Date.parse(alerts.findLast((line) => line.reason === reason)?.at ?? '')
      expect(Math.abs(at('promise at risk') - reminder)).toBeLessThan(60_000)
      expect(Math.abs(at('promise broken') - broken)).toBeLessThan(60_000)
      const said = (await web.messages('ann')).map((line) => Date.parse(line.at))
      expect(said).toEqual(said.toSorted((a, b) => a - b))
      const [, , second, third] = said
      expect(new Set([second, third]).size, 'words of different days bear different times').toBe(2)
    })

    test('jumps that are asked for together happen one after the other', async () => {
      const before = Date.parse((await web.call('GET', '/api/clock')).body.now)
      await Promise.all(['1h', '2h', '3h'].map((after) => web.call('POST', '/api/clock', { after })))
      const now = Date.parse((await web.call('GET', '/api/clock')).body.now)
      expect(now - before).toBeGreaterThanOrEqual(6 * hour - 1000)
    })

    test.each(['-2h', 'soon', '', 7, '11y'])('after %j is refused with a sentence', async (after) => {
      const refused = await web.call('POST', '/api/clock', { after })
      expect(refused.status).toBe(400)
      expect(refused.body.error).toMatch(/2h, 90m or 3d/)
    })

    test('what is no JSON is refused with a sentence', async () => {
      expect((await web.call('POST', '/api/clock', 'nonsense')).status).toBe(400)
    })

    test('the clock says in whose zone it is', async () => {
      const { body } = await web.call('GET', '/api/clock')
      expect(body).toMatchObject({ offered: true, timezone: expect.any(String) })
    })
  })

test.skipIf(!serverUrl)(
  'on PostgreSQL other processes go along, and leave the hands to the one with all roles',
  async () => {
    const { url, drop } = await makeDatabase()
    const all = await serve({ DATABASE_URL: url })
    const other = await serve({ DATABASE_URL: url, ROLE: 'channels' })
    try {
      const refused = await other.call('POST', '/api/clock', { after: '2h' })
      expect(refused).toMatchObject({ status: 404, body: { error: expect.stringMatching(/ROLE=all/) } })
      expect((await other.call('GET', '/api/clock')).body.offered).toBe(false)
      await all.call('POST', '/api/clock', { after: '2h' })
      await expect
        .poll(async () => (await other.call('GET', '/api/clock')).body.offset, { timeout: 8000, interval: 20 })
        .toBeGreaterThanOrEqual(2 * hour - 1000)
    } finally {
      await other.bot.stop()
      await all.bot.stop()
      await drop()
    }
  },
  startsWithin,
)

test(
  'the moved time is kept over a restart',
  async () => {
    const { path, remove } = folder()
    const settings = { DATABASE_URL: `sqlite:${path}/amends.db` }
    const first = await serve(settings)
    await first.call('POST', '/api/clock', { after: '3d' })
    await first.bot.stop()
    const second = await serve(settings)
    expect((await second.call('GET', '/api/clock')).body.offset).toBeGreaterThanOrEqual(72 * hour - 5000)
    await second.bot.stop()
    remove()
  },
  startsWithin,
)
