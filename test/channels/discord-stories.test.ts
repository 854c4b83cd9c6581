/** Every story with its customers in direct messages on Discord and its desk in a channel there, through the genuine client. */
import { tellAll } from '../stories/all.ts'
import { discordStage } from './discord-story.ts'

await tellAll([discordStage])
