/** Discord on PostgreSQL: the stories in which edits cross answers, promises fall due, and a message holds several things. */
import { afterAll, test } from 'vitest'
import { serverUrl } from '../engine/database.ts'
import { tellAll } from '../stories/all.ts'
import { discordStages } from '../stories/discord.ts'

if (serverUrl === undefined)
  test.skip('TEST_DATABASE_URL is not set: no story of these ran on PostgreSQL', () => undefined)
else {
  const stages = await discordStages()
  afterAll(stages.stop)
  await tellAll([stages.make], {
    databases: ['postgres'],
    only: ['beside.test.ts', 'changed.test.ts', 'promises.test.ts'],
  })
}
