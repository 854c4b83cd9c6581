/** Asking the server. Whatever goes wrong becomes one sentence that can be shown as it is. */

/**
 * @param {string} path
 * @param {string} [method]
 * @param {object} [body]
 * @returns {Promise<any>}
 */
async function ask(path, method = 'GET', body) {
  const answer = await reach(path, method, body)
  const told = await answer.json().catch(() => null)
  if (answer.ok) return told
  throw new Refused(answer.status, told?.error ?? `The server answered ${answer.status} without saying why.`)
}

/** @param {string} path @param {string} method @param {object} [body] */
async function reach(path, method, body) {
  try {
    return await fetch(path, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    })
  } catch {
    throw new Refused(0, 'The server cannot be reached. Is “npm start” still running? What you wrote is kept.')
  }
}

/** The server said no, and why. `status` is 0 where it was not reached. */
export class Refused extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

const name = encodeURIComponent

/** @param {import('./types.js').Person} person @param {string} id @param {string} text */
export const say = (person, id, text) =>
  ask('/api/messages', 'POST', { id, customer: person.id, text, timezone: person.timezone })

/** @param {string} customer @param {string} id @param {string} text */
export const edit = (customer, id, text) => ask(`/api/messages/${name(id)}`, 'PATCH', { customer, text })

/** @param {string} customer @param {string} id */
export const remove = (customer, id) => ask(`/api/messages/${name(id)}`, 'DELETE', { customer })

/** @param {string} customer @param {string} button @param {number | null} kase */
export const press = (customer, button, kase) =>
  ask(`/api/customers/${name(customer)}/press`, 'POST', { button, ...(kase === null ? {} : { case: kase }) })

/** @param {string} customer @param {string | null} after @returns {Promise<import('./types.js').Message[]>} */
export const messages = async (customer, after) =>
  (await ask(`/api/customers/${name(customer)}/messages${after === null ? '' : `?after=${name(after)}`}`)).messages

/** @param {string} customer @returns {Promise<import('./types.js').Journey>} */
export const journey = (customer) => ask(`/api/customers/${name(customer)}/journey`)

/** @returns {Promise<import('./types.js').CaseSummary[]>} */
export const cases = async () => (await ask('/api/cases')).cases

/** What a model suggests; null where there is none. @param {number} number @returns {Promise<import('./types.js').Help | null>} */
export const help = async (number) => (await ask(`/api/cases/${number}/help`)).help

/** @param {number} number @returns {Promise<import('./types.js').CaseDetail>} */
export const oneCase = (number) => ask(`/api/cases/${number}`)

/** @param {string} agent @param {string} customer @param {string} text */
export const open = (agent, customer, text) => ask('/api/cases', 'POST', { agent, for: customer, text })

/** A form of the desk with what is known filled in. @param {number} number @param {string} form @param {string} agent */
export const form = (number, form, agent) => ask(`/api/cases/${number}/forms/${form}?agent=${name(agent)}`)

/** @param {number} number @param {{ agent: string, do: string, [field: string]: unknown }} action */
export const act = (number, action) => ask(`/api/cases/${number}/actions`, 'POST', action)

/** @returns {Promise<import('./types.js').Alert[]>} */
export const desk = async () => (await ask('/api/desk')).lines

/** @returns {Promise<{ now: string, timezone: string, offset: number, offered: boolean }>} */
export const clock = () => ask('/api/clock')

/** @param {string} after as in `2h` */
export const pass = (after) => ask('/api/clock', 'POST', { after })

/** An id of ours for a message, so that sending it twice says it once. `randomUUID` is missing off loopback without TLS. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return `pg-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
