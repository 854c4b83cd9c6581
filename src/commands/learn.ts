/** `prompts learn`: what agents filed otherwise than it was read, what learning it would change, and whether it is learnt. */
import { join } from 'node:path'
import { systemClock } from '../clock.ts'
import { type Config, Refusal } from '../config.ts'
import * as lessons from '../store/lessons.ts'
import type { Store } from '../store/open.ts'
import { keepIn } from '../store/settings.ts'
import { loadCueFiles } from '../understanding/cues.ts'
import { loadExamples } from '../understanding/examples.ts'
import { type Weighed, weighLessons } from '../understanding/training.ts'
import { promptsShipped } from '../wiring.ts'
import { argumentsOf } from './arguments.ts'
import { withStore } from './database.ts'
import { number } from './number.ts'

const usage = 'prompts learn [--take] [--undo CASE]'
/** More than this share of our own examples must not be lost to what is learnt. */
const lossAtMost = 0.005

export async function learnCommand(config: Config, args: string[]): Promise<void> {
  const { values } = argumentsOf(args, usage, { take: { type: 'boolean' }, undo: { type: 'string' } })
  if (values.take && values.undo !== undefined) throw new Refusal(`take or undo, one at a time: ${usage}`)
  await withStore(config, async (store) => {
    if (values.undo !== undefined) return await undo(store, values.undo)
    const known = await lessons.all(store.read)
    for (const lesson of known) process.stdout.write(`${lineOf(lesson)}\n`)
    const fresh = known.filter(({ takenAt }) => takenAt === null)
    if (fresh.length === 0) {
      process.stdout.write(`${known.length === 0 ? nothingYet : 'nothing waits to be learnt'}\n`)
      return
    }
    const weighed = await weigh(config, known, fresh)
    process.stdout.write(`${tableOf(weighed, fresh.length)}\n`)
    if (values.take) return await take(store, weighed, fresh.length)
    process.stdout.write('learn them with: prompts learn --take; leave one out with: prompts learn --undo CASE\n')
  })
}

const nothingYet = 'nothing to learn: an agent teaches the reader by filing a case otherwise than it was read'

async function undo(store: Store, written: string): Promise<void> {
  const number = /^#?(\d{1,9})$/u.exec(written)?.[1]
  if (number === undefined) throw new Refusal(`“${written}” is no case: write its number, as prompts learn --undo 12`)
  if (!(await store.write((tx) => lessons.undo(tx, Number(number)))))
    throw new Refusal(`case ${number} has taught nothing: prompts learn shows what has`)
  process.stdout.write(`what case ${number} taught is gone; a bot that runs forgets it within half a minute\n`)
}

async function take(store: Store, { held, before, after }: Weighed, count: number): Promise<void> {
  if (before - after > held * lossAtMost)
    throw new Refusal(
      `not learnt: ${before - after} examples that were read rightly would not be; leave out what does not belong, with prompts learn --undo CASE`,
    )
  const clock = await systemClock(keepIn(store, 'clock'))
  await store.write((tx) => lessons.take(tx, clock.now()))
  process.stdout.write(`${number(count, 'message')} learnt; a bot that runs reads by them within half a minute\n`)
}

async function weigh(config: Config, known: lessons.Lesson[], fresh: lessons.Lesson[]): Promise<Weighed> {
  const dir = config.PROMPTS_DIR ?? promptsShipped
  const [examples, cueFiles] = await Promise.all([loadExamples(join(dir, 'examples')), loadCueFiles(join(dir, 'cues'))])
  return weighLessons({ examples, cueFiles, lessons: known.filter(({ takenAt }) => takenAt !== null) }, fresh)
}

function lineOf({ case: number, was, kind, text, by, at, takenAt }: lessons.Lesson): string {
  const state = takenAt === null ? 'waits' : 'learnt'
  return `case ${number} · ${state} · ${was} → ${kind} · ${by}, ${new Date(at).toISOString().slice(0, 10)} · ${text}`
}

function tableOf({ held, before, after, lessonsBefore, lessonsAfter }: Weighed, count: number): string {
  const row = (what: string, right: number, own: number) =>
    `${what.padEnd(8)}${`${((100 * right) / held).toFixed(1)} %`.padStart(9)}${`${own} of ${count}`.padStart(14)}`
  return [
    `read rightly: of ${held} examples that were held back, and of what waits`,
    row('before', before, lessonsBefore),
    row('after', after, lessonsAfter),
  ].join('\n')
}
