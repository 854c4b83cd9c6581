/** What the app says by itself, to one person alone: kept by nobody, and so never the only word on a matter. */
import type { Incoming } from '../../domain/message.ts'
import type { ChannelLine } from '../../domain/moments.ts'
import type { Front } from '../../domain/ports.ts'
import type { Api } from './api.ts'
import { customerId, userOf } from './ids.ts'

export interface ToWhom {
  workspace: string
  room: string
  thread: string | null
  user: string
}

/** A courtesy: where it does not arrive nothing is lost. */
export async function inPrivate(api: Api, { workspace, room, thread, user }: ToWhom, text: string): Promise<void> {
  const where = thread === null ? {} : { thread_ts: thread }
  await api.call(workspace, 'chat.postEphemeral', { channel: room, user, text, ...where }).catch(() => undefined)
}

/** Nobody waits for it. */
export interface Telling {
  /** To whoever sent a file that could not be carried. */
  fileLost(to: ToWhom, line: 'tooLarge' | 'unreadable', name: string): void
  /** Once a minute at the most: whoever writes too fast is not to be written to as fast. */
  tooFast(incoming: Incoming, room: string): void
}

const tooFastEveryMs = 60_000
const peopleAtMost = 1000

export function createTelling(front: Front, api: Api, now: () => number): Telling {
  const told = new Map<string, number>()

  function tell(to: ToWhom, line: ChannelLine, values: Record<string, string | number>): void {
    front
      .view({ of: 'words', customer: customerId(to.workspace, to.user), line, values })
      .then((text) => inPrivate(api, to, text))
      .catch(() => undefined)
  }

  return {
    fileLost: (to, line, name) => tell(to, line, { name }),
    tooFast({ author, place: { workspace, thread } }, room) {
      if (now() - (told.get(author.id) ?? 0) < tooFastEveryMs) return
      if (told.size > peopleAtMost) told.clear()
      told.set(author.id, now())
      tell({ workspace, room, thread, user: userOf(author.id) }, 'tooFast', { seconds: tooFastEveryMs / 1000 })
    },
  }
}
