/** What an agent can do to a case, a form for each. Built once a case, so that nothing typed is ever redrawn away. */
import * as api from './api.js'
import { complain, grow, h } from './dom.js'
import * as people from './people.js'
import { sameForm } from './same.js'
import { deskZone, momentAt, now, placeOf } from './time.js'

/** @typedef {import('./types.js').CaseDetail} CaseDetail */
/** @typedef {(what: string, rest?: Record<string, unknown>) => Promise<boolean>} Act */

const minute = 60_000
/** @type {[string, string, number][]} */
const spans = [
  ['30m', 'in 30 minutes', 30 * minute],
  ['1h', 'in 1 hour', 60 * minute],
  ['2h', 'in 2 hours', 120 * minute],
  ['4h', 'in 4 hours', 240 * minute],
  ['1d', 'in 1 day', 1440 * minute],
  ['2d', 'in 2 days', 2880 * minute],
  ['at', 'at a time …', 0],
]
const causes = ['courier', 'stock', 'product fault', 'payment', 'wrong information', 'our mistake', 'system failure']
const remedies = ['refund', 'replacement', 'voucher', 'repair', 'free delivery', 'an apology in person']
const kinds = ['complaint', 'inquiry', 'suggestion', 'praise', 'other']

/**
 * @param {{ agent: () => string, act: Act, leave: () => void }} to
 */
export function caseForms({ agent, act }) {
  const reply = replyForm()
  const promise = promiseForm()
  const remedy = remedyForm()
  const resolve = resolveForm()
  const more = moreForm()
  /** @type {Record<string, { element: HTMLElement, clear: () => void }>} */
  const all = { reply, promise, remedy, resolve, more }
  const names = { reply: 'Reply', promise: 'Promise', remedy: 'Offer', resolve: 'Resolve', more: 'More' }
  const modes = h(
    'fieldset',
    { class: 'switch modes' },
    h('legend', { class: 'vh', text: 'What to do with the case' }),
    ...Object.entries(names).map(([value, name]) =>
      h(
        'label',
        { 'data-mode': value },
        h('input', { type: 'radio', name: 'mode', value, checked: value === 'reply' }),
        h('span', { text: name }),
      ),
    ),
  )
  modes.addEventListener('change', (/** @type {any} */ event) => choose(event.target.value))
  const element = h('div', { class: 'forms' }, modes, ...Object.values(all).map((form) => form.element))
  choose('reply')

  /** @param {string} mode */
  function choose(mode) {
    for (const [name, form] of Object.entries(all)) form.element.hidden = name !== mode
    const radio = /** @type {HTMLInputElement} */ (modes.querySelector(`[value="${mode}"]`))
    radio.checked = true
  }

  /** @param {CaseDetail} kase */
  function show(kase) {
    const active = kase.status === 'open' || kase.status === 'waiting'
    for (const label of modes.querySelectorAll('[data-mode]')) {
      const mode = label.getAttribute('data-mode') ?? ''
      const fits = active || mode === 'reply' || mode === 'more'
      label.toggleAttribute('hidden', !fits)
      if (!fits && !all[mode]?.element.hidden) choose('reply')
    }
    reply.show(kase)
    more.show(kase)
  }

  function replyForm() {
    const field = h('textarea', {
      rows: 2,
      id: 'reply',
      'aria-label': 'Reply, or a note',
      'aria-describedby': 'reply-rule',
    })
    const rule = h('span', { id: 'reply-rule' })
    const keep = h('button', { type: 'button', class: 'plain', text: 'Keep as note', onclick: () => send(true) })
    const button = h('button', { type: 'submit', class: 'main', text: 'Send' })
    const suggest = h('button', { type: 'button', class: 'plain', text: 'Suggest', onclick: () => askForHelp() })
    const buttons = h('span', { class: 'row buttons' }, suggest, keep, button)
    const form = h('form', { class: 'reply', autocomplete: 'off' }, field, h('p', { class: 'row' }, rule, buttons))
    let customer = 'the customer'
    let number = 0
    let editing = false
    /** The text that left last, so that a text that was stopped can be brought back. */
    let last = ''
    const isNote = () => field.value.trimStart().startsWith('//')
    const tell = () => {
      const note = isNote()
      form.classList.toggle('is-note', note)
      keep.hidden = note
      button.textContent = note ? 'Keep as note' : 'Send'
      rule.textContent = note
        ? `A note: it stays inside, ${customer} never sees it.`
        : `Goes to ${customer} as ${agent()}. A note, or // before it, stays inside.`
      grow(field)
    }
    field.addEventListener('input', tell)
    field.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
      event.preventDefault()
      form.requestSubmit()
    })
    form.addEventListener('submit', (/** @type {Event} */ event) => {
      event.preventDefault()
      void send(isNote())
    })
    /** What the model would write, to be changed and sent by whoever asked; and what it makes of the case. */
    const askForHelp = async () => {
      const about = number
      suggest.disabled = true
      rule.textContent = 'Reading the case …'
      const told = await api.help(about).catch(() => null)
      suggest.disabled = false
      if (about !== number) return
      if (told?.reply) edit(told.reply, false)
      const { name, amount, why } = told?.remedy ?? {}
      const remedy = name ? `Could be offered: ${name}${amount ? `, ${amount}` : ''} (${why})` : ''
      rule.textContent = [told?.summary, remedy].filter(Boolean).join(' ') || 'No suggestion this time.'
    }
    /** @param {string} text @param {boolean} again of a text that was stopped */
    const edit = (text, again) => {
      // What is being typed now is not thrown away for what was stopped.
      const typed = field.value.trim()
      field.value = typed === '' || typed === text ? text : `${text}\n${typed}`
      editing = again
      tell()
      field.focus()
    }
    /** @param {boolean} note */
    const send = async (note) => {
      const text = field.value.trim()
      const words = isNote() ? text.slice(2).trim() : text
      if (words === '') return field.focus()
      button.disabled = true
      const done = await (note
        ? act('note', { text: words })
        : act('reply', { text: words, ...(editing ? { wording: 'edit' } : {}) }))
      button.disabled = false
      if (!done) return
      last = note ? '' : words
      editing = false
      if (field.value.trim() === text) field.value = ''
      tell()
      field.focus()
    }
    return {
      element: form,
      clear: () => {
        field.value = ''
        editing = false
        tell()
      },
      edit,
      isLast: (/** @type {string} */ text) => text === last,
      /** @param {CaseDetail} kase */
      show: (kase) => {
        customer = people.nameOf(kase.customer, kase.name)
        number = kase.case
        suggest.hidden = !kase.suggests
        tell()
      },
    }
  }

  function promiseForm() {
    const what = h('input', { required: true, maxlength: 200, placeholder: 'such as: a new parcel leaves' })
    const when = h(
      'select',
      {},
      ...spans.map(([value, text]) => h('option', { value, text, selected: value === '2h' })),
    )
    const at = h('input', { type: 'datetime-local' })
    const atLabel = h('span')
    const whole = h('label', { hidden: true }, atLabel, at)
    when.addEventListener('change', () => {
      whole.hidden = when.value !== 'at'
      at.required = !whole.hidden
      atLabel.textContent = `When, by the desk’s clock in ${placeOf(deskZone())}`
    })
    const due = () => {
      const chosen = spans.find(([value]) => value === when.value)
      return new Date(when.value === 'at' ? momentAt(at.value, deskZone()) : now() + (chosen?.[2] ?? 0)).toISOString()
    }
    const fields = [h('label', {}, 'What you promise', what), h('label', { class: 'short' }, 'By when', when), whole]
    return simple(
      fields,
      'Promise it',
      () => act('promise', { text: what.value.trim(), by: due() }),
      [what],
      'It is told to the customer, counted down, and the desk is reminded.',
    )
  }

  function remedyForm() {
    const what = h('input', { required: true, maxlength: 200, list: 'remedies', placeholder: 'such as replacement' })
    const amount = h('input', { maxlength: 40, placeholder: 'such as £20' })
    const fields = [
      h('label', {}, 'Remedy', what),
      h('label', { class: 'short' }, 'Amount', amount),
      datalist('remedies', remedies),
    ]
    const send = () =>
      act('remedy', { remedy: what.value.trim(), ...(amount.value.trim() ? { amount: amount.value.trim() } : {}) })
    return simple(
      fields,
      'Offer it',
      send,
      [what, amount],
      'The customer accepts or declines with one tap. Above your limit, a lead approves first.',
    )
  }

  function resolveForm() {
    const cause = h('input', {
      required: true,
      maxlength: 100,
      list: 'causes',
      placeholder: 'such as courier',
      id: 'cause',
    })
    const remedy = h('input', { maxlength: 200, list: 'remedies-done', placeholder: 'what was done' })
    const words = h('textarea', { rows: 2, id: 'resolve-words', placeholder: 'in your own words' })
    words.addEventListener('input', () => grow(words))
    const fields = [
      h('label', {}, 'Cause', cause),
      h('label', {}, 'Remedy', remedy),
      h('label', { class: 'whole' }, 'Words to the customer', words),
      datalist('causes', causes),
      datalist('remedies-done', remedies),
    ]
    const send = () => {
      const said = { cause: cause.value.trim(), remedy: remedy.value.trim(), text: words.value.trim() }
      return act('resolve', Object.fromEntries(Object.entries(said).filter(([, value]) => value !== '')))
    }
    return simple(
      fields,
      'Resolve',
      send,
      [cause, remedy, words],
      'The customer is told, and asked a day later whether it holds.',
    )
  }

  function moreForm() {
    const who = h('select', { 'aria-label': 'To whom' })
    const kind = h('select', { 'aria-label': 'Kind' }, ...kinds.map((value) => h('option', { value, text: value })))
    const same = sameForm(act)
    const block = h('button', { type: 'button', class: 'plain danger', text: 'Block the customer' })
    const sure = h(
      'span',
      { class: 'row', hidden: true },
      h('span', { text: 'Nothing they write arrives from then on.' }),
      h('button', { type: 'button', class: 'plain', onclick: () => ask(false), text: 'Keep' }),
      h('button', {
        type: 'button',
        class: 'plain danger',
        onclick: () => act('block').then(() => ask(false)),
        text: 'Block',
      }),
    )
    /** @param {boolean} asked */
    const ask = (asked) => {
      sure.hidden = !asked
      block.hidden = asked
    }
    block.addEventListener('click', () => ask(true))
    const element = h(
      'div',
      { class: 'more' },
      h(
        'p',
        { class: 'row' },
        h('span', { text: 'Transfer to' }),
        who,
        h('button', {
          type: 'button',
          class: 'plain',
          onclick: () => act('transfer', { to: who.value }),
          text: 'Transfer',
        }),
      ),
      h(
        'p',
        { class: 'row' },
        h('span', { text: 'File as' }),
        kind,
        h('button', {
          type: 'button',
          class: 'plain',
          onclick: () => act('refile', { kind: kind.value }),
          text: 'File',
        }),
      ),
      same.element,
      h('p', { class: 'row' }, block, sure),
    )
    return {
      element,
      clear: () => ask(false),
      /** @param {CaseDetail} kase */
      show: (kase) => {
        same.show(kase)
        const others = people.agents.filter((name) => name.toLowerCase() !== kase.owner.toLowerCase())
        const sign = others.join()
        if (who.getAttribute('data-sign') === sign) return
        who.setAttribute('data-sign', sign)
        who.replaceChildren(...others.map((name) => h('option', { value: name, text: name })))
      },
    }
  }

  /**
   * @param {HTMLElement[]} fields
   * @param {string} label
   * @param {() => Promise<boolean>} send
   * @param {(HTMLInputElement | HTMLTextAreaElement)[]} empties
   * @param {string} about
   */
  function simple(fields, label, send, empties, about) {
    const button = h('button', { type: 'submit', class: 'main', text: label })
    const error = h('p', { class: 'error', role: 'alert', hidden: true })
    const form = h(
      'form',
      { class: 'fields', autocomplete: 'off' },
      ...fields,
      error,
      h('p', { class: 'row' }, h('span', { text: about }), button),
    )
    /** @type {string[]} */
    let sent = []
    const clear = () => {
      for (const field of empties) field.value = ''
    }
    form.addEventListener('submit', async (/** @type {Event} */ event) => {
      event.preventDefault()
      button.disabled = true
      complain(error, null)
      try {
        sent = empties.map((field) => field.value)
        if (await send()) {
          clear()
          choose('reply')
        }
      } catch {
        complain(error, 'The time cannot be read: choose a day and an hour.')
      }
      button.disabled = false
    })
    /** Brings back what was typed, when one of its texts was stopped. @param {string} text */
    const restore = (text) => {
      if (!sent.some((value) => value.trim() === text) || empties.some((field) => field.value !== '')) return false
      for (const [i, field] of empties.entries()) field.value = sent[i] ?? ''
      return true
    }
    return { element: form, clear, restore }
  }

  return {
    element,
    show,
    /** @param {string} mode */
    clear: (mode) => all[mode]?.clear(),
    /** Into the reply, to be changed and sent again. @param {string} text */
    edit: (text) => {
      choose('reply')
      reply.edit(text, true)
    },
    /** The guard stopped this text: whichever form it came from shows it again. @param {string} text */
    notSent: (text) => {
      for (const [mode, form] of Object.entries({ promise, resolve })) if (form.restore(text)) choose(mode)
    },
  }
}

/** @param {string} id @param {string[]} values */
function datalist(id, values) {
  return h('datalist', { id }, ...values.map((value) => h('option', { value })))
}
