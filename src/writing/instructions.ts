/** What a model is told: `prompts/model/<task>.md`, admins' texts like all others (DESIGN). */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Task, tasks } from '../domain/question.ts'

/** `form` and `repair` are about the form of an answer, whatever the task. */
export type Instructions = (of: Task | 'form' | 'repair') => string

/** Each text from the first of the folders that has it: admins may own a few of them, or none. */
export async function loadInstructions(folders: readonly string[]): Promise<Instructions> {
  const texts = new Map<string, string>()
  for (const name of [...tasks, 'form', 'repair'])
    for (const folder of folders) {
      const text = (await readFile(join(folder, `${name}.md`), 'utf8').catch(() => '')).trim()
      if (text === '') continue
      texts.set(name, text)
      break
    }
  return (of) => texts.get(of) ?? ''
}
