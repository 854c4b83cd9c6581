import { kinds } from '../domain/reading.ts'
import { buckets } from './features.ts'
import { harmBuckets, harmLabels } from './harm.ts'
import type { Linear } from './linear.ts'
import { undertoneBuckets, undertoneClasses } from './undertones.ts'

/** All that training learns. */
export interface Model {
  kinds: Linear
  /** Hears what is told without any of its words (undertones.ts). */
  undertones: Linear
  /** Hears danger (harm.ts). */
  harm: Linear
}

// A file of weights is, for each model in turn, the temperature, the biases and the weights, as 32-bit floats.
const shapes = [
  { classes: kinds.length as number, buckets },
  { classes: undertoneClasses, buckets: undertoneBuckets },
  { classes: harmLabels.length as number, buckets: harmBuckets },
]
const lengthOf = (shape: { classes: number; buckets: number }) => 1 + shape.classes + shape.classes * shape.buckets
const floats = shapes.reduce((sum, shape) => sum + lengthOf(shape), 0)
/** Of all weights, in bytes. */
export const weightBytes = floats * 4

export function toBytes(model: Model): Uint8Array {
  const all = new Float32Array(floats)
  let at = 0
  for (const { temperature, bias, weights } of [model.kinds, model.undertones, model.harm]) {
    all.set([temperature, ...bias], at)
    all.set(weights, at + 1 + bias.length)
    at += 1 + bias.length + weights.length
  }
  return new Uint8Array(all.buffer)
}

/** Null for a file that some other reader left. */
export function fromBytes(bytes: Uint8Array): Model | null {
  if (bytes.length !== weightBytes) return null
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, floats)
  let at = 0
  const next = ({ classes, buckets }: { classes: number; buckets: number }): Linear => {
    const from = at
    at += lengthOf({ classes, buckets })
    const weights = all.subarray(from + 1 + classes, at)
    return { classes, temperature: all[from] ?? 1, bias: all.slice(from + 1, from + 1 + classes), weights }
  }
  const [ofKinds, undertones, harm] = shapes.map(next)
  return ofKinds && undertones && harm ? { kinds: ofKinds, undertones, harm } : null
}
