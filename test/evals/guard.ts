/**
 * How well the guard tells what must not leave: our own texts in `guard/`, each in three settings, so that what stands
 * around a sentence counts too. The cues may be worked on by the odd lines; the even ones are only measured.
 * `npm run eval -- guard [--misjudged]`.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Locale, locales } from '../../src/domain/customer.ts'
import { createGuard, type Guard } from '../../src/domain/guard.ts'
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

const settingsEach = 3
/** Nothing is on the record: no amount, no time, no remedy. */
const nothing = { amounts: [], times: [] }

export async function openGuard(): Promise<Guard> {
  const rules = await loadRules(join(promptsShipped, 'cues'))
  const instructions = await loadInstructions([join(promptsShipped, 'model')])
  return createGuard(rules, tasks.map(instructions))
}

export async function judge(guard: Guard): Promise<Judged[]> {
  const judged: Judged[] = []
  for (const locale of locales) {
    const settings = await linesOf(`settings.${locale}.txt`)
    const stop = (await linesOf(`stop.${locale}.txt`)).map((line) => {
      const [fault = '', ...words] = line.split(': ')
      return { fault, sentence: words.join(': ') }
    })
    const pass = (await linesOf(`pass.${locale}.txt`)).map((sentence) => ({ fault: null, sentence }))
    for (const [n, { fault, sentence }] of [...stop.entries(), ...pass.entries()])
      for (let i = 0; i < settingsEach; i += 1) {
        const text = (settings[(n + i) % settings.length] ?? '{}').replace('{}', sentence)
        judged.push({ locale, fault, found: guard.check(text, nothing)?.fault ?? null, text, heldOut: n % 2 === 1 })
      }
  }
  return judged
}

async function linesOf(name: string): Promise<string[]> {
  const text = await readFile(join(import.meta.dirname, 'guard', name), 'utf8')
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
  const judged = await judge(await openGuard())
  console.log('guard     stop  pass  precision  recall   held out: precision  recall')
  for (const locale of locales) {
    const own = judged.filter((one) => one.locale === locale)
    const all = scoreOf(own)
    const held = scoreOf(own.filter(({ heldOut }) => heldOut))
    const shares = [all.precision, all.recall, held.precision, held.recall].map((share) => share.toFixed(3).padStart(9))
    console.log(`${locale.padEnd(8)}${String(all.stop).padStart(6)}${String(all.pass).padStart(6)}${shares.join('  ')}`)
  }
  const faults = [...new Set(judged.flatMap(({ fault }) => fault ?? []))]
  for (const fault of faults) {
    const own = judged.filter((one) => one.fault === fault)
    console.log(`${fault.padEnd(11)} stopped ${own.filter(({ found }) => found !== null).length} of ${own.length}`)
  }
  if (values.misjudged)
    for (const { fault, found, text, heldOut } of judged)
      if (!heldOut && (fault === null) !== (found === null))
        console.log(`${fault ?? 'may leave'} → ${found ?? 'leaves'}: ${text}`)
}
