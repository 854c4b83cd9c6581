/** `replay FILE.jsonl`: a conversation through the real engine on a virtual clock. Lines in and out: CONTRACT.md. */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { parseSpan } from '../clock.ts'
import { type Config, cacheDirOf, Refusal } from '../config.ts'
import { adminCommand, adminLine, agentCommand, agentLine, pressed, webCustomer, webName } from '../domain/command.ts'
import { iso, isZone } from '../domain/hours.ts'
import { reasonOf } from '../domain/malformed.ts'
import type { Command, Incoming } from '../domain/message.ts'
import type { Model } from '../domain/ports.ts'
import type { HappenedLine } from '../engine/happened.ts'
import type { Log } from '../engine/parts.ts'
import { createLog } from '../log.ts'
import { type Rehearsal, rehearse } from '../rehearsal.ts'
import { loadPrompts, type Prompts } from '../wiring.ts'
import { hasModel, modelOf } from './model.ts'

const name = z.string().min(1)
const file = z.strictObject({ name, type: z.string(), base64: z.base64() })
const zone = z.string().refine(isZone, 'is no time zone: write one such as Asia/Taipei')

/** A customer's lines by the field that tells them apart; a text may stand beside an edit. */
const customerLines = {
  edit: z.strictObject({ customer: webName, edit: name, text: z.string() }),
  delete: z.strictObject({ customer: webName, delete: name }),
  react: z.strictObject({ customer: webName, react: name, to: name }),
  press: z.strictObject({
    customer: webName,
    press: pressed,
    case: z.number().int().min(1).optional(),
  }),
  text: z.strictObject({
    customer: webName,
    text: z.string(),
    id: name.optional(),
    timezone: zone.optional(),
    tier: name.optional(),
    files: z.array(file).optional(),
  }),
}
type CustomerLine = {
  [K in keyof typeof customerLines]: z.infer<(typeof customerLines)[K]>
}[keyof typeof customerLines]
const atLine = z.strictObject({
  at: z.iso.datetime({ offset: true, error: 'write a time with its zone, as 2026-11-20T09:00:00+08:00' }),
})
const afterLine = z.strictObject({ after: z.string() })

type Step =
  | { type: 'time'; to: (now: number) => number }
  | { type: 'customer'; line: CustomerLine }
  | { type: 'desk'; author: string; command: Command }

interface Numbered {
  n: number
  step: Step
}

export async function replayCommand(config: Config, args: string[]): Promise<void> {
  const { values, positionals } = parseArguments(args)
  const [file] = positionals
  if (file === undefined || positionals.length > 1)
    throw new Refusal('write: replay FILE.jsonl [--scripts DIR] [--model]')
  if (values.model && !hasModel(config)) throw new Refusal('--model needs OPENAI_API_KEY or OPENAI_BASE_URL')
  const prompts = await loadPrompts(
    { ...config, PROMPTS_DIR: values.scripts ?? config.PROMPTS_DIR },
    cacheDirOf(config),
  )
  const log = createLog(config.LOG_LEVEL)
  const given = { instructions: () => prompts.instructions, clock: { now: () => Date.now() }, timezone: 'UTC', log }
  const model = values.model ? await modelOf(config, given) : null
  await replay({ file, prompts, model, log, print: (line) => process.stdout.write(`${line}\n`) })
}

function parseArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { scripts: { type: 'string' }, model: { type: 'boolean' } },
    })
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error))
  }
}

export interface Play {
  file: string
  prompts: Prompts
  /** Default: none. */
  model?: Model | null
  log: Log
  print(line: string): void
}

export async function replay({ file, prompts, model = null, log, print }: Play): Promise<void> {
  const source = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(`${file} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`)
  })
  const { steps, start, timezone } = parse(source)
  const stage = await rehearse({ prompts, at: start ?? Date.now(), timezone, log, model })
  const show = () => {
    for (const line of stage.taken()) print(JSON.stringify(lineOut(line, timezone)))
  }
  try {
    for (const [i, { n, step }] of steps.entries()) {
      await perform(stage, n, step)
      const next = steps[i + 1]?.step
      if (!isSameBurst(step, next)) await stage.settle(next?.type === 'desk' && next.command.do === 'undo')
      show()
    }
    show()
  } finally {
    await stage.stop()
  }
}

/** Texts of one customer in a row are one burst; any other line ends it. */
function isSameBurst(step: Step, next: Step | undefined): boolean {
  const isText = (one: Step | undefined) => one?.type === 'customer' && 'text' in one.line && !('edit' in one.line)
  return (
    isText(step) &&
    isText(next) &&
    step.type === 'customer' &&
    next?.type === 'customer' &&
    step.line.customer === next.line.customer
  )
}

async function perform(stage: Rehearsal, n: number, step: Step): Promise<void> {
  const now = stage.clock.now()
  if (step.type === 'time') {
    const to = step.to(now)
    if (to < now) throw new Refusal(`line ${n}: time cannot go back`)
    return await stage.until(to)
  }
  const received = await stage.receive(
    step.type === 'customer' ? fromCustomer(step.line, n, now) : fromDesk(step, n, now),
  )
  if (received.type === 'unknown') throw new Refusal(`line ${n}: there is no ${received.what}`)
  if (received.type === 'conflict') throw new Refusal(`line ${n}: that id is another customer's`)
}

function fromCustomer(line: CustomerLine, n: number, at: number): Incoming {
  const customer = webCustomer(line.customer)
  const room = customer.split(':').slice(2).join(':')
  const arrived = {
    id: `line-${n}`,
    place: { channel: 'web' as const, workspace: '-', room, thread: null },
    author: { id: customer, name: room },
    at,
  }
  if ('edit' in line) return { ...arrived, type: 'edited', message: line.edit, text: line.text }
  if ('delete' in line) return { ...arrived, type: 'deleted', message: line.delete }
  if ('react' in line) return { ...arrived, type: 'reacted', emoji: line.react, to: line.to, text: null }
  if ('press' in line) return { ...arrived, type: 'pressed', button: line.press, case: line.case ?? null }
  const { text, timezone, tier, id, files } = line
  const contents = (files ?? []).map((one) => ({
    name: one.name,
    type: one.type,
    bytes: Buffer.from(one.base64, 'base64'),
  }))
  return {
    ...arrived,
    id: id ?? arrived.id,
    type: 'said',
    text,
    files: contents,
    timezone: timezone ?? null,
    tier: tier ?? null,
  }
}

function fromDesk({ author, command }: Extract<Step, { type: 'desk' }>, n: number, at: number): Incoming {
  const place = {
    channel: 'web' as const,
    workspace: '-',
    room: 'desk',
    thread: 'case' in command ? String(command.case) : null,
  }
  return { id: `line-${n}`, place, author: { id: `web:-:${author}`, name: author }, at, type: 'commanded', command }
}

/** All lines are checked before the first is played: a mistake in the last line is told at once. */
function parse(source: string): { steps: Numbered[]; start: number | null; timezone: string } {
  const steps: Numbered[] = []
  let start: number | null = null
  let timezone = 'UTC'
  source.split('\n').forEach((text, i) => {
    if (text.trim() === '') return
    const n = i + 1
    const raw = parseJson(text, n)
    if (start === null && steps.length === 0 && 'at' in raw) {
      const { at } = take(atLine, raw, n)
      start = Date.parse(at)
      timezone = zoneOfIso(at)
      return
    }
    steps.push({ n, step: stepOf(raw, n) })
  })
  return { steps, start, timezone }
}

function parseJson(text: string, n: number): Record<string, unknown> {
  try {
    const raw: unknown = JSON.parse(text)
    if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return { ...raw }
  } catch {
    // Told below, in the same words as any other value that is no object.
  }
  throw new Refusal(`line ${n}: it is not a JSON object`)
}

function stepOf(raw: Record<string, unknown>, n: number): Step {
  if ('at' in raw) {
    const at = Date.parse(take(atLine, raw, n).at)
    return { type: 'time', to: () => at }
  }
  if ('after' in raw) {
    const span = parseSpan(take(afterLine, raw, n).after)
    if (span === null) throw new Refusal(`line ${n}: after: write a span such as 2h, 90m or 3d`)
    return { type: 'time', to: (now) => now + span }
  }
  if ('customer' in raw) return { type: 'customer', line: customerLine(raw, n) }
  if ('agent' in raw) {
    const { agent, ...rest } = raw
    return { type: 'desk', author: take(name, agent, n), command: agentCommand(take(agentLine, rest, n), webCustomer) }
  }
  if ('admin' in raw) {
    const { admin, ...rest } = raw
    return { type: 'desk', author: take(name, admin, n), command: adminCommand(take(adminLine, rest, n)) }
  }
  throw new Refusal(`line ${n}: it needs one of at, after, customer, agent, admin`)
}

function customerLine(raw: Record<string, unknown>, n: number): CustomerLine {
  for (const [field, schema] of Object.entries(customerLines))
    if (field in raw) return take<CustomerLine>(schema, raw, n)
  throw new Refusal(`line ${n}: a customer's line needs one of ${Object.keys(customerLines).join(', ')}`)
}

function take<T>(schema: z.ZodType<T>, raw: unknown, n: number): T {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  throw new Refusal(`line ${n}: ${reasonOf(parsed.error)}`)
}

/** The zone in which the conversation takes place: the offset of its first time. */
function zoneOfIso(at: string): string {
  return /[+-]\d\d:\d\d$/u.exec(at)?.[0].replace(/^[+-]00:00$/u, 'UTC') ?? 'UTC'
}

function lineOut(
  { at, conversation: _conversation, person: _person, ...line }: HappenedLine,
  timezone: string,
): object {
  const time = (moment: number) => iso(moment, timezone)
  if (line.type === 'promise' || line.type === 'followup') return { at: time(at), ...line, due: time(line.due) }
  if (line.type === 'card')
    return { at: time(at), ...line, promise: line.promise && { ...line.promise, due: time(line.promise.due) } }
  return { at: time(at), ...line }
}
