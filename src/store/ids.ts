/** UUIDv7 as text: sorted as text is sorted by time, and within one process by order of making. RFC 9562, 6.2 method 1. */
import { randomBytes } from 'node:crypto'

export type NewId = (at: number) => string

export function idMaker(): NewId {
  let last = 0
  let count = 0
  return (at) => {
    if (at > last) {
      last = at
      count = 0
    } else if (++count > 0xfff) {
      last += 1
      count = 0
    }
    const time = last.toString(16).padStart(12, '0')
    const sequence = count.toString(16).padStart(3, '0')
    const chance = nextChance()
    return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${chance.slice(0, 4)}-${chance.slice(4)}`
  }
}

// One call for 256 ids: the system's randomness costs more per call than per byte.
const batch = 256
let pool = Buffer.alloc(0)
let used = batch

function nextChance(): string {
  if (used === batch) {
    pool = randomBytes(8 * batch)
    for (let i = 0; i < pool.length; i += 8) pool[i] = ((pool[i] ?? 0) & 0x3f) | 0x80
    used = 0
  }
  const at = 8 * used++
  return pool.toString('hex', at, at + 8)
}
