import { readdir, readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Facts, Reading } from '../../../src/domain/reading.ts'

/** How often one fact was told right, told wrongly or at the wrong place, and missed, on our own messages. */
export interface FactScore {
  language: string
  fact: keyof Facts
  told: number
  right: number
  wanted: number
  misread: { text: string; wanted: string | number | null; told: string | number | null }[]
}

const Line = z.object({ text: z.string(), facts: z.record(z.string(), z.union([z.string(), z.number()])) })
const facts = ['thing', 'failure', 'times', 'since', 'stake', 'order', 'wish'] as const

/** Scores every `facts.<language>.jsonl` beside this file; what a line does not name was not said. */
export async function scoreFacts(read: (text: string) => Reading): Promise<FactScore[]> {
  const names = (await readdir(import.meta.dirname)).filter((name) => /^facts\..*\.jsonl$/.test(name)).sort()
  const scores: FactScore[] = []
  for (const name of names) {
    const lines = (await readFile(`${import.meta.dirname}/${name}`, 'utf8')).split('\n').filter((line) => line !== '')
    const rows = lines
      .map((line) => Line.parse(JSON.parse(line)))
      .map((row) => ({ ...row, read: read(row.text).facts }))
    for (const fact of facts) {
      const pairs = rows.map(({ text, facts, read }) => ({ text, wanted: facts[fact] ?? null, told: read[fact] }))
      scores.push({
        language: name.split('.')[1] ?? '',
        fact,
        told: pairs.filter((pair) => pair.told !== null).length,
        right: pairs.filter((pair) => pair.told !== null && pair.told === pair.wanted).length,
        wanted: pairs.filter((pair) => pair.wanted !== null).length,
        misread: pairs.filter((pair) => pair.told !== pair.wanted),
      })
    }
  }
  return scores
}
