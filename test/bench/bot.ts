/** The real bot as a child process, as `npm start` runs it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'

const root = join(import.meta.dirname, '../..')

/** As `npm start` gives them. */
const flags = z
  .object({ scripts: z.object({ start: z.string() }) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  .scripts.start.split(' ')
  .filter((word) => word.startsWith('--'))

export interface Bot {
  address: string
  /** From spawning the process to the line that names its address. */
  startMs: number
  pid: number
  residentMB(): number
  stop(): Promise<void>
}

/** `folder` is its working folder: the database and the reader's weights are kept in `data` there. */
export async function startBot(
  folder: string,
  environment: Record<string, string> = {},
  script = 'src/main.ts',
): Promise<Bot> {
  const began = performance.now()
  const child = spawn(process.execPath, [...flags, join(root, script), 'start'], {
    cwd: folder,
    // Only what is given: a DATABASE_URL or a token of whoever measures is not to be used.
    env: { PATH: process.env.PATH ?? '', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface(child.stdout)) {
    const address = /playground +(http\S+)/u.exec(line)?.[1]
    if (address === undefined) continue
    const startMs = performance.now() - began
    child.stdout.resume()
    return {
      address,
      startMs,
      pid: child.pid ?? 0,
      residentMB: () => residentMB(child.pid),
      async stop() {
        child.kill('SIGTERM')
        await once(child, 'exit')
      },
    }
  }
  throw new Error('the bot ended before it named its address')
}

function residentMB(pid: number | undefined): number {
  const [, kB = 'NaN'] = /^VmRSS:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kB) / 1024
}
