/** The guard's words, from `prompts/cues/<fault>.<language>.txt`: a phrase or `/a regular expression/` a line. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { locales } from '../domain/customer.ts'
import { faults, type Rule } from '../domain/guard.ts'

export async function loadRules(dir: string): Promise<Rule[]> {
  const rules: Rule[] = []
  for (const fault of faults)
    for (const locale of locales) {
      const file = join(dir, `guard-${fault}.${locale}.txt`)
      const text = await readFile(file, 'utf8').catch(() => '')
      text.split('\n').forEach((line, i) => {
        const cue = line.trim()
        if (cue === '' || cue.startsWith('#')) return
        rules.push({ fault, pattern: patternOf(cue, `${file}:${i + 1}`) })
      })
    }
  return rules
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
    throw new Error(`${at}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
