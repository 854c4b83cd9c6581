/** Every story, told in Slack: over Socket Mode. */
import { afterAll } from 'vitest'
import { tellAll } from '../stories/all.ts'
import { slackForStories } from './slack-story.ts'

const slack = await slackForStories('socket')
afterAll(slack.stop)
await tellAll([slack.make])
