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

/** Scores every `<signal>.<language>.jsonl` of a folder, by default those beside this file. */
export async function scoreSignals(
  read: (text: string) => Reading,
  folder = import.meta.dirname,
): Promise<SignalScore[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort()
  const scores: SignalScore[] = []
  for (const name of names) {
    const [signal = '', language = ''] = name.split('.')
    const look = said[signal]
    if (!look) continue
    const text = await readFile(`${folder}/${name}`, 'utf8')
    const lines = text.split('\n').filter((line) => line !== '')
    const rows = lines
      .map((line) => Line.parse(JSON.parse(line)))
      .map((row) => ({ ...row, said: look(read(row.text)) }))
    scores.push({ signal, language, messages: rows.length, ...scoreOf(rows) })
  }
  return scores
}

function scoreOf(rows: { text: string; label: Label; said: Label }[]) {
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
