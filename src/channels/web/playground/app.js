/** The playground: a customer, a desk, and what is going on between them, each in its pane. */
import { Refused } from './api.js'
import { chat } from './chat.js'
import { desk } from './desk.js'
import { byId, complain } from './dom.js'
import { live, soon } from './live.js'
import * as people from './people.js'
import { road } from './road.js'
import { tickTimes } from './time.js'

/** @typedef {import('./types.js').Person} Person */

const everyone = people.everybody()
let person = everyone.find(({ id }) => id === people.recall('amends.customer')) ?? /** @type {Person} */ (everyone[0])
let agent = people.agents.find((name) => name === people.recall('amends.agent')) ?? people.agents[0] ?? 'Kim'
/** Has a person the customer's case? Then the assistant is silent. */
let held = false
let waitingBefore = 0

const refreshAll = () => {
  refreshChat()
  refreshDesk()
  refreshRoad()
}

const theChat = chat({ person: () => person, choose, held: () => held, changed: refreshAll })
const theDesk = desk({
  agent: () => agent,
  setAgent(name) {
    agent = name
    people.remember('amends.agent', name)
    refreshDesk()
  },
  person: () => person,
  be(customer) {
    const found = people.everybody().find(({ id }) => customer.endsWith(`:${id}`))
    const id = customer.split(':').slice(2).join(':')
    choose(found ?? { id, name: id, language: 'en', timezone: Intl.DateTimeFormat().resolvedOptions().timeZone })
    if (getComputedStyle(byId('chat')).display === 'none') showPane('chat')
  },
  changed: refreshAll,
  count(waiting) {
    if (waiting > waitingBefore) mark('desk')
    waitingBefore = waiting
  },
})
const theRoad = road({
  person: () => person,
  changed: refreshAll,
  journey(journey) {
    // The server's clock came with it.
    tick()
    held = journey.cases.some(
      ({ status, owner }) => (status === 'open' || status === 'waiting') && owner !== 'bot' && owner !== 'desk',
    )
  },
})

const refreshChat = soon(() => told(theChat.refresh(), 'chat-error'))
const refreshDesk = soon(() => told(theDesk.refresh(), 'desk-error'))
const refreshRoad = soon(() => told(theRoad.refresh(), 'road-error'))

/** @param {Promise<void>} task @param {string} line */
async function told(task, line) {
  try {
    await task
    if (byId(line).hasAttribute('data-reading')) complain(byId(line), null)
    byId(line).removeAttribute('data-reading')
  } catch (error) {
    // That the server is gone is said once, at the top; a refusal stands here until the next success.
    if (error instanceof Refused && error.status === 0) return showLink(false)
    byId(line).setAttribute('data-reading', '')
    complain(byId(line), error)
  }
}

const streams = live({
  address: () => [`/api/events?customer=${encodeURIComponent(person.id)}`, '/api/events?desk'],
  changed(what, data) {
    refreshAll()
    if (what === 'message' && data?.from !== 'customer') mark('chat')
  },
  state(isLive) {
    showLink(isLive)
    if (isLive) void theRoad.refreshClock().then(tick, () => {})
  },
})

/** @param {boolean} isLive */
function showLink(isLive) {
  const link = byId('link')
  const fresh = link.getAttribute('data-live') === 'no'
  const text = isLive ? 'Live' : fresh ? 'Connecting' : 'Reconnecting'
  link.setAttribute('data-live', isLive ? 'yes' : fresh ? 'no' : 'lost')
  if (byId('link-text').textContent !== text) byId('link-text').textContent = text
}

/** @param {Person} next */
function choose(next) {
  person = next
  held = false
  people.remember('amends.customer', next.id)
  theChat.turnTo()
  theRoad.turnTo()
  theDesk.turnTo()
  streams.follow()
  refreshAll()
}

const tabs = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll('.tabs button')])

/** @param {string} pane */
function showPane(pane) {
  document.body.setAttribute('data-pane', pane)
  for (const tab of tabs) {
    tab.setAttribute('aria-pressed', String(tab.dataset.to === pane))
    if (tab.dataset.to === pane) tab.classList.remove('news')
  }
  const scroll = byId('chat-scroll')
  if (pane === 'chat') scroll.scrollTop = scroll.scrollHeight
}

/** Something new where nobody looks. @param {string} pane */
function mark(pane) {
  const tab = tabs.find(({ dataset }) => dataset.to === pane)
  if (getComputedStyle(byId(pane)).display === 'none') tab?.classList.add('news')
}

/** Between a phone and a desktop the customer is always there, and the tabs choose what stands beside. */
const besides = matchMedia('(min-width: 760px) and (max-width: 1099px)')
const settle = () => {
  if (besides.matches && document.body.dataset.pane === 'chat') showPane('desk')
}
besides.addEventListener('change', settle)
settle()

for (const tab of tabs) tab.addEventListener('click', () => showPane(tab.dataset.to ?? 'chat'))

function tick() {
  tickTimes()
  theChat.tick()
  theDesk.tick()
  theRoad.tick()
}

setInterval(tick, 1000)

choose(person)
void theRoad.refreshClock().then(tick, (error) => complain(byId('time-error'), error))
