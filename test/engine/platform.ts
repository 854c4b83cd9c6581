/**
 * A platform as the engine sees one, in memory: rooms with messages, threads that cards open, reactions, and faults on
 * demand. What is tested here is the engine's part; the genuine clients have the channels' own suite.
 */
import type { ChannelName, FileContent, Outgoing, Place } from '../../src/domain/message.ts'
import type { Channel, Posted } from '../../src/domain/ports.ts'

export interface Shown {
  id: string
  place: Place
  outgoing: Outgoing
  files: readonly FileContent[]
  marks: string[]
  edits: number
}

export interface Platform {
  channel: Channel
  /** What stands there, in order; what was removed stands there no more. */
  shown: Shown[]
  /** Reactions on messages that are not ours, by their id. */
  marks: Map<string, string[]>
  /** Thrown by the next post or edit of such a type: before it is stored, or after. */
  breaks(type: Outgoing['type'], error: Error, stored?: boolean): void
  /** As a person with rights does: the message, and the thread under it. */
  deletes(id: string): void
  working: { place: Place; message: string }[]
}

export function platform(name: ChannelName, gone: (what: string) => Error): Platform {
  const shown: Shown[] = []
  const marks = new Map<string, string[]>()
  const faults: { type: string; error: Error; stored: boolean }[] = []
  const sent = new Map<string, Posted>()
  const dead = new Set<string>()
  const working: Platform['working'] = []
  let count = 0

  const at = (id: string): Shown => {
    const found = shown.find((one) => one.id === id)
    if (!found) throw gone(id)
    return found
  }
  const marksOf = (id: string): string[] => {
    const found = shown.find((one) => one.id === id)?.marks ?? marks.get(id) ?? []
    if (!shown.some((one) => one.id === id)) marks.set(id, found)
    return found
  }
  const fault = (type: string) => {
    const i = faults.findIndex((one) => one.type === type)
    return i === -1 ? null : faults.splice(i, 1)[0]
  }

  const channel: Channel = {
    async post(place, outgoing, id, files = []) {
      const failing = fault(outgoing.type)
      if (failing && !failing.stored) throw failing.error
      if (place.thread !== null && dead.has(place.thread)) throw gone(place.thread)
      count += 1
      const posted: Posted = { id: `${name}-${count}`, ...(outgoing.type === 'card' ? { thread: `t${count}` } : {}) }
      shown.push({ id: posted.id, place, outgoing, files, marks: [], edits: 0 })
      sent.set(id, posted)
      if (failing) throw failing.error
      return posted
    },
    async edit(_place, message, outgoing) {
      const failing = fault(outgoing.type)
      if (failing) throw failing.error
      const one = at(message)
      one.outgoing = outgoing
      one.edits += 1
    },
    async remove(_place, message) {
      shown.splice(shown.indexOf(at(message)), 1)
    },
    async react(_place, message, emoji) {
      marksOf(message).push(emoji)
    },
    async unreact(_place, message, emoji) {
      const on = marksOf(message)
      if (on.includes(emoji)) on.splice(on.indexOf(emoji), 1)
    },
    async showWorking(place, message) {
      working.push({ place, message })
    },
    findSent: async (_place, id) => sent.get(id) ?? null,
    stop: async () => undefined,
  }

  return {
    channel,
    shown,
    marks,
    working,
    breaks: (type, error, stored = false) => void faults.push({ type, error, stored }),
    deletes(id) {
      shown.splice(shown.indexOf(at(id)), 1)
      dead.add(id.replace(/^\D+/u, 't'))
    },
  }
}
