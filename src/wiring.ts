/** Puts the engine together: prompts, reader, writer, knowledge, guard and policy, over a store and a clock. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse as parseYaml } from 'yaml'
import { type Config, Refusal } from './config.ts'
import { createGuard } from './domain/guard.ts'
import type { ChannelName } from './domain/message.ts'
import { hoursOf, type Policy, policySchema } from './domain/policy.ts'
import type { Channel, Clock } from './domain/ports.ts'
import type { Log, Parts } from './engine/parts.ts'
import type { Store } from './store/open.ts'
import { type LocalReader, openLocalReader } from './understanding/local.ts'
import { createWriter } from './writing/compose.ts'
import { type Knowledge, loadKnowledge } from './writing/knowledge.ts'
import { loadRules } from './writing/rules.ts'
import { type Fault, loadScripts, type Scripts } from './writing/scripts.ts'

/** Everything that admins own, loaded. */
export interface Prompts {
  dir: string
  scripts: Scripts
  faults: Fault[]
  reader: LocalReader
  knowledge: Knowledge
  guard: Parts['guard']
  policy: Policy
}

export const promptsShipped = fileURLToPath(new URL('../prompts/', import.meta.url))

export async function loadPrompts(
  config: Pick<Config, 'PROMPTS_DIR' | 'KNOWLEDGE_DIR'>,
  cacheDir: string | null,
): Promise<Prompts> {
  const dir = config.PROMPTS_DIR ?? promptsShipped
  const [{ scripts, faults }, reader, knowledge, rules, policy] = await Promise.all([
    loadScripts(join(dir, 'scripts')),
    openLocalReader({ promptsDir: dir, cacheDir }),
    loadKnowledge(config.KNOWLEDGE_DIR ?? join(dir, 'knowledge')),
    loadRules(join(dir, 'cues')),
    loadPolicy(join(dir, 'policy.yaml')),
  ])
  return { dir, scripts, faults, reader, knowledge, guard: createGuard(rules), policy }
}

/** The policy, or a refusal that names the file, the field and the reason. */
export async function loadPolicy(file: string): Promise<Policy> {
  const text = await readFile(file, 'utf8').catch(() => '')
  let raw: unknown
  try {
    raw = parseYaml(text) ?? {}
  } catch (error) {
    throw new Refusal(`${file} is not YAML: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
  }
  const parsed = policySchema.safeParse(raw)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Refusal(`${file}: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'will not do'}`)
}

export interface Circumstances {
  prompts: Prompts
  store: Store
  clock: Clock
  log: Log
  channels: ReadonlyMap<ChannelName, Channel>
  /** The zone of a desk whose policy names none. */
  timezone: string
  desk: string
  quietMs: number | undefined
  happened: Parts['happened']
}

export function partsOf({
  prompts,
  store,
  clock,
  log,
  channels,
  timezone,
  desk,
  quietMs,
  happened,
}: Circumstances): Omit<Parts, 'wake'> {
  const { policy, reader } = prompts
  return {
    store,
    clock,
    log,
    channels,
    happened,
    policy,
    hours: hoursOf(policy, timezone),
    reader: { read: (text, asked) => reader.read(text, asked) },
    urgent: (text) => reader.read(text).safety !== null,
    writer: createWriter(prompts.scripts),
    knowledge: prompts.knowledge,
    guard: prompts.guard,
    quietMs: quietMs ?? policy.quiet.seconds * 1000,
    quietAtMostMs: policy.quiet.atMostSeconds * 1000,
    undoMs: policy.desk.undoSeconds * 1000,
    desk: deskOf(desk),
    leaseMs: 30_000,
  }
}

/** `slack:C0123`, `discord:1234` or `web`. */
function deskOf(desk: string): Parts['desk'] {
  const [channel, room = 'desk'] = desk.split(':')
  if (channel === 'slack' || channel === 'discord') return { channel, workspace: '-', room }
  return { channel: 'web', workspace: '-', room: 'desk' }
}
