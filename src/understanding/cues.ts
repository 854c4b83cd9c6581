import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Malformed } from '../domain/malformed.ts'
import { firstsOf } from './firsts.ts'
import { fold, isWord } from './fold.ts'
import { addHarm, type Harm } from './harm.ts'
import { headsOf } from './heads.ts'
import { addSenses, inflectSenses, type Senses } from './senses.ts'

/** One place in a message where a cue of `prompts/cues/` stands. `key` is the word before the colon, or empty. */
export interface Hit {
  signal: string
  key: string
  start: number
  end: number
}

/** A cue file as it lies on disk: `signal.language.txt`. */
export interface CueFile {
  name: string
  text: string
}

export interface Cues {
  signals: string[]
  /** Phrases by their first word, or first character in Chinese; longest first. */
  phrases: Map<string, Phrase[]>
  /** Expressions by the words they can begin with, and those that may match anywhere. */
  headed: Map<string, Pattern[]>
  patterns: Pattern[]
  /** Those of the latter of which it is known with which characters they can begin, by these. */
  begun: Map<string, Pattern[]>
  /** The lists of `sense.<language>.txt`: what sort of word a word is. They give no hits. */
  senses: Senses
  /** The lists of `harm.<language>.txt`: what parts words play where harm is told. No hits either. */
  harm: Harm
}

interface Phrase {
  signal: string
  key: string
  text: string
}

interface Pattern {
  signal: string
  key: string
  regex: RegExp
  script: 'han' | 'latin'
  /** Can it begin with any character? */
  anywhere: boolean
  /** Looks at where a text begins or ends, so a clause of it is another matter than the text. */
  anchored: boolean
}

/** Lists that tell what words are, and give no hits. */
const lexicons = ['sense', 'harm']

/** All cue files of a folder, by name; an absent folder is an empty one. */
export async function loadCueFiles(folder: string): Promise<CueFile[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const wanted = names.filter((name) => /^(?!guard-|same\.)[\w-]+\.[\w-]+\.txt$/.test(name)).sort()
  return Promise.all(wanted.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })))
}

/**
 * Lines to look for. A line is a phrase, `/a regular expression/` over folded text, or `key: one | another` where the
 * parts are phrases or expressions. `#` opens a comment. Throws an Error that names file, line and reason.
 */
export function compileCues(files: CueFile[]): Cues {
  const senses: Senses = { sorts: new Map(), longest: new Map() }
  const cues: Cues = {
    signals: [],
    phrases: new Map(),
    headed: new Map(),
    patterns: [],
    begun: new Map(),
    senses,
    harm: new Map(),
  }
  for (const file of files) {
    const [signal = '', language = ''] = file.name.split('.')
    if (!lexicons.includes(signal) && !cues.signals.includes(signal)) cues.signals.push(signal)
    file.text.split('\n').forEach((line, index) => {
      const written = line.trim()
      if (written === '' || written.startsWith('#')) return
      addLine(cues, signal, language, written, `${file.name}:${index + 1}`)
    })
  }
  inflectSenses(cues.senses)
  for (const list of cues.phrases.values()) list.sort((a, b) => b.text.length - a.text.length)
  return cues
}

function addLine(cues: Cues, signal: string, language: string, line: string, place: string): void {
  const keyed = /^([a-z_]+):\s+(.+)$/.exec(line)
  const key = keyed?.[1] ?? ''
  const parts = keyed?.[2] ? keyed[2].split(/ \| /) : [line]
  if (signal === 'sense') return addSenses(cues.senses, key, parts)
  if (signal === 'harm') return addHarm(cues.harm, key, parts)
  for (const part of parts) {
    const text = part.trim()
    if (text.startsWith('/') && text.endsWith('/') && text.length > 2) {
      addPattern(cues, { signal, key }, language, expression(text.slice(1, -1), place))
    } else addPhrase(cues, signal, key, fold(text).trim().replace(/ +/g, ' '))
  }
}

function addPattern(cues: Cues, name: { signal: string; key: string }, language: string, source: string): void {
  const heads = headsOf(source)
  const script = language.startsWith('zh') ? 'han' : 'latin'
  const regex = new RegExp(source, heads ? 'y' : 'g')
  const firsts = heads ? null : firstsOf(source)
  const anchored = /(?<![\\[])[\^$]/.test(source)
  const pattern: Pattern = { ...name, regex, script, anywhere: firsts === null, anchored }
  if (!heads) cues.patterns.push(pattern)
  for (const first of firsts ?? []) cues.begun.set(first, [...(cues.begun.get(first) ?? []), pattern])
  for (const head of new Set(heads)) cues.headed.set(head, [...(cues.headed.get(head) ?? []), pattern])
}

function expression(source: string, place: string): string {
  // Its characters are folded like the text it will meet, but not its escapes: `\\B` must not turn into `\\b`.
  const folded = source.replace(/\\.|[^\\]+/g, (part) => (part.startsWith('\\') ? part : fold(part)))
  try {
    new RegExp(folded)
    return folded
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Malformed(`prompts/cues/${place}: this expression cannot be read: ${reason}`)
  }
}

function addPhrase(cues: Cues, signal: string, key: string, text: string): void {
  if (text === '') return
  const variants = text.includes("'") ? [text, text.replaceAll("'", '')] : [text]
  // The things of a trade are listed in the singular.
  if (signal === 'thing' && /[a-z]$/.test(text) && !text.endsWith('s')) variants.push(`${text}s`)
  for (const variant of variants) {
    const head = headAt(variant, 0)
    const list = cues.phrases.get(head)
    if (list) list.push({ signal, key, text: variant })
    else cues.phrases.set(head, [{ signal, key, text: variant }])
  }
}

/** Every cue in a folded text, in order of place; of one list's phrases at one place only the longest. */
export function findHits(cues: Cues, folded: string): Hit[] {
  const hits: Hit[] = []
  for (let at = 0; at < folded.length; ) {
    const head = headAt(folded, at)
    phrasesAt(cues, folded, at, head, hits)
    headedAt(cues, folded, at, head, hits)
    at += Math.max(1, head.length)
  }
  const likely = likelyIn(cues, folded)
  for (const pattern of cues.patterns) if (likely(pattern)) addMatches(pattern, folded, hits)
  return hits.sort((a, b) => a.start - b.start)
}

/** The cues of one clause, out of those of the whole text; their places count from the clause's beginning. */
export function hitsWithin(cues: Cues, folded: string, hits: Hit[], start: number, end: number): Hit[] {
  const inside = hits
    .filter((hit) => hit.start >= start && hit.end <= end)
    .map((hit) => ({ ...hit, start: hit.start - start, end: hit.end - start }))
  const part = folded.slice(start, end)
  const likely = likelyIn(cues, part)
  for (const pattern of cues.patterns) if (pattern.anchored && likely(pattern)) addMatches(pattern, part, inside)
  return inside
}

/** Which patterns can match at all: by their script, and by what they begin with. */
function likelyIn(cues: Cues, folded: string): (pattern: Pattern) => boolean {
  const scripts = { han: /[\u3400-\u9fff]/.test(folded), latin: /[a-z]/.test(folded) }
  const begun = new Set<Pattern>()
  for (const unit of new Set(folded)) for (const pattern of cues.begun.get(unit) ?? []) begun.add(pattern)
  return (pattern) => scripts[pattern.script] && (pattern.anywhere || begun.has(pattern))
}

// `matchAll` would copy the expression at each call, which takes several times what looking does.
function addMatches({ signal, key, regex }: Pattern, folded: string, hits: Hit[]): void {
  regex.lastIndex = 0
  for (let match = regex.exec(folded); match !== null; match = regex.exec(folded)) {
    if (match[0] === '') regex.lastIndex++
    else hits.push({ signal, key, start: match.index, end: regex.lastIndex })
  }
}

function phrasesAt(cues: Cues, folded: string, at: number, head: string, hits: Hit[]): void {
  const list = cues.phrases.get(head)
  if (!list) return
  const from = hits.length
  for (const { signal, key, text } of list) {
    if (!folded.startsWith(text, at) || !endsWhole(folded, at + text.length)) continue
    const known = hits.slice(from).some((hit) => hit.signal === signal && hit.key === key)
    if (!known) hits.push({ signal, key, start: at, end: at + text.length })
  }
}

function headedAt(cues: Cues, folded: string, at: number, head: string, hits: Hit[]): void {
  for (const { signal, key, regex } of cues.headed.get(head) ?? []) {
    regex.lastIndex = at
    if (regex.test(folded)) hits.push({ signal, key, start: at, end: regex.lastIndex })
  }
}

function headAt(text: string, at: number): string {
  let end = at
  while (end < text.length && isWord(text.charCodeAt(end)) && end - at < 40) end++
  return end > at ? text.slice(at, end) : (text[at] ?? '')
}

function endsWhole(text: string, end: number): boolean {
  return end >= text.length || !isWord(text.charCodeAt(end)) || !isWord(text.charCodeAt(end - 1))
}
