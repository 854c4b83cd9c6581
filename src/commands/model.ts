/** The model of the settings, for whichever command wants one. Its client is loaded only where it is set. */
import type { Config } from '../config.ts'
import { iso } from '../domain/hours.ts'
import type { Clock, Keep } from '../domain/ports.ts'
import type { Call, ModelSetting, OpenModel } from '../model.ts'
import type { Instructions } from '../writing/instructions.ts'

export interface ModelFor {
  instructions: () => Instructions
  clock: Clock
  /** Whose day the budget is of. */
  timezone: string
  log: ModelSetting['log']
  /** What was spent outlives a restart where there is a place for it. */
  keep?: Keep
  cache?: NonNullable<ModelSetting['cache']>
  told?: (call: Call) => void
  usedUp?: (day: string) => void
}

export function hasModel({ OPENAI_API_KEY, OPENAI_BASE_URL }: Config): boolean {
  return OPENAI_API_KEY !== undefined || OPENAI_BASE_URL !== undefined
}

/** Null where no model is set. */
export async function modelOf(config: Config, given: ModelFor): Promise<OpenModel | null> {
  if (!hasModel(config)) return null
  const [{ openModel }, { openSpending }] = await Promise.all([import('../model.ts'), import('../spending.ts')])
  const { instructions, clock, timezone, log, keep, cache, told, usedUp } = given
  const { OPENAI_TOKENS_A_DAY, OPENAI_MONEY_A_DAY, OPENAI_PRICE } = config
  const dayOf = (now: number) => iso(now, timezone).slice(0, 10)
  const spending = await openSpending({
    limits: {
      tokensADay: OPENAI_TOKENS_A_DAY ?? null,
      moneyADay: OPENAI_MONEY_A_DAY ?? null,
      priceIn: OPENAI_PRICE?.in ?? 0,
      priceOut: OPENAI_PRICE?.out ?? 0,
    },
    clock,
    dayOf,
    keep: keep ?? null,
    usedUp: () => usedUp?.(dayOf(clock.now())),
  })
  return openModel({
    key: config.OPENAI_API_KEY,
    baseUrl: config.OPENAI_BASE_URL,
    name: config.OPENAI_MODEL,
    embedding: config.OPENAI_EMBEDDING_MODEL ?? null,
    instructions: (of) => instructions()(of),
    spending,
    told: told ?? (() => undefined),
    log,
    ...(cache ? { cache } : {}),
  })
}
