/**
 * Every story, with the customers and the desk on Discord: the genuine client over HTTP and WebSocket. On SQLite: what
 * the other database changes, the stories show on the page; here it would take seven minutes of CI instead of one. Those
 * in which it may matter hold on PostgreSQL as well (discord-postgres.test.ts).
 */
import { afterAll } from 'vitest'
import { tellAll } from '../stories/all.ts'
import { discordStages } from '../stories/discord.ts'

const stages = await discordStages()
afterAll(stages.stop)

await tellAll([stages.make], { databases: ['sqlite'] })
