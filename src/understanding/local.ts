import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Reading, Safety } from '../domain/reading.ts'
import { compileCues, findHits, loadCueFiles } from './cues.ts'
import { hashOf, type Lesson, loadExamples } from './examples.ts'
import { fold } from './fold.ts'
import { harmLabels } from './harm.ts'
import { readWith } from './read.ts'
import { safetyIn } from './signals.ts'
import { loadLabelled, loadUndertones } from './undertones.ts'
import { fromBytes, type Model } from './weights.ts'

/** The reader that needs no key and no network. */
export interface LocalReader {
  /**
   * Reads one message, or a burst as one. `asked` names the bot's last question (`offer`, `solved`, `kind`,
   * `expectation`, `wish`, `order`, `anything` …): it decides what "yes" and "no" mean. Never throws.
   */
  read(text: string, asked?: string | null): Reading
  /**
   * The safety lane alone, always the same as `read(text).safety` and several times as quick: for the door, where every
   * message passes, also those that no bot will read.
   */
  safety(text: string): Safety | null
  /** Changes with the examples, the cues and the code that learns from them. */
  examplesHash: string
}

export interface LocalReaderOptions {
  promptsDir: string
  cacheDir: string | null
  /** Learnt beside the examples. */
  lessons?: Lesson[]
}

/**
 * Trains on `examples/` and `cues/` of `promptsDir` in a child process, and keeps the weights in `cacheDir` under the
 * hash of what they came from (null: keeps none). Throws an Error that names the file and line of a cue that cannot
 * be read, and one that says so when there are no examples at all.
 */
export async function openLocalReader(options: LocalReaderOptions): Promise<LocalReader> {
  const { promptsDir, lessons = [] } = options
  const cueFiles = await loadCueFiles(join(promptsDir, 'cues'))
  const cues = compileCues(cueFiles)
  const learntFrom = [
    { folder: join(promptsDir, 'examples'), ending: '.txt' },
    // Weights that other code learnt are not to be trusted.
    { folder: import.meta.dirname, ending: '.ts' },
  ]
  const examplesHash = await hashOf(learntFrom, { cueFiles, lessons })
  const model = await learned({ ...options, lessons }, `reader-${examplesHash}.weights`)
  const safetyFiles = cueFiles.filter(({ name }) => name.startsWith('safety.'))
  const safetyCues = { ...compileCues(safetyFiles), harm: cues.harm }
  return {
    examplesHash,
    read: (text, asked = null) => readWith({ model, cues }, text, asked),
    safety: (text) => {
      const folded = fold(text)
      return safetyIn({ model, cues: safetyCues }, folded, findHits(safetyCues, folded))
    },
  }
}

async function learned(options: Required<LocalReaderOptions>, name: string): Promise<Model> {
  const { promptsDir, cacheDir, lessons } = options
  const kept = cacheDir === null ? null : await readFile(join(cacheDir, name)).catch(() => null)
  const model = kept && fromBytes(kept)
  if (model) return model
  await refuseFaulty(join(promptsDir, 'examples'))
  const folder = await mkdtemp(join(tmpdir(), 'amends-reader-'))
  try {
    const file = join(folder, name)
    await writeFile(join(folder, 'lessons.json'), JSON.stringify(lessons))
    await trainApart(promptsDir, file, join(folder, 'lessons.json'))
    const bytes = await readFile(file)
    const trained = fromBytes(bytes)
    if (!trained) throw new Error('training the reader left weights of another length than the reader has')
    if (cacheDir !== null)
      await keep(bytes, cacheDir, name).catch((error: Error) => {
        // The weights can always be learnt again; a read-only folder only costs the seconds that takes.
        process.emitWarning(`the reader's weights were not kept: ${error.message}`)
      })
    return trained
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A fault is better named here than by the process that trains. */
async function refuseFaulty(folder: string): Promise<void> {
  const examples = await loadExamples(folder)
  if (!examples.some((set) => set.messages.length > 0))
    throw new Error(`${folder} holds no <act>.<language>.txt with a message in it`)
  await loadUndertones(folder)
  await loadLabelled(folder, 'safety', harmLabels)
}

/** In a process of its own: what training takes goes back to the system, which a worker thread's garbage does not. */
async function trainApart(promptsDir: string, file: string, lessons: string): Promise<void> {
  const script = fileURLToPath(new URL('./training.ts', import.meta.url))
  await promisify(execFile)(process.execPath, [script, promptsDir, file, lessons])
}

async function keep(bytes: Uint8Array, cacheDir: string, name: string): Promise<void> {
  await mkdir(cacheDir, { recursive: true })
  // Renamed into place, so that a second process never reads half a file.
  const part = join(cacheDir, `${name}.${process.pid}`)
  try {
    await writeFile(part, bytes)
    await rename(part, join(cacheDir, name))
  } catch (error) {
    // Half a file of weights would be the last thing that a full disk has room for.
    await rm(part, { force: true })
    throw error
  }
}
