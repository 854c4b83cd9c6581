import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Malformed, malformedExit } from '../domain/malformed.ts'
import type { Reading, Safety } from '../domain/reading.ts'
import { compileCues, findHits, loadCueFiles } from './cues.ts'
import { hashOf, type Lesson } from './examples.ts'
import { fold } from './fold.ts'
import { readWith } from './read.ts'
import { safetyIn } from './signals.ts'
import { fromBytes, type Model, weightBytes } from './weights.ts'

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

async function learned({ promptsDir, cacheDir, lessons }: Required<LocalReaderOptions>, name: string): Promise<Model> {
  const kept = cacheDir === null ? null : await readFile(join(cacheDir, name)).catch(() => null)
  const model = kept && fromBytes(kept)
  if (model) return model
  const bytes = await trainApart(promptsDir, lessons)
  const trained = fromBytes(bytes)
  if (!trained) throw new Error('training the reader left weights of another length than the reader has')
  if (cacheDir !== null)
    await keep(bytes, cacheDir, name).catch((error: Error) => {
      // The weights can always be learnt again; a read-only folder only costs the seconds that takes.
      process.emitWarning(`the reader's weights were not kept: ${error.message}`)
    })
  return trained
}

/** In a process of its own: what training takes goes back to the system, which a worker thread's garbage does not. */
async function trainApart(promptsDir: string, lessons: Lesson[]): Promise<Uint8Array> {
  const script = fileURLToPath(new URL('./training.ts', import.meta.url))
  const child = spawn(process.execPath, [script, promptsDir])
  child.stdin.end(JSON.stringify(lessons))
  const ended = once(child, 'close')
  const fault = text(child.stderr)
  const bytes = new Uint8Array(weightBytes)
  let length = 0
  for await (const chunk of child.stdout) {
    bytes.set(chunk, length)
    length += chunk.length
  }
  const [code] = await ended
  if (code === 0) return bytes
  throw code === malformedExit ? new Malformed(await fault) : new Error(`training the reader failed: ${await fault}`)
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
