/** What is to be shown, as Slack's blocks. Every message has its whole text beside them, for notifications and screen readers. */
import type { types } from '@slack/bolt'
import type { Button, Outgoing } from '../../domain/message.ts'
import { shortened } from '../../domain/shortened.ts'
import { mrkdwn, split } from './text.ts'

export interface Shown {
  text: string
  blocks?: types.KnownBlock[]
  /** A person's words go under their name. */
  username?: string
}

const labelAtMost = 75
const perRow = 5

/** The messages that it makes, in order; the buttons are under the last. */
export function render(outgoing: Outgoing): [Shown, ...Shown[]] {
  switch (outgoing.type) {
    case 'say': {
      const username = outgoing.from === 'agent' && outgoing.agent !== null ? { username: outgoing.agent } : {}
      return inParts(outgoing.text, outgoing.buttons, pressRows).map((part) => ({ ...part, ...username })) as [Shown]
    }
    case 'card':
      return [card(outgoing)]
    case 'rule': {
      const before = outgoing.before.map(({ from, text }) => quoted(`${from}: ${text}`))
      return inParts([outgoing.text, ...before].join('\n'), [], pressRows)
    }
    case 'relay': {
      const files = outgoing.files.map((name) => `📎 ${name}`)
      return inParts([outgoing.text, ...files].filter((line) => line !== '').join('\n'), [], pressRows).map((part) => ({
        ...part,
        username: outgoing.from,
      })) as [Shown]
    }
    case 'note':
      return inParts(`🔒 ${outgoing.from}: ${outgoing.text}`, [], pressRows)
    case 'alert': {
      const { buttons, case: number, text } = outgoing
      return inParts(text, buttons, (choices) => deskRows(choices, number))
    }
    default:
      return outgoing satisfies never
  }
}

type Rows = (buttons: readonly Button[]) => types.KnownBlock[]

/** As many messages as there are: what an edit made longer goes into the last, as far as Slack takes it. */
export function refit(parts: readonly Shown[], n: number): Shown[] {
  if (parts.length <= n) return [...parts]
  const rest = parts.slice(n - 1)
  const last = parts.at(-1)
  const text = shortened(rest.map((part) => part.text).join('\n\n'), editAtMost)
  const buttons = last?.blocks?.filter((block) => block.type === 'actions') ?? []
  const blocks = buttons.length === 0 ? {} : { blocks: [section(shortened(text, sectionAtMost)), ...buttons] }
  return [...parts.slice(0, n - 1), { text, ...blocks }]
}

const editAtMost = 3900

export function named({ text, blocks }: Shown, name: string): Shown {
  const before = `*${mrkdwn(name)}*`
  const whole = `${before}: ${text}`
  return blocks === undefined ? { text: whole } : { text: whole, blocks: [section(before), ...blocks] }
}

function inParts(text: string, buttons: readonly Button[], rows: Rows): [Shown, ...Shown[]] {
  const parts = split(text).map((part) => mrkdwn(part))
  return parts.map((part, i) => {
    const choices = i === parts.length - 1 ? rows(buttons) : []
    return choices.length === 0 ? { text: part } : { text: part, blocks: [section(part), ...choices] }
  }) as [Shown, ...Shown[]]
}

/** Every line of a quotation is marked: Slack ends one at the end of a line. */
function quoted(text: string): string {
  return text.replaceAll(/^/gmu, '│ ')
}

export function section(text: string): types.KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: text === '' ? ' ' : text, verbatim: true } }
}

/** A customer's choices. The press names its button by `action_id`. */
function pressRows(buttons: readonly Button[]): types.KnownBlock[] {
  return rowsOf(buttons.map(({ id, label }) => ({ id: `press:${id}`, label, value: id })))
}

/** The desk's: the press names its button, and its case by `value`. */
function deskRows(buttons: readonly Button[], number: number | null): types.KnownBlock[] {
  return rowsOf(
    buttons.map(({ id, label }) => ({ id: `desk:${id}`, label, value: number === null ? '' : String(number) })),
  )
}

export function rowsOf(buttons: readonly { id: string; label: string; value: string }[]): types.KnownBlock[] {
  const rows: types.KnownBlock[] = []
  for (let i = 0; i < buttons.length; i += perRow)
    rows.push({
      type: 'actions',
      elements: buttons.slice(i, i + perRow).map(({ id, label, value }) => ({
        type: 'button',
        action_id: id,
        text: { type: 'plain_text', text: shortened(label, labelAtMost), emoji: true },
        value,
      })),
    })
  return rows
}

/** A message's blocks once a choice was made: the choices are gone, the one made is shown. */
export function pressedBlocks(blocks: readonly { type: string }[], label: string): object[] {
  const kept = blocks.filter((block) => block.type !== 'actions')
  if (label === '') return kept
  return [...kept, { type: 'context', elements: [{ type: 'mrkdwn', text: `✓ ${mrkdwn(label)}`, verbatim: true }] }]
}

function card({ card: shown, buttons, words }: Extract<Outgoing, { type: 'card' }>): Shown {
  const { title, lines } = words ?? { title: `${shown.case} · ${shown.summary}`, lines: [] }
  const text = lines.map(({ label, text: value }) => `*${mrkdwn(label)}*: ${mrkdwn(shortened(value, cardLineAtMost))}`)
  const blocks = [
    section(`*${mrkdwn(title)}*`),
    ...(text.length === 0 ? [] : [section(shortened(text.join('\n'), sectionAtMost))]),
    ...deskRows(buttons, shown.case),
  ]
  return { text: shortened([mrkdwn(title), ...text].join('\n'), editAtMost), blocks }
}

const cardLineAtMost = 400
const sectionAtMost = 3000
