/** Puts the engine together: prompts, reader, writer, knowledge, guard and policy, over a store and a clock. */
import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { type Config, Refusal } from './config.ts'
import type { Locale } from './domain/customer.ts'
import { deskOf } from './domain/desks.ts'
import { createGuard } from './domain/guard.ts'
import type { Hours } from './domain/hours.ts'
import { reasonOf } from './domain/malformed.ts'
import type { ChannelName } from './domain/message.ts'
import { hoursOf, type Policy, policySchema } from './domain/policy.ts'
import type { Channel, Clock, Keep, Model } from './domain/ports.ts'
import { tasks } from './domain/question.ts'
import { notAhead } from './engine/ahead.ts'
import type { Log, Parts } from './engine/parts.ts'
import type { Store } from './store/open.ts'
import type { Lesson } from './understanding/examples.ts'
import { languageOf } from './understanding/language.ts'
import { type LocalReader, openLocalReader } from './understanding/local.ts'
import { refine } from './understanding/refine.ts'
import { createAuthor } from './writing/author.ts'
import { createWriter } from './writing/compose.ts'
import { type Instructions, loadInstructions } from './writing/instructions.ts'
import { type Knowledge, loadKnowledge } from './writing/knowledge.ts'
import type { Unsaid } from './writing/mirror.ts'
import { loadPhrases, loadRules } from './writing/rules.ts'
import { type Fault, type Good, loadScripts, type Scripts } from './writing/scripts.ts'

/** Everything that admins own, as it is in force. */
export interface Prompts {
  dir: string
  scripts: Scripts
  reader: LocalReader
  knowledge: Knowledge
  guard: Parts['guard']
  /** What a model is told. */
  instructions: Instructions
  /** Words of a customer's that are not said back. */
  unsaid: Unsaid
  policy: Policy
  /** Of the country that policy names. */
  isHoliday: Hours['isHoliday']
  /** Files that do not serve, and why. */
  faults: Fault[]
  /** The texts in force, by file; the same that serve in place of a broken file. */
  good: Good
}

export const promptsShipped = fileURLToPath(new URL('../prompts/', import.meta.url))

type Where = Pick<Config, 'PROMPTS_DIR' | 'KNOWLEDGE_DIR'>
const policyFile = 'policy.yaml'

/**
 * Loads what admins own. A script or a policy that does not parse is named among the faults while its last good text
 * stays in force; without one, a broken policy is refused.
 */
export async function loadPrompts(
  config: Where,
  cacheDir: string | null,
  lastGood: Good = {},
  lessons: Lesson[] = [],
): Promise<Prompts> {
  for (const name of ['PROMPTS_DIR', 'KNOWLEDGE_DIR'] as const)
    if (config[name] !== undefined && !isFolder(config[name]))
      throw new Refusal(`${name} will not do: there is no folder ${config[name]}`)
  const dir = config.PROMPTS_DIR ?? promptsShipped
  const [scripts, reader, knowledge, rules, instructions, unsaid, policyText] = await Promise.all([
    loadScripts(join(dir, 'scripts'), lastGood),
    openLocalReader({ promptsDir: dir, cacheDir, lessons }),
    loadKnowledge(config.KNOWLEDGE_DIR ?? join(dir, 'knowledge'), join(dir, 'cues')),
    loadRules(join(dir, 'cues')),
    loadInstructions([join(dir, 'model'), join(promptsShipped, 'model')]),
    loadPhrases(join(dir, 'cues'), 'unsaid'),
    readFile(join(dir, policyFile), 'utf8').catch(() => ''),
  ])
  const faults = [...scripts.faults]
  const { policy, isHoliday, text } = await policyOf(policyText, join(dir, policyFile), lastGood[policyFile], faults)
  const good = { ...scripts.good, [policyFile]: text }
  return {
    dir,
    scripts: scripts.scripts,
    reader,
    knowledge,
    guard: createGuard(rules, tasks.map(instructions)),
    instructions,
    unsaid: (text) => unsaid(text) !== null,
    policy,
    isHoliday,
    faults,
    good,
  }
}

function isFolder(dir: string): boolean {
  return statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true
}

interface InForce {
  policy: Policy
  isHoliday: Hours['isHoliday']
  text: string
}

async function policyOf(text: string, file: string, lastGood: string | undefined, faults: Fault[]): Promise<InForce> {
  try {
    return await parsePolicy(text, file)
  } catch (error) {
    if (!(error instanceof Refusal) || lastGood === undefined) throw error
    faults.push({ file: policyFile, reason: error.message })
    return await parsePolicy(lastGood, file)
  }
}

/** The policy, or a refusal that names the file, the field and the reason. */
async function parsePolicy(text: string, file: string): Promise<InForce> {
  let raw: unknown
  try {
    raw = parseYaml(text) ?? {}
  } catch (error) {
    throw new Refusal(`${file} is not YAML: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
  }
  const parsed = policySchema.safeParse(raw)
  if (!parsed.success) throw new Refusal(`${file}: ${reasonOf(parsed.error)}`)
  const isHoliday = await holidaysOf(parsed.data)
  if (isHoliday === null) throw new Refusal(`${file}: ${noSuchCountry}`)
  return { policy: parsed.data, isHoliday, text }
}

export const noSuchCountry = 'holidays: there is no such country: write one as TW, or one of its parts as DE-BY'

/** The tables of all countries take 26 MB: loaded only for a desk that keeps a country's holidays. Null: no such country. */
export async function holidaysOf({ holidays }: Policy): Promise<Hours['isHoliday'] | null> {
  if (holidays === null) return () => false
  const { holidaysIn } = await import('./domain/holidays.ts')
  return holidaysIn(holidays)
}

export interface Live {
  prompts: Prompts
  /** Loads the files anew; what is broken leaves in force what was. */
  reload(): Promise<void>
  /** Trains anew where people have taught the reader something, or taken it back, since it last was trained. */
  relearn(): Promise<void>
}

/** Prompts that admins may edit while the bot runs. `kept` outlives a restart: a file broken meanwhile has its last good text. */
export async function livePrompts(
  config: Where,
  cacheDir: string | null,
  kept: Keep,
  log: Log,
  lessons: () => Promise<Lesson[]>,
): Promise<Live> {
  const texts = await kept.get('good')
  let learnt = await lessons()
  const prompts = await loadPrompts(config, cacheDir, texts === null ? {} : goodShape.parse(JSON.parse(texts)), learnt)
  const told = new Set<string>()
  const settle = async () => {
    for (const { file, reason } of prompts.faults) {
      const fault = `${file}: ${reason}`
      if (!told.has(fault))
        log.error({ file, reason }, 'a file in prompts does not serve; its last good text stays in force')
      told.add(fault)
    }
    await kept.set('good', JSON.stringify(prompts.good))
  }
  await settle()
  const load = async (now: Lesson[]) => {
    Object.assign(prompts, await loadPrompts(config, cacheDir, prompts.good, now))
    learnt = now
    await settle()
  }
  const trying = (work: () => Promise<void>) =>
    work().catch((error) => log.error({ err: error }, 'prompts could not be loaded anew; what was in force stays'))
  return {
    prompts,
    reload: () => trying(async () => load(await lessons())),
    relearn: () =>
      trying(async () => {
        const now = await lessons()
        if (JSON.stringify(now) !== JSON.stringify(learnt)) await load(now)
      }),
  }
}

const goodShape = z.record(z.string(), z.string())

export interface Circumstances {
  prompts: Prompts
  store: Store
  clock: Clock
  log: Log
  channels: ReadonlyMap<ChannelName, Channel>
  /** Null where none is set: everything works without. */
  model?: Model | null
  /** The zone of a desk whose policy names none. */
  timezone: string
  desk: string
  quietMs: number | undefined
  happened: Parts['happened']
}

/** What admins own is looked up anew each time: a reload takes effect with the next turn. */
export function partsOf({
  prompts,
  store,
  clock,
  log,
  channels,
  model = null,
  timezone,
  desk,
  quietMs,
  happened,
}: Circumstances): Parts {
  let written: { scripts: Scripts; writer: Parts['writer'] } | null = null
  let kept: { policy: Policy; isHoliday: Hours['isHoliday']; hours: Hours } | null = null
  return {
    store,
    clock,
    log,
    channels,
    happened,
    get policy() {
      return prompts.policy
    },
    get hours() {
      const { policy, isHoliday } = prompts
      if (kept?.policy !== policy || kept.isHoliday !== isHoliday)
        kept = { policy, isHoliday, hours: hoursOf(policy, timezone, isHoliday) }
      return kept.hours
    },
    get writer() {
      if (written?.scripts !== prompts.scripts)
        written = { scripts: prompts.scripts, writer: createWriter(prompts.scripts, prompts.unsaid) }
      return written.writer
    },
    get knowledge() {
      return prompts.knowledge
    },
    get guard() {
      return prompts.guard
    },
    get quietMs() {
      return quietMs ?? prompts.policy.quiet.seconds * 1000
    },
    get quietAtMostMs() {
      return prompts.policy.quiet.atMostSeconds * 1000
    },
    get undoMs() {
      return prompts.policy.desk.undoSeconds * 1000
    },
    reader: readerOf(prompts, model, log),
    author:
      model &&
      createAuthor(
        model,
        () => judgeOf(prompts),
        () => prompts.knowledge,
      ),
    urgent: (text) => prompts.reader.safety(text) !== null,
    desk: deskOf(desk),
    leaseMs: 30_000,
    // The engine sets these once it has a waker.
    wake: () => undefined,
    ahead: notAhead,
  }
}

/** The local reader, with a model over it where one is set. Where they differ, the log says so. */
export function readerOf(prompts: Pick<Prompts, 'reader'>, model: Model | null, log: Log): Parts['reader'] {
  if (model === null) return { read: (text, asked) => prompts.reader.read(text, asked) }
  return {
    async read(text, asked, withinMs = 0, calledOff) {
      const local = prompts.reader.read(text, asked)
      const reading = await refine(model, local, text, { asked, withinMs, calledOff })
      const { kind, mood, severity, local: before } = reading
      if (before) log.info({ local: before, model: { kind, mood, severity } }, 'the model read a message otherwise')
      return reading
    },
  }
}

function judgeOf({ guard }: Prompts) {
  return {
    guard,
    isIn(text: string, locale: Locale) {
      const { language, sure } = languageOf(text)
      // Chinese in characters that both scripts share is everybody's who reads one of them.
      return language === locale || language === 'und' || (!sure && language.slice(0, 2) === locale.slice(0, 2))
    },
  }
}
