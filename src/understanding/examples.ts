import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Kind, kinds } from '../domain/reading.ts'

/** One file of `prompts/examples/`: messages of one kind in one language. */
export interface ExampleSet {
  kind: Kind
  language: string
  messages: string[]
}

/** What people of this installation filed otherwise than it was read (P31). */
export interface Lesson {
  kind: Kind
  text: string
}

/** Every `<act>.<language>.txt` of a folder, by name; an absent folder holds none. Blank lines and `#` lines are skipped. */
export async function loadExamples(folder: string): Promise<ExampleSet[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const sets: ExampleSet[] = []
  for (const name of names.sort()) {
    const [, act, language] = /^([a-z]+)\.([\w-]+)\.txt$/.exec(name) ?? []
    const kind = kinds.find((known) => known === act)
    if (!kind || !language) continue
    sets.push({ kind, language, messages: messagesIn(await readFile(join(folder, name), 'utf8')) })
  }
  return sets
}

function messagesIn(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '' && !line.startsWith('#'))
}

/** Names everything that weights depend on, files of folders and other parts, so that a change of any trains anew. */
export async function hashOf(folders: { folder: string; ending: string }[], parts: unknown): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(parts))
  for (const { folder, ending } of folders) {
    const names = await readdir(folder).catch(() => [])
    for (const name of names.filter((one) => one.endsWith(ending)).sort())
      hash.update(`\0${name}\0`).update(await readFile(join(folder, name)))
  }
  return hash.digest('hex').slice(0, 24)
}
