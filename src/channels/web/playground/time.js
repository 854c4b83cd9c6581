/** Times as people read them. The playground's present is the server's, which may have been moved ahead. */

/** How far the server's clock is ahead of this browser's, in milliseconds. */
let ahead = 0

/** @param {string} serverNow ISO */
export function setNow(serverNow) {
  const at = Date.parse(serverNow)
  if (!Number.isNaN(at)) ahead = at - Date.now()
}

export function now() {
  return Date.now() + ahead
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/**
 * Whose time a pane tells: the customer's pane tells the customer's, the other two the desk's. The server names the
 * desk's; until it has, this browser's serves.
 */
let desk = Intl.DateTimeFormat().resolvedOptions().timeZone

export const deskZone = () => desk

/** @param {string} timezone */
export function setDeskZone(timezone) {
  if (isZone(timezone)) desk = timezone
}

/** `11:05`. @param {string | number} at @param {string} timezone */
export const clockOf = (at, timezone) => format(timezone, 'clock').format(momentOf(at))

/** `Tue 24 Nov`. @param {string | number} at @param {string} timezone */
export const dayOf = (at, timezone) => format(timezone, 'day').format(momentOf(at))

/** `Tuesday 24 November`. @param {string | number} at @param {string} timezone */
export const wholeDayOf = (at, timezone) => format(timezone, 'wholeDay').format(momentOf(at))

/** @param {string | number} at ISO or epoch milliseconds */
const momentOf = (at) => (typeof at === 'number' ? at : Date.parse(at))

/** @type {Record<'clock' | 'day' | 'wholeDay', Intl.DateTimeFormatOptions>} */
const shapes = {
  clock: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  wholeDay: { weekday: 'long', day: 'numeric', month: 'long' },
}

/** Making one takes far longer than using it. @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map()

/** @param {string} timezone @param {keyof typeof shapes} shape */
function format(timezone, shape) {
  const key = `${shape} ${timezone}`
  const made = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...shapes[shape], timeZone: timezone })
  formats.set(key, made)
  return made
}

/** What people call a zone: `Taipei`, `New York`, `UTC+08:00`. @param {string} timezone */
export function placeOf(timezone) {
  if (/^[+-]/u.test(timezone)) return `UTC${timezone}`
  return timezone.split('/').at(-1)?.replaceAll('_', ' ') ?? timezone
}

/** The moment at which clocks in a zone show `local`, as `2026-11-24T15:00`. @param {string} local @param {string} timezone */
export function momentAt(local, timezone) {
  const wanted = Date.parse(`${local}Z`)
  const shown = (/** @type {number} */ at) => {
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' })
    return Date.parse(`${day.format(at).replace(' ', 'T')}Z`)
  }
  // Twice: where the offset changes between the guess and the moment, the second guess stands on the right side.
  const guess = wanted - (shown(wanted) - wanted)
  return guess - (shown(guess) - wanted)
}

/** Two units at most: `1 h 52 min`, `3 d 4 h`, `40 s`. @param {number} ms */
export function span(ms) {
  const left = Math.max(0, ms)
  if (left < minute) return `${Math.floor(left / 1000)} s`
  if (left < hour) return `${Math.floor(left / minute)} min`
  if (left < day) return joined(Math.floor(left / hour), 'h', Math.floor((left % hour) / minute), 'min')
  return joined(Math.floor(left / day), 'd', Math.floor((left % day) / hour), 'h')
}

/** @param {number} most @param {string} unit @param {number} rest @param {string} small */
function joined(most, unit, rest, small) {
  return rest === 0 ? `${most} ${unit}` : `${most} ${unit} ${rest} ${small}`
}

/** `in 2 h`, or `5 min ago`. @param {number} at */
export function fromNow(at) {
  const left = at - now()
  return left >= 0 ? `in ${span(left)}` : `${span(-left)} ago`
}

/** The minutes until it is next nine in the morning there. @param {string} timezone */
export function untilMorning(timezone) {
  const [hours, minutes] = clockOf(now(), timezone).split(':').map(Number)
  const past = ((hours ?? 0) - 9) * 60 + (minutes ?? 0)
  return past < 0 ? -past : 24 * 60 - past
}

/** @param {string} timezone */
export function isZone(timezone) {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }) !== null
  } catch {
    return false
  }
}

/** Every `data-due` on the page says how long it still is, every second. */
export function tickTimes() {
  for (const element of document.querySelectorAll('[data-due]')) {
    const at = Number(element.getAttribute('data-due'))
    const text = element.hasAttribute('data-leaves') ? span(at - now()) : fromNow(at)
    if (element.textContent !== text) element.textContent = text
    element.classList.toggle('late', at < now())
  }
}
