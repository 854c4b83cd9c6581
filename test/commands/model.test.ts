/** The commands with a model set: doctor says what it got, classify reads along, replay writes along. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'
import { inOne, type Speech, speaking } from '../model/far-end.ts'
import { folder } from '../store/ground.ts'
import { refusal, run, start } from './run.ts'

const { path, remove } = folder()
afterAll(remove)
// The first of them trains a reader of its own.
vi.setConfig({ testTimeout: 120_000 })
const env = { DATABASE_URL: `sqlite:${path}/amends.db`, PORT: '0' }

async function withServer<T>(answer: (body: string) => Speech, use: (url: string) => Promise<T>): Promise<T> {
  const server = await speaking(answer)
  try {
    return await use(server.url)
  } finally {
    await server.stop()
  }
}

const refusing = (form: RegExp) => (body: string) => {
  const asked = String(JSON.parse(body).response_format?.type ?? 'none')
  return form.test(asked) ? { status: 400, message: `${asked} is not supported` } : inOne({ word: 'here' })
}

test.each([
  ['strict schemas', /^never$/, /✓ model +\S+ answers in [\d.]+ s and keeps to a strict schema/],
  ['JSON mode', /json_schema/, /✓ model +.+ knows JSON mode and no strict schema/],
  ['text alone', /json_/, /✓ model +.+ knows neither strict schemas nor JSON mode/],
])('doctor before a server that knows %s', async (_knows, unknown, line) => {
  await withServer(refusing(unknown), async (url) => {
    expect((await run(['doctor'], { env: { ...env, OPENAI_BASE_URL: url } })).out).toMatch(line)
  })
})

test('doctor names what is wrong where it does not answer, and that it is off where none is set', async () => {
  await withServer(
    () => ({ status: 401, message: 'Incorrect API key provided' }),
    async (url) => {
      const { code, out } = await run(['doctor'], { env: { ...env, OPENAI_BASE_URL: url, OPENAI_API_KEY: 'x' } })
      expect(out).toMatch(/✗ model +.+Incorrect API key provided.+OPENAI_API_KEY/)
      expect(code).toBe(1)
    },
  )
  expect((await run(['doctor'], { env })).out).toMatch(/– model +off: set OPENAI_API_KEY or OPENAI_BASE_URL/)
})

test('doctor says where the embedding model does not answer', async () => {
  const answer = (body: string): Speech =>
    'input' in JSON.parse(body) ? { status: 404, message: 'The model vectors does not exist' } : inOne({ word: 'here' })
  await withServer(answer, async (url) => {
    const given = { env: { ...env, OPENAI_BASE_URL: url, OPENAI_EMBEDDING_MODEL: 'vectors' } }
    const { code, out } = await run(['doctor'], given)
    expect(out).toMatch(/✗ model +.+ vectors does not: look at OPENAI_EMBEDDING_MODEL/)
    expect(code).toBe(1)
  })
})

test('a budget in money without a price is refused', async () => {
  expect(refusal(await run(['classify'], { env: { ...env, OPENAI_MONEY_A_DAY: '5' } }))).toMatch(/OPENAI_PRICE/)
})

const reading = {
  ...{ mood: 'angry', severity: 3, urgency: 2, wantsHuman: false, leaving: false, goingPublic: false, safety: null },
  facts: { thing: null, failure: null, since: null, stake: null, order: null, amount: null, wish: null },
}

test('classify asks the model where the local reader is unsure, not with --local, and keeps the order', async () => {
  const unsure = 'Well, six weeks, and where one would sit there is a lamp. Is that it? Nice lamp though.'
  const input = `thanks\n${unsure}\nhello\n`
  const asked: string[] = []
  const answer = (body: string) => {
    asked.push(body)
    return inOne({ acts: [{ kind: 'complaint', quote: 'where one would sit there is a lamp' }], ...reading })
  }
  await withServer(answer, async (url) => {
    const given = { env: { ...env, OPENAI_BASE_URL: url }, input }
    const lines = (await run(['classify'], given)).out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ text }) => text)).toEqual(['thanks', unsure, 'hello'])
    expect(lines[1]).toMatchObject({ kind: 'complaint', mood: 'angry', severity: 3 })
    expect(asked).toHaveLength(1)
    await run(['classify', '--local'], given)
    expect(asked).toHaveLength(1)
  })
})

test('replay --model writes along; without it, it does not ask', async () => {
  const file = join(path, 'late.jsonl')
  writeFileSync(file, '{"at":"2026-11-20T09:00:00+08:00"}\n{"customer":"ada","text":"My parcel is late."}\n')
  let asked = 0
  const answer = (body: string) => {
    asked += 1
    const { script } = JSON.parse(JSON.parse(body).messages[1].content)
    return inOne({ text: `${script} Truly.`, action: 'send' })
  }
  await withServer(answer, async (url) => {
    const given = { env: { ...env, OPENAI_BASE_URL: url } }
    expect((await run(['replay', file], given)).out).not.toContain('Truly.')
    expect(asked).toBe(0)
    expect((await run(['replay', file, '--model'], given)).out).toContain('Truly.')
  })
})

test('a day’s budget that is used up is told at the desk once, and everybody is answered all the same', async () => {
  const answer = (body: string): Speech => {
    const { script } = JSON.parse(JSON.parse(body).messages.at(-1).content)
    return inOne(script === undefined ? { acts: [], ...reading } : { text: String(script), action: 'send' })
  }
  await withServer(answer, async (url) => {
    const own = { DATABASE_URL: `sqlite:${path}/spent.db`, PORT: '0', QUIET_MS: '0' }
    const bot = start(['start'], { ...own, OPENAI_BASE_URL: url, OPENAI_TOKENS_A_DAY: '1' })
    onTestFinished(() => void bot.kill('SIGKILL'))
    const address = await new Promise<string>((resolve) => {
      bot.stdout.setEncoding('utf8').on('data', (text: string) => {
        const found = /playground +(http\S+)/u.exec(text)?.[1]
        if (found !== undefined) resolve(found)
      })
    })
    const { origin } = new URL(address)
    for (const customer of ['ada', 'ben', 'eve']) {
      const body = JSON.stringify({ customer, text: 'My parcel is late, order 48213377.' })
      const headers = { 'content-type': 'application/json' }
      await fetch(`${origin}/api/messages`, { method: 'POST', headers, body })
      await vi.waitFor(
        async () => {
          const told = await (await fetch(`${origin}/api/customers/${customer}/messages`)).text()
          expect(told).toMatch(/parcel is late[\s\S]+"from":"bot"|"from":"bot"[\s\S]+parcel is late/u)
        },
        { timeout: 10_000 },
      )
    }
    await vi.waitFor(
      async () => {
        const desk = await (await fetch(`${origin}/api/desk`)).text()
        expect(desk.split('budget for the model is used up')).toHaveLength(2)
      },
      { timeout: 10_000 },
    )
  })
})
