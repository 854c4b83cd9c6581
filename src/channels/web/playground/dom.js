/** Building the page. Whatever comes from people is set as text, never as markup. */

const svgSpace = 'http://www.w3.org/2000/svg'

/**
 * An element with properties and children; a child that is null or false is left out.
 *
 * @param {string} name
 * @param {Record<string, unknown>} [set] `on…` is a listener, `text` the text, `data-…`, `aria-…` and the rest attributes
 * @param {...(Node | string | null | false | undefined)} children
 * @returns {any}
 */
export function h(name, set = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(set)) {
    if (value === null || value === undefined || value === false) continue
    if (key.startsWith('on')) element.addEventListener(key.slice(2), /** @type {EventListener} */ (value))
    else if (key === 'text') element.textContent = String(value)
    else element.setAttribute(key, value === true ? '' : String(value))
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

/** @param {string} name a symbol of index.html, without `i-` */
export function icon(name) {
  const svg = document.createElementNS(svgSpace, 'svg')
  svg.setAttribute('class', `icon icon-${name}`)
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS(svgSpace, 'use')
  use.setAttribute('href', `#i-${name}`)
  svg.append(use)
  return svg
}

/**
 * @param {string} viewBox
 * @param {string} className
 * @param {...string} paths
 */
export function drawing(viewBox, className, ...paths) {
  const svg = document.createElementNS(svgSpace, 'svg')
  svg.setAttribute('viewBox', viewBox)
  svg.setAttribute('class', className)
  svg.setAttribute('aria-hidden', 'true')
  for (const d of paths) {
    const path = document.createElementNS(svgSpace, 'path')
    path.setAttribute('d', d)
    path.setAttribute('pathLength', '1')
    svg.append(path)
  }
  return svg
}

/** @param {string} id @returns {any} */
export function byId(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no #${id}`)
  return found
}

/**
 * Makes a list show `items`: rows that did not change keep their node (and with it focus, selection and what a screen
 * reader has read), the others are made anew.
 *
 * @template T
 * @param {Element} list
 * @param {T[]} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => Element} make
 * @param {(item: T) => unknown} [signs] what the row shows beside the item itself; compared as JSON
 */
export function show(list, items, keyOf, make, signs = (item) => item) {
  const known = new Map([...list.children].map((row) => [row.getAttribute('data-key'), row]))
  /** @type {Element | null} */
  let before = null
  for (const item of items) {
    const key = keyOf(item)
    const sign = JSON.stringify(signs(item))
    const old = known.get(key)
    known.delete(key)
    const row = old?.getAttribute('data-sign') === sign ? old : made(old, make(item), key, sign)
    /** @type {Element | null} */
    const place = before === null ? list.firstElementChild : before.nextElementSibling
    if (place !== row) list.insertBefore(row, place)
    before = row
  }
  for (const gone of known.values()) gone.remove()
}

/**
 * @param {Element | undefined} old
 * @param {Element} row
 * @param {string} key
 * @param {string} sign
 */
function made(old, row, key, sign) {
  row.setAttribute('data-key', key)
  row.setAttribute('data-sign', sign)
  if (old === undefined) return row
  const focused = old.contains(document.activeElement) ? document.activeElement?.getAttribute('data-focus') : null
  row.classList.add('renewed')
  old.replaceWith(row)
  if (focused) focusOn(row, `[data-focus="${CSS.escape(focused)}"]`)
  return row
}

/** @param {Element} within @param {string} selector */
export function focusOn(within, selector) {
  const found = within.querySelector(selector)
  if (found instanceof HTMLElement) found.focus()
}

/**
 * Says one line near where it happened; an empty line takes it away.
 *
 * @param {HTMLElement} line
 * @param {unknown} error
 */
export function complain(line, error) {
  line.textContent = error === null ? '' : error instanceof Error ? error.message : String(error)
  line.hidden = error === null
}

/** A text field that grows with what is typed. @param {HTMLTextAreaElement} field */
export function grow(field) {
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight + 2}px`
}

/** For those who listen rather than look. @param {string} text */
export function announce(text) {
  byId('spoken').textContent = text
}
