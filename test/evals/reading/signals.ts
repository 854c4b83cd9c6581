import { readdir, readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Reading } from '../../../src/domain/reading.ts'

/** How well one signal is read in one language, on the messages of our own in this folder. */
export interface SignalScore {
  signal: string
  language: string
  messages: number
  precision: number
  recall: number
  /** The share read exactly as labelled; for severity and urgency, within one step. */
  exact: number
  within: number
  misread: { text: string; label: Label; said: Label }[]
}

const Label = z.union([z.boolean(), z.number(), z.string(), z.null()])
type Label = z.infer<typeof Label>
const Line = z.object({ text: z.string(), label: Label })
/** A line of `several.<language>.jsonl` is one of every signal that it names here; what it leaves out is not there. */
const Several = z.object({
  text: z.string(),
  mood: z.string().default('calm'),
  severity: z.number().default(0),
  urgency: z.number().default(0),
  wantsHuman: z.boolean().default(false),
  leaving: z.boolean().default(false),
  nevermind: z.boolean().default(false),
})

const said: Record<string, (reading: Reading) => Label> = {
  mood: (reading) => reading.mood,
  severity: (reading) => reading.severity,
  urgency: (reading) => reading.urgency,
  wantsHuman: (reading) => reading.wantsHuman,
  leaving: (reading) => reading.leaving,
  nevermind: (reading) => reading.answer === 'nevermind',
  safety: (reading) => reading.safety,
}

// What says nothing: precision is over what was read as more than that, recall over what is more.
const nothing: Label[] = [false, 0, null, 'calm']

/** Scores every signal and language of a folder's `<signal>.<language>.jsonl`, by default those beside this file. */
export async function scoreSignals(
  read: (text: string) => Reading,
  folder = import.meta.dirname,
): Promise<SignalScore[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort()
  const found = new Map<string, Row[]>()
  for (const name of names) {
    const [signal = '', language = ''] = name.split('.')
    const lines = (await readFile(`${folder}/${name}`, 'utf8')).split('\n').filter((line) => line !== '')
    for (const line of lines) {
      for (const [of, text, label] of labelled(signal, line)) {
        const key = `${of}.${language}`
        found.set(key, [...(found.get(key) ?? []), { text, label, said: said[of]?.(read(text)) ?? null }])
      }
    }
  }
  return [...found]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([key, rows]) => {
      const [signal = '', language = ''] = key.split('.')
      return { signal, language, messages: rows.length, ...scoreOf(rows) }
    })
}

interface Row {
  text: string
  label: Label
  said: Label
}

/** The signals that a line is labelled with. */
function labelled(signal: string, line: string): [signal: string, text: string, label: Label][] {
  if (signal === 'several') {
    const { text, ...labels } = Several.parse(JSON.parse(line))
    return Object.entries(labels).map(([of, label]) => [of, text, label])
  }
  if (!(signal in said)) return []
  const { text, label } = Line.parse(JSON.parse(line))
  return [[signal, text, label]]
}

function scoreOf(rows: Row[]) {
  const share = (part: unknown[], whole: unknown[]) => part.length / Math.max(1, whole.length)
  const right = rows.filter((row) => row.label === row.said)
  const near = rows.filter((row) => Math.abs(Number(row.label) - Number(row.said)) <= 1)
  const found = rows.filter((row) => !nothing.includes(row.said))
  const wanted = rows.filter((row) => !nothing.includes(row.label))
  // A wrong lane or mood is neither found nor precise; a step more or less of weight is.
  const hit = (row: (typeof rows)[number]) =>
    typeof row.label === 'number' ? !nothing.includes(row.said) && !nothing.includes(row.label) : row.label === row.said
  return {
    precision: share(found.filter(hit), found),
    recall: share(wanted.filter(hit), wanted),
    exact: share(right, rows),
    within: typeof rows[0]?.label === 'number' ? share(near, rows) : share(right, rows),
    misread: rows.filter((row) => row.label !== row.said),
  }
}
