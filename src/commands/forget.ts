/** `forget CUSTOMER`: erases a person; what stays are counts and an audit line under a random id. */
import { systemClock } from '../clock.ts'
import { type Config, Refusal } from '../config.ts'
import { forget } from '../store/person.ts'
import { keepIn } from '../store/settings.ts'
import { argumentsOf, customerOf } from './arguments.ts'
import { withStore } from './database.ts'
import { number } from './number.ts'

export async function forgetCommand(config: Config, args: string[]): Promise<void> {
  const customer = customerOf(argumentsOf(args, 'forget CUSTOMER', {}).positionals[0])
  const counts = await withStore(config, async (store) => {
    const clock = await systemClock(keepIn(store, 'clock'))
    return await forget(store, customer, clock.now())
  })
  if (Object.keys(counts).length === 0) throw new Refusal(`nothing is known of ${customer}`)
  const { messages = 0, files = 0, outbox = 0, cases = 0 } = counts
  const erased = `${number(messages, 'message')} of theirs, ${number(outbox, 'message')} of ours and ${number(files, 'file')}`
  const left = cases === 0 ? '' : `; of ${number(cases, 'case')} only numbers are left`
  process.stdout.write(`${customer} is forgotten: ${erased} are erased${left}\n`)
}
