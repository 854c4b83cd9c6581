/** The playground in a real browser: what a newcomer sees first. `SHOTS=docs` renews the README's pictures on the way. */
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { serve } from './over-http.ts'
import { chromiumPath, drivePlayground } from './playground.browser.ts'

const found = existsSync(chromiumPath)

test.skipIf(!found && process.env.CI !== 'true')(
  'a customer complains, the desk answers, time passes, all on one page',
  async () => {
    expect(found, `CI drives the page in a browser, and there is none at ${chromiumPath}`).toBe(true)
    const web = await serve()
    try {
      await drivePlayground(web.url, process.env.SHOTS ?? null)
    } finally {
      await web.bot.stop()
    }
  },
  180_000,
)
