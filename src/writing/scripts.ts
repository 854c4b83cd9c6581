/** Scripts: what admins write in `prompts/scripts/`, parsed, checked and versioned. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Liquid, type Template } from 'liquidjs'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { type Locale, locales } from '../domain/customer.ts'
import { Malformed } from '../domain/malformed.ts'
import { moments, onceOnly, pieces } from '../domain/moments.ts'

export interface Variant {
  name: string
  source: string
  /** In the file, of the source's first line. */
  line: number
  /** Compiled when it is first said: nine hundred of them at start would cost time and memory that most never earn. */
  template: Template[] | null
}

/** One script in one language. `version` is the beginning of its text's hash: what was said can be told from what is said now. */
export interface Script {
  moment: string
  locale: Locale
  version: string
  variables: string[]
  variants: Variant[]
}

export interface Scripts {
  get(moment: string, locale: Locale): Script
  /** Renders one variant. Throws with file and variant when it cannot. */
  render(script: Script, variant: Variant, values: Record<string, unknown>): string
}

/** A file that cannot serve: which, where, why (DESIGN: the last good text stays in force). */
export interface Fault {
  file: string
  reason: string
}

// Milliseconds and characters: a pause of the collector must not cost a turn, an endless loop must not cost the process.
const renderAtMost = { renderLimit: 1000, memoryLimit: 1_000_000 }

export function liquid(): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    lenientIf: true,
    templates: {},
    ...renderAtMost,
  })
  engine.registerFilter('sentence', (text: unknown) => sentence(String(text ?? '')))
  engine.registerFilter('ordinal', (n: unknown) => ordinals[Number(n)] ?? `${n}th`)
  return engine
}

const ordinals = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']

function sentence(text: string): string {
  const [first = ''] = text
  return first.toUpperCase() + text.slice(first.length)
}

const frontMatter = z.strictObject({ variables: z.array(z.string()) })

export interface LoadedScripts {
  scripts: Scripts
  faults: Fault[]
  /** The texts now in force, by file: what serves when a file is broken the next time. */
  good: Good
}

/** File names to the texts that last parsed. */
export type Good = Readonly<Record<string, string>>

/** Reads a folder of scripts. A file that does not parse, or has gone, is named among the faults, and its last good text serves. */
export async function loadScripts(dir: string, lastGood: Good = {}): Promise<LoadedScripts> {
  const engine = liquid()
  const faults: Fault[] = []
  const found = new Map<string, Script>()
  const good: Record<string, string> = {}
  const there = (await readdir(dir)).filter((name) => name.endsWith('.md'))
  const gone = Object.keys(lastGood).filter((file) => isAskedFor(file) && !there.includes(file))
  for (const file of gone) faults.push({ file, reason: 'is missing' })
  for (const file of [...there, ...gone].toSorted()) {
    const [moment, locale] = nameOf(file)
    if (moment === null || locale === null) {
      faults.push({ file, reason: 'name it <moment>.<locale>.md, with a locale of en, zh-TW or zh-CN' })
      continue
    }
    for (const text of [gone.includes(file) ? undefined : await readFile(join(dir, file), 'utf8'), lastGood[file]]) {
      if (text === undefined) continue
      const script = tryParse(engine, text, moment, locale, text === lastGood[file])
      if ('reason' in script) {
        faults.push({ file, reason: script.reason })
        continue
      }
      found.set(`${moment}.${locale}`, script)
      good[file] = text
      break
    }
  }
  return { scripts: scriptsOf(engine, found), faults, good }
}

function tryParse(
  engine: Liquid,
  text: string,
  moment: string,
  locale: Locale,
  isKnownGood: boolean,
): Script | { reason: string } {
  try {
    return parseScript(engine, text, moment, locale, isKnownGood)
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) }
  }
}

function scriptsOf(engine: Liquid, found: Map<string, Script>): Scripts {
  return {
    get(moment, locale) {
      const script = found.get(`${moment}.${locale}`) ?? found.get(`${moment}.en`)
      if (!script)
        throw new Malformed(
          `prompts/scripts/${moment}.${locale}.md is missing: run "npm run -s amends -- prompts check"`,
        )
      return script
    },
    render(script, variant, values) {
      try {
        variant.template ??= engine.parse(variant.source)
        const text: unknown = engine.renderSync(variant.template, values)
        return String(text)
          .trim()
          .replace(/[ \t]*\n[ \t]*/gu, '\n')
      } catch (error) {
        throw new Malformed(`prompts/scripts/${script.moment}.${script.locale}.md: ${faultIn(variant, error)}`)
      }
    },
  }
}

/** `isKnownGood`: the very text was parsed before, so its templates need no second look. */
export function parseScript(engine: Liquid, text: string, moment: string, locale: Locale, isKnownGood = false): Script {
  const [, front, body] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/u.exec(text) ?? []
  if (front === undefined || body === undefined)
    throw new Error('it must begin with front matter between two lines of ---')
  const parsed = frontMatter.safeParse(parseYaml(front))
  if (!parsed.success) throw new Error('the front matter needs "variables: [...]" and nothing else')
  const variants = variantsIn(body, linesOf(text.slice(0, text.length - body.length)))
  if (variants.length === 0) throw new Error('it has no variant: each begins with a line "## name"')
  const empty = variants.find((variant) => variant.source === '')
  if (empty) throw new Error(`the variant “${empty.name}” has no text`)
  const version = createHash('sha256').update(text).digest('hex').slice(0, 8)
  const { variables } = parsed.data
  const given: readonly string[] | undefined = isMoment(moment) ? moments[moment] : undefined
  const unknown = given && variables.find((name) => !given.includes(name))
  if (unknown !== undefined)
    throw new Error(`nobody gives the variable ${unknown}: this moment has ${given?.join(', ') || 'none'}`)
  if (!isKnownGood) for (const variant of variants) tryVariant(engine, variant, variables)
  return { moment, locale, version, variables, variants }
}

/** `line` is the first of the body in its file. */
function variantsIn(body: string, line: number): Variant[] {
  const [before = '', ...sections] = body.split(/^## +/mu)
  let at = line + linesOf(before) - 1
  return sections.map((section) => {
    const [name = '', ...lines] = section.split('\n')
    const blank = Math.max(
      0,
      lines.findIndex((text) => text.trim() !== ''),
    )
    const variant = { name: name.trim(), source: lines.join('\n').trim(), line: at + 1 + blank, template: null }
    at += linesOf(section) - 1
    return variant
  })
}

function linesOf(text: string): number {
  return text.split('\n').length
}

/** Parsed, and said once with nothing known: what loops without end shows itself here, not in front of a customer. */
function tryVariant(engine: Liquid, variant: Variant, variables: readonly string[]): void {
  let undeclared: string | undefined
  try {
    const template = engine.parse(variant.source)
    undeclared = engine.globalVariablesSync(template).find((used) => !variables.includes(used))
    if (undeclared === undefined) engine.renderSync(template, Object.fromEntries(variables.map((name) => [name, null])))
  } catch (error) {
    throw new Error(faultIn(variant, error))
  }
  if (undeclared !== undefined)
    throw new Error(`the variant “${variant.name}” uses ${undeclared}, which the front matter does not declare`)
}

/** Liquid counts lines from the variant's first; people from the file's. */
function faultIn({ name, line }: Variant, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error)
  const told = reason.replace(/, line:(\d+)(?:, col:\d+)?/u, (_, n) => `, line ${Number(n) + line - 1}`)
  return `“${name}”: ${told}`
}

/** Is it one of the scripts that this version says? Others may come and go. */
function isAskedFor(file: string): boolean {
  const [moment] = nameOf(file)
  return moment !== null && (isMoment(moment) || moment in pieces)
}

function isMoment(name: string): name is keyof typeof moments {
  return name in moments
}

function nameOf(file: string): [string | null, Locale | null] {
  const stem = file.slice(0, -'.md'.length)
  const locale = locales.find((known) => stem.endsWith(`.${known}`)) ?? null
  return [locale === null ? null : stem.slice(0, -locale.length - 1), locale]
}

/** What is wrong with a set of scripts: missing files, variables that nobody gives, headings that nobody asks for. */
export function checkScripts(scripts: Scripts): Fault[] {
  const faults: Fault[] = []
  for (const locale of locales) {
    for (const [moment, variables] of Object.entries(moments))
      faults.push(...checkMoment(scripts, moment, locale, variables))
    for (const [name, headings] of Object.entries(pieces)) {
      if (locale !== 'en' && onceOnly.has(name)) continue
      const script = tryGet(scripts, name, locale)
      const file = `${name}.${locale}.md`
      if (script === null) faults.push({ file, reason: 'is missing' })
      else
        for (const heading of headings)
          if (!script.variants.some((variant) => variant.name === heading))
            faults.push({ file, reason: `has no heading ${heading}` })
    }
  }
  return faults
}

function checkMoment(scripts: Scripts, moment: string, locale: Locale, variables: readonly string[]): Fault[] {
  const file = `${moment}.${locale}.md`
  const script = tryGet(scripts, moment, locale)
  if (script === null) return [{ file, reason: 'is missing' }]
  const faults: Fault[] = []
  const values = Object.fromEntries(variables.map((name) => [name, null]))
  for (const variant of script.variants)
    try {
      scripts.render(script, variant, values)
    } catch (error) {
      faults.push({ file, reason: error instanceof Error ? error.message : String(error) })
    }
  return faults
}

function tryGet(scripts: Scripts, moment: string, locale: Locale): Script | null {
  try {
    const script = scripts.get(moment, locale)
    return script.locale === locale ? script : null
  } catch {
    return null
  }
}
