/**
 * Reads every labelled message of a folder and prints how well: `npm run eval -- reading --data DIR`; then our own
 * sets in `reading/`: signals and facts (`--misread` shows the lines). Without `--data` only those.
 *
 * A file is a source, a line is `{"text","label","dubious"?}`; dubious lines are left out. A source with `not_x` scores
 * the F1 of x; one with a single label scores its recall; any other the macro-F1 of its labels, `praise` and `other`
 * counted as one where it has both. The mean is over sources.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { openLocalReader } from '../../src/understanding/local.ts'
import { scoreFacts } from './reading/facts.ts'
import { scoreSignals } from './reading/signals.ts'

const Row = z.object({ text: z.string(), label: z.string(), dubious: z.boolean().optional() })
type Row = z.infer<typeof Row>
type Read = { label: string; said: string; second: string; confidence: number; text: string }

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    prompts: { type: 'string', default: join(import.meta.dirname, '../../prompts') },
    wrong: { type: 'string' },
    misread: { type: 'boolean', default: false },
  },
})
const opened = performance.now()
const reader = await openLocalReader({ promptsDir: values.prompts, cacheDir: null })
const openMs = performance.now() - opened

const times: number[] = []
const all: (Read & { right: boolean; amongTwo: boolean })[] = []
const scores: number[] = []
if (values.data) {
  await readFolder(values.data)
  times.sort((a, b) => a - b)
  console.log(
    `\ntime: median ${at(0.5).toFixed(4)} ms, 99 % ${at(0.99).toFixed(3)} ms, opened and trained in ${openMs.toFixed(0)} ms, ` +
      `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`,
  )
}
await readOwn()

async function readFolder(folder: string): Promise<void> {
  console.log('source                  rows  score  accuracy  by label')
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.jsonl')).sort()) {
    const lines = (await readFile(join(folder, name), 'utf8')).split('\n').filter((line) => line !== '')
    const rows = lines.map((line) => Row.parse(JSON.parse(line))).filter((row) => !row.dubious)
    if (rows.length === 0) continue
    const source = name.replace('.jsonl', '')
    const reads = rows.map(readRow)
    const { score, parts, same } = scoreOf(reads)
    scores.push(score)
    const judged = reads.map((read) => {
      const right = same(read)
      return { ...read, right, amongTwo: right || same({ ...read, said: read.second }) }
    })
    all.push(...judged)
    const accuracy = judged.filter((read) => read.right).length / judged.length
    console.log(
      `${source.padEnd(22)} ${String(rows.length).padStart(5)}  ${score.toFixed(3)}  ${accuracy.toFixed(3)}     ${parts}`,
    )
    if (values.wrong === source) showWrong(judged)
  }
  console.log(
    `\nmean over ${scores.length} sources: ${(scores.reduce((sum, score) => sum + score, 0) / scores.length).toFixed(4)}`,
  )
  console.log(
    `surest 80 %: ${surest(0.8).toFixed(3)} right, surest 50 %: ${surest(0.5).toFixed(3)}, calibration error ${calibration().toFixed(3)}, ` +
      `the truth among the two likeliest: ${(all.filter((read) => read.amongTwo).length / all.length).toFixed(3)}`,
  )
  confusion()
}

/** Our own labelled messages: what stands beside a kind, and the facts. */
async function readOwn(): Promise<void> {
  await readSignals('cues and heads were made with these in view', join(import.meta.dirname, 'reading'))
  await readSignals('unseen: nothing was made with these in view', join(import.meta.dirname, 'reading/unseen'))
  console.log('\nfact        language  told  right  wanted  precision')
  for (const { fact, language, told, right, wanted, misread } of await scoreFacts(reader.read)) {
    const counts = [told, right, wanted].map((count) => String(count).padStart(7)).join('')
    console.log(`${fact.padEnd(12)}${language.padEnd(8)}${counts}${(right / Math.max(1, told)).toFixed(2).padStart(9)}`)
    if (values.misread) for (const pair of misread) console.log(`    ${pair.wanted} read as ${pair.told}: ${pair.text}`)
  }
}

async function readSignals(title: string, folder: string): Promise<void> {
  console.log(`\nsignals, ${title}`)
  console.log('signal      language  messages  precision  recall  exact  within one')
  for (const score of await scoreSignals(reader.read, folder)) {
    const { signal, language, messages, precision, recall, exact, within } = score
    const shares = [precision, recall, exact, within].map((share) => share.toFixed(2).padStart(8)).join('')
    console.log(`${signal.padEnd(12)}${language.padEnd(8)}${String(messages).padStart(10)}${shares}`)
    if (values.misread)
      for (const { text, label, said } of score.misread) console.log(`    ${label} read as ${said}: ${text}`)
  }
}

function readRow({ text, label }: Row): Read {
  const started = performance.now()
  const reading = reader.read(text)
  times.push(performance.now() - started)
  return { label, said: reading.kind, second: reading.runnerUp, confidence: reading.confidence, text }
}

function scoreOf(reads: Read[]): {
  score: number
  parts: string
  same: (read: Pick<Read, 'label' | 'said'>) => boolean
} {
  const labels = [...new Set(reads.map((read) => read.label))].sort()
  const negative = labels.find((label) => label.startsWith('not_'))
  if (negative) {
    const positive = negative.slice(4)
    const { f1, precision, recall } = f1Of(
      reads,
      (read) => read.label === positive,
      (read) => read.said === positive,
    )
    const parts = `${positive} precision ${precision.toFixed(3)} recall ${recall.toFixed(3)}`
    return { score: f1, parts, same: (read) => (read.label === positive) === (read.said === positive) }
  }
  const pooled = labels.includes('praise') && labels.includes('other')
  const as = (label: string) => (pooled && label === 'praise' ? 'other' : label)
  const same = (read: Pick<Read, 'label' | 'said'>) => as(read.label) === as(read.said)
  const wanted = [...new Set(labels.map(as))]
  const found = wanted.map((label) => ({
    label,
    ...f1Of(
      reads,
      (read) => as(read.label) === label,
      (read) => as(read.said) === label,
    ),
  }))
  if (found.length === 1) return { score: found[0]?.recall ?? 0, parts: `${wanted[0]} recall`, same }
  const parts = found
    .map(({ label, f1, recall }) => `${label} ${f1.toFixed(3)} (recall ${recall.toFixed(3)})`)
    .join(' · ')
  return { score: found.reduce((sum, { f1 }) => sum + f1, 0) / found.length, parts, same }
}

function f1Of(reads: Read[], truly: (read: Read) => boolean, said: (read: Read) => boolean) {
  const hit = reads.filter((read) => truly(read) && said(read)).length
  const precision = hit / Math.max(1, reads.filter(said).length)
  const recall = hit / Math.max(1, reads.filter(truly).length)
  return { precision, recall, f1: hit === 0 ? 0 : (2 * precision * recall) / (precision + recall) }
}

function surest(share: number): number {
  const sorted = [...all].sort((a, b) => b.confidence - a.confidence).slice(0, Math.ceil(all.length * share))
  return sorted.filter((read) => read.right).length / Math.max(1, sorted.length)
}

/** Expected calibration error over ten bands of confidence. */
function calibration(): number {
  let error = 0
  for (let band = 0; band < 10; band++) {
    const inside = all.filter((read) => Math.min(9, Math.floor(read.confidence * 10)) === band)
    const confidence = inside.reduce((sum, read) => sum + read.confidence, 0)
    error += Math.abs(inside.filter((read) => read.right).length - confidence) / all.length
  }
  return error
}

function confusion(): void {
  const said = ['inquiry', 'complaint', 'suggestion', 'praise', 'other']
  console.log(`\n${'label \\ read as'.padEnd(16)}${said.map((kind) => kind.padStart(11)).join('')}`)
  for (const label of [...new Set(all.map((read) => read.label))].sort()) {
    const counts = said.map((kind) => all.filter((read) => read.label === label && read.said === kind).length)
    console.log(`${label.padEnd(16)}${counts.map((count) => String(count).padStart(11)).join('')}`)
  }
}

function showWrong(judged: (Read & { right: boolean })[]): void {
  for (const { label, said, confidence, text } of judged.filter((read) => !read.right)) {
    console.log(`  ${label} read as ${said} ${confidence.toFixed(2)}: ${text.slice(0, 160)}`)
  }
}

function at(share: number): number {
  return times[Math.floor(times.length * share)] ?? 0
}
