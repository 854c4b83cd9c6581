/** What is going on: the way of a case, what was promised, what is due, and the playground's clock. */
import * as api from './api.js'
import { announce, byId, complain, drawing, h, icon, show } from './dom.js'
import * as people from './people.js'
import {
  clockOf,
  dayOf,
  deskZone,
  fromNow,
  now,
  placeOf,
  setDeskZone,
  setNow,
  span,
  untilMorning,
  wholeDayOf,
} from './time.js'
import { paths, promiseWords, statuses, steps, timers, titled } from './words.js'

/** @typedef {import('./types.js').Journey} Journey */

/** The seam from one step to the next; no two pieces of a broken bowl meet alike. */
const seams = [
  'M12 0l-2.500 9 5 8-4 10 3 9-1.500 12',
  'M12 0l3 8-5.500 9 4 9-3.500 10 2 12',
  'M12 0l-3.500 7 4.500 10-3 10 4.500 9-2.500 12',
  'M12 0l2 10-4.500 8 5.500 9-4 9 1 12',
]

const promiseIcons = { made: 'ring', 'at risk': 'alert', kept: 'check', broken: 'broken', 'let go': 'ring' }

/** @type {[string, (timezone: string) => string][]} */
const jumps = [
  ['10 min', () => '10m'],
  ['2 h', () => '2h'],
  ['Morning', (timezone) => `${untilMorning(timezone)}m`],
  ['1 day', () => '1d'],
  ['3 days', () => '3d'],
]

/**
 * @param {{ person: () => import('./types.js').Person, changed: () => void, journey: (journey: Journey) => void }} to
 */
export function road(to) {
  /** @type {Journey | null} */
  let journey = null
  /** Chosen by hand, else the newest. @type {number | null} */
  let chosen = null
  let offset = 0
  /** When the first thing is due. @type {number | null} */
  let next = null
  /** @type {import('./types.js').CaseDetail | null} */
  let detail = null
  showJumps()
  byId('to-next').addEventListener('click', () => {
    if (next !== null) void pass('Until the next', `${Math.max(1, Math.ceil((next - now()) / 60_000))}m`)
  })

  async function refresh() {
    const { id } = to.person()
    const found = await api.journey(id)
    const number = (found.cases.find((kase) => kase.case === chosen) ?? found.cases.at(-1))?.case
    const whole = number === undefined ? null : await api.oneCase(number)
    if (to.person().id !== id) return
    journey = found
    detail = whole
    setNow(found.now)
    to.journey(found)
    complain(byId('road-error'), null)
    render()
  }

  async function refreshClock() {
    const clock = await api.clock()
    setNow(clock.now)
    setDeskZone(clock.timezone)
    offset = clock.offset
    byId('pass').hidden = !clock.offered
    render()
    tick()
  }

  function render() {
    const { name, language } = to.person()
    const cases = journey?.cases ?? []
    const kase = cases.find((known) => known.case === detail?.case) ?? null
    byId('road-who').textContent = name
    byId('road-who').lang = people.languageOf(name, language)
    byId('which').hidden = cases.length < 2
    show(
      byId('which'),
      cases.slice(-6),
      (known) => String(known.case),
      (known) => choice(known.case, known.case === kase?.case),
      (known) => [known.case, known.case === kase?.case],
    )
    byId('steps-title').textContent =
      kase === null ? 'Recovery' : `Case ${kase.case}: ${statuses[kase.status] ?? kase.status}`
    const none = 'Nothing is under way. The path begins with the first complaint.'
    byId('no-path').textContent = kase === null ? none : 'The customer withdrew it.'
    byId('no-path').hidden = kase !== null && kase.status !== 'withdrawn'
    show(byId('path'), kase === null ? [] : stations(kase), (station) => station.step, station)
    showPromises(cases)
    showDue(cases)
  }

  /** @param {number} number @param {boolean} pressed */
  function choice(number, pressed) {
    const choose = () => {
      chosen = number
      void refresh().catch((error) => complain(byId('road-error'), error))
    }
    return h('button', {
      type: 'button',
      'aria-pressed': String(pressed),
      'data-focus': `which-${number}`,
      onclick: choose,
      text: `Case ${number}`,
    })
  }

  /** @typedef {{ step: string, state: 'done' | 'current' | 'skipped' | 'ahead', seam: number, last: boolean }} Station */

  /** @param {Journey['cases'][number]} kase @returns {Station[]} */
  function stations(kase) {
    const path = paths[kase.kind] ?? []
    const at = path.indexOf(kase.step)
    const seen = detail?.case === kase.case ? visited(detail.events, kase.step) : new Set(path)
    const over = kase.status === 'closed'
    return path.map((step, i) => {
      const passed = i < at ? (seen.has(step) ? 'done' : 'skipped') : 'ahead'
      const state = over && seen.has(step) ? 'done' : step === kase.step && !over ? 'current' : passed
      return { step, state, seam: i, last: i === path.length - 1 }
    })
  }

  /** @param {Journey['cases']} cases */
  function showPromises(cases) {
    const all = cases
      .flatMap((kase) =>
        kase.promises.map((promise, i) => ({
          ...promise,
          case: kase.case,
          key: `${kase.case}-${i}`,
          many: cases.length > 1,
        })),
      )
      .reverse()
    show(byId('promises'), all.slice(0, 8), (promise) => promise.key, promiseRow)
    byId('no-promises').hidden = all.length > 0
  }

  /** @param {Journey['cases']} cases */
  function showDue(cases) {
    const rows = (journey?.due ?? []).filter((row) => row.timer !== 'promise.due')
    byId('no-due').hidden = rows.length > 0
    next = rows[0] ? Date.parse(rows[0].at) : null
    byId('to-next').hidden = next === null || byId('pass').hidden
    show(
      byId('due'),
      rows,
      (row) => `${row.timer}-${row.case}-${row.at}`,
      (row) => {
        const at = Date.parse(row.at)
        return h(
          'li',
          { class: row.timer.replace('.', '-') },
          h(
            'span',
            {},
            timers[row.timer] ?? row.timer,
            row.case !== null && cases.length > 1 ? h('small', { text: ` case ${row.case}` }) : null,
          ),
          h(
            'span',
            { class: 'when' },
            h('time', { datetime: row.at, text: whenOf(row.at) }),
            h('b', { 'data-due': at, text: fromNow(at) }),
          ),
        )
      },
      (row) => [row, cases.length > 1],
    )
  }

  function showJumps() {
    byId('pass').append(
      ...jumps.map(([label, after]) => {
        const whole = label === 'Morning' ? 'Next morning' : null
        const button = h('button', { type: 'button', class: 'plain', title: whole, 'aria-label': whole, text: label })
        button.addEventListener('click', () => pass(label, after(to.person().timezone)))
        return button
      }),
    )
  }

  /** @param {string} label @param {string} after */
  async function pass(label, after) {
    const group = byId('pass')
    const buttons = [...group.children, byId('to-next')]
    for (const button of buttons) button.disabled = true
    group.setAttribute('aria-busy', 'true')
    try {
      const clock = await api.pass(after)
      setNow(clock.now)
      offset = clock.offset
      complain(byId('time-error'), null)
      announce(jumps.some(([name]) => name === label) && label !== 'Morning' ? `${label} passed.` : 'Time has passed.')
      to.changed()
    } catch (error) {
      complain(byId('time-error'), error)
    } finally {
      for (const button of buttons) button.disabled = false
      group.removeAttribute('aria-busy')
      tick()
    }
  }

  function tick() {
    put('now-time', clockOf(now(), deskZone()))
    put('now-day', wholeDayOf(now(), deskZone()))
    const ahead = offset < 60_000 ? 'time passes as it does for you.' : `${span(offset)} ahead of the real time.`
    put('offset', `The desk’s time, in ${placeOf(deskZone())}; ${ahead}`)
  }

  function turnTo() {
    chosen = null
    journey = null
    detail = null
    tick()
    render()
  }

  return { refresh, refreshClock, tick, turnTo }
}

/** @param {string} id @param {string} text */
function put(id, text) {
  const element = byId(id)
  if (element.textContent !== text) element.textContent = text
}

/** `Tue 24 Nov, 11:05`, at the desk. @param {string} at */
const whenOf = (at) => `${dayOf(at, deskZone())}, ${clockOf(at, deskZone())}`

/** @param {{ step: string, state: string, seam: number, last: boolean }} station */
function station({ step, state, seam, last }) {
  const words = steps[step] ?? { name: step, about: '' }
  const said = { done: 'done', current: 'now', skipped: 'not needed', ahead: 'ahead' }[state]
  return h(
    'li',
    { class: `station ${state}`, 'aria-current': state === 'current' ? 'step' : null },
    last ? null : drawing('0 0 24 48', 'seam', seams[seam % seams.length] ?? ''),
    h('span', { class: 'node', 'aria-hidden': 'true' }),
    h('span', { class: 'name' }, words.name, h('span', { class: 'vh', text: ` (${said})` })),
    h('span', { class: 'about', text: words.about }),
  )
}

/** @param {import('./types.js').Promised & { case: number, many: boolean }} promise */
function promiseRow(promise) {
  const at = Date.parse(promise.due)
  const open = promise.state === 'made' || promise.state === 'at risk'
  const by = promise.by === 'bot' ? 'the assistant' : titled(promise.by)
  return h(
    'li',
    { class: promise.state.replace(' ', '-') },
    icon(promiseIcons[promise.state] ?? 'ring'),
    h(
      'span',
      { class: 'what' },
      h('b', { text: promiseWords(promise.what), lang: people.languageOf(promise.what, 'zh') }),
      h('small', {
        text: `by ${whenOf(promise.due)} · given by ${by}${promise.many ? ` · case ${promise.case}` : ''}`,
      }),
    ),
    h(
      'span',
      { class: 'when' },
      h('span', { class: 'state', text: promise.because ? `${promise.state}: ${promise.because}` : promise.state }),
      open ? h('b', { 'data-due': at, text: fromNow(at) }) : null,
    ),
  )
}

/** The steps that a case has been at, from its record. @param {import('./types.js').CaseEvent[]} events @param {string} step */
function visited(events, step) {
  const seen = new Set(['listen', 'answer', step])
  for (const { type, outcome } of events) {
    if (outcome === 'heard') seen.add('find')
    if (type === 'offered') seen.add('propose')
    if (type === 'refused') seen.add('revise')
    if (type === 'accepted' || outcome === 'taken' || outcome === 'unsolved') seen.add('act')
    if (type === 'resolved' || type === 'checked') seen.add('check')
    if (outcome === 'solved' || outcome === 'silent') seen.add('learn')
  }
  return seen
}
