/** The real process, as a person or a script starts it. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface Ran {
  code: number | null
  out: string
  err: string
}

export interface With {
  env?: Record<string, string>
  input?: string
}

export function start(args: string[], env: Record<string, string> = {}) {
  const own = { PATH: process.env.PATH ?? '', LOG_LEVEL: 'warn', TZ: 'Asia/Taipei' }
  // A folder without a `.env`: a developer's own settings are no part of a test.
  return spawn(process.execPath, [main, ...args], { env: { ...own, ...env }, cwd: import.meta.dirname })
}

export async function run(args: string[], { env, input = '' }: With = {}): Promise<Ran> {
  const child = start(args, env)
  const ran: Ran = { code: null, out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    ran.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    ran.err += text
  })
  child.stdin.end(input)
  return await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...ran, code }))
  })
}

/** What a person's mistake gives: nothing on standard output, exit 1, and one line that is no stack. */
export function refusal(ran: Ran): string {
  const [line = '', ...more] = ran.err.trimEnd().split('\n')
  if (ran.code !== 1 || ran.out !== '' || more.length > 0) throw new Error(`no plain refusal: ${JSON.stringify(ran)}`)
  return line
}
