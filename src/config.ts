/** Settings from the environment and `.env` (CONTRACT.md). Parsed once; a value that will not do is refused by name. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { deskForm } from './domain/desks.ts'
import { reasonOf } from './domain/malformed.ts'
import { type Address, parseAddress } from './store/open.ts'

const text = z.string().min(1).optional()
const port = z.coerce.number({ error: 'write a port number, as 3000' }).int().min(0).max(65_535)

/** A refusal that a person can act on: printed as one sentence, never with a stack. */
export class Refusal extends Error {}

const customerForm = /^(?:slack|discord|web):[^:,\s]+:[^,\s]+$/u

const schema = z.object({
  SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xoxb-|^xoxe\.xoxb-/u, 'write the bot token, which begins with xoxb-')
    .optional(),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-/u, 'write the app-level token, which begins with xapp-')
    .optional(),
  SLACK_SIGNING_SECRET: text,
  SLACK_PORT: port.default(3001),
  SLACK_CLIENT_ID: text,
  SLACK_CLIENT_SECRET: text,
  SLACK_STATE_SECRET: text,
  SLACK_API_URL: z.url().optional(),
  DISCORD_TOKEN: text,
  DISCORD_API_URL: z.url().optional(),
  DESK: z.string().regex(deskForm, 'write slack:C0123, discord:1234 or web').default('web'),
  ADMINS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((id) => id.trim())
        .filter((id) => id !== ''),
    )
    .refine((ids) => ids.every((id) => customerForm.test(id)), 'write ids such as slack:T01:U02, with commas between'),
  OPENAI_API_KEY: text,
  OPENAI_BASE_URL: z.url().optional(),
  OPENAI_MODEL: z.string().min(1).default('gpt-4.1-mini'),
  OPENAI_EMBEDDING_MODEL: text,
  OPENAI_TOKENS_A_DAY: z.coerce.number({ error: 'write a number of tokens, as 2000000' }).int().min(1).optional(),
  OPENAI_MONEY_A_DAY: z.coerce.number({ error: 'write an amount, as 5 or 2.50' }).positive().optional(),
  OPENAI_PRICE: z
    .string()
    .regex(/^\d+(?:\.\d+)?\/\d+(?:\.\d+)?$/u, 'write the price of a million tokens in and out, as 0.40/1.60')
    .transform((price) => {
      const [into = 0, out = 0] = price.split('/').map(Number)
      return { in: into, out }
    })
    .optional(),
  DATABASE_URL: z.string().default('sqlite:./data/amends.db'),
  CACHE_URL: z.url({ protocol: /^rediss?$/u, error: 'write redis://host:port' }).optional(),
  ENCRYPTION_KEY: text,
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(3000),
  ADMIN_PASSWORD: text,
  WEB_SECRET: text,
  PROMPTS_DIR: text,
  KNOWLEDGE_DIR: text,
  ROLE: z.enum(['all', 'channels', 'worker']).default('all'),
  QUIET_MS: z.coerce.number({ error: 'write milliseconds, as 2500' }).int().min(0).max(60_000).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
})

export type Config = Omit<z.infer<typeof schema>, 'DATABASE_URL'> & { DATABASE_URL: string; database: Address }

/** `.env` in the working folder, under whatever the environment says itself. */
export function readConfig(environment: NodeJS.ProcessEnv, envFile = '.env'): Config {
  const file = existsSync(envFile) ? parseEnv(readFileSync(envFile, 'utf8')) : {}
  const given = Object.fromEntries(
    Object.entries({ ...file, ...environment }).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = schema.safeParse(given)
  if (!parsed.success) throw new Refusal(reasonOf(parsed.error).replace(': ', ' will not do: '))
  if (parsed.data.OPENAI_MONEY_A_DAY !== undefined && parsed.data.OPENAI_PRICE === undefined)
    throw new Refusal('OPENAI_MONEY_A_DAY needs OPENAI_PRICE: what a million tokens cost in and out, as 0.40/1.60')
  const database = parseAddress(parsed.data.DATABASE_URL)
  if (database === null)
    throw new Refusal('DATABASE_URL will not do: write sqlite:FILE, sqlite::memory: or postgres://user@host/name')
  if (parsed.data.ROLE !== 'all' && database.engine !== 'postgres')
    throw new Refusal(
      `ROLE=${parsed.data.ROLE} needs PostgreSQL: set DATABASE_URL to postgres://…, or leave ROLE at all`,
    )
  const fault = slackFault(parsed.data)
  if (fault !== null) throw new Refusal(fault)
  return { ...parsed.data, database }
}

/** Where weights are kept: beside the embedded database; nowhere for one in memory. */
export function cacheDirOf({ database }: Pick<Config, 'database'>): string | null {
  if (database.engine === 'postgres') return resolve('data')
  return database.file === ':memory:' ? null : dirname(database.file)
}

/** What of Slack's settings does not fit together, as a sentence that says what to set. */
function slackFault(given: z.infer<typeof schema>): string | null {
  const { SLACK_BOT_TOKEN, SLACK_CLIENT_ID, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, ROLE } = given
  const isSet = SLACK_BOT_TOKEN !== undefined || SLACK_CLIENT_ID !== undefined
  const hears = SLACK_APP_TOKEN !== undefined || SLACK_SIGNING_SECRET !== undefined
  if (isSet && !hears && ROLE !== 'worker')
    return 'SLACK_APP_TOKEN is missing: set it for Socket Mode, or SLACK_SIGNING_SECRET for HTTP mode'
  if (!isSet && hears) return 'SLACK_BOT_TOKEN is missing: set it beside SLACK_APP_TOKEN or SLACK_SIGNING_SECRET'
  if (SLACK_BOT_TOKEN !== undefined && SLACK_CLIENT_ID !== undefined)
    return 'SLACK_BOT_TOKEN will not do beside SLACK_CLIENT_ID: leave it out to install to many workspaces'
  if (SLACK_CLIENT_ID !== undefined) {
    const needed = ['SLACK_CLIENT_SECRET', 'SLACK_STATE_SECRET', 'ENCRYPTION_KEY'] as const
    const missing = needed.find((name) => given[name] === undefined)
    if (missing !== undefined) return `${missing} is missing: SLACK_CLIENT_ID needs it beside itself`
  }
  return null
}
