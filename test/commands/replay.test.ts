/** `replay`: malformed lines are named, the same lines give the same output, and it is what CONTRACT.md says. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { replay } from '../../src/commands/replay.ts'
import { Refusal } from '../../src/config.ts'
import { loadPrompts, type Prompts } from '../../src/wiring.ts'

let folder: string
let prompts: Prompts

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amends-replay-'))
  prompts = await loadPrompts({}, join(tmpdir(), 'amends-test-reader'))
})

afterAll(async () => await rm(folder, { recursive: true }))

const complaints: unknown[] = []
const complain = (what: object) => void complaints.push(what)
const log = { info: () => undefined, warn: complain, error: complain }

let files = 0

async function fileOf(lines: readonly (object | string)[]): Promise<string> {
  files += 1
  const file = join(folder, `${files}.jsonl`)
  await writeFile(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))
  return file
}

async function played(lines: readonly (object | string)[]): Promise<Record<string, unknown>[]> {
  const out: string[] = []
  await replay({ file: await fileOf(lines), prompts, log, print: (line) => out.push(line) })
  return out.map((line) => JSON.parse(line))
}

const at = { at: '2026-11-17T10:00:00+08:00' }
const late = { customer: 'ada', text: 'My parcel is late.' }

describe('malformed input names the line and the reason', () => {
  test.each([
    ['no JSON', [at, 'hello'], /^line 2: it is not a JSON object/],
    ['a list', ['[1]'], /^line 1: it is not a JSON object/],
    ['null', ['null'], /^line 1: it is not a JSON object/],
    ['nobody', [at, { text: 'hi' }], /^line 2: it needs one of at, after, customer, agent, admin/],
    ['an empty customer', [at, { customer: '', text: 'hi' }], /^line 2: customer/],
    [
      'nothing done',
      [at, { customer: 'ada' }],
      /^line 2: a customer's line needs one of edit, delete, react, press, text$/,
    ],
    ['a text that is none', [at, { customer: 'ada', text: 7 }], /^line 2: text: write a text$/],
    ['the name of the desk', [at, { customer: 'desk', text: 'hi' }], /^line 2: customer: is the name of the desk/],
    ['an unknown button', [at, { customer: 'ada', press: 'launch' }], /^line 2: press: write one of accept, decline, /],
    ['a time without a zone', [{ at: '2026-11-17T10:00:00' }], /^line 1: at: write a time with its zone/],
    ['a time that is none', [at, { at: 'noon' }], /^line 2: at: /],
    ['an unknown zone', [at, { ...late, timezone: 'Mars/Base' }], /^line 2: .*timezone.*no time zone/],
    ['a span that is none', [at, { after: 'a while' }], /^line 2: after: write a span/],
    ['a negative span', [at, { after: '-2h' }], /^line 2: after: /],
    ['an unknown field', [at, { ...late, mood: 'angry' }], /^line 2: /],
    ['files that are no base64', [at, { ...late, files: [{ name: 'a', type: 'b', base64: '!' }] }], /^line 2: /],
    ['an unknown deed', [at, { agent: 'kim', do: 'dance', case: 1 }], /^line 2: do: write one of claim, release, /],
    ['a deed without its case', [at, { agent: 'kim', do: 'claim' }], /^line 2: case: /],
    ['a promise without a time', [at, { agent: 'kim', do: 'promise', case: 1, text: 'soon' }], /^line 2: by: /],
    ['an agent without a name', [at, { agent: '', do: 'claim', case: 1 }], /^line 2: /],
    ['an unknown admin deed', [at, { admin: 'lee', do: 'incident.explode' }], /^line 2: do: /],
    ['an announcement without words', [at, { admin: 'lee', do: 'announce' }], /^line 2: text: /],
    [
      'a status that is none',
      [at, { admin: 'lee', do: 'suggestion.status', id: 's1', status: 'eaten' }],
      /^line 2: status: /,
    ],
    ['blank lines count', [at, '', '', '{'], /^line 4: /],
    ['a comment is no line', ['# hello'], /^line 1: /],
  ])('%s', async (_what, lines, reason) => {
    const playing = played(lines)
    await expect(playing).rejects.toThrow(Refusal)
    await expect(playing).rejects.toThrow(reason)
  })

  test.each([
    ['time that goes back', [at, late, { at: '2026-11-17T09:00:00+08:00' }], /^line 3: time cannot go back/],
    ['a case that is not there', [at, late, { agent: 'kim', do: 'claim', case: 2 }], /^line 3: there is no case 2/],
    [
      'a message that is not there',
      [at, { customer: 'ada', edit: 'm1', text: 'x' }],
      /^line 2: there is no message m1/,
    ],
    [
      'somebody else’s message',
      [at, { ...late, id: 'm1' }, { customer: 'ben', delete: 'm1' }],
      /^line 3: there is no message m1/,
    ],
    [
      'somebody else’s id',
      [at, { ...late, id: 'm1' }, { customer: 'ben', text: 'hi', id: 'm1' }],
      /^line 3: that id is another/,
    ],
  ])('%s', async (_what, lines, reason) => {
    await expect(played(lines)).rejects.toThrow(reason)
  })

  test('a mistake in the last line is told before the first is played', async () => {
    const out: string[] = []
    const file = await fileOf([at, late, '{'])
    await expect(replay({ file, prompts, log, print: (line) => out.push(line) })).rejects.toThrow(/^line 3/)
    expect(out).toEqual([])
  })

  test('a file that is not there', async () => {
    await expect(replay({ file: 'none.jsonl', prompts, log, print: () => undefined })).rejects.toThrow(
      /none\.jsonl cannot be read/,
    )
  })

  test('the command exits with 2 and one plain sentence', async () => {
    const file = await fileOf([at, '{'])
    const main = join(import.meta.dirname, '../../src/main.ts')
    const environment = { ...process.env, DATABASE_URL: 'sqlite::memory:' }
    const run = promisify(execFile)(process.execPath, [main, 'replay', file], { env: environment, cwd: folder })
    await expect(run).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^line 2: [^\n]+\n$/),
    })
    const without = promisify(execFile)(process.execPath, [main, 'replay'], { env: environment, cwd: folder })
    await expect(without).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/^write: replay FILE/) })
  })
})

/** A conversation in which everything that can be printed is. */
const whole = [
  at,
  {
    customer: 'ada',
    text: 'This is the third time my parcel is late. I have guests on Saturday!',
    timezone: 'Asia/Taipei',
  },
  { customer: 'ben', text: 'It would be nice if you offered evening deliveries.' },
  { customer: 'ben', text: 'My parcel never arrived.', id: 'b1', tier: 'vip' },
  { customer: 'ben', edit: 'b1', text: 'My parcel never arrived, order 48213377.' },
  { admin: 'lee', do: 'incident.open', text: 'The depot has no power.', cases: [1], by: '2026-11-17T18:00:00+08:00' },
  { after: '10m' },
  { agent: 'kim', do: 'claim', case: 1 },
  { agent: 'kim', do: 'reply', case: 1, text: 'We will refund you $900.' },
  { agent: 'kim', do: 'reply', case: 1, text: 'Oops.' },
  { agent: 'kim', do: 'undo', case: 1 },
  { agent: 'kim', do: 'remedy', case: 1, remedy: 'a new parcel by courier' },
  { customer: 'ada', press: 'accept' },
  { agent: 'kim', do: 'promise', case: 1, text: 'The courier calls you', by: '2026-11-17T15:00:00+08:00' },
  { customer: 'ada', text: 'Thank you, I will wait for it.' },
  { agent: 'kim', do: 'resolve', case: 1, cause: 'courier' },
  { after: '26h' },
  { customer: 'ada', press: 'solved', case: 1 },
  { customer: 'ada', press: 'better' },
  { customer: 'ada', press: 'rate:5' },
  { admin: 'lee', do: 'suggestion.status', id: 's1', status: 'shipped', text: 'From Monday on.' },
  { customer: 'ada', react: '👍', to: 'last' },
  { after: '3d' },
]

const time = z.iso.datetime({ offset: true })
const line = { at: time }
const button = z.strictObject({ id: z.string(), label: z.string().min(1) })
const status = z.enum(['open', 'waiting', 'resolved', 'closed', 'withdrawn'])
const n = z.number().int().min(1)

/** CONTRACT.md, "lines out". A line may hold more than is promised. */
const out = z.discriminatedUnion('type', [
  z.object({
    ...line,
    type: z.literal('say'),
    to: z.string(),
    text: z.string().min(1),
    case: n.nullable(),
    script: z.string(),
    buttons: z.array(button),
  }),
  z.object({
    ...line,
    type: z.literal('card'),
    case: n,
    kind: z.string(),
    severity: n.min(0).max(3),
    tolerance: z.number().min(0).max(1),
    summary: z.string(),
    customer: z.string(),
    promise: z.object({ what: z.string(), due: time }).nullable(),
  }),
  z.object({ ...line, type: z.literal('relay'), case: n, from: z.string(), to: z.string(), text: z.string() }),
  z.object({
    ...line,
    type: z.literal('case'),
    case: n,
    kind: z.string(),
    status,
    step: z.string(),
    owner: z.string(),
    severity: n.min(0).max(3),
    cause: z.string().nullable(),
    remedy: z.string().nullable(),
  }),
  z.object({
    ...line,
    type: z.literal('promise'),
    case: n,
    what: z.string(),
    due: time,
    state: z.enum(['made', 'at risk', 'kept', 'broken', 'let go']),
  }),
  z.object({ ...line, type: z.literal('followup'), case: n.nullable(), due: time, state: z.string() }),
  z.object({
    ...line,
    type: z.literal('held'),
    case: n,
    agent: z.string(),
    text: z.string(),
    reason: z.string(),
    better: z.string().nullable(),
  }),
  z.object({
    ...line,
    type: z.literal('incident'),
    id: z.string().regex(/^i\d+$/),
    state: z.string(),
    cases: z.array(n),
  }),
  z.object({ ...line, type: z.literal('suggestion'), id: z.string().regex(/^s\d+$/), people: n, status: z.string() }),
  z.object({
    ...line,
    type: z.literal('check'),
    case: n,
    solved: z.boolean().nullable(),
    expectation: z.string().nullable(),
    rating: z.number().nullable(),
  }),
  z.object({ ...line, type: z.literal('alert'), reason: z.string(), text: z.string().min(1) }),
])

describe('what is printed', () => {
  test('each line is as CONTRACT.md has it, and every sort of line comes out', async () => {
    const lines = await played(whole)
    for (const one of lines) expect(out.safeParse(one).error?.issues ?? [], JSON.stringify(one)).toEqual([])
    const sorts = new Set(lines.map((one) => one.type))
    expect([...sorts].toSorted()).toEqual(out.options.map((option) => option.shape.type.value).toSorted())
    expect(complaints).toEqual([])
  })

  test('in the order of time, in the zone of the first line', async () => {
    const times = (await played(whole)).map((one) => String(one.at))
    expect(times).toEqual(times.toSorted())
    for (const moment of times) expect(moment).toMatch(/\+08:00$/)
    expect(times[0]).toBe(at.at)
  })

  test('the same lines give the same output, every time', async () => {
    const first = await played(whole)
    expect(await played(whole)).toEqual(first)
  })

  test('words that were taken back never appear', async () => {
    expect(JSON.stringify(await played(whole))).not.toContain('Oops.')
  })

  test('a remedy that policy names is said in the customer’s language', async () => {
    const lines = await played([
      at,
      { customer: 'mei', text: '我的包裹又遲到了，這已經是第三次了。' },
      { agent: 'kim', do: 'claim', case: 1 },
      { agent: 'kim', do: 'remedy', case: 1, remedy: 'refund', amount: '20' },
      { customer: 'mei', press: 'accept' },
      { agent: 'kim', do: 'resolve', case: 1, cause: 'courier', remedy: 'refund' },
      { after: '2d' },
    ])
    const said = lines.filter((one) => one.type === 'say' && one.to === 'mei').map((one) => String(one.text))
    expect(said.filter((text) => text.includes('退款')).length).toBeGreaterThanOrEqual(3)
    expect(said.join('\n')).not.toContain('refund')
  })

  test('nothing after the last line is run', async () => {
    const lines = await played([at, late])
    expect(lines.some((one) => one.type === 'promise' && one.state === 'broken')).toBe(false)
    const later = await played([at, late, { after: '2h' }])
    expect(later.some((one) => one.type === 'promise' && one.state === 'broken')).toBe(true)
  })

  test('texts of one customer in a row are one burst; any other line ends it', async () => {
    const says = (lines: Record<string, unknown>[]) => lines.filter((one) => one.type === 'say').length
    expect(says(await played([at, { customer: 'ada', text: 'hello' }, late]))).toBe(1)
    expect(says(await played([at, { customer: 'ada', text: 'hello' }, { after: '1m' }, late]))).toBe(2)
    expect(says(await played([at, { customer: 'ada', text: 'hello' }, { customer: 'ben', text: 'hello' }, late]))).toBe(
      3,
    )
  })

  test('a second delivery of one id does nothing', async () => {
    const once = await played([at, { ...late, id: 'm1' }])
    expect(await played([at, { ...late, id: 'm1' }, { after: '0m' }, { ...late, id: 'm1' }])).toEqual(once)
  })

  test('an empty file prints nothing', async () => {
    expect(await played([])).toEqual([])
    expect(await played([at])).toEqual([])
  })
})
