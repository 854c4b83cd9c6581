/** What became of something at the door, and when its turn may begin. */
import type { Received } from '../domain/ports.ts'

export interface Stored {
  received: Received
  readyAt: number
}

export function refused(received: Received): Stored {
  return { received, readyAt: 0 }
}
