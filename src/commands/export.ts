/** `export CUSTOMER [--out FILE]`: all that is known of a person, as JSON. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { systemClock } from '../clock.ts'
import { type Config, Refusal } from '../config.ts'
import { countsOf, tell } from '../store/person.ts'
import { keepIn } from '../store/settings.ts'
import { argumentsOf, customerOf } from './arguments.ts'
import { codeOf, withStore } from './database.ts'
import { print } from './print.ts'
import { createProgress } from './progress.ts'

export async function exportCommand(config: Config, args: string[]): Promise<void> {
  const usage = 'export CUSTOMER [--out FILE]'
  const { values, positionals } = argumentsOf(args, usage, { out: { type: 'string' } })
  const customer = customerOf(positionals[0])
  await withStore(config, async (store) => {
    const counts = await countsOf(store.read, customer)
    const rows = Object.values(counts).reduce((sum, n) => sum + n, 0)
    if (rows === 0) throw new Refusal(`nothing is known of ${customer}`)
    const clock = await systemClock(keepIn(store, 'clock'))
    const output = values.out === undefined ? { write: print, keep() {}, drop() {} } : intoFile(resolve(values.out))
    const progress = createProgress()
    try {
      const exportedAt = new Date(clock.now()).toISOString()
      await output.write(`{\n"customer": ${JSON.stringify(customer)},\n"exportedAt": "${exportedAt}"`)
      let end = ''
      let first = true
      let written = 0
      await tell(store, customer, {
        async table(name) {
          await output.write(`${end},\n"${name}": [`)
          end = ']'
          first = true
        },
        async row(row) {
          await output.write(`${first ? '' : ','}\n${JSON.stringify(row)}`)
          first = false
          written += 1
          progress.tell(`exporting: ${written} of ${rows}`)
        },
      })
      await output.write(`${end}\n}\n`)
      output.keep()
    } catch (error) {
      output.drop()
      throw error
    } finally {
      progress.done()
    }
  })
}

/** A new file that only its owner may read; half of it is not left behind. */
function intoFile(file: string) {
  const handle = open(file)
  return {
    write: async (text: string) => void writeSync(handle, text),
    keep: () => closeSync(handle),
    drop() {
      closeSync(handle)
      rmSync(file, { force: true })
    },
  }
}

function open(file: string): number {
  try {
    return openSync(file, 'wx', 0o600)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new Refusal(`${file} exists already: name a file that does not`)
    const reason = error instanceof Error ? error.message : String(error)
    throw new Refusal(`${file} cannot be written: ${codeOf(error) === 'ENOENT' ? 'there is no such folder' : reason}`)
  }
}
