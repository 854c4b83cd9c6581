/**
 * Recovery conversations through `replay`, scored by where they end and by what must and must not be said: no judge but
 * the rules. Each is played k times by customers of other names, who hear other variants; it passes only when all do
 * (pass^k). `npm run eval -- recovery [--tries 3] [--failed]`: without a key; beside it with a model where one is set.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { hasModel, modelOf } from '../../src/commands/model.ts'
import { replay } from '../../src/commands/replay.ts'
import { readConfig } from '../../src/config.ts'
import { locales } from '../../src/domain/customer.ts'
import type { Model } from '../../src/domain/ports.ts'
import type { Log } from '../../src/engine/parts.ts'
import { loadPrompts, type Prompts } from '../../src/wiring.ts'
import { openGuard } from './guard.ts'

const pattern = z.string().transform((source) => new RegExp(source, 'iu'))

export const conversation = z.strictObject({
  name: z.string(),
  language: z.enum(locales),
  /** A text is Ada's; anything else is a line of `replay`. */
  lines: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])),
  /** Case 1 as it stands at the end. */
  end: z
    .strictObject({
      kind: z.string(),
      status: z.string(),
      step: z.string(),
      owner: z.string(),
      severityAtLeast: z.number(),
    })
    .partial()
    .default({}),
  must: z.array(pattern).default([]),
  mustNot: z.array(pattern).default([]),
  /** Reasons for which the desk is alerted; texts that are held; a promise's state; buttons that are offered. */
  alert: z.array(z.string()).default([]),
  held: z.number().default(0),
  promise: z.string().optional(),
  buttons: z.array(z.string()).default([]),
  cases: z.number().optional(),
  saysAtMost: z.number().optional(),
  /** Whose ears count, where there are several customers. */
  to: z.string().default('ada'),
})
export type Conversation = z.infer<typeof conversation> & { about: string }

const line = z.looseObject({ type: z.string() })
type Line = z.infer<typeof line>

export async function loadConversations(): Promise<Conversation[]> {
  const names = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.jsonl')).toSorted()
  const files = await Promise.all(
    names.map(async (name) => {
      const lines = (await readFile(join(import.meta.dirname, name), 'utf8')).split('\n').filter((text) => text !== '')
      const about = name.slice(0, -'.jsonl'.length)
      return lines.map((text) => ({ ...conversation.parse(JSON.parse(text)), about }))
    }),
  )
  return files.flat()
}

const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

export interface Stage {
  prompts: Prompts
  model: Model | null
  folder: string
}

/** What is wrong with one playing of it; nothing where it went as it should. */
export async function faultsOf(
  one: Conversation,
  attempt: number,
  { prompts, model, folder }: Stage,
): Promise<string[]> {
  // Another name hears other variants.
  const named = (name: unknown) => (attempt === 0 ? name : `${String(name)}-${attempt}`)
  const lines = one.lines.map((said) => {
    if (typeof said === 'string') return { customer: named('ada'), text: said }
    return 'customer' in said ? { ...said, customer: named(said.customer) } : said
  })
  const file = join(folder, 'conversation.jsonl')
  const start = { at: '2026-11-17T10:00:00+08:00' }
  // Two texts in a row are two messages, each with its answer.
  const parted = lines.flatMap((said, i) => (i === 0 ? [said] : [{ after: '1m' }, said]))
  await writeFile(file, [start, ...parted].map((said) => JSON.stringify(said)).join('\n'))
  const out: Line[] = []
  await replay({ file, prompts, model, log, print: (text) => out.push(line.parse(JSON.parse(text))) })
  return [...unsaid(one, out, String(named(one.to))), ...misplaced(one, out)]
}

function heardBy(out: readonly Line[], who: string): string[] {
  return out
    .filter(({ type, to }) => (type === 'say' || type === 'relay') && to === who)
    .map(({ text }) => String(text))
}

const guard = await openGuard()

function unsaid(one: Conversation, out: readonly Line[], who: string): string[] {
  const heard = heardBy(out, who)
  const all = heard.join('\n')
  const blamed = heard.flatMap((text) => {
    const verdict = guard.check(text, { amounts: text.match(/\d[\d.,]*/gu) ?? [] })
    return verdict ? [`the guard finds ${verdict.fault}: ${verdict.found}`] : []
  })
  return [
    ...(heard.length === 0 ? ['nothing is said'] : []),
    ...one.must.filter((wanted) => !wanted.test(all)).map((wanted) => `does not say ${wanted.source}`),
    ...one.mustNot.filter((unwanted) => unwanted.test(all)).map((unwanted) => `says ${unwanted.source}`),
    ...(one.saysAtMost !== undefined && heard.length > one.saysAtMost ? [`says ${heard.length} messages`] : []),
    ...(new Set(heard).size < heard.length ? ['says something twice'] : []),
    ...blamed,
  ]
}

function misplaced(one: Conversation, out: readonly Line[]): string[] {
  const cases = out.filter(({ type }) => type === 'case')
  const last = cases.findLast(({ case: number }) => number === 1)
  const { severityAtLeast, ...fields } = one.end
  const wrong = Object.entries(fields).filter(([name, value]) => last?.[name] !== value)
  const alerts = out.filter(({ type }) => type === 'alert').map(({ reason }) => reason)
  const offered = out.flatMap(({ buttons }) => (Array.isArray(buttons) ? buttons.map(({ id }) => String(id)) : []))
  const promises = out.filter(({ type }) => type === 'promise').map(({ state }) => state)
  const held = out.filter(({ type }) => type === 'held').length
  const opened = new Set(cases.map(({ case: number }) => number)).size
  return [
    ...wrong.map(([name, value]) => `${name} is ${String(last?.[name])}, not ${String(value)}`),
    ...(severityAtLeast !== undefined && Number(last?.severity ?? -1) < severityAtLeast
      ? [`severity ${String(last?.severity)}`]
      : []),
    ...one.alert.filter((reason) => !alerts.includes(reason)).map((reason) => `no alert ${reason}`),
    ...one.buttons.filter((button) => !offered.includes(button)).map((button) => `no button ${button}`),
    ...(one.promise !== undefined && !promises.includes(one.promise) ? [`no promise ${one.promise}`] : []),
    ...(held < one.held ? ['nothing is held'] : []),
    ...(one.cases !== undefined && opened !== one.cases ? [`${opened} cases`] : []),
  ]
}

export interface Score {
  about: string
  name: string
  language: string
  /** A list of faults for each try. */
  tries: string[][]
}

export async function play(prompts: Prompts, model: Model | null, tries: number): Promise<Score[]> {
  const folder = await mkdtemp(join(tmpdir(), 'amends-eval-'))
  const scores: Score[] = []
  try {
    for (const one of await loadConversations()) {
      const found: string[][] = []
      for (let attempt = 0; attempt < tries; attempt += 1)
        found.push(await faultsOf(one, attempt, { prompts, model, folder }))
      scores.push({ about: one.about, name: one.name, language: one.language, tries: found })
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  return scores
}

/** The share of conversations that pass every time, and of tries that pass. */
export function passed(scores: readonly Score[]): { always: number; mean: number; n: number } {
  const tries = scores.flatMap((score) => score.tries)
  return {
    always: scores.filter((score) => score.tries.every((faults) => faults.length === 0)).length,
    mean: tries.filter((faults) => faults.length === 0).length / Math.max(1, tries.length),
    n: scores.length,
  }
}

export async function report(): Promise<void> {
  const options = { tries: { type: 'string', default: '3' }, failed: { type: 'boolean', default: false } } as const
  const { values } = parseArgs({ options })
  const tries = Number(values.tries)
  const config = readConfig(process.env)
  const prompts = await loadPrompts(config, join(tmpdir(), 'amends-eval-reader'))
  const clock = { now: () => Date.now() }
  const model = hasModel(config)
    ? await modelOf(config, { instructions: () => prompts.instructions, clock, timezone: 'UTC', log })
    : null
  const keyless = await play(prompts, null, tries)
  const withModel = model ? await play(prompts, model, tries) : null
  console.log(
    `recovery     conversations  keyless pass^${tries}   mean${withModel ? `   ${config.OPENAI_MODEL} pass^${tries}   mean` : ''}`,
  )
  for (const about of [...new Set(keyless.map((score) => score.about)), 'all']) {
    const of = (scores: readonly Score[]) => passed(scores.filter((score) => about === 'all' || score.about === about))
    const shown = ({ always, mean, n }: ReturnType<typeof passed>) =>
      `${`${always} of ${n}`.padStart(14)}${mean.toFixed(2).padStart(7)}`
    const { n } = of(keyless)
    console.log(
      `${about.padEnd(13)}${String(n).padStart(13)}${shown(of(keyless))}${withModel ? shown(of(withModel)) : ''}`,
    )
  }
  if (values.failed)
    for (const { about, name, tries: found } of [...keyless, ...(withModel ?? [])])
      for (const [i, faults] of found.entries())
        if (faults.length > 0) console.log(`${about}, ${name}, try ${i + 1}: ${faults.join('; ')}`)
}
