/**
 * Where a place is, for Slack's calls: the room of somebody's direct messages, and the workspace of a room that is named
 * without one (DESK=slack:C0123).
 */
import type { Place } from '../../domain/message.ts'
import type { Api } from './api.ts'
import { isPerson } from './ids.ts'
import { notInstalled, type Tokens } from './tokens.ts'

export interface Rooms {
  of(place: Place): Promise<{ workspace: string; room: string }>
  /** An event told where somebody's direct messages are. */
  learn(workspace: string, user: string, room: string): void
}

const roomsAtMost = 50_000

export function createRooms(api: Api, tokens: Tokens): Rooms {
  const direct = new Map<string, string>()
  const homes = new Map<string, string>()
  const learn = (workspace: string, user: string, room: string) => {
    if (direct.size > roomsAtMost) direct.clear()
    direct.set(`${workspace}:${user}`, room)
  }

  async function workspaceOf(room: string): Promise<string> {
    const known = homes.get(room)
    if (known !== undefined) return known
    const all = await tokens.workspaces()
    const found = all.length === 1 ? all[0] : await firstThatSees(all, room)
    if (found === undefined) throw notInstalled(`of the channel ${room}`)
    if (found !== '-') homes.set(room, found)
    return found
  }

  async function firstThatSees(workspaces: string[], room: string): Promise<string | undefined> {
    for (const workspace of workspaces) {
      const sees = await api.call(workspace, 'conversations.history', { channel: room, limit: 1 }).then(
        () => true,
        () => false,
      )
      if (sees) return workspace
    }
    return undefined
  }

  return {
    learn,
    async of({ workspace: named, room }) {
      const workspace = named === '-' ? await workspaceOf(room) : named
      if (!isPerson(room)) return { workspace, room }
      const found = direct.get(`${workspace}:${room}`)
      if (found !== undefined) return { workspace, room: found }
      const { channel } = await api.call<{ channel?: { id?: string } }>(workspace, 'conversations.open', {
        users: room,
      })
      const id = channel?.id ?? room
      learn(workspace, room, id)
      return { workspace, room: id }
    },
  }
}
