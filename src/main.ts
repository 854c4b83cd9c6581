/** The command line: `npm start`, and `npm run -s amends -- <command>`. A person's mistake is one sentence, never a stack. */
import { Refusal, readConfig } from './config.ts'

const [command = 'start', ...args] = process.argv.slice(2)

try {
  await run(command, args)
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = command === 'replay' ? 2 : 1
}

async function run(name: string, rest: string[]): Promise<void> {
  switch (name) {
    case 'start':
      return await (await import('./commands/start.ts')).startCommand(readConfig(process.env))
    case 'replay':
      return await (await import('./commands/replay.ts')).replayCommand(readConfig(process.env), rest)
    default:
      throw new Refusal(`there is no command ${name}`)
  }
}
