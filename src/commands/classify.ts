/** `classify [--local]`: a message a line in, what was read of it as a JSON line out, in order, flushed as it goes. */
import { join } from 'node:path'
import { z } from 'zod'
import { type Config, cacheDirOf, Refusal } from '../config.ts'
import { longestText } from '../domain/message.ts'
import type { Reading } from '../domain/reading.ts'
import { type LocalReader, openLocalReader } from '../understanding/local.ts'
import { promptsShipped } from '../wiring.ts'
import { argumentsOf } from './arguments.ts'
import { print } from './print.ts'
import { createProgress } from './progress.ts'

const jsonLine = z.object({ text: z.string() })

export async function classifyCommand(config: Config, args: string[]): Promise<void> {
  argumentsOf(args, 'classify [--local]', { local: { type: 'boolean' } })
  const promptsDir = config.PROMPTS_DIR ?? promptsShipped
  const reader = await openLocalReader({ promptsDir, cacheDir: cacheDirOf(config) }).catch((error: Error) => {
    throw new Refusal(`${join(promptsDir, 'examples')}: ${error.message}`)
  })
  const progress = createProgress()
  let n = 0
  let faults = 0
  for await (const line of linesOf(process.stdin)) {
    n += 1
    const read = readLine(reader, line)
    if ('error' in read) {
      faults += 1
      process.stderr.write(`line ${n}: ${read.error}\n`)
    }
    await print(`${JSON.stringify(read)}\n`)
    progress.tell(`classified: ${n}`)
  }
  progress.done()
  if (faults > 0) process.exitCode = 1
}

/** A line that starts with `{` is JSON with `text`; where it is not, a line that says so keeps its place. */
export function readLine(reader: Pick<LocalReader, 'read'>, line: string): object {
  if (!line.startsWith('{')) return told(line, reader)
  const parsed = jsonLine.safeParse(jsonOf(line))
  return parsed.success
    ? told(parsed.data.text, reader)
    : { error: 'it starts with { but is no JSON object with a text: write {"text":"…"}, or plain words' }
}

function told(text: string, reader: Pick<LocalReader, 'read'>): object {
  return { text, ...shown(reader.read(text.slice(0, longestText))) }
}

/** The shape of CONTRACT.md: what else a reading holds is the engine's own. */
function shown({ kind, confidence, acts, language, mood, severity, urgency, wantsHuman, leaving, safety }: Reading) {
  return { kind, confidence, acts, language, mood, severity, urgency, wantsHuman, leaving, safety }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** Split at line feeds only: a message may hold a lone carriage return, or U+2028. */
async function* linesOf(input: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  for await (const bytes of input) {
    const lines = decoder.decode(bytes, { stream: true }).split('\n')
    lines[0] = rest + lines[0]
    rest = lines.pop() ?? ''
    for (const line of lines) yield line.replace(/\r$/u, '')
  }
  rest += decoder.decode()
  if (rest !== '') yield rest.replace(/\r$/u, '')
}
