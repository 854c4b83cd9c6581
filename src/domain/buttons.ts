/** What can be pressed at the desk: under a case's card, and under words that the guard stopped. */
import { type Case, isActive, isHeld } from './case.ts'
import type { Command } from './message.ts'
import { deskForms, type FormName } from './ports.ts'

/** Those that need no form: `take` and `send` answer a held text, with the better wording or as it was. */
type DeskPress = 'claim' | 'release' | 'undo' | 'approve' | 'block' | 'take' | 'send' | 'unlink' | 'dismiss'
/** `suggest` opens the form of a reply with what a model would write. */
export type DeskButton = DeskPress | FormName | 'suggest'

/** What is known beside a case: whether its customer's accounts are linked, and whether a model may help. */
export interface Beside {
  linked: boolean
  suggests: boolean
}

/** The choices under a card, in their order: what can be done with the case as it stands. */
export function cardButtons(kase: Case, { linked, suggests }: Beside): DeskButton[] {
  const link: DeskButton[] = linked ? ['unlink'] : ['link']
  const reply: DeskButton[] = suggests ? ['reply', 'suggest'] : ['reply']
  if (!isActive(kase)) return [...reply, 'note', ...link]
  const approve: DeskButton[] = kase.offer !== null && !kase.offer.approved ? ['approve'] : []
  const whose: DeskButton[] = isHeld(kase) ? ['undo', 'release', 'transfer'] : ['claim']
  // Only who has the case can tell that its customer is an abuser.
  const last: DeskButton[] = isHeld(kase) ? ['block'] : []
  return [...approve, ...whose, ...reply, 'note', 'remedy', 'promise', 'resolve', 'refile', ...link, ...last]
}

/** Under a text that the guard stopped. To give another, one writes it. */
export function heldButtons(better: string | null): DeskButton[] {
  return better === null ? ['send', 'reply'] : ['take', 'send', 'reply']
}

/** Does the button open a form? It is named by it. */
export function isForm(button: string): button is FormName {
  return [...deskForms, 'wrong', 'preferences'].includes(button)
}

/** What a press at the desk does; null for a button that opens a form, or is none of the desk's. */
export function pressedAtDesk(button: string, number: number): Command | null {
  switch (button) {
    case 'claim':
    case 'release':
    case 'undo':
    case 'approve':
    case 'block':
    case 'unlink':
    case 'dismiss':
      return { do: button, case: number }
    case 'take':
    case 'send':
      return { do: 'reply', case: number, text: '', wording: button }
    default:
      return null
  }
}
