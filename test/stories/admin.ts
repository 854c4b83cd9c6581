/** An admin in a story: what is said to many at once. */
import { expect } from 'vitest'
import type { Command } from '../../src/domain/message.ts'
import type { Scene } from './story.ts'
import { timeOf } from './time.ts'

export interface Admin {
  opensIncident(text: string, cases?: number[], by?: string): Promise<void>
  linksIncident(id: string, cases: number[]): Promise<void>
  updatesIncident(id: string, text: string, by?: string): Promise<void>
  closesIncident(id: string, text: string): Promise<void>
  announces(text: string): Promise<void>
  marks(id: string, status: 'planned' | 'shipped' | 'declined', text?: string): Promise<void>
}

export function adminOn(scene: Scene, name: string): Admin {
  const at = (when: string | undefined) => (when === undefined ? null : timeOf(when, scene.stage.clock.now()))

  async function act(command: Command): Promise<void> {
    scene.said(name, JSON.stringify(command))
    const received = await scene.stage.receive({
      id: scene.nextId(),
      place: { channel: 'web', workspace: '-', room: 'desk', thread: null },
      author: { id: `web:-:${name}`, name },
      at: scene.stage.clock.now(),
      type: 'commanded',
      command,
    })
    expect(received.type).toBe('stored')
    await scene.play()
  }

  return {
    opensIncident: (text, cases = [], by) => act({ do: 'incident.open', text, cases, by: at(by) }),
    linksIncident: (id, cases) => act({ do: 'incident.link', id, cases }),
    updatesIncident: (id, text, by) => act({ do: 'incident.update', id, text, by: at(by) }),
    closesIncident: (id, text) => act({ do: 'incident.close', id, text }),
    announces: (text) => act({ do: 'announce', text }),
    marks: (id, status, text) => act({ do: 'suggestion.status', id, status, text: text ?? null, by: null }),
  }
}
