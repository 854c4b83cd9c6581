/** The web channel over real HTTP: every row of its table in CONTRACT.md, and what must not be let in. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { botSaid, listen, serve, type Web } from './over-http.ts'

let web: Web

beforeAll(async () => {
  web = await serve()
})

afterAll(async () => await web.bot.stop())

describe('POST /api/messages', () => {
  test('202 with the id, and an answer that can be read', async () => {
    const sent = await web.says('anna', 'What are your opening hours?')
    expect(sent.status).toBe(202)
    expect(sent.body).toEqual({ id: expect.any(String) })
    const [mine, reply] = await web.reads('anna', botSaid(1))
    expect(mine).toMatchObject({ id: sent.body.id, from: 'customer', text: 'What are your opening hours?' })
    expect(reply).toMatchObject({ from: 'bot', buttons: [] })
    expect(reply?.text).toMatch(/hours/i)
    expect(Date.parse(reply?.at ?? '')).not.toBeNaN()
  })

  test('the same id again is 200 and nothing happens; from somebody else it is 409', async () => {
    expect((await web.says('bea', 'My parcel is late.', { id: 'mine' })).status).toBe(202)
    await web.reads('bea', botSaid(1))
    expect(await web.says('bea', 'My parcel is late.', { id: 'mine' })).toMatchObject({
      status: 200,
      body: { id: 'mine' },
    })
    const stolen = await web.says('eve', 'hello', { id: 'mine' })
    expect(stolen.status).toBe(409)
    expect(stolen.body.error).toMatch(/id/)
    expect(await web.messages('bea')).toHaveLength(2)
    expect(await web.messages('eve')).toEqual([])
  })

  test('timezone and tier are taken', async () => {
    const kept = await web.says('vera', 'My parcel is late.', { timezone: 'Asia/Taipei', tier: 'vip' })
    expect(kept.status).toBe(202)
    const [mine] = await web.reads('vera', botSaid(1))
    expect(mine?.at).toMatch(/\+08:00$/)
    const bad = await web.says('vera', 'hi', { timezone: 'Mars/Base' })
    expect(bad.status).toBe(400)
    expect(bad.body.error).toMatch(/timezone/)
  })

  test('files are kept, up to 10 MB in all', async () => {
    const file = (bytes: number) => ({
      name: 'a.jpg',
      type: 'image/jpeg',
      base64: Buffer.alloc(bytes).toString('base64'),
    })
    expect((await web.says('fay', '', { files: [file(2000)] })).status).toBe(202)
    expect((await web.says('fay', 'see', { files: [file(6_000_000), file(5_000_000)] })).status).toBe(413)
    const huge = await web.says('fay', 'see', { files: [file(16_000_000)] })
    expect(huge.status).toBe(413)
    expect(huge.body.error).toMatch(/10 MB/)
    expect((await web.says('fay', 'see', { files: [{ name: 'a', type: 'b', base64: 'not base64!' }] })).status).toBe(
      400,
    )
  })

  test.each([
    ['nothing', ''],
    ['blanks', ' \n\t '],
  ])('%s is refused with a sentence', async (_what, text) => {
    const refused = await web.says('gus', text)
    expect(refused.status).toBe(400)
    expect(refused.body.error).toMatch(/text/)
  })

  test.each([
    ['100 kB', 'My parcel is late. '.repeat(5200).slice(0, 100_000)],
    ['control characters', 'My parcel\u0000\u0007 is\u001b[31m late\u202e'],
    ['lone surrogates', 'My parcel \ud800 is \udc00 late'],
    ['10,000 emoji', '😡'.repeat(10_000)],
    ['zalgo', `My parcel is late${'\u0301'.repeat(5000)}`],
    ['markup', '<img src=x onerror=alert(1)> {{ policy }} {% include "x" %} ```'],
    ['mass mentions', '@everyone <!channel> <@U123> @here my parcel is late'],
    ['SQL', "'; drop table messages; --"],
  ])('%s: stored, answered, nothing breaks', async (what, text) => {
    const customer = `strange ${what}`
    expect((await web.says(customer, text)).status).toBe(202)
    const [mine, reply] = await web.reads(customer, botSaid(1))
    expect(mine?.text).toBe(text.toWellFormed().replaceAll('\0', '\ufffd'))
    expect(reply?.text.length).toBeGreaterThan(0)
    expect(reply?.text.isWellFormed()).toBe(true)
    expect(reply?.text).not.toMatch(/@everyone|<!channel>|@here/)
  })

  test('over 100,000 characters is refused with a sentence', async () => {
    const long = await web.says('hal', 'x'.repeat(100_001))
    expect(long.status).toBe(400)
    expect(long.body.error).toMatch(/100000/)
  })

  test.each([
    ['malformed JSON', '{"customer":', 400],
    ['no object', '"hello"', 400],
    ['null', 'null', 400],
    ['no customer', { text: 'hi' }, 400],
    ['an empty customer', { customer: ' ', text: 'hi' }, 400],
    ['an unknown field', { customer: 'ian', text: 'hi', admin: true }, 400],
    ['a text that is none', { customer: 'ian', text: 7 }, 400],
    ['a customer that is no string', { customer: { $ne: '' }, text: 'hi' }, 400],
  ])('%s is refused with a sentence', async (_what, body, status) => {
    const refused = await web.call('POST', '/api/messages', body)
    expect(refused.status).toBe(status)
    expect(refused.body.error).toMatch(/\w/)
    expect(refused.body.error).not.toMatch(/\bat .*\.ts|stack/)
  })

  test.each([undefined, 'text/plain', 'application/x-www-form-urlencoded'])('content type %s: 415', async (type) => {
    const refused = await web.call(
      'POST',
      '/api/messages',
      '{"customer":"ian","text":"hi"}',
      type ? { 'content-type': type } : {},
    )
    expect(refused.status).toBe(415)
  })

  test('card numbers and tokens are not kept', async () => {
    await web.says('card', 'Charge 4111 1111 1111 1111 again, my parcel is late')
    const [mine] = await web.reads('card', botSaid(1))
    expect(mine?.text).toContain('•••• 1111')
    expect(mine?.text).not.toContain('4111')
  })

  test('names of prototypes and odd characters are names like any other', async () => {
    for (const name of ['__proto__', 'constructor', 'a/b?c#d', '美玲', 'o:o'])
      expect((await web.says(name, 'hello')).status).toBe(202)
    for (const name of ['__proto__', 'a/b?c#d', '美玲'])
      expect((await web.reads(name, botSaid(1))).filter((one) => one.from === 'customer')).toHaveLength(1)
  })
})

describe('who writes', () => {
  test.each([
    ['desk', 'customer: is the name of the desk itself: write another'],
    ['slack:T1:U2', 'customer: is a customer elsewhere: on the web write a name, as ada'],
  ])('nobody writes or presses as %s', async (name, error) => {
    expect(await web.says(name, 'hello')).toMatchObject({ status: 400, body: { error } })
    const pressed = await web.call('POST', `/api/customers/${encodeURIComponent(name)}/press`, { button: 'human' })
    expect(pressed).toMatchObject({ status: 400, body: { error } })
  })

  test('a case can be recorded for a customer of another platform, who stays one of theirs', async () => {
    const body = { agent: 'kim', for: 'slack:T1:U2', text: 'The courier lost the parcel.' }
    expect((await web.call('POST', '/api/cases', body)).status).toBe(202)
    await expect
      .poll(async () =>
        (await web.call('GET', '/api/cases')).body.cases.map((one: { customer: string }) => one.customer),
      )
      .toContain('slack:T1:U2')
  })
})

describe('PATCH and DELETE /api/messages/:id', () => {
  test('the customer edits and deletes their own words', async () => {
    const { body } = await web.says('jo', 'My parcel is late.')
    await web.reads('jo', botSaid(1))
    expect(
      (await web.call('PATCH', `/api/messages/${body.id}`, { customer: 'jo', text: 'My parcel is here.' })).status,
    ).toBe(202)
    expect((await web.messages('jo'))[0]?.text).toBe('My parcel is here.')
    expect((await web.call('DELETE', `/api/messages/${body.id}`, { customer: 'jo' })).status).toBe(202)
    expect((await web.messages('jo'))[0]?.text).toBe('')
  })

  test('an unknown message, somebody else’s, or one that is gone: 404', async () => {
    const { body } = await web.says('kay', 'hello')
    expect((await web.call('PATCH', '/api/messages/none', { customer: 'kay', text: 'x' })).status).toBe(404)
    expect((await web.call('PATCH', `/api/messages/${body.id}`, { customer: 'eve', text: 'x' })).status).toBe(404)
    expect((await web.call('DELETE', `/api/messages/${body.id}`, { customer: 'eve' })).status).toBe(404)
    expect((await web.call('DELETE', `/api/messages/${body.id}`, { customer: 'kay' })).status).toBe(202)
    expect((await web.call('DELETE', `/api/messages/${body.id}`, { customer: 'kay' })).status).toBe(404)
    expect((await web.call('PATCH', `/api/messages/${body.id}`, { customer: 'kay', text: '' })).status).toBe(400)
  })
})

describe('GET /api/customers/:customer/messages', () => {
  test('in order, and only what came after', async () => {
    await web.says('lou', 'What are your opening hours?')
    await web.reads('lou', botSaid(1))
    await web.says('lou', 'How can I return something?')
    const all = await web.reads('lou', botSaid(2))
    expect(all.map((one) => one.from)).toEqual(['customer', 'bot', 'customer', 'bot'])
    for (const [i, one] of all.entries()) expect(await web.messages('lou', one.id)).toEqual(all.slice(i + 1))
  })

  test('nobody, and an id that is not theirs', async () => {
    expect(await web.messages('nobody')).toEqual([])
    expect(await web.messages('lou', 'no such id')).toEqual(await web.messages('lou'))
  })
})

describe('POST /api/customers/:customer/press', () => {
  test('a press is as good as words', async () => {
    await web.says('max', 'Hello')
    await web.reads('max', botSaid(1))
    expect((await web.call('POST', '/api/customers/max/press', { button: 'human' })).status).toBe(202)
    const shown = await web.reads('max', botSaid(2))
    expect(shown.at(-1)?.case).toBeGreaterThan(0)
  })

  test('of whom we never heard, a press makes neither a customer nor a case', async () => {
    const before = (await web.call('GET', '/api/cases')).body.cases.length
    const answer = await web.call('POST', '/api/customers/nobody-yet/press', { button: 'human' })
    expect(answer).toMatchObject({ status: 404, body: { error: 'there is no customer web:-:nobody-yet' } })
    expect((await web.call('GET', '/api/cases')).body.cases).toHaveLength(before)
  })

  test('a button that there is not is refused', async () => {
    const unknown = await web.call('POST', '/api/customers/ned/press', { button: 'launch' })
    expect(unknown).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/^button: write one of accept, /) },
    })
    expect((await web.call('POST', '/api/customers/ned/press', {})).status).toBe(400)
    expect((await web.call('POST', '/api/customers/ned/press', { button: '' })).status).toBe(400)
    expect((await web.call('POST', '/api/customers/ned/press', { button: 'accept', case: -1 })).status).toBe(400)
  })
})

describe('the desk', () => {
  async function caseOf(customer: string): Promise<number> {
    await web.says(customer, 'My parcel is late.')
    const shown = await web.reads(customer, (messages) => botSaid(1)(messages) && messages.at(-1)?.case !== null)
    return shown.at(-1)?.case ?? 0
  }

  test('GET /api/cases lists them, by status', async () => {
    const n = await caseOf('olga')
    const { body } = await web.call('GET', '/api/cases?status=open')
    const kase = body.cases.find((one: { case: number }) => one.case === n)
    expect(kase).toMatchObject({
      case: n,
      kind: 'complaint',
      status: 'open',
      step: 'find',
      owner: 'desk',
      severity: 1,
      tolerance: expect.any(Number),
      customer: 'web:-:olga',
      openedAt: expect.stringMatching(/^\d{4}-/),
      summary: 'My parcel is late.',
      promise: { what: 'answer', due: expect.stringMatching(/^\d{4}-/) },
    })
    expect(
      (await web.call('GET', '/api/cases?status=closed')).body.cases.some((one: { case: number }) => one.case === n),
    ).toBe(false)
    expect(await web.call('GET', '/api/cases?status=nonsense')).toMatchObject({
      status: 400,
      body: { error: 'status: write one of open, waiting, resolved, closed, withdrawn' },
    })
  })

  test('GET /api/cases/:n has its events and messages', async () => {
    const n = await caseOf('pia')
    const { status, body } = await web.call('GET', `/api/cases/${n}`)
    expect(status).toBe(200)
    expect(body.events[0]).toMatchObject({ type: 'opened', kind: 'complaint' })
    expect(body.messages.map((one: { from: string }) => one.from)).toEqual(['customer', 'bot'])
  })

  test.each(['999999', '0', '-1', 'abc', '1.5', '1e9', '%00'])('there is no case %s: 404', async (n) => {
    const missing = await web.call('GET', `/api/cases/${n}`)
    expect(missing.status).toBe(404)
    expect(missing.body.error).toMatch(/no case|nothing here/)
  })

  test('POST /api/cases/:n/actions: claim, reply, resolve', async () => {
    const n = await caseOf('quin')
    expect((await web.does(n, { do: 'claim' })).status).toBe(202)
    await web.reads('quin', (messages) => messages.some((one) => /kim/.test(one.text)))
    expect((await web.does(n, { do: 'resolve', cause: 'courier', text: null })).status).toBe(202)
    await web.reads('quin', botSaid(3))
    expect((await web.call('GET', `/api/cases/${n}`)).body).toMatchObject({
      status: 'resolved',
      owner: 'kim',
      cause: 'courier',
    })
  })

  test('an agent’s words wait, can be taken back, and leave as the agent’s', async () => {
    const n = await caseOf('rita')
    await web.does(n, { do: 'claim' })
    await web.does(n, { do: 'reply', text: 'Oops.' })
    await expect.poll(async () => (await web.call('GET', `/api/cases/${n}`)).body.waiting.length).toBe(1)
    await web.does(n, { do: 'undo' })
    await expect.poll(async () => (await web.call('GET', `/api/cases/${n}`)).body.waiting.length).toBe(0)
    await web.does(n, { do: 'reply', text: 'It comes today.' })
    const shown = await web.reads('rita', (messages) => messages.at(-1)?.from === 'agent')
    expect(shown.at(-1)).toMatchObject({ from: 'agent', agent: 'kim', text: 'It comes today.' })
    expect(shown.some((one) => one.text === 'Oops.')).toBe(false)
  })

  test('POST /api/cases opens one for a customer who has not complained', async () => {
    const opened = await web.call('POST', '/api/cases', { agent: 'kim', for: 'sue', text: 'The courier lost it.' })
    expect(opened.status).toBe(202)
    await expect
      .poll(async () =>
        (await web.call('GET', '/api/cases')).body.cases.some(
          (one: { customer: string }) => one.customer === 'web:-:sue',
        ),
      )
      .toBe(true)
    expect(await web.messages('sue'), 'its text is internal').toEqual([])
  })

  test('a blocked customer is told so: 403', async () => {
    const n = await caseOf('tom')
    expect((await web.does(n, { do: 'block' })).status).toBe(202)
    expect((await web.says('tom', 'you idiots')).status).toBe(403)
  })

  test.each([
    ['no agent', { agent: undefined, do: 'claim' }, 400],
    ['an unknown action', { do: 'explode' }, 400],
    ['no action', {}, 400],
    ['an empty note', { do: 'note', text: ' ' }, 400],
    ['a promise without a time', { do: 'promise', text: 'soon' }, 400],
    ['a promise with a time that is none', { do: 'promise', text: 'soon', by: 'tomorrow' }, 400],
    ['an unknown kind', { do: 'refile', kind: 'nonsense' }, 400],
    ['an extra field', { do: 'claim', sudo: true }, 400],
  ])('%s is refused with a sentence', async (_what, action, status) => {
    const n = await caseOf('uma')
    const refused = await web.does(n, action)
    expect(refused.status).toBe(status)
    expect(refused.body.error).toMatch(/\w/)
  })

  test('an action on a case that is not there: 404', async () => {
    expect((await web.does(987_654, { do: 'claim' })).status).toBe(404)
  })

  test('GET /api/cases/:n/forms/:form is filled with what is known; of what cannot be filled in, the reason', async () => {
    const n = await caseOf('una')
    const form = await web.call('GET', `/api/cases/${n}/forms/declare?agent=kim`)
    expect(form).toMatchObject({
      status: 200,
      body: {
        title: 'Declare incident',
        fields: [{ id: 'text', value: expect.stringMatching(/^Several customers/) }, { id: 'by' }],
      },
    })
    expect((await web.call('GET', '/api/cases/987654/forms/reply?agent=kim')).status).toBe(409)
    expect((await web.call('GET', `/api/cases/${n}/forms/tea?agent=kim`)).status).toBe(400)
    expect((await web.call('GET', `/api/cases/${n}/forms/reply`)).body.error).toMatch(/name the agent/)
    expect((await web.does(n, { do: 'dismiss' })).body.error).toMatch(/no proposal of an incident/)
  })

  test('what cannot be done as things stand is refused where one acts, with the reason', async () => {
    const n = await caseOf('uma')
    expect((await web.does(n, { do: 'claim' })).status).toBe(202)
    const second = await web.does(n, { do: 'claim', agent: 'lee' })
    expect(second).toMatchObject({ status: 409, body: { error: expect.stringMatching(/kim/) } })
    await expect.poll(async () => (await web.call('GET', `/api/cases/${n}`)).body.step).toBe('act')
    expect((await web.does(n, { do: 'undo' })).body.error).toMatch(/take back/)
    expect((await web.does(n, { do: 'approve' })).status).toBe(409)
    expect((await web.does(n, { do: 'reply', text: 'Mine.', agent: 'lee' })).body.error).toMatch(/kim/)
    expect((await web.does(n, { do: 'resolve', cause: 'courier' })).status).toBe(202)
    await expect.poll(async () => (await web.call('GET', `/api/cases/${n}`)).body.status).toBe('resolved')
    const late = await web.does(n, { do: 'promise', text: 'I call', by: '2099-01-01T10:00:00Z' })
    expect(late).toMatchObject({ status: 409, body: { error: expect.stringMatching(/ended/) } })
  })
})

describe('GET /api/events', () => {
  test('a customer hears what is new, and goes on where the connection broke', async () => {
    const stream = await listen(`${web.url}/api/events?customer=vic`)
    expect(stream.type).toMatch(/text\/event-stream/)
    await web.says('vic', 'What are your opening hours?')
    const mine = await stream.next()
    expect(JSON.parse(mine.data)).toMatchObject({ from: 'customer', text: 'What are your opening hours?' })
    const reply = await stream.next()
    expect(JSON.parse(reply.data)).toMatchObject({ from: 'bot' })
    stream.close()

    const again = await listen(`${web.url}/api/events?customer=vic`, mine.id)
    expect((await again.next()).id).toBe(reply.id)
    again.close()
  })

  test('the desk is told that something is new, and nobody hears another’s', async () => {
    const desk = await listen(`${web.url}/api/events?desk`)
    const wim = await listen(`${web.url}/api/events?customer=wim`)
    await desk.next()
    await web.says('xia', 'hello')
    expect((await desk.next()).event).toBe('line')
    await web.says('wim', 'hello')
    expect(JSON.parse((await wim.next()).data)).toMatchObject({ text: 'hello', from: 'customer' })
    desk.close()
    wim.close()
  })
})

describe('health', () => {
  test('alive, ready, measured', async () => {
    expect((await web.call('GET', '/healthz')).status).toBe(200)
    expect((await web.call('GET', '/readyz')).status).toBe(200)
    const metrics = await web.call('GET', '/metrics')
    expect(metrics.status).toBe(200)
    expect(metrics.headers.get('content-type')).toMatch(/text\/plain/)
    expect(metrics.body).toMatch(/^# (?:HELP|TYPE) /m)
  })

  test('the page and its parts, and nothing beside them', async () => {
    const page = await web.call('GET', '/')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    for (const path of [
      '/nothing',
      '/playground/../server.ts',
      '/playground/%2e%2e/server.ts',
      '/.env',
      '/api/nothing',
    ])
      expect((await web.call('GET', path)).status).toBe(404)
  })
})

describe('who may speak', () => {
  test.each([
    ['evil.example', undefined],
    ['evil.example:80', undefined],
    ['127.0.0.1.evil.example', undefined],
    ['127.0.0.1', 'https://evil.example'],
    ['127.0.0.1', 'null'],
    ['localhost', 'http://localhost.evil.example'],
  ])('Host %s, Origin %s: 403', async (host, origin) => {
    expect(await web.from(host, origin)).toBe(403)
  })

  test.each([
    ['localhost:3000', undefined],
    ['127.0.0.1', 'http://127.0.0.1:3000'],
    ['[::1]:3000', 'http://[::1]:3000'],
  ])('Host %s, Origin %s: welcome', async (host, origin) => {
    expect(await web.from(host, origin)).toBe(200)
  })
})

describe('a bot of its own', () => {
  test('over the rate: 429 with Retry-After; others are not held up', async () => {
    const other = await serve()
    try {
      const answers = await Promise.all(Array.from({ length: 80 }, (_, n) => other.says('yan', `message ${n}`)))
      const late = answers.filter((one) => one.status === 429)
      expect(answers.filter((one) => one.status === 202).length).toBeGreaterThanOrEqual(60)
      expect(late.length).toBeGreaterThanOrEqual(15)
      expect(Number(late[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
      expect((await other.says('zoe', 'hello')).status).toBe(202)
    } finally {
      await other.bot.stop()
    }
  })

  test('while it drains: 503, and not ready', async () => {
    const other = await serve()
    await other.says('bob', 'hello')
    await other.reads('bob', botSaid(1))
    await other.bot.engine.stop()
    const refused = await other.says('bob', 'one more')
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
    await other.bot.stop()
    await expect(fetch(other.url)).rejects.toThrow()
  })

  test('a stop ends open streams and loses nothing that was accepted', async () => {
    const other = await serve()
    const stream = await listen(`${other.url}/api/events?customer=cat`)
    await other.says('cat', 'hello')
    await stream.next()
    await other.bot.stop()
    await expect(
      (async () => {
        for (;;) await stream.next()
      })(),
    ).rejects.toThrow()
  })
})
