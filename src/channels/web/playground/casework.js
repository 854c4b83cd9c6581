/** One case, as the agent who works it sees it: what was said, what happened, and everything that can be done. */
import * as api from './api.js'
import { announce, complain, focusOn, grow, h, icon, show } from './dom.js'
import { caseForms } from './forms.js'
import * as people from './people.js'
import { clockOf, dayOf, deskZone, fromNow, now, span } from './time.js'
import { eventLine, facts, heldWords, isTold, ownerWords, promiseWords, severities, statuses, titled } from './words.js'

/** @typedef {import('./types.js').CaseDetail} CaseDetail */

/**
 * @param {HTMLElement} article
 * @param {number} number
 * @param {{ agent: () => string, person: () => import('./types.js').Person, be: (customer: string) => void,
 *   changed: () => void, leave: () => void }} to
 */
export function caseView(article, number, to) {
  /** @type {CaseDetail | null} */
  let kase = null
  const top = h('header', { class: 'case-top' })
  const known = h('dl', { class: 'facts' })
  const thread = h('ol', { class: 'thread', 'aria-label': 'What was said and what happened' })
  const reading = h('div', { class: 'scroll' }, known, thread)
  const banner = h('div', { class: 'banner', hidden: true })
  const error = h('p', { class: 'error', role: 'alert', hidden: true })
  const forms = caseForms({ agent: to.agent, act, leave: to.leave })
  article.replaceChildren(top, reading, h('footer', { class: 'work' }, banner, error, forms.element))

  /**
   * @param {string} what
   * @param {Record<string, unknown>} [rest]
   * @returns {Promise<boolean>} done
   */
  async function act(what, rest = {}) {
    try {
      await api.act(number, { agent: to.agent(), do: what, ...rest })
      complain(error, null)
      to.changed()
      return true
    } catch (failed) {
      complain(error, failed)
      return false
    }
  }

  async function refresh() {
    try {
      kase = await api.oneCase(number)
      if (error.hasAttribute('data-reading')) complain(error, null)
      error.removeAttribute('data-reading')
    } catch (failed) {
      if (failed instanceof api.Refused && failed.status === 0) throw failed
      error.setAttribute('data-reading', '')
      return complain(error, failed)
    }
    render(kase)
  }

  /** @param {CaseDetail} detail */
  function render(detail) {
    const near = reading.scrollHeight - reading.scrollTop - reading.clientHeight < 140
    const before = thread.childElementCount
    renderTop(detail)
    renderFacts(detail)
    show(
      thread,
      threadOf(detail),
      (line) => line.key,
      (line) => lineOf(line, detail),
    )
    renderBanner(detail)
    forms.show(detail)
    if (near || before === 0 || thread.childElementCount > before) reading.scrollTop = reading.scrollHeight
  }

  /** @param {CaseDetail} detail */
  function renderTop(detail) {
    const customer = people.nameOf(detail.customer, detail.name)
    const sign = JSON.stringify([
      detail.owner,
      detail.status,
      detail.severity,
      detail.mood,
      detail.promise,
      to.agent(),
      to.person().id,
      detail.kind,
      customer,
    ])
    if (top.getAttribute('data-sign') === sign) return
    const focused = document.activeElement?.getAttribute('data-focus')
    top.setAttribute('data-sign', sign)
    const lang = people.languageOf(customer, detail.language)
    const played = detail.customer.endsWith(`:${to.person().id}`)
    top.replaceChildren(
      h(
        'div',
        { class: 'case-line' },
        h(
          'button',
          { type: 'button', class: 'quiet', title: 'All cases', onclick: to.leave },
          icon('back'),
          h('span', { class: 'vh', text: 'All cases' }),
        ),
        h('h3', { id: 'case-title', tabindex: -1 }, `Case ${number} · `, h('span', { lang, text: customer })),
        owning(detail),
      ),
      h(
        'p',
        { class: 'case-state' },
        h('span', { text: detail.kind }),
        pips(detail.severity),
        h('span', { class: `mood ${detail.mood}`, text: detail.mood ?? 'calm' }),
        h('span', { class: `status ${detail.status}`, text: statuses[detail.status] ?? detail.status }),
        h('span', { text: ownerWords(detail.owner) }),
        detail.promise
          ? h(
              'span',
              { class: 'until' },
              icon('clock'),
              `${promiseWords(detail.promise.what)} `,
              h('span', { 'data-due': Date.parse(detail.promise.due), text: fromNow(Date.parse(detail.promise.due)) }),
            )
          : null,
        played
          ? null
          : h('button', {
              type: 'button',
              class: 'inline',
              lang,
              onclick: () => to.be(detail.customer),
              text: `Be ${customer}`,
            }),
      ),
    )
    if (focused) focusOn(top, `[data-focus="${focused}"]`)
  }

  /** @param {CaseDetail} detail */
  function owning(detail) {
    const mine = detail.owner.toLowerCase() === to.agent().toLowerCase()
    const free = detail.owner === 'bot' || detail.owner === 'desk'
    const active = detail.status === 'open' || detail.status === 'waiting'
    if (mine)
      return active
        ? h('button', {
            type: 'button',
            class: 'plain',
            'data-focus': 'own',
            onclick: () => act('release'),
            text: 'Hand back',
          })
        : null
    if (free)
      return active
        ? h('button', {
            type: 'button',
            class: 'main',
            'data-focus': 'own',
            onclick: () => act('claim'),
            text: 'Claim',
          })
        : null
    return h('button', {
      type: 'button',
      class: 'plain',
      'data-focus': 'own',
      onclick: () => act('transfer', { to: to.agent() }),
      text: 'Take over',
    })
  }

  /** @param {CaseDetail} detail */
  function renderFacts(detail) {
    const said = Object.entries(facts).flatMap(([key, label]) => {
      const value = detail.facts[key]
      return value === null || value === undefined ? [] : [{ key, label, value: String(value) }]
    })
    if (detail.also.length > 0) said.push({ key: 'also', label: 'Also', value: detail.also.join(', ') })
    const others = detail.history.map((one) => `${one.case} (${statuses[one.status] ?? one.status}): ${one.summary}`)
    if (others.length > 0) said.push({ key: 'history', label: 'Other cases', value: others.join(' · ') })
    if (detail.cause) said.push({ key: 'cause', label: 'Cause', value: detail.cause })
    if (detail.remedy) said.push({ key: 'remedy', label: 'Remedy', value: detail.remedy })
    show(
      known,
      said,
      ({ key }) => key,
      ({ label, value }) =>
        h(
          'div',
          {},
          h('dt', { text: label }),
          h('dd', { text: value, lang: people.languageOf(value, detail.language) }),
        ),
    )
    known.hidden = said.length === 0
  }

  /** What the guard stopped, and what waits for a yes. @param {CaseDetail} detail */
  function renderBanner(detail) {
    const asks = detail.held !== null || (detail.offer !== null && !detail.offer.approved)
    const sign = JSON.stringify([detail.held, detail.offer?.approved === false ? detail.offer : null])
    if (banner.getAttribute('data-sign') === sign) return
    banner.setAttribute('data-sign', sign)
    banner.hidden = !asks
    banner.replaceChildren()
    if (detail.held) {
      banner.append(heldBanner(detail.held, detail))
      announce(`Not sent. ${heldWords(detail.held.reason)}`)
      forms.notSent(detail.held.text)
    } else if (detail.offer && !detail.offer.approved) banner.append(approvalBanner(detail.offer))
  }

  /** @param {import('./types.js').Held} held @param {CaseDetail} detail */
  function heldBanner({ text, reason, better, agent }, detail) {
    const lang = people.languageOf(text, detail.language)
    const take = () => act('reply', { text: better, wording: 'take' }).then((done) => done && forms.clear('reply'))
    const send = () => act('reply', { text, wording: 'send' }).then((done) => done && forms.clear('reply'))
    return h(
      'section',
      { class: 'held', 'aria-label': 'A text that was stopped' },
      h(
        'p',
        { class: 'why' },
        icon('alert'),
        h('b', { text: `${titled(agent.name)}’s text was not sent. ` }),
        heldWords(reason),
      ),
      h('blockquote', { lang, text }),
      better ? h('p', { class: 'better' }, h('span', { text: 'Better: ' }), h('q', { lang, text: better })) : null,
      h(
        'p',
        { class: 'row' },
        better ? h('button', { type: 'button', class: 'main', onclick: take, text: 'Take better wording' }) : null,
        h('button', { type: 'button', class: 'plain', onclick: () => forms.edit(text), text: 'Edit' }),
        h('button', { type: 'button', class: 'plain', onclick: send, text: 'Send as it is' }),
      ),
    )
  }

  /** @param {import('./types.js').Offer} offer */
  function approvalBanner(offer) {
    const what = `${offer.remedy}${offer.amount ? ` (${offer.amount})` : ''}`
    return h(
      'section',
      { class: 'held', 'aria-label': 'An offer that needs approval' },
      h(
        'p',
        { class: 'why' },
        icon('alert'),
        h('b', { text: `${titled(offer.by?.name ?? 'The assistant')} would offer: ` }),
        what,
      ),
      h(
        'p',
        { class: 'row' },
        h('span', { text: 'A lead says yes first.' }),
        h('button', { type: 'button', class: 'main', onclick: () => act('approve'), text: 'Approve and offer' }),
      ),
    )
  }

  /** @param {Line} line @param {CaseDetail} detail */
  function lineOf(line, detail) {
    const lang = people.languageOf(line.text, detail.language)
    const time = line.at ? timeLine(line.at) : null
    switch (line.kind) {
      case 'event':
        return h('li', { class: 'event' }, h('span', { text: line.text, lang }), time)
      case 'alert':
        return h('li', { class: 'alert' }, icon('alert'), h('span', { text: line.text, lang }), time)
      case 'note':
        return h(
          'li',
          { class: 'note' },
          h('p', { class: 'speaker' }, icon('note'), titled(line.who), h('span', { text: ' note, stays inside' })),
          h('p', { class: 'words', lang, dir: 'auto', text: line.text }),
          time,
        )
      case 'waiting':
        return h(
          'li',
          { class: 'says agent waiting' },
          h('p', { class: 'words', lang, dir: 'auto', text: line.text }),
          h(
            'p',
            { class: 'row' },
            h(
              'span',
              {},
              'Leaves in ',
              h('span', { 'data-due': line.leaves, 'data-leaves': true, text: span((line.leaves ?? 0) - now()) }),
            ),
            h(
              'button',
              { type: 'button', class: 'plain', 'data-focus': 'undo', onclick: () => undo(line.text) },
              icon('undo'),
              'Undo',
            ),
          ),
        )
      default:
        return h(
          'li',
          { class: `says ${line.kind}` },
          h('p', { class: 'speaker', lang: people.languageOf(line.who, detail.language), text: line.who }),
          h('p', { class: 'words', lang, dir: 'auto', text: line.text }),
          time,
        )
    }
  }

  /** @param {string} text */
  async function undo(text) {
    if (await act('undo')) forms.edit(text)
  }

  /** An agent's words that have left by now are shown as said. */
  function tick() {
    if (kase?.waiting.some((row) => Date.parse(row.leavesAt) < now() - 400)) to.changed()
  }

  return { number, refresh, tick, grow }
}

/**
 * @typedef {{ key: string, at: string | null, order: number, kind: 'customer' | 'bot' | 'agent' | 'note' | 'alert' | 'event' | 'waiting',
 *   who: string, text: string, leaves?: number }} Line
 */

/** @param {string} at */
function timeLine(at) {
  return h('time', { datetime: at, title: dayOf(at, deskZone()), text: clockOf(at, deskZone()) })
}

/** Everything of a case in the order in which it happened. @param {CaseDetail} kase @returns {Line[]} */
function threadOf(kase) {
  const customer = people.nameOf(kase.customer, kase.name)
  const said = new Set(kase.messages.filter((message) => message.from === 'customer').map((message) => message.text))
  /** @type {Line[]} */
  const lines = kase.messages.map(({ id, at, from, agent, text }) => {
    const who = from === 'customer' ? customer : from === 'bot' ? 'Amends assistant' : titled(agent ?? 'Agent')
    return {
      key: id,
      at,
      order: from === 'customer' ? 0 : 3,
      kind: from,
      who,
      text: text || '(deleted)',
    }
  })
  for (const line of kase.thread) {
    if (line.type === 'alert' && isTold(line.reason)) continue
    // What a customer wrote is a message of the case already; a relay that is none is a press or a file.
    if (line.type === 'relay' && said.has(line.text)) continue
    if (line.type === 'relay' && line.text === '') continue
    const kind = line.type === 'relay' ? 'customer' : line.type
    lines.push({
      key: line.id,
      at: line.at,
      order: 2,
      kind,
      who: line.type === 'relay' ? customer : people.nameOf(line.from ?? ''),
      text: line.text,
    })
  }
  let last = ''
  for (const event of kase.events) {
    const text = eventLine(event, customer)
    if (text === null || text === last) continue
    last = text
    lines.push({ key: event.id, at: event.at, order: 1, kind: 'event', who: '', text })
  }
  // What one turn brought about bears one time: what was heard, what came of it, what was said. The sort keeps the rest.
  lines.sort((a, b) => Date.parse(a.at ?? '') - Date.parse(b.at ?? '') || a.order - b.order)
  /** @type {Line[]} */
  const waiting = kase.waiting.map(({ id, text, leavesAt }) => ({
    key: id,
    at: null,
    order: 4,
    kind: 'waiting',
    who: '',
    text,
    leaves: Date.parse(leavesAt),
  }))
  return [...lines, ...waiting]
}

/** @param {number} severity */
export function pips(severity) {
  const label = `Severity ${severity} of 3, ${severities[severity]}`
  return h(
    'span',
    { class: `pips s${severity}`, role: 'img', 'aria-label': label, title: label },
    ...[1, 2, 3].map((n) => h('i', { class: n <= severity ? 'on' : null })),
  )
}
