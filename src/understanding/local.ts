import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { kinds, type Reading, type Safety } from '../domain/reading.ts'
import { compileCues, findHits, loadCueFiles } from './cues.ts'
import { codeOf, hashOf, loadExamples } from './examples.ts'
import { buckets } from './features.ts'
import { fold } from './fold.ts'
import type { Linear } from './linear.ts'
import { readWith } from './read.ts'
import { safetyIn } from './signals.ts'
import type { TrainingTask } from './training.ts'

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

/**
 * Loads `examples/` and `cues/` of `promptsDir`, trains in a worker thread, and keeps the weights in `cacheDir` under
 * the hash of what they came from (null: keeps none). Throws an Error that names the file and line of a cue that cannot
 * be read, and one that says so when there are no examples at all.
 */
export async function openLocalReader(options: { promptsDir: string; cacheDir: string | null }): Promise<LocalReader> {
  const examples = await loadExamples(join(options.promptsDir, 'examples'))
  const cueFiles = await loadCueFiles(join(options.promptsDir, 'cues'))
  const cues = compileCues(cueFiles)
  if (!examples.some((set) => set.messages.length > 0)) {
    throw new Error(`${join(options.promptsDir, 'examples')} holds no <act>.<language>.txt with a message in it`)
  }
  const examplesHash = hashOf({ examples, cueFiles, code: await codeOf(import.meta.dirname) })
  const file = options.cacheDir === null ? null : join(options.cacheDir, `reader-${examplesHash}.weights`)
  const kept = file === null ? null : await fromCache(file)
  const model = kept ?? (await trained({ examples, cueFiles }, file))
  const safetyCues = compileCues(cueFiles.filter((cueFile) => cueFile.name.startsWith('safety.')))
  return {
    examplesHash,
    read: (text, asked = null) => readWith({ model, cues }, text, asked),
    safety: (text) => {
      const folded = fold(text)
      return safetyIn(folded, findHits(safetyCues, folded))
    },
  }
}

async function trained(task: TrainingTask, file: string | null): Promise<Linear> {
  const model = await trainInWorker(task)
  if (file) {
    await toCache(file, model).catch((error: Error) => {
      // The weights can always be learnt again; a read-only folder only costs the second that takes.
      process.emitWarning(`the reader's weights were not kept: ${error.message}`)
    })
  }
  return model
}

function trainInWorker(task: TrainingTask): Promise<Linear> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./training.ts', import.meta.url), {
      workerData: task,
      execArgv: [],
      // Enough for tens of thousands of examples; without it the garbage of training stays in the process's size.
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 4 },
    })
    worker.once('message', (learned: Omit<Linear, 'classes'>) => {
      resolve({ classes: kinds.length, ...learned })
      void worker.terminate()
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`training the reader ended early, with code ${code}`)))
  })
}

// A cached file is the temperature, the biases and the weights, as 32-bit floats.
const floats = 1 + kinds.length + buckets * kinds.length

async function fromCache(file: string): Promise<Linear | null> {
  const bytes = await readFile(file).catch(() => null)
  if (bytes?.length !== floats * 4) return null
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  const bias = all.slice(1, 1 + kinds.length)
  return { classes: kinds.length, temperature: all[0] ?? 1, bias, weights: all.subarray(1 + kinds.length) }
}

async function toCache(file: string, model: Linear): Promise<void> {
  const all = new Float32Array(floats)
  all.set([model.temperature, ...model.bias], 0)
  all.set(model.weights, 1 + kinds.length)
  await mkdir(join(file, '..'), { recursive: true })
  // Renamed into place, so that a second process never reads half a file.
  await writeFile(`${file}.${process.pid}`, new Uint8Array(all.buffer))
  await rename(`${file}.${process.pid}`, file)
}
