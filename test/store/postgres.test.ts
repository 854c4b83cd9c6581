import { describe, test } from 'vitest'
import { postgresGround, postgresUrl } from './ground.ts'
import { personSuite } from './person.ts'
import { storeSuite } from './suite.ts'

if (postgresUrl !== undefined || process.env.CI === 'true') {
  storeSuite('PostgreSQL', postgresGround)
  personSuite('PostgreSQL', postgresGround)
} else
  describe('store on PostgreSQL', () => {
    test.skip('TEST_DATABASE_URL is not set: nothing of this ran on PostgreSQL', () => undefined)
  })
