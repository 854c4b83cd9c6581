/** The desk: every case as a card, what the desk is alerted to, and who one is. */
import * as api from './api.js'
import { caseView, pips } from './casework.js'
import { byId, complain, focusOn, h, icon, show } from './dom.js'
import * as people from './people.js'
import { clockOf, dayOf, deskZone, fromNow, now, placeOf } from './time.js'
import { isTold, ownerWords, promiseWords, statuses } from './words.js'

/** @typedef {import('./types.js').CaseSummary} CaseSummary */

/** What is finished goes from the first list; what has no case yet is nowhere in it. */
const underWay = new Set(['open', 'waiting', 'resolved'])
const alertsAtMost = 4

/** Mood is told with the whole case only. @type {Map<number, string>} */
const moods = new Map()

/**
 * @param {{ agent: () => string, setAgent: (agent: string) => void, person: () => import('./types.js').Person,
 *   be: (customer: string) => void, changed: () => void, count: (waiting: number) => void }} to
 */
export function desk(to) {
  /** @type {CaseSummary[]} */
  let list = []
  /** @type {import('./types.js').Alert[]} */
  let alerts = []
  let filter = 'live'
  /** @type {ReturnType<typeof caseView> | null} */
  let opened = null
  let loaded = false

  showAgents(to)
  recordFailure({ ...to, open })
  const declare = declareIncident(to)
  byId('filter').addEventListener('change', (/** @type {any} */ event) => {
    filter = event.target.value
    render()
  })

  async function refresh() {
    const [found, lines] = await Promise.all([api.cases(), api.desk()])
    list = found
    alerts = lines
    loaded = true
    await fetchMoods(list)
    if (opened) await opened.refresh()
    complain(byId('desk-error'), null)
    render()
  }

  function render() {
    const shown = list.filter((kase) => filter === 'all' || underWay.has(kase.status))
    show(
      byId('cards'),
      shown,
      (kase) => String(kase.case),
      (kase) => card(kase, open),
      (kase) => [kase, moods.get(kase.case)],
    )
    const waiting = list.filter((kase) => kase.status === 'open' && kase.owner === 'desk').length
    const under = list.filter((kase) => underWay.has(kase.status)).length
    byId('desk-count').textContent = !loaded
      ? ''
      : under === 0
        ? 'Nothing under way'
        : `${under} under way${waiting ? ` · ${waiting} waiting` : ''}`
    to.count(waiting)
    showEmpty(shown.length === 0 && loaded, list.length)
    const told = alerts.filter((alert) => !isTold(alert.reason) && alert.reason !== 'refused')
    // What waits for a decision stays in sight.
    const heard = told.filter((alert, i) => offers(alert) || i < alertsAtMost)
    byId('alerts').hidden = heard.length === 0
    show(
      byId('alert-lines'),
      heard,
      (alert) => alert.id,
      (alert) => (offers(alert) ? proposalLine(alert, decide) : alertLine(alert, open)),
    )
  }

  /** @param {number} number @param {string} button */
  async function decide(number, button) {
    try {
      if (button === 'declare') return await declare(number)
      await api.act(number, { agent: to.agent(), do: button })
      to.changed()
    } catch (failed) {
      complain(byId('desk-error'), failed)
    }
  }

  /** @param {number} number */
  function open(number) {
    const article = byId('case')
    byId('desk-list').hidden = true
    article.hidden = false
    opened = caseView(article, number, { ...to, leave })
    opened.refresh().then(
      () => article.querySelector('h3')?.focus(),
      (error) => complain(byId('desk-error'), error),
    )
  }

  function leave() {
    const number = opened?.number
    opened = null
    byId('case').hidden = true
    byId('desk-list').hidden = false
    render()
    focusOn(byId('cards'), `[data-key="${number}"] button`)
  }

  return {
    refresh,
    open,
    tick() {
      const time = `${clockOf(now(), deskZone())} in ${placeOf(deskZone())}`
      if (byId('desk-time').textContent !== time) byId('desk-time').textContent = time
      opened?.tick()
    },
    isOpen: () => opened?.number ?? null,
    turnTo: () => opened?.refresh().catch(() => to.changed()),
  }
}

/** @param {CaseSummary[]} list */
async function fetchMoods(list) {
  for (const kase of list) if (kase.mood) moods.set(kase.case, kase.mood)
  const unknown = list.filter((kase) => !moods.has(kase.case) && underWay.has(kase.status)).slice(0, 12)
  const found = await Promise.all(unknown.map((kase) => api.oneCase(kase.case)))
  for (const kase of found) moods.set(kase.case, kase.mood ?? 'calm')
}

/** @param {CaseSummary} kase @param {(number: number) => void} open */
function card(kase, open) {
  const mood = moods.get(kase.case) ?? 'calm'
  const customer = people.nameOf(kase.customer, kase.name)
  const called = kase.status === 'open' && kase.owner === 'desk'
  const lang = people.languageOf(kase.summary, people.spokenBy(kase.customer))
  return h(
    'li',
    { class: `card ${kase.status}${called ? ' called' : ''}` },
    h(
      'button',
      { type: 'button', 'data-focus': `case-${kase.case}`, onclick: () => open(kase.case) },
      h('span', { class: 'number' }, h('span', { class: 'vh', text: 'Case ' }), String(kase.case)),
      h(
        'span',
        { class: 'body' },
        h(
          'span',
          { class: 'who' },
          h('b', { text: customer, lang: people.languageOf(customer, people.spokenBy(kase.customer)) }),
          h('span', { text: kase.kind }),
          pips(kase.severity),
          mood === 'calm' ? null : h('span', { class: `mood ${mood}`, text: mood }),
        ),
        h('span', { class: 'summary', lang, text: kase.summary || 'Asked for a person' }),
        h(
          'span',
          { class: 'state' },
          h('span', { class: `status ${kase.status}`, text: statuses[kase.status] ?? kase.status }),
          h('span', { text: ownerWords(kase.owner) }),
          kase.promise && underWay.has(kase.status) ? due(kase.promise) : null,
        ),
      ),
    ),
  )
}

/** @param {{ what: string, due: string }} promise */
function due(promise) {
  const at = Date.parse(promise.due)
  return h(
    'span',
    { class: 'until' },
    icon('clock'),
    h('span', { class: 'vh', text: `${promiseWords(promise.what)} ` }),
    h('span', { 'data-due': at, text: fromNow(at) }),
  )
}

/** @param {import('./types.js').Alert} alert @param {(number: number) => void} open */
function alertLine(alert, open) {
  const text = h('span', { text: alert.text })
  const at = h('time', { datetime: alert.at, title: dayOf(alert.at, deskZone()), text: clockOf(alert.at, deskZone()) })
  const kase = alert.case
  return h(
    'li',
    {},
    kase === null
      ? h('div', {}, icon('alert'), text, at)
      : h('button', { type: 'button', onclick: () => open(kase) }, icon('alert'), text, at),
  )
}

/** A proposal that nobody has decided upon. @param {import('./types.js').Alert} alert */
function offers({ reason, buttons }) {
  return reason === 'spike' && buttons.length > 0
}

/** @param {import('./types.js').Alert} alert @param {(number: number, button: string) => void} decide */
function proposalLine({ text, at, case: number, buttons }, decide) {
  return h(
    'li',
    { class: 'proposal' },
    h(
      'div',
      {},
      icon('alert'),
      h('span', { text }),
      h('time', { datetime: at, title: dayOf(at, deskZone()), text: clockOf(at, deskZone()) }),
    ),
    h(
      'p',
      { class: 'row' },
      ...buttons.map(({ id, label }, i) =>
        h('button', {
          type: 'button',
          class: i === 0 ? 'main' : 'plain',
          text: label,
          onclick: () => decide(number ?? 0, id),
        }),
      ),
    ),
  )
}

/** @param {boolean} empty @param {number} all */
function showEmpty(empty, all) {
  const place = byId('desk-empty')
  place.hidden = !empty
  if (!empty || place.getAttribute('data-all') === String(all > 0)) return
  place.setAttribute('data-all', String(all > 0))
  place.replaceChildren(
    icon('desk'),
    h('p', { class: 'lead', text: all > 0 ? 'Everything is settled.' : 'No cases yet.' }),
    h('p', {
      class: 'about',
      text:
        all > 0
          ? 'Finished cases are under “All”.'
          : 'When a customer complains, or asks what the assistant cannot answer, a case appears here and a person can take it.',
    }),
  )
}

/** @param {{ agent: () => string, setAgent: (agent: string) => void }} to */
function showAgents(to) {
  byId('agents').append(
    ...people.agents.map((agent) => {
      const radio = h('input', { type: 'radio', name: 'agent', value: agent, checked: agent === to.agent() })
      radio.addEventListener('change', () => to.setAgent(agent))
      return h('label', {}, radio, h('span', { text: agent }))
    }),
  )
}

/** @param {{ agent: () => string, person: () => import('./types.js').Person, open: (number: number) => void, changed: () => void }} to */
function recordFailure(to) {
  const dialog = byId('failure')
  const error = byId('failure-error')
  byId('open-failure').addEventListener('click', () => {
    complain(error, null)
    const chosen = to.person().id
    byId('failure-for').replaceChildren(
      ...people
        .everybody()
        .map(({ id, name, language }) =>
          h('option', { value: id, text: name, lang: people.languageOf(name, language), selected: id === chosen }),
        ),
    )
    dialog.showModal()
  })
  byId('failure-cancel').addEventListener('click', () => dialog.close())
  byId('failure-form').addEventListener('submit', async (/** @type {Event} */ event) => {
    event.preventDefault()
    try {
      await api.open(to.agent(), byId('failure-for').value, byId('failure-text').value)
      byId('failure-text').value = ''
      dialog.close()
      to.changed()
    } catch (failed) {
      complain(error, failed)
    }
  })
}

/**
 * Opens with what would be said of it, in the desk's language.
 * @param {{ agent: () => string, changed: () => void }} to
 * @returns {(number: number) => Promise<void>}
 */
function declareIncident(to) {
  const dialog = byId('incident')
  const error = byId('incident-error')
  let tipped = 0
  byId('incident-cancel').addEventListener('click', () => dialog.close())
  byId('incident-form').addEventListener('submit', async (/** @type {Event} */ event) => {
    event.preventDefault()
    try {
      await api.act(tipped, { agent: to.agent(), do: 'declare', text: byId('incident-text').value })
      dialog.close()
      to.changed()
    } catch (failed) {
      complain(error, failed)
    }
  })
  return async (number) => {
    const { fields } = await api.form(number, 'declare', to.agent())
    tipped = number
    complain(error, null)
    byId('incident-text').value = fields.find((/** @type {{ id: string }} */ { id }) => id === 'text')?.value ?? ''
    dialog.showModal()
  }
}
