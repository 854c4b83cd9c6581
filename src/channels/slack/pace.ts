/** One message a second in a room, and nothing while Slack asks to wait: more may be neither stored nor shown (PLATFORMS). */
import { TryAgain } from '../../domain/faults.ts'

export interface Pace {
  /** Takes the room's next turn, or throws TryAgain with the time until then. */
  take(workspace: string, room: string): void
  /** Slack asked the whole workspace to wait. */
  hold(workspace: string, ms: number): void
  /** Until the room's next turn, for what belongs to one message. */
  left(room: string): number
}

const roomsAtMost = 10_000

export function createPace(everyMs: number, now: () => number): Pace {
  const freeAt = new Map<string, number>()
  const left = (key: string) => Math.max(0, (freeAt.get(key) ?? 0) - now())
  return {
    left,
    take(workspace, room) {
      const wait = Math.max(left(room), left(`workspace ${workspace}`))
      if (wait > 0) throw new TryAgain(wait, `${room} has had its share for now`)
      if (freeAt.size > roomsAtMost) for (const [key, at] of freeAt) if (at <= now()) freeAt.delete(key)
      if (everyMs > 0) freeAt.set(room, now() + everyMs)
    },
    hold: (workspace, ms) => void freeAt.set(`workspace ${workspace}`, now() + ms),
  }
}
