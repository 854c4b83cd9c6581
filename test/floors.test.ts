/** The floor plan (DESIGN): who may import whom, each SDK in its one place, time and types kept honest. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

interface Import {
  of: string
  /** `import type`, or braces that hold nothing but types. */
  typeOnly: boolean
}

interface File {
  path: string
  text: string
  code: string
  imports: Import[]
}

const files: File[] = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => {
    const full = join(entry.parentPath, entry.name)
    const text = readFileSync(full, 'utf8')
    return {
      path: relative(root, full).split(sep).join('/'),
      text,
      code: withoutComments(text),
      imports: importsOf(text),
    }
  })
  .toSorted((a, b) => (a.path < b.path ? -1 : 1))

function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//gu, (comment) => comment.replace(/[^\n]/gu, ' '))
    .replace(/(^|\s)\/\/.*$/gmu, '$1')
}

function importsOf(text: string): Import[] {
  const found: Import[] = []
  for (const [, words = '', of = ''] of text.matchAll(/^(?:import|export)\s+([^'"]*?)\s*from\s+['"]([^'"]+)['"]/gmu)) {
    const inBraces = /^\{([\s\S]*)\}$/u.exec(words.trim())?.[1]
    const names = inBraces?.split(',').map((name) => name.trim()) ?? []
    const allTypes = inBraces !== undefined && names.every((name) => name === '' || name.startsWith('type '))
    found.push({ of, typeOnly: words.startsWith('type ') || allTypes })
  }
  for (const [, of = ''] of text.matchAll(/^import\s+['"]([^'"]+)['"]/gmu)) found.push({ of, typeOnly: false })
  for (const [, of = ''] of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/gu)) found.push({ of, typeOnly: false })
  return found
}

/** The floor, or the top-level file, that a path of ours stands on: `domain`, `channels/web`, `clock.ts`. */
function floorOf(path: string): string {
  const [, floor = '', room = ''] = path.split('/')
  return floor === 'channels' ? `channels/${room}` : floor
}

function targetOf(file: File, { of }: Import): string | null {
  return of.startsWith('.')
    ? normalize(join(dirname(file.path), of))
        .split(sep)
        .join('/')
    : null
}

/** A floor, and the floors that it stands on besides itself. `type` ones may be named in types only. */
const plan: Record<string, { on: string[]; type?: string[] }> = {
  domain: { on: [] },
  store: { on: ['domain'] },
  understanding: { on: ['domain'] },
  writing: { on: ['domain'] },
  engine: { on: ['domain', 'store', 'writing'], type: ['understanding'] },
  'channels/slack': { on: ['domain'] },
  'channels/discord': { on: ['domain'] },
  'channels/web': { on: ['domain'] },
}

/** The top floor: it wires everything and knows everybody, and nobody below knows it. */
const above = [
  'main.ts',
  'wiring.ts',
  'rehearsal.ts',
  'worker.ts',
  'config.ts',
  'log.ts',
  'metrics.ts',
  'clock.ts',
  'model.ts',
  'spending.ts',
  'embedding.ts',
  'intime.ts',
]

test.each(Object.entries(plan))('%s imports only what it stands on', (floor, { on, type = [] }) => {
  const wrong = files
    .filter((file) => floorOf(file.path) === floor)
    .flatMap((file) =>
      file.imports.flatMap((imported) => {
        const target = targetOf(file, imported)
        if (target === null) return []
        const to = floorOf(target)
        if (to === floor || on.includes(to) || (imported.typeOnly && type.includes(to))) return []
        return [`${file.path} imports ${target}`]
      }),
    )
  expect(wrong).toEqual([])
})

test('every file stands on a floor of the plan', () => {
  const known = [...Object.keys(plan), ...above, 'commands']
  expect(files.filter((file) => !known.includes(floorOf(file.path))).map((file) => file.path)).toEqual([])
})

test('the domain has three packages and no I/O', () => {
  const allowed = ['zod', 'temporal-polyfill', 'date-holidays']
  const wrong = files
    .filter((file) => floorOf(file.path) === 'domain')
    .flatMap((file) =>
      file.imports
        .filter(({ of }) => !of.startsWith('.') && !allowed.includes(packageOf(of)))
        .map(({ of }) => `${file.path} imports ${of}`),
    )
  expect(wrong).toEqual([])
})

test('the seams of domain/ports.ts name only the domain', () => {
  const ports = files.find((file) => file.path === 'src/domain/ports.ts')
  expect(ports?.imports.every((imported) => imported.typeOnly && imported.of.startsWith('./'))).toBe(true)
})

/** An SDK, or a family of them, and the one place that may name it; the tables of opencc tell scripts apart in both rooms of language. */
const homes: [RegExp, string][] = [
  [/^(?:kysely|pg|better-sqlite3|graphile-worker|keyv|@keyv\/.+)$/u, 'src/store/'],
  [/^(?:hono|@hono\/.+)$/u, 'src/channels/web/'],
  [/^(?:@slack\/.+|undici)$/u, 'src/channels/slack/'],
  [/^(?:discord\.js|@discordjs\/.+)$/u, 'src/channels/discord/'],
  [/^openai$/u, 'src/model.ts'],
  [/^(?:liquidjs|minisearch)$/u, 'src/writing/'],
  [/^opencc-js$/u, 'src/understanding/ src/writing/'],
  [/^prom-client$/u, 'src/metrics.ts'],
  [/^pino$/u, 'src/log.ts'],
]

function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}

test.each(homes)('%s is named only in %s', (sdk, home) => {
  const wrong = files
    .filter((file) => !home.split(' ').some((room) => file.path.startsWith(room)))
    .flatMap((file) =>
      file.imports
        .filter(({ of }) => !of.startsWith('.') && sdk.test(packageOf(of)))
        .map(({ of }) => `${file.path} imports ${of}`),
    )
  expect(wrong).toEqual([])
})

/** Habit 9: time is an argument. Those beyond the clock count real milliseconds of a real caller or of a real fault. */
const clocks = [
  ...['src/main.ts', 'src/clock.ts', 'src/commands/', 'src/channels/web/rate.ts', 'src/store/cache.ts'],
  ...['src/model.ts', 'src/embedding.ts'],
]

test('nobody reads the time behind our backs', () => {
  const wrong = linesWith(
    files.filter((file) => !clocks.some((allowed) => file.path.startsWith(allowed))),
    /\bDate\.now\(\)|\bnew Date\(\)|\bTemporal\.Now\b|\bperformance\.now\(\)/u,
  )
  expect(wrong).toEqual([])
})

test('chance is an argument in the rules', () => {
  const domain = files.filter((file) => floorOf(file.path) === 'domain')
  expect(linesWith(domain, /\bMath\.random\(\)|\brandomUUID\(/u)).toEqual([])
})

test('no any, except where a biome-ignore gives the reason', () => {
  const wrong = linesWith(files, /\bas any\b|:\s*any\b(?!\s*['"`])|<any\b/u, (before) =>
    /biome-ignore .+: \S/u.test(before),
  )
  expect(wrong).toEqual([])
})

/** Lines of code that match, as `path:line`; `excused` looks at the line before, comments included. */
function linesWith(among: File[], pattern: RegExp, excused: (before: string) => boolean = () => false): string[] {
  return among.flatMap(({ path, text, code }) => {
    const written = text.split('\n')
    return code.split('\n').flatMap((line, i) => {
      return pattern.test(line) && !excused(written[i - 1] ?? '') ? [`${path}:${i + 1} ${line.trim()}`] : []
    })
  })
}

const longestFile = 350

test(`no file is longer than ${longestFile} lines`, () => {
  const long = files.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
  expect(long.filter(({ lines }) => lines > longestFile)).toEqual([])
})

test('the plan is tested on real files: imports are found', () => {
  const imported = files.flatMap((file) => file.imports.map(({ of }) => of))
  expect(imported).toEqual(expect.arrayContaining(['kysely', 'zod', '@keyv/redis', './commands/start.ts']))
})
