/** How the desk and the road call things: one short English word or line for each of the record's. */

/** @type {Record<string, { name: string, about: string }>} */
export const steps = {
  listen: { name: 'Listen', about: 'heard, thanked, and told we are sorry' },
  find: { name: 'Find out', about: 'what happened, and what is hoped for' },
  propose: { name: 'Propose', about: 'a remedy is put to the customer' },
  revise: { name: 'Revise', about: 'not quite right: another is looked for' },
  act: { name: 'Act', about: 'a person puts it right' },
  check: { name: 'Check', about: 'we come back and ask: is it solved?' },
  learn: { name: 'Learn', about: 'the cause is kept, the case closes' },
  answer: { name: 'Answer', about: 'a person finds the answer' },
}

/** @type {Record<string, string[]>} */
export const paths = {
  complaint: ['listen', 'find', 'propose', 'revise', 'act', 'check', 'learn'],
  safety: ['listen', 'find', 'propose', 'revise', 'act', 'check', 'learn'],
  inquiry: ['answer', 'check'],
}

/** @type {Record<string, string>} */
export const statuses = {
  open: 'Our move',
  waiting: 'Customer’s move',
  resolved: 'Resolved, checking back',
  closed: 'Closed',
  withdrawn: 'Withdrawn',
}

/** @type {Record<string, string>} */
export const severities = { 0: 'slight', 1: 'a nuisance', 2: 'real harm, or repeated', 3: 'grave' }

/** @type {Record<string, string>} */
export const timers = {
  'promise.risk': 'The desk is reminded of its promise',
  silence: 'Word to the customer, so that no day is silent',
  check: 'Check-in: is it solved?',
  close: 'Closes, if nobody writes',
  suggestion: 'Word on where the idea stands',
}

/** @type {Record<string, string>} */
export const facts = {
  thing: 'About',
  failure: 'Failure',
  times: 'Times',
  since: 'Since',
  stake: 'At stake',
  order: 'Order',
  amount: 'Amount',
  wish: 'Hopes for',
}

/** @param {string} what */
export const promiseWords = (what) => (what === 'answer' ? 'A person answers' : what)

/** @param {string} owner */
export function ownerWords(owner) {
  if (owner === 'bot') return 'with the assistant'
  return owner === 'desk' ? 'waits for a person' : `with ${titled(owner)}`
}

/** @param {string} name */
export const titled = (name) => name.slice(0, 1).toUpperCase() + name.slice(1)

/** @type {Record<string, string>} */
const faults = {
  blame: 'It lays the blame on somebody',
  argument: 'It argues with the customer',
  minimise: 'It makes the matter small',
  sarcasm: 'It mocks the customer',
  empty: 'It says sorry and nothing else',
  evasion: 'It does not answer',
  promise: 'It promises what no record backs',
  date: 'It names a time that is no promise yet: make it one',
  repeat: 'It says an apology again in the same words',
  admission: 'It admits a legal fault',
  internal: 'It tells what is ours alone',
  secret: 'It holds what must not be sent',
}

/** The guard's reason (`promise: “£500”`) as a sentence; a reason in words of its own stays as it is. @param {string} reason */
export function heldWords(reason) {
  const [fault = '', ...found] = reason.split(': ')
  return faults[fault] ? `${faults[fault]}${found.length > 0 ? `: ${found.join(': ')}` : ''}.` : reason
}

/** Alerts that say what the thread's own lines say already. */
const told = new Set(['claimed', 'transferred', 'held', 'linked', 'unlinked'])

/** @param {string | undefined} reason */
export const isTold = (reason) => told.has(reason ?? '')

/**
 * One line for what happened to a case; null where the conversation itself shows it.
 *
 * @param {import('./types.js').CaseEvent} event
 * @param {string} customer
 * @returns {string | null}
 */
export function eventLine(event, customer) {
  switch (event.type) {
    case 'opened':
      return `Case opened: ${event.kind}, ${severities[event.severity]}`
    case 'raised':
      return `Severity raised to ${event.severity}: ${event.reason}`
    case 'failedAgain':
      return `Failed again: ${event.reason.replace(': answer', ' of an answer')}`
    case 'called':
      return 'A person was called'
    case 'claimed':
      return `${titled(event.by.name)} took the case`
    case 'released':
      return `${titled(event.by.name)} handed it back`
    case 'transferred':
      return `${titled(event.by.name)} gave it to ${titled(event.to.name)}`
    case 'linked':
      return `${titled(event.by.name)}: the same person as somebody known from elsewhere`
    case 'unlinked':
      return `${titled(event.by.name)}: not the same person after all`
    case 'offered':
      return `Offer: ${event.offer.remedy}${event.offer.amount ? `, ${event.offer.amount}` : ''}${event.offer.approved ? '' : ' (needs approval)'}`
    case 'approved':
      return `${titled(event.by.name)} approved the offer`
    case 'accepted':
      return `${customer} accepted the offer`
    case 'refused':
      return `${customer} declined the offer`
    case 'resolved':
      return [
        'Resolved by ',
        titled(event.by.name),
        event.cause && ` · cause: ${event.cause}`,
        event.remedy && ` · remedy: ${event.remedy}`,
      ]
        .filter(Boolean)
        .join('')
    case 'checked':
      return 'Check-in sent'
    case 'answered':
      return answered(event, customer)
    case 'reopened':
      return `Opened again: ${event.reason}`
    case 'refiled':
      return `Filed as ${event.kind} by ${titled(event.by.name)}`
    case 'withdrawn':
      return `${customer} withdrew it`
    case 'closed':
      return `Closed: ${event.reason}`
    default:
      return null
  }
}

/** @param {import('./types.js').CaseEvent} event @param {string} customer */
function answered(event, customer) {
  if (event.solved !== undefined) return `${customer}: ${event.solved ? 'solved' : 'not solved'}`
  if (event.rating !== undefined) return `${customer} rated it ${event.rating} of 5`
  if (event.expectation === 'as') return `${customer}: as expected`
  return event.expectation ? `${customer}: ${event.expectation} than expected` : null
}
