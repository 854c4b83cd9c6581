import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Malformed } from '../domain/malformed.ts'
import type { Features } from './features.ts'
import { type Linear, scoresOf, softmax } from './linear.ts'

/**
 * What is told without any of its words: "I've ordered from somebody else now" names no leaving. Where the cues of a
 * signal are silent, a small model of its own listens, trained on `prompts/examples/<signal>.<language>.txt`, a line
 * `label: message`. The first label says nothing. Danger has a model of its own (harm.ts).
 */
export const undertones = {
  leaving: ['no', 'yes'],
  human: ['no', 'yes'],
  mood: ['calm', 'annoyed', 'angry', 'distressed'],
  urgency: ['0', '1', '2', '3'],
  nevermind: ['no', 'yes'],
} as const

export type Undertone = keyof typeof undertones
export const undertoneNames: Undertone[] = ['leaving', 'human', 'mood', 'urgency', 'nevermind']

const classesOf = (signals: Undertone[]) => signals.reduce((sum, signal) => sum + undertones[signal].length, 0)

/** The models of all signals lie side by side in one: what a feature says to each is found at one place. */
export const undertoneClasses = classesOf(undertoneNames)
/** Where each begins there. */
const places = new Map(undertoneNames.map((signal, i) => [signal, classesOf(undertoneNames.slice(0, i))]))

/** The messages of one signal, each with the place of its label. */
export interface UndertoneSet {
  signal: Undertone
  lines: Labelled[]
}

/** Small beside the kinds' table: some hundred lines fill no more. */
export const undertoneBuckets = 1 << 14

/** A text's features for these models, which share fewer places. */
export const narrowed = ({ index, value }: Features): Features => ({
  index: index.map((at) => at & (undertoneBuckets - 1)),
  value,
})

// Surer than this, a model is believed where no cue speaks (on lines it had not seen: nine of ten rightly).
const believed = 0.5

/** Lays the models of the signals side by side. */
export function sideBySide(modelOf: (signal: Undertone) => Linear): Linear {
  const weights = new Float32Array(undertoneBuckets * undertoneClasses)
  const bias = new Float32Array(undertoneClasses)
  for (const [signal, from] of places) {
    const { classes, weights: own, bias: ownBias } = modelOf(signal)
    bias.set(ownBias, from)
    for (let bucket = 0; bucket < undertoneBuckets; bucket++)
      weights.set(own.subarray(bucket * classes, (bucket + 1) * classes), bucket * undertoneClasses + from)
  }
  return { classes: undertoneClasses, weights, bias, temperature: 1 }
}

/** What is heard of a signal in a text's narrowed features: a label, or the first, which says nothing. */
export function listener(model: Linear, features: Features): (signal: Undertone) => string {
  let scores: Float64Array | null = null
  return (signal) => {
    scores ??= scoresOf(model, features)
    const labels: readonly string[] = undertones[signal]
    const from = places.get(signal) ?? 0
    const chances = softmax(scores.slice(from, from + labels.length), model.temperature)
    const [silent = '', ...others] = labels
    if (1 - (chances[0] ?? 1) < believed) return silent
    return others.reduce((best, label) =>
      (chances[labels.indexOf(label)] ?? 0) > (chances[labels.indexOf(best)] ?? 0) ? label : best,
    )
  }
}

/** A message of `prompts/examples/<signal>.<language>.txt`, with the place of its label. */
export interface Labelled {
  label: number
  message: string
}

/** Every signal's lines of a folder. Throws an Error that names the file and line of a label that the signal has not. */
export async function loadUndertones(folder: string): Promise<UndertoneSet[]> {
  return await Promise.all(
    undertoneNames.map(async (signal) => ({ signal, lines: await loadLabelled(folder, signal, undertones[signal]) })),
  )
}

/** The lines of one signal, in every language. An absent folder holds none. */
export async function loadLabelled(folder: string, signal: string, labels: readonly string[]): Promise<Labelled[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files = names.filter((name) => name.startsWith(`${signal}.`) && name.endsWith('.txt')).sort()
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.flatMap((text, at) => linesOf(text, labels, files[at] ?? ''))
}

function linesOf(text: string, labels: readonly string[], file: string): Labelled[] {
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '' || line.startsWith('#')) return []
    const [label = '', ...message] = line.split(': ')
    const place = labels.indexOf(label)
    if (place < 0) throw new Malformed(`prompts/examples/${file}:${at + 1}: “${label}” is none of ${labels.join(', ')}`)
    return [{ label: place, message: message.join(': ').trim() }]
  })
}
