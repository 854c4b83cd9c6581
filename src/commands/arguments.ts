/** What stands after a command: positionals and options, or a refusal that shows how it is written. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { Refusal } from '../config.ts'

/** `usage` is the command as one writes it, with a capital word for each positional: `export CUSTOMER [--out FILE]`. */
export function argumentsOf<O extends ParseArgsOptionsConfig>(args: string[], usage: string, options: O) {
  const wanted = usage.replace(/\[.*?\]/gu, '').match(/\b[A-Z]+\b/gu)?.length ?? 0
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options })
    if (positionals.length === wanted && positionals.every((one) => one !== '')) return { values, positionals }
  } catch {
    // An unknown option, or one without its value: told in the same words.
  }
  throw new Refusal(`write: ${usage}`)
}

/** `<channel>:<workspace>:<user>`. A name on the web may hold spaces. */
const customerForm = /^(?:slack|discord|web):[^:\s]+:\S(?:.*\S)?$/u

export function customerOf(text: string | undefined): string {
  if (text === undefined || !customerForm.test(text))
    throw new Refusal(`“${text}” is no customer: write <channel>:<workspace>:<user>, as slack:T01:U02 or web:-:ada`)
  return text
}
