/** Which desk works a case: the first of policy's that fits it, else the one that `DESK` names. */
import type { Place, Room } from './message.ts'
import type { Policy } from './policy.ts'

export const deskForm = /^(?:slack:[A-Z0-9]+|discord:\d+|web)$/u

/** `slack:C0123`, `discord:1234` or `web`. A room's id is the platform's own: its workspace need not be told. */
export function deskOf(desk: string): Room {
  const [channel, room = 'desk'] = desk.split(':')
  if (channel === 'slack' || channel === 'discord') return { channel, workspace: '-', room }
  return { channel: 'web', workspace: '-', room: 'desk' }
}

export interface Matter {
  place: Place
  tier: string | null
  /** The kind of case, and the failure where one was named. */
  topics: readonly (string | null)[]
}

/** Of what a desk names, something must fit in each list; a list that is empty asks for nothing. */
export function deskFor(desks: Policy['desks'], fallback: Room, { place, tier, topics }: Matter): Room {
  const found = desks.find(
    (one) =>
      fits(one.channels, [place.channel]) &&
      fits(one.workspaces, [place.workspace]) &&
      fits(one.tiers, [tier]) &&
      fits(one.topics, topics),
  )
  return found ? deskOf(found.desk) : fallback
}

function fits(named: readonly string[], given: readonly (string | null)[]): boolean {
  return named.length === 0 || given.some((one) => one !== null && named.includes(one))
}
