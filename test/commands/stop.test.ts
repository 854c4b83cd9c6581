/** `npm start` is npm and the bot: whichever is asked to stop, the bot ends cleanly, and npm with it. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'amends-stop-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The project's own script, in a folder without a developer's `.env`. It leads a group of its own, as at a terminal. */
function startByNpm(cwd: string) {
  mkdirSync(cwd)
  const { scripts } = z
    .object({ scripts: z.object({ start: z.string() }) })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const start = scripts.start.replace('src/main.ts', join(root, 'src/main.ts'))
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'amends', scripts: { start } }))
  const PATH = [join(root, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter)
  const env = { PATH, HOME: folder, PORT: '0', DATABASE_URL: 'sqlite:bot.db' }
  return spawn('npm', ['start'], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
}

test.skipIf(process.platform === 'win32').each([
  ['npm alone', 'SIGTERM', 1],
  ['npm alone', 'SIGINT', 1],
  ['the group of both', 'SIGTERM', -1],
  ['the group of both', 'SIGINT', -1],
] as const)(
  '%s is sent %s: the bot finishes what it has in hand, and ends',
  async (_, signal, whom) => {
    const cwd = join(folder, `${signal}${whom}`)
    const npm = startByNpm(cwd)
    let said = ''
    const ready = new Promise<void>((resolve) =>
      npm.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (/playground +http/u.test(said)) resolve()
      }),
    )
    // The pipe is closed once nobody holds it any more: npm and the bot are gone.
    let isGone = false
    const gone = new Promise<void>((resolve) =>
      npm.on('close', () => {
        isGone = true
        resolve()
      }),
    )
    onTestFinished(() => void (isGone || process.kill(-(npm.pid ?? 0), 'SIGKILL')))
    await Promise.race([ready, gone])
    expect(existsSync(join(cwd, 'bot.db-wal')), said).toBe(true)
    process.kill(whom * (npm.pid ?? 0), signal)
    await gone
    expect(said).toMatch(/^Stopping/mu)
    // Only who closes the database takes its log away.
    expect(existsSync(join(cwd, 'bot.db-wal'))).toBe(false)
  },
  120_000,
)
