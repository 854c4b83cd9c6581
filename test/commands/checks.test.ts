import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { promptsShipped } from '../../src/wiring.ts'
import { folder } from '../store/ground.ts'
import { refusal, run } from './run.ts'

const { path, remove } = folder()
afterAll(remove)
const env = { DATABASE_URL: `sqlite:${path}/amends.db`, PORT: '0' }

/** The shipped prompts with a fault of every sort. */
function faulty(): string {
  const dir = join(path, 'prompts')
  cpSync(promptsShipped, dir, { recursive: true })
  const write = (name: string, text: string) => writeFileSync(join(dir, name), text)
  rmSync(join(dir, 'scripts', 'hello.zh-TW.md'))
  write('scripts/complaint.en.md', '---\nvariables: [mattter]\n---\n\n## plain\n{{ mattter }}\n')
  write('scripts/hello.fr.md', '---\nvariables: []\n---\n## un\nBonjour\n')
  write('policy.yaml', 'quiet:\n  seconds: -1\nhours: sometimes\n')
  write('knowledge/hours.en.md', 'no front matter\n')
  write('scripts/closing.en.md', '---\nvariables: []\n---\n## plain\nRest assured, dear friend.\n')
  write('scripts/promise.en.md', '---\nvariables: []\n---\n## plain\nSo sorry! You should have read the terms.\n')
  write('cues/angry.en.txt', 'furious\n/(/\n')
  write('cues/human.en.txt', '/[/\n')
  for (const name of readdirSync(join(dir, 'examples')))
    if (name.startsWith('praise.')) rmSync(join(dir, 'examples', name))
  return dir
}

test('the shipped prompts have no fault; of faulty ones each is named with its file and reason', async () => {
  expect(await run(['prompts', 'check'], { env })).toMatchObject({ code: 0, err: '' })
  const dir = faulty()
  const { code, out, err } = await run(['prompts', 'check'], { env: { ...env, PROMPTS_DIR: dir } })
  const lines = out.trimEnd().split('\n')
  for (const fault of [
    /^✗ .*scripts\/hello\.zh-TW\.md: is missing$/,
    /^✗ .*scripts\/complaint\.en\.md: nobody gives the variable mattter/,
    /^✗ .*scripts\/hello\.fr\.md: name it /,
    /^✗ .*policy\.yaml: quiet\.seconds: /,
    /^✗ .*policy\.yaml: hours: /,
    /^✗ .*knowledge.*hours\.en\.md/,
    /^✗ .*angry\.en\.txt:2/,
    /^✗ .*human\.en\.txt:1/,
    /^✗ .*praise\.en\.txt: there is no example/,
    /^✗ .*closing\.en\.md: “rest assured” is the language of form letters$/,
    /^✗ .*promise\.en\.md: the guard would stop it \(blame\): “you should have/,
    /^✗ .*promise\.en\.md: nobody is shouted an apology at$/,
  ])
    expect(
      lines.filter((line) => fault.test(line)),
      String(fault),
    ).toHaveLength(1)
  expect(code).toBe(1)
  expect(err).toMatch(/^\d+ faults in the prompts, first .+\n$/)
  expect(refusal(await run(['prompts'], { env }))).toBe('write: prompts check, or prompts learn')
  expect(refusal(await run(['prompts', 'foo'], { env }))).toBe(
    'there is no prompts foo yet; write: prompts check, or prompts learn',
  )
})

test('doctor finds nothing wrong with a fresh installation, and says what is off and what turns it on', async () => {
  const { code, out, err } = await run(['doctor'], { env })
  expect([code, err]).toEqual([0, ''])
  expect(out).not.toContain('✗')
  for (const line of [
    /✓ database .*the first start makes it/,
    /✓ prompts/,
    /✓ clock .*Asia\/Taipei/,
    /– slack .*SLACK_BOT_TOKEN/,
    /– discord .*DISCORD_TOKEN/,
    /– model .*OPENAI_API_KEY/,
  ])
    expect(out).toMatch(line)
})

test('doctor names everything that is wrong, and how it is mended', async () => {
  const store = await openStore({ engine: 'sqlite', file: join(path, 'amends.db') }, { alone: false })
  await sql`insert into kysely_migration values ('9999-of-tomorrow', 'then')`.execute(store.read)
  await store.close()
  const prompts = join(path, 'none')
  const settings = { ...env, PROMPTS_DIR: prompts, DESK: 'slack:C1', CACHE_URL: 'redis://127.0.0.1:1' }
  const { code, out, err } = await run(['doctor'], { env: settings })
  for (const line of [
    /✗ schema .*9999-of-tomorrow/,
    /✗ prompts .*scripts: there is no such folder/,
    /✗ cache .*ECONNREFUSED/,
    /✗ desk .*leave DESK at web/,
    /✓ database .*answers, can be written/,
  ])
    expect(out).toMatch(line)
  expect([code, err]).toEqual([1, expect.stringMatching(/^\d+ things to mend, marked ✗ above\n$/)])

  const wrong = await run(['doctor'], { env: { PORT: 'harbour' } })
  expect([wrong.code, wrong.out]).toEqual([1, expect.stringMatching(/^✗ settings {2}PORT will not do/)])
  const gone = await run(['doctor'], { env: { ...env, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' } })
  expect([gone.code, gone.out]).toEqual([1, expect.stringMatching(/✗ database {2}DATABASE_URL does not answer/)])
})

test('help lists the commands, and so does a command that is none', async () => {
  const names = 'start, classify, replay, doctor, prompts check, export, forget, backup, restore, trace, help'
  expect(await run(['help'])).toEqual({ code: 0, err: '', out: expect.stringContaining(names) })
  const unknown = refusal(await run(['constructor']))
  expect(unknown).toContain('no command constructor')
  expect(unknown).toContain(names)
})

test.each([
  [{ PORT: 'x' }, 'PORT will not do: write a port number, as 3000'],
  [{ QUIET_MS: '-1' }, 'QUIET_MS will not do: write milliseconds, as 2500'],
  [{ QUIET_MS: 'soon' }, 'QUIET_MS will not do: write milliseconds, as 2500'],
  [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL will not do: write one of fatal, error, warn, /],
  [{ SLACK_API_URL: 'x' }, 'SLACK_API_URL will not do: write an address with its scheme, as https://example.com'],
  [{ PROMPTS_DIR: '/nowhere' }, 'PROMPTS_DIR will not do: there is no folder /nowhere'],
  [{ KNOWLEDGE_DIR: '/nowhere' }, 'KNOWLEDGE_DIR will not do: there is no folder /nowhere'],
  [
    { DESK: 'slack:C01' },
    /^DESK=slack:C01 needs Slack: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or leave DESK at web$/,
  ],
  [{ DESK: 'discord:1' }, /^DESK=discord:1 needs Discord: set DISCORD_TOKEN, or leave DESK at web$/],
  [{ HOST: '0.0.0.0' }, /^HOST=0\.0\.0\.0 would open the bot to others/],
  [{ ROLE: 'worker' }, /^ROLE=worker needs PostgreSQL/],
])('a start with %j is refused in one sentence', async (wrong, sentence) => {
  expect(refusal(await run(['start'], { env: { DATABASE_URL: 'sqlite::memory:', PORT: '0', ...wrong } }))).toMatch(
    sentence,
  )
})

test('start takes no arguments: one that is meant as a setting must not be passed over', async () => {
  expect(refusal(await run(['start', '--port', '3001'], { env }))).toBe('write: start')
})

test.each([
  ['cues/angry.en.txt', '/(/\n', /^prompts\/cues\/angry\.en\.txt:1: this expression cannot be read/],
  ['examples/mood.en.txt', 'calm: fine\nmiffed: hm\n', /^prompts\/examples\/mood\.en\.txt:2: “miffed” is none of /],
  ['knowledge/hours.en.md', 'no front matter\n', /^prompts\/knowledge\/hours\.en\.md: the front matter needs/],
])('a start with a broken %s is refused in one sentence', async (name, text, sentence) => {
  const dir = join(path, `broken-${name.replaceAll('/', '-')}`)
  cpSync(promptsShipped, dir, { recursive: true })
  writeFileSync(join(dir, name), text)
  expect(refusal(await run(['start'], { env: { DATABASE_URL: 'sqlite::memory:', PROMPTS_DIR: dir } }))).toMatch(
    sentence,
  )
})
