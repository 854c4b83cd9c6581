/** The JSON API (CONTRACT.md, "Web channel"): customers write, the desk acts, both look. */
import { randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import { statuses } from '../../domain/case.ts'
import { agentCommand, agentLine, caseAtMost, pressed, webCustomer, webName } from '../../domain/command.ts'
import { isZone } from '../../domain/hours.ts'
import { reasonOf } from '../../domain/malformed.ts'
import { type Author, type FileContent, type Incoming, longestText, type Place } from '../../domain/message.ts'
import { deskForms, type Front, type Received } from '../../domain/ports.ts'
import type { Hub } from './hub.ts'

export interface ApiParts {
  front: Front
  hub: Hub
  now(): number
  /** Seconds until this customer may write again; 0: now. */
  waitFor(customer: string): Promise<number>
}

/** Files are 10 MB a message; base64 and the JSON around it take a third more. */
const filesAtMost = 10 * 1024 * 1024
const bodyAtMost = 15 * 1024 * 1024

const id = z.string().min(1).max(200)
const messageBody = z.strictObject({
  id: id.optional(),
  customer: webName,
  text: z.string().max(longestText, `is over ${longestText} characters: send it as a file`),
  timezone: z.string().refine(isZone, 'is no time zone: write one such as Asia/Taipei').optional(),
  tier: z.string().min(1).max(50).optional(),
  files: z
    .array(z.strictObject({ name: z.string().min(1).max(255), type: z.string().max(255), base64: z.base64() }))
    .max(20)
    .optional(),
})
const editBody = z.strictObject({
  customer: webName.optional(),
  text: z.string().min(1, 'needs a text').max(longestText),
})
const deleteBody = z.strictObject({ customer: webName.optional() })
const pressBody = z.strictObject({
  button: pressed,
  case: z.number().int().min(1).optional(),
})
const agent = z.string({ error: 'name the agent who acts' }).trim().min(1, 'name the agent who acts').max(100)
const status = z.enum(statuses).nullable()

/** A refusal of a request: a status and one clear sentence. */
class Refused extends Error {
  readonly status: 400 | 404 | 409 | 413 | 415 | 403 | 429 | 503
  readonly retryAfter: number | null
  constructor(status: Refused['status'], message: string, retryAfter: number | null = null) {
    super(message)
    this.status = status
    this.retryAfter = retryAfter
  }
}

export function createApi({ front, hub, now, waitFor }: ApiParts): Hono {
  const api = new Hono()
  const tooLarge = (c: Context) => c.json({ error: 'the request is over 15 MB: files are at most 10 MB in all' }, 413)
  const counted = bodyLimit({ maxSize: bodyAtMost, onError: tooLarge })
  api.use(async (c, next) => {
    // Node holds a body to the length that it tells. One that tells none is counted as it comes, which costs a stream.
    if (c.req.header('transfer-encoding') !== undefined) return await counted(c, next)
    if (Number(c.req.header('content-length') ?? 0) > bodyAtMost) return tooLarge(c)
    return await next()
  })
  api.onError((error, c) => {
    if (!(error instanceof Refused)) throw error
    if (error.retryAfter !== null) c.header('Retry-After', String(error.retryAfter))
    return c.json({ error: error.message }, error.status)
  })

  api.post('/messages', async (c) => {
    const body = await parse(c, messageBody)
    const files = filesOf(body.files ?? [])
    if (body.text.trim() === '' && files.length === 0) throw new Refused(400, 'text: write something, or send a file')
    const wait = await waitFor(webCustomer(body.customer))
    if (wait > 0) throw new Refused(429, `too many messages: try again in ${wait} s`, wait)
    const { text, timezone = null, tier = null } = body
    const incoming: Incoming = { ...arrived(body.customer, body.id, now()), type: 'said', text, files, timezone, tier }
    const received = await front.receive(incoming)
    const status = statusOf(received)
    hub.stir(incoming.author.id)
    return c.json({ id: incoming.id }, status)
  })

  api.patch('/messages/:id', async (c) => {
    const { customer: name, text } = await parse(c, editBody)
    const message = c.req.param('id')
    return await take(c, {
      ...arrived(name ?? (await authorOf(message)), undefined, now()),
      type: 'edited',
      message,
      text,
    })
  })

  api.delete('/messages/:id', async (c) => {
    const { customer: name } = c.req.header('content-type') ? await parse(c, deleteBody) : {}
    const message = c.req.param('id')
    return await take(c, { ...arrived(name ?? (await authorOf(message)), undefined, now()), type: 'deleted', message })
  })

  api.get('/customers/:customer/messages', async (c) => {
    const after = c.req.query('after') ?? null
    return c.json(await front.view({ of: 'messages', customer: webCustomer(c.req.param('customer')), after }))
  })

  api.get('/customers/:customer/journey', async (c) =>
    c.json(await front.view({ of: 'journey', customer: webCustomer(c.req.param('customer')) })),
  )

  api.post('/customers/:customer/press', async (c) => {
    const body = await parse(c, pressBody)
    const { customer } = fits(z.object({ customer: webName }), { customer: c.req.param('customer') })
    const incoming = arrived(customer, undefined, now())
    return await take(c, { ...incoming, type: 'pressed', button: body.button, case: body.case ?? null })
  })

  api.get('/cases', async (c) => {
    const asked = fits(z.object({ status }), { status: c.req.query('status') || null })
    return c.json(await front.view({ of: 'cases', status: asked.status }))
  })

  api.get('/cases/:n', async (c) => {
    const kase = await front.view({ of: 'case', number: caseNumber(c) })
    if (kase === null) throw new Refused(404, `there is no case ${c.req.param('n')}`)
    return c.json(kase)
  })

  api.get('/cases/:n/help', async (c) => c.json({ help: await front.view({ of: 'help', number: caseNumber(c) }) }))

  api.get('/cases/:n/forms/:form', async (c) => {
    const { form, agent: name } = fits(z.object({ form: z.enum(deskForms), agent }), {
      form: c.req.param('form'),
      agent: c.req.query('agent'),
    })
    const number = caseNumber(c)
    const { author: by } = atDesk(name, number, now())
    const shown = await front.view({ of: 'form', form, case: number, by, about: null })
    if ('refused' in shown) throw new Refused(409, shown.refused)
    return c.json(shown)
  })

  api.get('/desk', async (c) => c.json(await front.view({ of: 'desk' })))

  api.post('/cases', async (c) => {
    const body = await parse(c, z.strictObject({ agent, for: z.string(), text: z.string() }))
    const command = agentCommand(fits(agentLine, { do: 'open', for: body.for, text: body.text }), webCustomer)
    return await take(c, { ...atDesk(body.agent, null, now()), type: 'commanded', command })
  })

  api.post('/cases/:n/actions', async (c) => {
    const { agent: name, ...rest } = await parse(c, z.looseObject({ agent }))
    const n = caseNumber(c)
    const command = agentCommand(fits(agentLine, { ...rest, case: n }), webCustomer)
    return await take(c, { ...atDesk(name, n, now()), type: 'commanded', command })
  })

  api.get('/events', (c) => {
    const person = c.req.query('customer')
    return streamSSE(c, async (stream) => {
      const who = person === undefined ? 'desk' : webCustomer(person)
      let after: string | null = c.req.header('Last-Event-ID') ?? null
      let stirred = true
      let wake = () => {}
      const stir = () => {
        stirred = true
        wake()
      }
      const unwatch = hub.watch(who, stir)
      const unclose = hub.onClose(() => stream.abort())
      stream.onAbort(stir)
      // A comment now and then keeps proxies from closing a quiet stream.
      const beat = setInterval(() => void stream.writeln(':'), 20_000)
      try {
        while (!stream.aborted) {
          if (!stirred) await new Promise<void>((resolve) => (wake = resolve))
          stirred = false
          if (stream.aborted) break
          if (who === 'desk') await stream.writeSSE({ event: 'line', data: JSON.stringify({ at: now() }) })
          else after = await sendNew(stream, front, who, after)
        }
      } finally {
        clearInterval(beat)
        unwatch()
        unclose()
      }
    })
  })

  /** On loopback a message's own id says whose it is. */
  async function authorOf(message: string): Promise<string> {
    const author = await front.view({ of: 'author', channel: 'web', message })
    if (typeof author !== 'string') throw new Refused(404, `there is no message ${message}`)
    return author
  }

  async function take(c: Context, incoming: Incoming) {
    const status = statusOf(await front.receive(incoming))
    hub.stir(incoming.type === 'commanded' ? null : incoming.author.id)
    return c.json({ id: incoming.id }, status)
  }

  return api
}

interface Stream {
  readonly aborted: boolean
  writeSSE(event: { event: string; data: string; id: string }): Promise<void>
}

/** All that is new, page by page; resolves to the id of the newest. */
async function sendNew(stream: Stream, front: Front, who: string, after: string | null): Promise<string | null> {
  for (let newest = after; ; ) {
    const { messages } = messagesShape.parse(await front.view({ of: 'messages', customer: who, after: newest }))
    for (const message of messages)
      await stream.writeSSE({ event: 'message', id: message.id, data: JSON.stringify(message) })
    const last = messages.at(-1)
    if (!last || stream.aborted) return newest
    newest = last.id
  }
}

const messagesShape = z.object({ messages: z.array(z.looseObject({ id: z.string() })) })

function statusOf(received: Received): 200 | 202 {
  switch (received.type) {
    case 'stored':
      return 202
    case 'duplicate':
    case 'aside':
      return 200
    case 'conflict':
      throw new Refused(409, 'that id belongs to another message: ids are unique, leave it out to get one')
    case 'blocked':
      throw new Refused(403, 'messages from here are not taken: an agent has blocked this conversation')
    case 'refused':
      throw new Refused(409, received.text)
    case 'unknown':
      throw new Refused(404, `there is no ${received.what}`)
    case 'draining':
      throw new Refused(503, 'the bot is shutting down: send it again in a moment', 5)
    default:
      return received satisfies never
  }
}

async function parse<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  if (!/^application\/json\b/iu.test(c.req.header('content-type') ?? ''))
    throw new Refused(415, 'send JSON, with content-type application/json')
  let raw: unknown
  try {
    raw = JSON.parse(await c.req.text())
  } catch {
    throw new Refused(400, 'the body is not JSON')
  }
  return fits(schema, raw)
}

function fits<T>(schema: z.ZodType<T>, raw: unknown): T {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  throw new Refused(400, reasonOf(parsed.error))
}

function filesOf(files: readonly { name: string; type: string; base64: string }[]): FileContent[] {
  const contents = files.map(({ name, type, base64 }) => ({ name, type, bytes: Buffer.from(base64, 'base64') }))
  const size = contents.reduce((sum, { bytes }) => sum + bytes.length, 0)
  if (size > filesAtMost) throw new Refused(413, 'files: over 10 MB in all; send fewer, or smaller ones')
  return contents
}

function caseNumber(c: Context): number {
  const n = Number(c.req.param('n'))
  if (!Number.isInteger(n) || n < 1 || n > caseAtMost) throw new Refused(404, `there is no case ${c.req.param('n')}`)
  return n
}

interface Arrived {
  id: string
  place: Place
  author: Author
  at: number
}

function arrived(name: string, id: string | undefined, at: number): Arrived {
  const author = webCustomer(name)
  const room = author.split(':').slice(2).join(':')
  return {
    id: id ?? randomUUID(),
    place: { channel: 'web', workspace: '-', room, thread: null },
    author: { id: author, name: room },
    at,
  }
}

function atDesk(name: string, n: number | null, at: number): Arrived {
  const place: Place = { channel: 'web', workspace: '-', room: 'desk', thread: n === null ? null : String(n) }
  return { id: randomUUID(), place, author: { id: `web:-:${name}`, name }, at }
}
