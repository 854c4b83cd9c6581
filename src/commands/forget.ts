/** `forget CUSTOMER`: erases a person; what stays are counts and an audit line under a random id. */
import { systemClock } from '../clock.ts'
import { type Config, Refusal } from '../config.ts'
import { forget } from '../store/person.ts'
import { keepIn } from '../store/settings.ts'
import { argumentsOf, customerOf } from './arguments.ts'
import { withStore } from './database.ts'

export async function forgetCommand(config: Config, args: string[]): Promise<void> {
  const customer = customerOf(argumentsOf(args, 'forget CUSTOMER', {}).positionals[0])
  const counts = await withStore(config, async (store) => {
    const clock = await systemClock(keepIn(store.read, 'clock'))
    return await forget(store, customer, clock.now())
  })
  if (Object.keys(counts).length === 0) throw new Refusal(`nothing is known of ${customer}`)
  const { messages = 0, files = 0, outbox = 0, cases = 0 } = counts
  process.stdout.write(
    `${customer} is forgotten: ${messages} messages, ${files} files and ${outbox} messages of ours are erased, ${cases} cases are left as numbers\n`,
  )
}
