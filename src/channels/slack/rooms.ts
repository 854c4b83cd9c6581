/** The rooms of people's direct messages: a place names the person, Slack's calls want the room. */
import type { Place } from '../../domain/message.ts'
import type { Api } from './api.ts'
import { isPerson } from './ids.ts'

export interface Rooms {
  of(place: Place): Promise<string>
  /** An event told where somebody's direct messages are. */
  learn(workspace: string, user: string, room: string): void
}

const roomsAtMost = 50_000

export function createRooms(api: Api): Rooms {
  const known = new Map<string, string>()
  const learn = (workspace: string, user: string, room: string) => {
    if (known.size > roomsAtMost) known.clear()
    known.set(`${workspace}:${user}`, room)
  }
  return {
    learn,
    async of({ workspace, room }) {
      if (!isPerson(room)) return room
      const found = known.get(`${workspace}:${room}`)
      if (found !== undefined) return found
      const { channel } = await api.call<{ channel?: { id?: string } }>(workspace, 'conversations.open', {
        users: room,
      })
      const id = channel?.id ?? room
      learn(workspace, room, id)
      return id
    },
  }
}
