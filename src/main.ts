/** The command line: `npm start`, and `npm run -s amends -- <command>`. A person's mistake is one sentence, never a stack. */
import { enableCompileCache } from 'node:module'
import { type Config, Refusal, readConfig } from './config.ts'
import { Malformed } from './domain/malformed.ts'

// What has been compiled once is kept, in the system's folder for such things: the next start takes half the time.
enableCompileCache()

const [name = 'start', ...args] = process.argv.slice(2)
const config = (): Config => readConfig(process.env)

/** Loaded one by one: each command brings its own part of the house. */
const commands: Record<string, () => Promise<void>> = {
  start: async () => (await import('./commands/start.ts')).startCommand(config(), args),
  classify: async () => (await import('./commands/classify.ts')).classifyCommand(config(), args),
  replay: async () => (await import('./commands/replay.ts')).replayCommand(config(), args),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(config, args),
  prompts: async () => (await import('./commands/prompts.ts')).promptsCommand(config(), args),
  export: async () => (await import('./commands/export.ts')).exportCommand(config(), args),
  forget: async () => (await import('./commands/forget.ts')).forgetCommand(config(), args),
  backup: async () => (await import('./commands/backup.ts')).backupCommand(config(), args),
  restore: async () => (await import('./commands/restore.ts')).restoreCommand(config(), args),
  trace: async () => (await import('./commands/trace.ts')).traceCommand(config(), args),
  help: async () => void process.stdout.write(`${list}\n`),
}
const list = `The commands are ${Object.keys(commands).join(', ').replace('prompts', 'prompts check')}; the README tells what each does.`

// Whoever reads may stop reading, as `head` does: then there is nobody left to tell, but a bot has its work.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  if (name !== 'start') process.exit(0)
})

try {
  const known = /^(?:-h|--help)$/u.test(name) ? 'help' : name
  const command = Object.hasOwn(commands, known) ? commands[known] : undefined
  if (!command) throw new Refusal(`There is no command ${name}. ${list}`)
  await command()
} catch (error) {
  if (!(error instanceof Refusal || error instanceof Malformed)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = name === 'replay' ? 2 : 1
}
