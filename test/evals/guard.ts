/**
 * How well the guard tells what must not leave: our own texts in `guard/`. Two of three lines may be looked at while the
 * cues are worked on; every third is only measured, though whoever wrote the cues wrote it too. Those in `guard/unseen/`
 * were written after the last of the cues: they tell what a list of words misses of what nobody thought of. Once a cue is
 * made by them they join the others, and new ones are written.
 * `npm run eval -- guard [--misjudged]`.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { type Locale, locales } from '../../src/domain/customer.ts'
import { createGuard, faults, type Guard } from '../../src/domain/guard.ts'
import { tasks } from '../../src/domain/question.ts'
import { promptsShipped } from '../../src/wiring.ts'
import { loadInstructions } from '../../src/writing/instructions.ts'
import { loadRules } from '../../src/writing/rules.ts'

export interface Judged {
  locale: Locale
  /** What it should be stopped for; null for what may leave. */
  fault: string | null
  found: string | null
  text: string
  /** Of the lines that nobody looks at while the cues are worked on. */
  heldOut: boolean
}

/** What a line names in braces at its end stands on the record; of what it does not name, no amount and no time does. */
const backing = z
  .strictObject({
    amounts: z.array(z.string()).default([]),
    times: z.array(z.string()).default([]),
    remedies: z.array(z.string()).optional(),
    said: z.array(z.string()).default([]),
  })
  .transform(({ remedies, ...rest }) => (remedies === undefined ? rest : { ...rest, remedies }))

export async function openGuard(): Promise<Guard> {
  const rules = await loadRules(join(promptsShipped, 'cues'))
  const instructions = await loadInstructions([join(promptsShipped, 'model')])
  return createGuard(rules, tasks.map(instructions))
}

export async function judge(guard: Guard, folder = 'guard'): Promise<Judged[]> {
  const judged: Judged[] = []
  for (const locale of locales) {
    const stop = (await linesOf(folder, `stop.${locale}.txt`)).map((line) => {
      const [, fault = '', rest = ''] = /^(\w+): (.+)$/u.exec(line) ?? []
      return { fault: z.enum(faults).parse(fault), rest }
    })
    const pass = (await linesOf(folder, `pass.${locale}.txt`)).map((rest) => ({ fault: null, rest }))
    for (const [n, { fault, rest }] of [...stop.entries(), ...pass.entries()]) {
      const [, text = '', backed = '{}'] = /^(.+?)(?: (\{.*\}))?$/u.exec(rest) ?? []
      const found = guard.check(text, backing.parse(parseYaml(backed)))?.fault ?? null
      judged.push({ locale, fault, found, text, heldOut: n % 3 === 2 })
    }
  }
  return judged
}

async function linesOf(folder: string, name: string): Promise<string[]> {
  const text = await readFile(join(import.meta.dirname, folder, name), 'utf8')
  return text.split('\n').filter((line) => line !== '')
}

/** Precision and recall of "must not leave". */
export function scoreOf(judged: readonly Judged[]): { precision: number; recall: number; stop: number; pass: number } {
  const stop = judged.filter(({ fault }) => fault !== null)
  const stopped = judged.filter(({ found }) => found !== null)
  const right = stopped.filter(({ fault }) => fault !== null).length
  return {
    precision: right / Math.max(1, stopped.length),
    recall: right / Math.max(1, stop.length),
    stop: stop.length,
    pass: judged.length - stop.length,
  }
}

export async function report(): Promise<void> {
  const { values } = parseArgs({ options: { misjudged: { type: 'boolean', default: false } }, strict: false })
  const guard = await openGuard()
  const judged = await judge(guard)
  const held = judged.filter(({ heldOut }) => heldOut)
  const unseen = await judge(guard, join('guard', 'unseen'))
  console.log('guard     stop  pass  precision     recall    held out: both        unseen: both')
  for (const locale of locales) {
    const scores = [judged, held, unseen].map((some) => scoreOf(some.filter((one) => one.locale === locale)))
    const shares = scores.flatMap(({ precision, recall }) =>
      [precision, recall].map((one) => one.toFixed(3).padStart(9)),
    )
    const { stop = 0, pass = 0 } = scores[0] ?? {}
    console.log(`${locale.padEnd(8)}${String(stop).padStart(6)}${String(pass).padStart(6)}${shares.join('  ')}`)
  }
  console.log(`\nstopped   ${locales.map((locale) => locale.padStart(11)).join('')}   held out`)
  for (const fault of faults) {
    const own = judged.filter((one) => one.fault === fault)
    const shares = locales.map((locale) => shareOf(own.filter((one) => one.locale === locale)).padStart(11))
    console.log(`${fault.padEnd(10)}${shares.join('')}${shareOf(own.filter(({ heldOut }) => heldOut)).padStart(11)}`)
  }
  if (values.misjudged)
    for (const { fault, found, text, heldOut } of judged)
      if (!heldOut && (fault === null) !== (found === null))
        console.log(`${fault ?? 'may leave'} → ${found ?? 'leaves'}: ${text}`)
}

function shareOf(own: readonly Judged[]): string {
  return `${own.filter(({ found }) => found !== null).length} of ${own.length}`
}
