/**
 * Every story, told on other stages than their own: a test file of a platform's calls this with its stages.
 *
 *     await tellAll([slackStage('socket'), slackStage('http')])
 */
import { readdirSync } from 'node:fs'
import type { Store } from '../../src/store/open.ts'
import type { Stage } from './stage.ts'
import { tellOn } from './story.ts'

/** `make` gives a fresh stage for each story; `only` names the stories' files, and `databases` where not all are meant. */
export async function tellAll(
  make: readonly (() => Promise<Stage>)[],
  { databases, only }: { databases?: readonly Store['engine'][]; only?: readonly string[] } = {},
): Promise<void> {
  tellOn(make, databases)
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'))
  for (const file of files) if (only === undefined || only.includes(file)) await import(`./${file}`)
}
