/** What the channel says for itself, to one person: what did not arrive, and why. */
import type { Author, Place } from '../../domain/message.ts'
import type { ChannelLine } from '../../domain/moments.ts'
import type { Front, Keep } from '../../domain/ports.ts'
import type { Fetched } from './files.ts'

export interface Telling {
  /** Somebody spoke to us, and we were not let to read it: said once in each place. */
  unread(author: Author, place: Place, message: string): void
  /** What could not be taken of a message, a line each. */
  left(author: Author, place: Place, message: string, missing: Fetched['missing']): void
  /** They write faster than people do: said once a minute, for they are not to be written to as fast. */
  tooFast(author: Author, place: Place, message: string, seconds: number): void
}

export interface TellingParts {
  front(): Front
  keep: Keep
  now(): number
  /** The bot's own id. */
  self(): string
  /** The bot says it there; the same id never shows twice. */
  show(place: Place, text: string, id: string): Promise<unknown>
  failed(error: unknown, what: string): void
}

const onceInMs = 60_000
const rememberedAtMost = 1_000

export function createTelling({ front, keep, now, self, show, failed }: TellingParts): Telling {
  const toldAt = new Map<string, number>()

  async function tell(
    customer: string,
    place: Place,
    id: string,
    line: ChannelLine,
    values: Record<string, string | number>,
  ): Promise<void> {
    await show(place, await front().view({ of: 'words', customer, line, values }), id)
  }

  return {
    unread({ id: customer }, place, message) {
      const once = async () => {
        const key = `unread:${place.thread ?? place.room}:${customer}`
        if ((await keep.get(key)) !== null) return
        await keep.set(key, message)
        await tell(customer, place, `${message}:unread`, 'unread', { name: `<@${self()}>` })
      }
      once().catch((error) => failed(error, 'a message that may not be read'))
    },
    left({ id: customer }, place, message, missing) {
      const each = async () => {
        for (const { name, tooLarge } of missing)
          await tell(customer, place, `${message}:${name}`, tooLarge ? 'tooLarge' : 'unreadable', { name })
      }
      each().catch((error) => failed(error, 'a file that was not taken'))
    },
    tooFast({ id: customer }, place, message, seconds) {
      if (now() - (toldAt.get(customer) ?? Number.NEGATIVE_INFINITY) < onceInMs) return
      if (toldAt.size >= rememberedAtMost) toldAt.clear()
      toldAt.set(customer, now())
      tell(customer, place, `${message}:tooFast`, 'tooFast', { seconds }).catch((error) =>
        failed(error, 'a message that came too fast'),
      )
    },
  }
}
