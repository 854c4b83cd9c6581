/**
 * What a model can be asked before a turn begins: while the quiet runs, the words that have come are understood, so that
 * the time after it is the writing's. Another message makes that needless: it is called off, and begun anew.
 */
import type { Parts } from './parts.ts'
import { load, type Waiting } from './situation.ts'
import { burstOf, type Understood, understand, type Words } from './understand.ts'
import { patience } from './wording.ts'

export interface Ahead {
  /** The customer said something, and the quiet after it runs. */
  begin(conversation: string): void
  /** What was begun for these very words, once; null where nothing was. */
  taken(waiting: Waiting, words: Words): Promise<Understood> | null
}

/** Nothing is begun: where there is no quiet, or others do the turns. */
export const notAhead: Ahead = { begin() {}, taken: () => null }

interface Begun {
  key: string
  understood: Promise<Understood>
}

export function createAhead(parts: Parts): Ahead {
  const begun = new Map<string, { off: AbortController; begun: Begun | null }>()

  function drop(conversation: string): Begun | null {
    const known = begun.get(conversation)
    begun.delete(conversation)
    return known?.begun ?? null
  }

  return {
    begin(conversation) {
      begun.get(conversation)?.off.abort()
      begun.delete(conversation)
      if (!parts.author?.ready()) return
      const mine: { off: AbortController; begun: Begun | null } = { off: new AbortController(), begun: null }
      begun.set(conversation, mine)
      const failed = (error: unknown) => parts.log.error({ conversation, err: error }, 'nothing was understood ahead')
      void load(parts, conversation)
        .then((waiting) => {
          if (waiting !== null && !mine.off.signal.aborted) mine.begun = begin(parts, waiting, mine.off.signal)
        })
        .catch(failed)
      // Another process may have the turn: then nobody comes for it.
      setTimeout(() => begun.get(conversation) === mine && drop(conversation), parts.quietAtMostMs).unref()
    },
    taken(waiting, words) {
      const { id } = waiting.conversation
      const off = begun.get(id)?.off
      const known = drop(id)
      if (known?.key === keyOf(waiting, words)) return known.understood
      off?.abort()
      return null
    },
  }
}

function begin(parts: Parts, waiting: Waiting, calledOff: AbortSignal): Begun | null {
  const words = burstOf(waiting.arrived)
  const patient = patience(parts, waiting)
  const left = () => (calledOff.aborted ? 0 : patient())
  if (words.text === '' || left() === 0) return null
  const understood = understand(parts, waiting, words, left, calledOff)
  // Whoever takes it hears of it; where nobody does, it is of no matter.
  understood.catch(() => undefined)
  return { key: keyOf(waiting, words), understood }
}

/** The same words say something else in another language, and after another question. */
function keyOf({ conversation, customer }: Waiting, { text, complains }: Words): string {
  return JSON.stringify([text, complains, conversation.asked?.question ?? null, customer.language])
}
