/** `prompts check`: every fault in what admins own, with its file and reason. `prompts learn`: what people taught the reader. */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { type Config, Refusal } from '../config.ts'
import { createGuard } from '../domain/guard.ts'
import { reasonsOf } from '../domain/malformed.ts'
import { policySchema } from '../domain/policy.ts'
import { kinds } from '../domain/reading.ts'
import { compileCues, loadCueFiles } from '../understanding/cues.ts'
import { loadExamples } from '../understanding/examples.ts'
import { loadUndertones } from '../understanding/undertones.ts'
import { holidaysOf, noSuchCountry, promptsShipped } from '../wiring.ts'
import { loadKnowledge } from '../writing/knowledge.ts'
import { loadPhrases, loadRules } from '../writing/rules.ts'
import { checkScripts, type Fault, loadScripts } from '../writing/scripts.ts'
import { argumentsOf } from './arguments.ts'
import { learnCommand } from './learn.ts'
import { number } from './number.ts'

export async function promptsCommand(config: Config, args: string[]): Promise<void> {
  if (args[0] === 'learn') return await learnCommand(config, args.slice(1))
  if (args[0] !== 'check') {
    const what = args[0] === undefined ? '' : `there is no prompts ${args[0]} yet; `
    throw new Refusal(`${what}write: prompts check, or prompts learn`)
  }
  argumentsOf(args.slice(1), 'prompts check', {})
  const { faults, holds } = await checkPrompts(config)
  for (const { file, reason } of faults) process.stdout.write(`✗ ${file}: ${reason}\n`)
  const [first] = faults
  if (first) throw new Refusal(`${number(faults.length, 'fault')} in the prompts, first ${first.file}: ${first.reason}`)
  process.stdout.write(`✓ ${holds}\n`)
}

export interface Checked {
  faults: Fault[]
  /** What there is, in a few words. */
  holds: string
}

export async function checkPrompts(config: Pick<Config, 'PROMPTS_DIR' | 'KNOWLEDGE_DIR'>): Promise<Checked> {
  const dir = config.PROMPTS_DIR ?? promptsShipped
  const knowledgeDir = config.KNOWLEDGE_DIR ?? join(dir, 'knowledge')
  const faults = [
    ...(await scriptFaults(join(dir, 'scripts'))),
    ...(await policyFaults(join(dir, 'policy.yaml'))),
    ...(await knowledgeFaults(knowledgeDir, join(dir, 'cues'))),
    ...(await cueFaults(join(dir, 'cues'))),
    ...(await wordingFaults(dir, knowledgeDir)),
    ...(await exampleFaults(join(dir, 'examples'))),
  ]
  const [scripts, pages] = await Promise.all([namesIn(join(dir, 'scripts')), namesIn(knowledgeDir)])
  const holds = `${number(scripts.length, 'script')}, ${number(pages.length, 'page')} of knowledge, in ${shown(dir)}`
  return { faults, holds }
}

async function scriptFaults(dir: string): Promise<Fault[]> {
  const loaded = await loadScripts(dir).catch(() => null)
  if (loaded === null) return [{ file: shown(dir), reason: 'there is no such folder, or it may not be read' }]
  const broken = new Set(loaded.faults.map(({ file }) => file))
  // A file that does not parse is not missing as well.
  const others = checkScripts(loaded.scripts).filter(({ file }) => !broken.has(file))
  return [...loaded.faults, ...others].map(({ file, reason }) => ({ file: shown(join(dir, file)), reason }))
}

/** Every field that will not do. A file that is not there is a policy of defaults. */
async function policyFaults(path: string): Promise<Fault[]> {
  const file = shown(path)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' ? '' : null,
  )
  if (text === null) return [{ file, reason: 'it may not be read' }]
  try {
    const parsed = policySchema.safeParse(parseYaml(text) ?? {})
    if (parsed.success) return (await holidaysOf(parsed.data)) === null ? [{ file, reason: noSuchCountry }] : []
    return reasonsOf(parsed.error).map((reason) => ({ file, reason }))
  } catch (error) {
    return [{ file, reason: `it is not YAML: ${reasonOf(error).split('\n')[0]}` }]
  }
}

async function knowledgeFaults(dir: string, cuesDir: string): Promise<Fault[]> {
  if ((await namesIn(dir)).length === 0)
    return [{ file: shown(dir), reason: 'there is no page in it, so no question is answered' }]
  return await faultOf(dir, () => loadKnowledge(dir, cuesDir))
}

/** Each list by itself, so that every faulty one is named; and those that the guard reads in its own way. */
async function cueFaults(dir: string): Promise<Fault[]> {
  const faults: Fault[] = []
  for (const file of await loadCueFiles(dir))
    faults.push(...(await faultOf(join(dir, file.name), async () => compileCues([file]))))
  if (faults.length === 0) faults.push(...(await faultOf(dir, () => loadRules(dir))))
  return faults
}

/**
 * What customers would read passes the guard that agents' words pass, and holds none of the words of form letters. An
 * exclamation mark has no place beside an apology.
 */
async function wordingFaults(dir: string, knowledgeDir: string): Promise<Fault[]> {
  const cues = join(dir, 'cues')
  const lists = await Promise.all([loadRules(cues), loadPhrases(cues, 'forbidden')]).catch(() => null)
  // A list that cannot be read is a fault of its own, told above.
  if (lists === null) return []
  const [rules, forbidden] = lists
  const guard = createGuard(rules)
  const faults: Fault[] = []
  for (const folder of [join(dir, 'scripts'), knowledgeDir])
    for (const name of await namesIn(folder)) {
      // What only the desk reads, and its buttons.
      if (/^(?:desk|labels)\./u.test(name)) continue
      const text = withoutTags(await readFile(join(folder, name), 'utf8'))
      const file = shown(join(folder, name))
      const verdict = guard.check(text, { amounts: [] })
      if (verdict) faults.push({ file, reason: `the guard would stop it (${verdict.fault}): “${verdict.found}”` })
      const found = forbidden(text)
      if (found !== null) faults.push({ file, reason: `“${found}” is the language of form letters` })
      if (/[!！]/u.test(text) && apologising.test(name))
        faults.push({ file, reason: 'nobody is shouted an apology at' })
    }
  return faults
}

const apologising = /^(?:complaint|promise|reopened|safety|check\.low|incident|released|used\.up)/u

/** The words alone: neither front matter nor headings nor Liquid's own. */
function withoutTags(text: string): string {
  return text
    .replace(/^---\r?\n[\s\S]*?\r?\n---\r?\n/u, '')
    .replace(/^(?:## |also:).*$/gmu, '')
    .replace(/\{%[^%]*%\}|\{\{[^}]*\}\}/gu, ' ')
}

async function exampleFaults(dir: string): Promise<Fault[]> {
  const sets = await loadExamples(dir)
  const missing = kinds
    .filter((kind) => !sets.some((set) => set.kind === kind && set.messages.length > 0))
    .map((kind) => ({ file: shown(join(dir, `${kind}.en.txt`)), reason: 'there is no example of it in any language' }))
  return [...missing, ...(await faultOf(dir, () => loadUndertones(dir)))]
}

async function faultOf(path: string, work: () => Promise<unknown>): Promise<Fault[]> {
  try {
    await work()
    return []
  } catch (error) {
    return [{ file: shown(path), reason: reasonOf(error) }]
  }
}

async function namesIn(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(() => [])
  return names.filter((name) => name.endsWith('.md'))
}

/** As one would open it from here. */
function shown(path: string): string {
  const near = relative('', path)
  return near === '' || near.startsWith('..') ? path : near
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
