import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { Malformed, malformedExit } from '../domain/malformed.ts'
import { kinds } from '../domain/reading.ts'
import { type CueFile, type Cues, compileCues, findHits, loadCueFiles } from './cues.ts'
import { type ExampleSet, type Lesson, loadExamples } from './examples.ts'
import { buckets, features, tokenise } from './features.ts'
import { fold } from './fold.ts'
import { harmBuckets, harmFeatures, harmLabels, partsOf } from './harm.ts'
import { fitTemperature, type Linear, predict, type Sample, type TrainSettings, train } from './linear.ts'
import { cuedLane } from './signals.ts'
import {
  type Labelled,
  loadLabelled,
  loadUndertones,
  narrowed,
  sideBySide,
  type UndertoneSet,
  undertoneBuckets,
  undertones,
} from './undertones.ts'
import { type Model, toBytes } from './weights.ts'

/** What there is to learn from. */
export interface TrainingTask {
  examples: ExampleSet[]
  cueFiles: CueFile[]
  undertones?: UndertoneSet[]
  /** Lines of `safety.<language>.txt`. */
  harm?: Labelled[]
  lessons?: Lesson[]
}

// A customer's trade is further from the examples than any held-back block of them is.
const foreign = 1.05

const settings: TrainSettings = { classes: kinds.length, buckets, rounds: 8, rate: 0.15, decay: 3e-4, drop: 0.3 }

/** Trains the kinds, and beside them what is told between the lines. */
export function trainReader(task: TrainingTask): Model {
  const samples = samplesOf(task.examples, task.cueFiles)
  return {
    kinds: trainKinds(samples, lessonsOf(task)),
    undertones: trainUndertones(task, samples),
    harm: trainHarm(task),
  }
}

/** The temperature comes from a model that has not seen what it is fitted on. */
function trainKinds(samples: Sample[], lessons: Sample[]): Linear {
  const [seen, held] = holdBack(samples)
  const model = train([...samples, ...lessons], settings)
  if (held.length > 0) model.temperature = foreign * fitTemperature(train(seen, { ...settings, rounds: 4 }), held)
  return model
}

// What one's own customers said tells more of them than what anybody's might.
const ownWeight = 3

function lessonsOf({ lessons = [], cueFiles }: TrainingTask): Sample[] {
  if (lessons.length === 0) return []
  const cues = compileCues(cueFiles)
  return lessons.map(({ kind, text }) => sampleOf(cues, text, kinds.indexOf(kind), ownWeight))
}

function sampleOf(cues: Cues, message: string, label: number, weight: number): Sample {
  const folded = fold(message)
  return { features: features(cues, folded, findHits(cues, folded)), label, weight }
}

// Messages of every kind are the silence that a signal stands out from, though one in many has the signal in it.
const [aloud, silence] = [3, 0.3]

function trainUndertones({ cueFiles, undertones: sets = [] }: TrainingTask, samples: Sample[]): Linear {
  const cues = compileCues(cueFiles)
  const quiet = samples.filter((_, at) => at % 4 === 0).map((sample) => narrowed(sample.features))
  const trained = (signal: UndertoneSet['signal']): Linear => {
    const told = sets.filter((set) => set.signal === signal).flatMap((set) => set.lines)
    const own = told.map(({ label, message }): Sample => {
      const sample = sampleOf(cues, message, label, aloud)
      return { ...sample, features: narrowed(sample.features) }
    })
    const all = [...own, ...quiet.map((background) => ({ features: background, label: 0, weight: silence }))]
    return train(all, { ...settings, classes: undertones[signal].length, buckets: undertoneBuckets })
  }
  return sideBySide(trained)
}

// Danger is rare: what is said about it weighs much, and what only has its words in it is what it must be told from.
const [dangerous, safe, background] = [5, 3, 0.5]

function trainHarm({ examples, cueFiles, harm: lines = [] }: TrainingTask): Linear {
  const cues = compileCues(cueFiles.filter(({ name }) => /^(?:harm|safety)\./.test(name)))
  const told = lines.map(({ label, message }): Sample => {
    const weight = label === 0 ? safe : dangerous
    return { features: harmFeatures(cues.harm, fold(message)), label, weight }
  })
  const messages = examples.flatMap((set) => set.messages).map(fold)
  const quiet = messages.filter((folded, at) => at % 4 === 0 || partsOf(tokenise(folded), cues.harm).length >= 3)
  // One in many does tell of danger.
  const calm = quiet.filter((folded) => cuedLane(folded, findHits(cues, folded)) === null)
  const others = calm.map((folded) => ({ features: harmFeatures(cues.harm, folded), label: 0, weight: background }))
  const shape = { classes: harmLabels.length, buckets: harmBuckets, rounds: 15, drop: 0.2 }
  return train([...told, ...others], { ...settings, ...shape })
}

function samplesOf(examples: ExampleSet[], cueFiles: CueFile[]): Sample[] {
  const cues = compileCues(cueFiles)
  const total = new Map<string, number>()
  const script = (language: string) => (language.startsWith('zh') ? 'zh' : language)
  for (const { language, messages } of examples) {
    total.set(script(language), (total.get(script(language)) ?? 0) + messages.length)
  }
  return examples.flatMap(({ kind, language, messages }) => {
    const ofKind = examples.filter((set) => set.kind === kind && script(set.language) === script(language))
    const count = ofKind.reduce((sum, set) => sum + set.messages.length, 0)
    // Every kind weighs the same in a script, however many examples of it were written.
    const weight = (total.get(script(language)) ?? 0) / (kinds.length * Math.max(1, count))
    return messages.map((message) => sampleOf(cues, message, kinds.indexOf(kind), weight))
  })
}

// Blocks of neighbouring lines, since people write examples by domain: a held-back block is the nearest there is to a
// domain that was never seen, which is what a confidence will be asked about.
function holdBack(samples: Sample[]): [Sample[], Sample[]] {
  const held = (at: number) => Math.floor(at / 40) % 5 === 4
  return [samples.filter((_, at) => !held(at)), samples.filter((_, at) => held(at))]
}

/** What the reader makes of the messages held back from it, with and without what would be learnt. */
export interface Weighed {
  /** Held-back examples of ours, and how many are read rightly. */
  held: number
  before: number
  after: number
  /** How many of the lessons themselves are read rightly. */
  lessonsBefore: number
  lessonsAfter: number
}

/** Trains twice on most of the examples, without the new lessons and with them; each is asked for the rest. */
export function weighLessons(task: TrainingTask & { lessons: Lesson[] }, fresh: Lesson[]): Weighed {
  const [seen, held] = holdBack(samplesOf(task.examples, task.cueFiles))
  const known = lessonsOf(task)
  const added = lessonsOf({ ...task, lessons: fresh })
  const before = train([...seen, ...known], settings)
  const after = train([...seen, ...known, ...added], settings)
  return {
    held: held.length,
    before: rightOf(before, held),
    after: rightOf(after, held),
    lessonsBefore: rightOf(before, added),
    lessonsAfter: rightOf(after, added),
  }
}

function rightOf(model: Linear, samples: Sample[]): number {
  return samples.filter(({ features, label }) => {
    const chances = predict(model, features)
    return chances.indexOf(Math.max(...chances)) === label
  }).length
}

const lessonsShape = z.array(z.object({ kind: z.enum(kinds), text: z.string() }))

/** All that a folder of prompts has to learn from. Throws a Malformed that names the file and line of a fault. */
async function loadTask(promptsDir: string, lessons: Lesson[]): Promise<TrainingTask> {
  const folder = join(promptsDir, 'examples')
  const examples = await loadExamples(folder)
  if (!examples.some((set) => set.messages.length > 0))
    throw new Malformed(`${folder} holds no <act>.<language>.txt with a message in it`)
  return {
    examples,
    cueFiles: await loadCueFiles(join(promptsDir, 'cues')),
    undertones: await loadUndertones(folder),
    harm: await loadLabelled(folder, 'safety', harmLabels),
    lessons,
  }
}

// Run by local.ts as `training.ts <prompts>`: lessons come in by standard input, weights go out, a fault on standard error.
if (process.argv[1] === import.meta.filename) {
  const [promptsDir = ''] = process.argv.slice(2)
  try {
    const lessons = lessonsShape.parse(JSON.parse(await text(process.stdin)))
    process.stdout.write(toBytes(trainReader(await loadTask(promptsDir, lessons))))
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    process.stderr.write(error.message)
    process.exitCode = malformedExit
  }
}
