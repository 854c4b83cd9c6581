/** Every story, told in Slack: events and interactions as signed requests. */
import { afterAll } from 'vitest'
import { tellAll } from '../stories/all.ts'
import { slackForStories } from './slack-story.ts'

const slack = await slackForStories('http')
afterAll(slack.stop)
await tellAll([slack.make])
