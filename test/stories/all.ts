/**
 * Every story, told on other stages than their own: a test file of a platform's calls this with its stages.
 *
 *     await tellAll([slackStage('socket'), slackStage('http')])
 */
import { readdirSync } from 'node:fs'
import type { Store } from '../../src/store/open.ts'
import type { Stage } from './stage.ts'
import { tellOn } from './story.ts'

/** `make` gives a fresh stage for each story; `without` names stories' files that are about something else. */
export async function tellAll(
  make: readonly (() => Promise<Stage>)[],
  without: readonly string[] = [],
  databases?: readonly Store['engine'][],
): Promise<void> {
  tellOn(make, databases)
  for (const file of readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts')))
    if (!without.includes(file)) await import(`./${file}`)
}
