/** How long the local reader takes for a message, over our own example lines. */
import { join } from 'node:path'
import { loadExamples } from '../../src/understanding/examples.ts'
import { openLocalReader } from '../../src/understanding/local.ts'
import { type Measure, median } from './part.ts'

const medianWithinMs = 0.2

export async function reading(): Promise<Measure[]> {
  const promptsDir = join(import.meta.dirname, '../../prompts')
  const reader = await openLocalReader({ promptsDir, cacheDir: null })
  const texts = (await loadExamples(join(promptsDir, 'examples'))).flatMap((set) => set.messages)
  // The first round is for the compiler.
  for (const text of texts) reader.read(text)
  const times = texts.map((text) => {
    const began = performance.now()
    reader.read(text)
    return performance.now() - began
  })
  const ms = median(times)
  return [
    {
      what: `reading a message (median of ${texts.length})`,
      measured: `${ms.toFixed(3)} ms`,
      limit: `${medianWithinMs} ms`,
      pass: ms < medianWithinMs,
    },
  ]
}
