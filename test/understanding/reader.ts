import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLocalReader } from '../../src/understanding/local.ts'

/** The reader as it ships, trained once for all test files. */
export const reader = await openLocalReader({
  promptsDir: join(import.meta.dirname, '../../prompts'),
  cacheDir: join(tmpdir(), 'amends-test-reader'),
})
