import { kinds } from '../domain/reading.ts'
import { buckets } from './features.ts'
import { harmBuckets, harmLabels } from './harm.ts'
import type { Linear } from './linear.ts'
import { type Undertones, undertoneBuckets, undertoneNames, undertones } from './undertones.ts'

/** All that training learns. */
export interface Model {
  kinds: Linear
  undertones: Undertones
  /** Hears danger (harm.ts). */
  harm: Linear
}

// A file of weights is, for each model in turn, the temperature, the biases and the weights, as 32-bit floats.
const shapes = [
  { classes: kinds.length as number, buckets },
  ...undertoneNames.map((name) => ({ classes: undertones[name].length as number, buckets: undertoneBuckets })),
  { classes: harmLabels.length as number, buckets: harmBuckets },
]
const lengthOf = (shape: { classes: number; buckets: number }) => 1 + shape.classes + shape.classes * shape.buckets
const floats = shapes.reduce((sum, shape) => sum + lengthOf(shape), 0)

export function toBytes(model: Model): Uint8Array {
  const all = new Float32Array(floats)
  let at = 0
  const { kinds: ofKinds, undertones: told, harm } = model
  for (const { temperature, bias, weights } of [ofKinds, ...undertoneNames.map((name) => told[name]), harm]) {
    all.set([temperature, ...bias], at)
    all.set(weights, at + 1 + bias.length)
    at += 1 + bias.length + weights.length
  }
  return new Uint8Array(all.buffer)
}

/** Null for a file that some other reader left. */
export function fromBytes(bytes: Uint8Array): Model | null {
  if (bytes.length !== floats * 4) return null
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, floats)
  let at = 0
  const next = ({ classes, buckets }: { classes: number; buckets: number }): Linear => {
    const from = at
    at += lengthOf({ classes, buckets })
    const weights = all.subarray(from + 1 + classes, at)
    return { classes, temperature: all[from] ?? 1, bias: all.slice(from + 1, from + 1 + classes), weights }
  }
  const [ofKinds, leaving, human, mood, urgency, nevermind, harm] = shapes.map(next)
  if (!ofKinds || !leaving || !human || !mood || !urgency || !nevermind || !harm) return null
  return { kinds: ofKinds, undertones: { leaving, human, mood, urgency, nevermind }, harm }
}
