/** What a channel throws when a platform will not take something, so that the engine knows what to do next. */

/** Later it will do: too fast (429), a fault on their side (5xx), or a room that has had its share for now. */
export class TryAgain extends Error {
  readonly afterMs: number
  /** The platform may have taken it all the same, as after a 5xx: it is looked for before it is repeated. */
  readonly maybeThere: boolean
  constructor(afterMs: number, why: string, maybeThere = false) {
    super(why)
    this.afterMs = afterMs
    this.maybeThere = maybeThere
  }
}

/** It will never do: no channel, no permission, a closed conversation, a revoked token. `why` is one clear sentence. */
export class Undeliverable extends Error {}

/** The message that was to be changed, or the thread that was to be posted in, is not there any more. */
export class Gone extends Error {}
