/** Stories with the customers on one platform and the desk on another. */
import { afterAll } from 'vitest'
import { tellAll } from '../stories/all.ts'
import { discordStages } from '../stories/discord.ts'
import { paired } from '../stories/pairing.ts'
import type { Stage } from '../stories/stage.ts'
import { onThePage } from '../stories/stages.ts'
import { slackForStories } from './slack-story.ts'

const discord = await discordStages()
const slack = await slackForStories('http')
afterAll(async () => {
  await discord.stop()
  await slack.stop()
})

const on = { discord: discord.make, slack: slack.make, web: async () => onThePage() }
type Where = keyof typeof on

const pairing = (customers: Where, desk: Where) => async (): Promise<Stage> =>
  paired(await on[customers](), await on[desk]())

await tellAll(
  [
    pairing('discord', 'slack'),
    pairing('slack', 'discord'),
    pairing('web', 'slack'),
    pairing('web', 'discord'),
    pairing('slack', 'web'),
    pairing('discord', 'web'),
  ],
  { databases: ['sqlite'] },
)
