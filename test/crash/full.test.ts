/** A disk that is full: a clear sentence, the process stays up, and what was accepted is answered once there is room again. */
import { execFileSync, spawn } from 'node:child_process'
import { afterAll, expect, test } from 'vitest'
import { main } from '../commands/run.ts'
import { folder } from '../store/ground.ts'

const { path, remove } = folder()
afterAll(remove)

/** No file may grow beyond so many kB: the same to the database as a disk without room, and lifted while it runs. */
const roomKb = 4096
const isHere = process.platform === 'linux'

test.skipIf(!isHere)(
  'a full disk refuses with a sentence and loses nothing',
  async () => {
    const bot = spawn('bash', ['-c', `ulimit -S -f ${roomKb}; exec "${process.execPath}" "${main}" start`], {
      env: {
        PATH: process.env.PATH ?? '',
        DATABASE_URL: `sqlite:${path}/amends.db`,
        PORT: '0',
        QUIET_MS: '0',
        LOG_LEVEL: 'silent',
      },
      cwd: import.meta.dirname,
    })
    try {
      const url = await addressOf(bot)
      const { accepted, refusal } = await fill(url)
      expect(accepted.length).toBeGreaterThan(0)
      expect(refusal).toEqual({
        status: 503,
        error: 'nothing can be stored right now (disk or database): send it again later',
      })
      expect(bot.exitCode).toBeNull()
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
      expect((await fetch(`${url}/api/cases`)).status).toBe(200)

      execFileSync('prlimit', ['--pid', String(bot.pid), '--fsize=unlimited:'])
      expect((await say(url, 'late', 'My parcel is late.')).status).toBe(202)
      for (const customer of [...accepted, 'late'])
        await expect.poll(() => answersTo(url, customer), { timeout: 60_000, interval: 100 }).toBe(1)
    } finally {
      bot.kill('SIGKILL')
    }
  },
  180_000,
)

async function addressOf(bot: ReturnType<typeof spawn>): Promise<string> {
  let said = ''
  for await (const chunk of bot.stdout ?? []) {
    said += String(chunk)
    const [url] = /http:\/\/\S+/u.exec(said) ?? []
    if (url !== undefined && said.includes('desk')) return url
  }
  throw new Error(`the bot did not start: ${said}`)
}

const sayingsAtMost = 1000

/** Customers write, each once, until one is refused. */
async function fill(url: string) {
  const accepted: string[] = []
  for (let i = 0; i < sayingsAtMost; i += 1) {
    const customer = `c${i}`
    const answer = await say(url, customer, `My parcel is late. ${'It matters. '.repeat(2000)}`)
    if (answer.status !== 202) return { accepted, refusal: answer }
    accepted.push(customer)
  }
  throw new Error('the disk never was full')
}

async function say(url: string, customer: string, text: string): Promise<{ status: number; error?: string }> {
  const response = await fetch(`${url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ customer, text }),
  })
  const body: unknown = await response.json()
  return typeof body === 'object' && body !== null && 'error' in body
    ? { status: response.status, error: String(body.error) }
    : { status: response.status }
}

/** How often the bot has answered. */
async function answersTo(url: string, customer: string): Promise<number> {
  const body = await (await fetch(`${url}/api/customers/${customer}/messages`)).text()
  return body.split('"from":"bot"').length - 1
}
