/** `classify [--local]`: a message a line in, what was read of it as a JSON line out, in order, flushed as it goes. */
import { join } from 'node:path'
import { z } from 'zod'
import { type Config, cacheDirOf, Refusal } from '../config.ts'
import { longestText } from '../domain/message.ts'
import type { Reading } from '../domain/reading.ts'
import type { Reader } from '../engine/parts.ts'
import { createLog } from '../log.ts'
import { openLocalReader } from '../understanding/local.ts'
import { promptsShipped, readerOf } from '../wiring.ts'
import { loadInstructions } from '../writing/instructions.ts'
import { argumentsOf } from './arguments.ts'
import { modelOf } from './model.ts'
import { print } from './print.ts'
import { createProgress } from './progress.ts'

/** Lines that are read beside each other, where a model reads along; and how long it may take over one. */
const atOnce = 16
const readWithinMs = 2_000

const jsonLine = z.object({ text: z.string() })

export async function classifyCommand(config: Config, args: string[]): Promise<void> {
  const { values } = argumentsOf(args, 'classify [--local]', { local: { type: 'boolean' } })
  const promptsDir = config.PROMPTS_DIR ?? promptsShipped
  const reader = await openLocalReader({ promptsDir, cacheDir: cacheDirOf(config) }).catch((error: Error) => {
    throw new Refusal(`${join(promptsDir, 'examples')}: ${error.message}`)
  })
  const log = createLog(config.LOG_LEVEL)
  const instructions = await loadInstructions([join(promptsDir, 'model'), join(promptsShipped, 'model')])
  const clock = { now: () => Date.now() }
  const model = values.local
    ? null
    : await modelOf(config, { instructions: () => instructions, clock, timezone: 'UTC', log })
  const over = readerOf({ reader }, model, log)
  const progress = createProgress()
  let n = 0
  let faults = 0
  const show = async (line: number, reading: Promise<object>) => {
    const read = await reading
    if ('error' in read) {
      faults += 1
      process.stderr.write(`line ${line}: ${read.error}\n`)
    }
    await print(`${JSON.stringify(read)}\n`)
    progress.tell(`classified: ${line}`)
  }
  // Answers come in the order of the lines, as soon as they can; what waits for a model waits beside its neighbours.
  let shown = Promise.resolve()
  for await (const line of linesOf(process.stdin)) {
    n += 1
    const reading = readLine(over, line)
    const at = n
    shown = shown.then(() => show(at, reading))
    if (n % atOnce === 0) await shown
  }
  await shown
  progress.done()
  if (faults > 0) process.exitCode = 1
}

/** A line that starts with `{` is JSON with `text`; where it is not, a line that says so keeps its place. */
async function readLine(reader: Reader, line: string): Promise<object> {
  if (!line.startsWith('{')) return await told(line, reader)
  const parsed = jsonLine.safeParse(jsonOf(line))
  return parsed.success
    ? await told(parsed.data.text, reader)
    : { error: 'it starts with { but is no JSON object with a text: write {"text":"…"}, or plain words' }
}

async function told(text: string, reader: Reader): Promise<object> {
  return { text, ...shownOf(await reader.read(text.slice(0, longestText), null, readWithinMs)) }
}

/** The shape of CONTRACT.md: what else a reading holds is the engine's own. */
function shownOf({ kind, confidence, acts, language, mood, severity, urgency, wantsHuman, leaving, safety }: Reading) {
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
