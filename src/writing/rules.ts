/** The guard's words, from `prompts/cues/<fault>.<language>.txt`: a phrase or `/a regular expression/` a line. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { locales } from '../domain/customer.ts'
import { faults, type Rule } from '../domain/guard.ts'
import { Malformed } from '../domain/malformed.ts'

export async function loadRules(dir: string): Promise<Rule[]> {
  const rules: Rule[] = []
  for (const fault of faults)
    for (const locale of locales)
      for (const pattern of await patternsOf(dir, `guard-${fault}.${locale}.txt`)) rules.push({ fault, pattern })
  return rules
}

/**
 * A list of its own beside the guard's: `unsaid`, the customer's words that are not said back, and `forbidden`, what no
 * script of ours says. Finds the first of its words in a text, or null.
 */
export async function loadPhrases(dir: string, list: 'unsaid' | 'forbidden'): Promise<(text: string) => string | null> {
  const files = await Promise.all(locales.map((locale) => patternsOf(dir, `guard-${list}.${locale}.txt`)))
  const patterns = files.flat()
  return (text) => {
    const plain = text.toLowerCase().replaceAll('’', "'")
    for (const pattern of patterns) {
      const found = pattern.exec(plain)?.[0]
      if (found !== undefined) return found
    }
    return null
  }
}

async function patternsOf(dir: string, name: string): Promise<RegExp[]> {
  const file = join(dir, name)
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').flatMap((line, i) => {
    const cue = line.trim()
    return cue === '' || cue.startsWith('#') ? [] : [patternOf(cue, `${file}:${i + 1}`)]
  })
}

function patternOf(cue: string, at: string): RegExp {
  const source = /^\/(.+)\/$/u.exec(cue)?.[1]
  try {
    if (source !== undefined) return new RegExp(source, 'u')
    const words = cue
      .toLowerCase()
      .replaceAll('’', "'")
      .replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')
    // A Latin phrase stands between word ends; Chinese has none.
    return /[a-z]/u.test(words) ? new RegExp(`(?<![a-z])${words}(?![a-z])`, 'u') : new RegExp(words, 'u')
  } catch (error) {
    throw new Malformed(`${at}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
