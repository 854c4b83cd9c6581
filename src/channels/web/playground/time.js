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

/** The time of day where it happened: the server writes each time in the zone of whom it concerns. @param {string} iso */
export const clockOf = (iso) => iso.slice(11, 16)

/** The same moment in the zone in which `like` is written. @param {string} iso @param {string} like */
export function inZoneOf(iso, like) {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/u.exec(like) ?? []
  if (sign === undefined) return iso
  const shift = (Number(hours) * 60 + Number(minutes)) * minute * (sign === '-' ? -1 : 1)
  return new Date(Date.parse(iso) + shift).toISOString().slice(0, 19) + like.slice(-6)
}

/** @param {string} iso the day, as `Tue 24 Nov` */
export function dayOf(iso) {
  const [year, month, date] = iso.slice(0, 10).split('-').map(Number)
  return inZone(Date.UTC(year ?? 0, (month ?? 1) - 1, date), 'UTC', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  })
}

/**
 * @param {number} at
 * @param {string | undefined} timezone
 * @param {Intl.DateTimeFormatOptions} options
 */
export function inZone(at, timezone, options) {
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: timezone }).format(at)
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
  const [hours, minutes] = inZone(now(), timezone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    .split(':')
    .map(Number)
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
