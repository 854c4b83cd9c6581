import { kinds } from '../domain/reading.ts'
import { buckets } from './features.ts'
import type { Linear } from './linear.ts'

// A file of weights is the temperature, the biases and the weights, as 32-bit floats.
const floats = 1 + kinds.length + buckets * kinds.length

export function toBytes({ temperature, bias, weights }: Linear): Uint8Array {
  const all = new Float32Array(floats)
  all.set([temperature, ...bias], 0)
  all.set(weights, 1 + kinds.length)
  return new Uint8Array(all.buffer)
}

/** Null for a file that some other reader left. */
export function fromBytes(bytes: Uint8Array): Linear | null {
  if (bytes.length !== floats * 4) return null
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, floats)
  const bias = all.slice(1, 1 + kinds.length)
  return { classes: kinds.length, temperature: all[0] ?? 1, bias, weights: all.subarray(1 + kinds.length) }
}
