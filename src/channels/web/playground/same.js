/** Whether a case's customer is somebody whom we know from elsewhere, and taking that back. */
import { h } from './dom.js'

/** @param {(what: string, rest?: Record<string, unknown>) => Promise<boolean>} act */
export function sameForm(act) {
  const who = h('input', {
    'aria-label': 'Another case of theirs, or their account',
    placeholder: 'a case, or slack:T01:U02',
  })
  const link = h(
    'p',
    { class: 'row' },
    h('span', { text: 'Same person as' }),
    who,
    h('button', { type: 'button', class: 'plain', onclick: () => said(), text: 'Link' }),
  )
  const unlink = h('button', {
    type: 'button',
    class: 'plain',
    onclick: () => act('unlink'),
    text: 'Not the same person',
  })

  async function said() {
    if (await act('link', { to: who.value.trim() })) who.value = ''
  }

  return {
    element: h('div', { class: 'more' }, link, h('p', { class: 'row' }, unlink)),
    /** @param {import('./types.js').CaseDetail} kase */
    show(kase) {
      link.hidden = kase.also.length > 0
      unlink.hidden = kase.also.length === 0
    },
  }
}
