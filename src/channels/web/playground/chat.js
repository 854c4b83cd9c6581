/** The customer's side: one conversation at a time, in the customer's language and time zone. */
import * as api from './api.js'
import { byId, complain, drawing, focusOn, grow, h, icon, show } from './dom.js'
import * as people from './people.js'
import { clockOf, dayOf, now, placeOf } from './time.js'

/** @typedef {import('./types.js').Message} Message */
/** @typedef {import('./types.js').Person} Person */

/** After this long without a word, nobody is writing (a bot may rightly stay silent). */
const typingAtMostMs = 14_000
const pageSize = 200
/** Messages that are fetched again each time: a turn's reply bears the time of its beginning, and may sort before the newest. */
const overlap = 50
const pauseMs = 15 * 60_000

/** @type {Map<string, Message[]>} */
const told = new Map()
/** @type {Map<string, string>} */
const drafts = new Map()
/** Sent and not yet answered, by customer: since when, and how much we had said by then. @type {Map<string, { since: number, said: number }>} */
const awaited = new Map()
/** A message that could not be sent keeps its id, so that trying again cannot say it twice. @type {Map<string, { id: string, text: string }>} */
const unsent = new Map()
/** What was pressed, by the message it stood under. @type {Map<string, string>} */
const pressed = new Map(keptPresses())

/** @type {string | null} */
let editing = null
/** @type {string | null} */
let deleting = null

const log = byId('log')
const scroll = byId('chat-scroll')
const composer = byId('composer')
const errorLine = byId('chat-error')
const chips = byId('chips')
const toggle = byId('chips-toggle')

/**
 * @param {{ person: () => Person, choose: (person: Person) => void, held: () => boolean, changed: () => void }} to
 */
export function chat(to) {
  byId('compose').addEventListener('submit', (/** @type {Event} */ event) => {
    event.preventDefault()
    void send()
  })
  composer.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    void send()
  })
  composer.addEventListener('input', () => {
    grow(composer)
    drafts.set(to.person().id, composer.value)
  })
  toggle.addEventListener('click', () => openChips(toggle.getAttribute('aria-expanded') !== 'true'))
  newCustomer(to)

  function messages() {
    return told.get(to.person().id) ?? []
  }

  async function send() {
    const person = to.person()
    const text = composer.value
    if (text.trim() === '') return composer.focus()
    const kept = unsent.get(person.id)
    const id = kept && kept.text === text ? kept.id : api.newId()
    unsent.set(person.id, { id, text })
    byId('send').disabled = true
    expect(person.id)
    try {
      await api.say(person, id, text)
      unsent.delete(person.id)
      // Whoever typed on, or turned to another customer meanwhile, keeps what they wrote.
      if (drafts.get(person.id) === text) drafts.delete(person.id)
      if (to.person().id === person.id && composer.value === text) write('')
      openChips(false)
      if (to.person().id === person.id) complain(errorLine, null)
      to.changed()
    } catch (error) {
      awaited.delete(person.id)
      if (to.person().id === person.id) complain(errorLine, error)
    } finally {
      byId('send').disabled = false
      composer.focus()
    }
  }

  /** @param {string} text */
  function write(text) {
    composer.value = text
    if (text === '') drafts.delete(to.person().id)
    else drafts.set(to.person().id, text)
    grow(composer)
  }

  /** @param {boolean} open */
  function openChips(open) {
    toggle.setAttribute('aria-expanded', String(open))
    chips.hidden = !open
  }

  /** @param {Message} message @param {string} button */
  async function press(message, button) {
    pressed.set(message.id, button)
    keepPresses()
    expect(to.person().id)
    render()
    try {
      await api.press(to.person().id, button, message.case)
      complain(errorLine, null)
      to.changed()
    } catch (error) {
      pressed.delete(message.id)
      awaited.delete(to.person().id)
      keepPresses()
      complain(errorLine, error)
      render()
    }
  }

  /** Fetches what is new; the whole conversation the first time. */
  async function refresh() {
    const { id } = to.person()
    told.set(id, await fetched(id, told.get(id) ?? []))
    if (to.person().id === id) render()
  }

  function render() {
    const person = to.person()
    const list = messages()
    const near = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120
    const first = log.getAttribute('data-of') !== person.id
    if (first) log.replaceChildren()
    // A conversation that is only opened is not read aloud from its beginning.
    byId('said').setAttribute('aria-live', first ? 'off' : 'polite')
    log.setAttribute('data-of', person.id)
    const count = log.childElementCount
    show(
      log,
      rows(list),
      (row) => row.key,
      (row) => rowOf(row, person),
      // What is being changed stays as it is, whatever becomes of the message meanwhile.
      (row) => (row.mode === 'edit' && row.message ? [row.key, 'edit'] : row),
    )
    byId('welcome').hidden = list.length > 0
    toggle.hidden = list.length === 0
    showTyping(list)
    if (first || near || log.childElementCount > count) scroll.scrollTop = scroll.scrollHeight
    if (first) requestAnimationFrame(() => byId('said').setAttribute('aria-live', 'polite'))
  }

  /** @param {Message[]} list */
  function showTyping(list) {
    const { id } = to.person()
    const asked = awaited.get(id)
    const over =
      asked === undefined ||
      Date.now() - asked.since > typingAtMostMs ||
      to.held() ||
      list.filter(isOurs).length > asked.said
    if (over) awaited.delete(id)
    const typing = byId('typing')
    if (typing.hidden === over) return
    typing.hidden = over
    if (!over) scroll.scrollTop = scroll.scrollHeight
  }

  /**
   * @typedef {{ key: string, day: string | null, message: Message | null, head: boolean, tail: boolean,
   *   open: boolean, chosen: string | null, mode: string | null }} Row
   */

  /** @param {Message[]} list @returns {Row[]} */
  function rows(list) {
    const lastSaid = list.findLastIndex((message) => message.from === 'customer')
    return list.flatMap((message, i) => {
      const before = list[i - 1]
      const after = list[i + 1]
      const paused = before === undefined || Date.parse(message.at) - Date.parse(before.at) > pauseMs
      const day = dayOf(message.at, to.person().timezone)
      const newDay = before === undefined || dayOf(before.at, to.person().timezone) !== day
      const head = paused || newDay || speaker(before) !== speaker(message)
      const tail =
        after === undefined ||
        speaker(after) !== speaker(message) ||
        Date.parse(after.at) - Date.parse(message.at) > pauseMs
      const open = i > lastSaid && !pressed.has(message.id) && !isOver(list.slice(i + 1), message)
      const mode = editing === message.id ? 'edit' : deleting === message.id ? 'delete' : null
      const chosen = pressed.get(message.id) ?? null
      /** @type {Row} */
      const row = { key: message.id, day: null, message, head, tail, open, chosen, mode }
      if (!newDay) return [row]
      return [{ ...row, key: `day-${message.id}`, message: null, day }, row]
    })
  }

  /** @param {Row} row @param {Person} person */
  function rowOf({ message, day, head, tail, open, chosen, mode }, person) {
    if (message === null) return h('li', { class: 'day', text: day })
    const mine = message.from === 'customer'
    const lang = people.languageOf(message.text, person.language)
    const who = mine ? person.name : message.from === 'agent' ? (message.agent ?? 'Agent') : 'Amends'
    const bubble =
      mode === 'edit' ? editor(message) : h('div', { class: 'bubble', lang, dir: 'auto', text: message.text })
    if (mine && message.text === '' && mode !== 'edit') {
      bubble.classList.add('gone')
      bubble.textContent = 'deleted'
    }
    return h(
      'li',
      { class: `says ${message.from}${head ? ' first' : ''}${tail ? ' last' : ''}` },
      head && !mine ? speakerLine(message, who) : h('span', { class: 'vh', text: `${who}: ` }),
      h('div', { class: 'line' }, bubble, mine && message.text !== '' && mode === null ? changes(message) : null),
      mode === 'delete' ? confirmDelete(message) : null,
      message.buttons.length > 0 ? choices(message, open, chosen, lang) : null,
      tail ? h('time', { datetime: message.at, text: clockOf(message.at, person.timezone) }) : null,
    )
  }

  /** @param {Message} message @param {boolean} open @param {string | null} chosen @param {string} lang */
  function choices(message, open, chosen, lang) {
    return h(
      'div',
      { class: 'choices', role: 'group', 'aria-label': 'Answers' },
      ...message.buttons.map(({ id, label }) =>
        h(
          'button',
          {
            type: 'button',
            lang,
            disabled: !open,
            'data-press': id,
            'data-focus': `${message.id}-${id}`,
            class: chosen === id ? 'chosen' : id.startsWith('rate:') ? 'mark-of' : null,
            onclick: () => press(message, id),
          },
          chosen === id ? icon('check') : null,
          label,
        ),
      ),
    )
  }

  /** @param {Message} message */
  function changes(message) {
    const start = () => {
      editing = message.id
      deleting = null
      render()
      const field = /** @type {HTMLTextAreaElement | null} */ (log.querySelector('.editor textarea'))
      field?.focus()
      if (field) grow(field)
    }
    const ask = () => {
      deleting = message.id
      editing = null
      render()
      focusOn(log, '[data-focus="keep"]')
    }
    return h(
      'span',
      { class: 'changes' },
      h('button', { type: 'button', title: 'Edit', 'aria-label': 'Edit this message', onclick: start }, icon('edit')),
      h(
        'button',
        { type: 'button', title: 'Delete', 'aria-label': 'Delete this message', onclick: ask },
        icon('delete'),
      ),
    )
  }

  /** @param {Message} message */
  function editor(message) {
    const field = h('textarea', { rows: 1, 'aria-label': 'The message, changed', 'data-focus': 'editor' })
    field.value = message.text
    const error = h('p', { class: 'error', role: 'alert', hidden: true })
    const leave = () => {
      editing = null
      render()
      composer.focus()
    }
    const save = async () => {
      if (field.value.trim() === '' || field.value === message.text) return leave()
      try {
        await api.edit(to.person().id, message.id, field.value)
        message.text = field.value
        leave()
        to.changed()
      } catch (failed) {
        complain(error, failed)
      }
    }
    field.addEventListener('input', () => grow(field))
    field.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Escape') leave()
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      void save()
    })
    return h(
      'div',
      { class: 'bubble editor' },
      field,
      error,
      h(
        'p',
        { class: 'row' },
        h('button', { type: 'button', class: 'plain', onclick: leave, text: 'Cancel' }),
        h('button', { type: 'button', class: 'main', onclick: save, text: 'Save' }),
      ),
    )
  }

  /** @param {Message} message */
  function confirmDelete(message) {
    const leave = () => {
      deleting = null
      render()
      composer.focus()
    }
    const remove = async () => {
      try {
        await api.remove(to.person().id, message.id)
        told.set(
          to.person().id,
          messages().filter((known) => known.id !== message.id),
        )
        leave()
        to.changed()
      } catch (error) {
        complain(errorLine, error)
        leave()
      }
    }
    return h(
      'p',
      { class: 'row confirm' },
      h('span', { text: 'Delete it?' }),
      h('button', { type: 'button', class: 'plain', 'data-focus': 'keep', onclick: leave, text: 'Keep' }),
      h('button', { type: 'button', class: 'plain danger', onclick: remove, text: 'Delete' }),
    )
  }

  /** After another customer was chosen. */
  function turnTo() {
    const person = to.person()
    editing = null
    deleting = null
    complain(errorLine, null)
    openChips(false)
    showPeople(to)
    showWelcome(person, use)
    chips.replaceChildren(...exampleButtons(person, use))
    composer.value = drafts.get(person.id) ?? ''
    composer.setAttribute('placeholder', `Write as ${person.name}`)
    grow(composer)
    tick()
    render()
  }

  /** @param {string} text */
  function use(text) {
    write(text)
    composer.focus()
    composer.setSelectionRange(text.length, text.length)
  }

  function tick() {
    const { language, timezone } = to.person()
    const persona = byId('persona')
    const text = `${people.languages[language] ?? language} · ${clockOf(now(), timezone)} in ${placeOf(timezone)}`
    if (persona.textContent !== text) persona.textContent = text
    showTyping(messages())
  }

  return { refresh, turnTo, tick }
}

/** @param {Message} message @param {string} who */
function speakerLine(message, who) {
  const face =
    message.from === 'bot'
      ? h('span', { class: 'face bot' }, mark())
      : h('span', { class: 'face agent', 'aria-hidden': 'true', text: who.slice(0, 1).toUpperCase() })
  return h(
    'p',
    { class: 'speaker' },
    face,
    who,
    h('span', { text: message.from === 'bot' ? ' assistant' : ' from the team' }),
  )
}

function mark() {
  return drawing(
    '0 0 32 32',
    'mark-line',
    'M16.700 3l.4 8.200-4.600 3.300-1.200 5.400-4 5.600M17.100 11.200l5.800 5.100 5.600-2.700',
  )
}

/** @param {string} customer */
function expect(customer) {
  awaited.set(customer, { since: Date.now(), said: (told.get(customer) ?? []).filter(isOurs).length })
}

/** @param {Message} message */
function isOurs(message) {
  return message.from !== 'customer'
}

/** @param {Message | undefined} message */
function speaker(message) {
  return message && `${message.from} ${message.agent ?? ''}`
}

/**
 * Has the conversation gone past this question? A newer one of the same case has replaced it, and the short survey's are
 * over with any later word of the case.
 *
 * @param {Message[]} later
 * @param {Message} message
 */
function isOver(later, message) {
  const survey = message.buttons.some(({ id }) => /^(?:rate:\d|better|as|worse)$/u.test(id))
  return later.some((other) => other.case === message.case && (survey || other.buttons.length > 0))
}

/** @param {string} customer @param {Message[]} known @returns {Promise<Message[]>} */
async function fetched(customer, known) {
  const kept = known.slice(0, Math.max(0, known.length - overlap))
  const list = [...kept]
  for (;;) {
    const page = await api.messages(customer, list.at(-1)?.id ?? null)
    // The server no longer knows the message we named, and began anew.
    if (page[0] && page[0].id === list[0]?.id) list.length = 0
    list.push(...page)
    if (page.length < pageSize) return list
  }
}

/** @param {Person} person @param {(text: string) => void} use */
function exampleButtons(person, use) {
  return (people.examples[person.language] ?? people.examples.en ?? []).map(({ kind, say }) =>
    h(
      'button',
      { type: 'button', class: 'chip', lang: person.language, onclick: () => use(say) },
      h('b', { text: kind }),
      h('span', { text: say }),
    ),
  )
}

/** @param {Person} person @param {(text: string) => void} use */
function showWelcome(person, use) {
  byId('welcome').replaceChildren(
    bowl(),
    h('p', { class: 'lead', text: `Be ${person.name}.` }),
    h('p', {
      class: 'about',
      text: 'Something went right or wrong. Tell the shop in your own words, or begin with one of these.',
    }),
    h(
      'div',
      { class: 'examples', role: 'group', 'aria-label': 'Examples to begin with' },
      ...exampleButtons(person, use),
    ),
  )
}

/** A bowl that was broken and put together again. */
function bowl() {
  const svg = drawing(
    '0 0 200 108',
    'bowl',
    'M12 20c6 46 40 78 88 78s82-32 88-78c-26 9-58 12-88 12S38 29 12 20z',
    'M100 8c49 0 88 5 88 12s-39 12-88 12-88-5-88-12 39-12 88-12z',
    'M78 31l6 19-12 12 4 20-8 12M84 50l26 8 20-9 14-19M110 58l6 22-5 18M130 49l24 12 16-5',
  )
  return svg
}

/** @param {{ person: () => Person, choose: (person: Person) => void }} to */
function showPeople(to) {
  const chosen = to.person().id
  const buttons = people.everybody().map((person) =>
    h(
      'button',
      {
        type: 'button',
        'aria-pressed': String(person.id === chosen),
        lang: people.languageOf(person.name, person.language),
        'data-person': person.id,
        onclick: () => to.choose(person),
      },
      person.name,
    ),
  )
  const focused = document.activeElement?.getAttribute('data-person')
  const add = h(
    'button',
    { type: 'button', class: 'add', onclick: openNew, title: 'New customer' },
    icon('plus'),
    h('span', { class: 'vh', text: 'New customer' }),
  )
  byId('people').replaceChildren(...buttons, add)
  if (focused) buttons.find((button) => button.getAttribute('data-person') === focused)?.focus()
}

function openNew() {
  complain(byId('new-error'), null)
  byId('new-zone').value = Intl.DateTimeFormat().resolvedOptions().timeZone
  byId('new-customer').showModal()
}

/** @param {{ choose: (person: Person) => void }} to */
function newCustomer(to) {
  const dialog = byId('new-customer')
  byId('new-language').append(
    ...Object.entries(people.languages).map(([value, text]) => h('option', { value, text, lang: value })),
  )
  byId('zones').append(...Intl.supportedValuesOf('timeZone').map((value) => h('option', { value })))
  byId('new-cancel').addEventListener('click', () => dialog.close())
  byId('new-customer-form').addEventListener('submit', (/** @type {Event} */ event) => {
    event.preventDefault()
    const name = byId('new-name').value.trim()
    const person = people.newPerson(name, byId('new-language').value, byId('new-zone').value.trim())
    if (typeof person === 'string') return complain(byId('new-error'), person)
    byId('new-name').value = ''
    dialog.close()
    to.choose(person)
    composer.focus()
  })
}

/** @returns {[string, string][]} */
function keptPresses() {
  try {
    return Object.entries(JSON.parse(people.recall('amends.pressed') ?? '{}'))
  } catch {
    return []
  }
}

function keepPresses() {
  people.remember('amends.pressed', JSON.stringify(Object.fromEntries([...pressed].slice(-200))))
}
