/** The web as a channel: what is stored is delivered, for the page reads the rows. */
import type { Channel } from '../../domain/ports.ts'

export const webAtCommit: Channel = {
  deliversAtCommit: true,
  // Words that could be taken back for some seconds are delivered by becoming "sent"; their id is the row's own.
  post: async (_place, _outgoing, id) => ({ id }),
  stop: async () => undefined,
}
