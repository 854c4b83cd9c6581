/** Who works at a desk: an agent is who is in its channel (DESIGN). Asked of Slack, and remembered for some minutes. */
import type { Api } from './api.ts'
import { placeIn } from './ids.ts'
import type { Rooms } from './rooms.ts'

export interface Members {
  /** Where Slack does not tell, nobody is. */
  isAgent(user: string): Promise<boolean>
}

const rememberedMs = 5 * 60_000
const pageAtMost = 1000

interface Page {
  members?: string[]
  response_metadata?: { next_cursor?: string }
}

/** `desks` are the rooms in Slack where agents work. */
export function createMembers(api: Api, rooms: Rooms, desks: () => readonly string[], now: () => number): Members {
  const known = new Map<string, { members: Set<string>; until: number }>()

  async function membersOf(desk: string): Promise<Set<string>> {
    const remembered = known.get(desk)
    if (remembered && remembered.until > now()) return remembered.members
    const { workspace, room } = await rooms.of(placeIn('-', desk, null))
    const members = new Set<string>()
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const args = { channel: room, limit: pageAtMost, ...(cursor === '' ? {} : { cursor }) }
      const page: Page = await api.call<Page>(workspace, 'conversations.members', args)
      for (const member of page.members ?? []) members.add(member)
      cursor = page.response_metadata?.next_cursor || undefined
    }
    known.set(desk, { members, until: now() + rememberedMs })
    return members
  }

  return {
    async isAgent(user) {
      for (const desk of desks()) {
        const members = await membersOf(desk).catch(() => new Set<string>())
        if (members.has(user)) return true
      }
      return false
    },
  }
}
