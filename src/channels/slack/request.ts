/**
 * How calls to Slack travel: on kept connections, in the shape of `fetch` that Slack's client asks for. The global one takes
 * several times as long, and every answer to a customer is such a call.
 */
import type { FetchFunction } from '@slack/web-api'
import { Agent, request } from 'undici'

const dispatcher = new Agent({ allowH2: false })

export const keptFetch: FetchFunction = async (url, init = {}) => {
  const { method = 'GET', headers = {}, body = null, signal } = init
  // A form that carries bytes is not of our making: the global client takes it.
  if (typeof body === 'object' && body !== null) return await fetch(url, init)
  const answer = await request(url, { dispatcher, method, headers, body, ...(signal && { signal }) })
  // Read to its end, whatever it is: only then the connection serves again.
  const bytes = Buffer.from(await answer.body.arrayBuffer())
  const { statusCode: status, statusText, headers: told } = answer
  const text = async () => bytes.toString()
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText,
    url: String(url),
    headers: {
      get: (name) => (told[name] === undefined ? null : String(told[name])),
      entries: () => Object.entries(told).map(([name, value]): [string, string] => [name, String(value)]),
    },
    arrayBuffer: async () => new Uint8Array(bytes).buffer,
    json: async () => JSON.parse(await text()),
    text,
  }
}
