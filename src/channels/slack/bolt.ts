/** Bolt's app, which neither listens nor connects: the two receivers beside it hand it what somebody waits for. */
import { App, type Logger, type Receiver } from '@slack/bolt'
import type { WebClientOptions } from '@slack/web-api'
import type { Tokens } from './tokens.ts'

/** Bolt asks a receiver to begin and to end; ours do that themselves. */
const nobody: Receiver = {
  init: () => undefined,
  start: async () => undefined,
  stop: async () => undefined,
}

export function createApp(tokens: Tokens, options: WebClientOptions, logger: Logger): App {
  const app = new App({
    receiver: nobody,
    clientOptions: options,
    logger,
    // Presses and views are people's: there is nothing of our own to leave out, and nothing to remember between them.
    ignoreSelf: false,
    convoStore: false,
    authorize: async ({ teamId, enterpriseId }) => ({ botToken: await tokens.of(teamId ?? enterpriseId ?? '-') }),
  })
  // What a listener throws reaches the receiver: Slack gets no acknowledgement, and shows that something went wrong.
  app.error(async (error) => {
    throw error
  })
  return app
}
