/**
 * How calls to Slack travel: Node's own client on kept connections, in the shape of `fetch` that Slack's client asks for.
 * It takes a third of the time that the global one takes, and every answer to a customer is such a call.
 */
import { Agent as PlainAgent, request as plain } from 'node:http'
import { Agent, request as secure } from 'node:https'

// A connection that was idle for longer may be on its way to being closed at the other end.
const kept = { keepAlive: true, maxSockets: 100, timeout: 4_000 }
const agents = { plain: new PlainAgent(kept), secure: new Agent(kept) }

export const keptFetch: typeof fetch = (input, init = {}) => {
  const { body, headers, method = 'GET', signal } = init
  // Forms with files, and whatever else is not plain text, are not of our making: the global client takes them.
  if (typeof input !== 'string' || typeof body !== 'string') return fetch(input, init)
  const isPlain = input.startsWith('http:')
  return new Promise((resolve, reject) => {
    const sent = (isPlain ? plain : secure)(input, {
      method,
      agent: isPlain ? agents.plain : agents.secure,
      headers: { ...Object.fromEntries(new Headers(headers)), 'content-length': Buffer.byteLength(body) },
      ...(signal ? { signal } : {}),
    })
    sent.once('error', reject)
    sent.once('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => {
        const { statusCode = 500, statusMessage = '' } = response
        const told = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)])
        resolve(new Response(Buffer.concat(chunks), { status: statusCode, statusText: statusMessage, headers: told }))
      })
    })
    sent.end(body)
  })
}
