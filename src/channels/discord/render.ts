/** What is shown, as Discord's message bodies: text in pieces of 2,000 characters, cards as components. Nothing pings. */
import type { Button, Outgoing } from '../../domain/message.ts'
import { quote, split } from './markup.ts'

export interface Body {
  content?: string
  flags?: number
  components?: object[]
  allowed_mentions: { parse: [] }
}

const contentAtMost = 2_000
/** All text in one message of components together. */
const shownAtMost = 4_000
const labelAtMost = 80
const cardLineAtMost = 400
const perRow = 5
const componentsV2 = 1 << 15

/** custom_id: at most 100 characters, and all that is needed after a restart. */
export const pressId = (button: string) => `press|${button}`
export const deskId = (button: string, number: number | null) => `desk|${button}|${number ?? ''}`

/** One body a message, in order. Buttons stand under the last. `named`: whoever says it is shown beside it anyway. */
export function bodiesOf(outgoing: Outgoing, named = false): Body[] {
  switch (outgoing.type) {
    case 'say': {
      const { text, buttons, agent } = outgoing
      return texts(agent === null || named ? text : `-# ${agent}\n${text}`, buttons, pressId)
    }
    case 'card':
      return [cardBody(outgoing)]
    case 'rule': {
      const before = outgoing.before.map(({ from, text }) => `**${from}**\n${quote(text)}`)
      return texts([outgoing.text, ...before].join('\n\n'), [], pressId)
    }
    case 'relay':
      return texts(`**${outgoing.from}**\n${outgoing.text}`.trim(), [], pressId)
    case 'note':
      return texts(`🔒 **${outgoing.from}**\n${outgoing.text}`, [], pressId)
    case 'alert':
      return texts(outgoing.text, outgoing.buttons, (button) => deskId(button, outgoing.case))
    default:
      return outgoing satisfies never
  }
}

function texts(text: string, buttons: readonly Button[], idOf: (button: string) => string): Body[] {
  const parts = split(text, contentAtMost)
  const rows = buttonRows(buttons, idOf)
  return parts.map((content, i) => ({
    content,
    // An edit that takes the buttons away must say so.
    components: i === parts.length - 1 ? rows : [],
    allowed_mentions: { parse: [] },
  }))
}

const style = { primary: 1, secondary: 2, success: 3, danger: 4 } as const
const styles: Partial<Record<string, number>> = {
  accept: style.success,
  solved: style.success,
  not_solved: style.danger,
  claim: style.primary,
  approve: style.success,
  take: style.success,
  send: style.danger,
  reply: style.primary,
  resolve: style.success,
}

export function buttonRows(buttons: readonly Button[], idOf: (button: string) => string): object[] {
  const rows: object[] = []
  for (let i = 0; i < buttons.length; i += perRow)
    rows.push({
      type: 1,
      components: buttons.slice(i, i + perRow).map(({ id, label }) => ({
        type: 2,
        style: styles[id] ?? style.secondary,
        label: shortened(label, labelAtMost),
        custom_id: idOf(id),
      })),
    })
  return rows
}

/** Severity by colour: what is grave is seen before it is read. */
const colours = [0x8a9099, 0x3b82f6, 0xf59e0b, 0xdc2626] as const

function cardBody({ card, buttons, words }: Extract<Outgoing, { type: 'card' }>): Body {
  const { title, lines } = words ?? { title: `#${card.case} · ${card.summary}`, lines: [] }
  const text = [`### ${oneLine(title)}`, ...lines.map((line) => `**${line.label}** ${oneLine(line.text)}`)].join('\n')
  return {
    flags: componentsV2,
    components: [
      {
        type: 17,
        accent_color: colours[Math.max(0, Math.min(3, card.severity))] ?? colours[0],
        components: [
          { type: 10, content: shortened(text, shownAtMost) },
          ...buttonRows(buttons, (button) => deskId(button, card.case)),
        ],
      },
    ],
    allowed_mentions: { parse: [] },
  }
}

/** A line of a card is a line, whatever the customer wrote: the whole of it stands in the thread. */
function oneLine(text: string): string {
  return shortened(text.replaceAll(/\s+/gu, ' '), cardLineAtMost)
}

/** For labels and titles alone: what people say is split, never cut. */
export function shortened(text: string, atMost: number): string {
  return text.length <= atMost
    ? text
    : `${text
        .slice(0, atMost - 1)
        .toWellFormed()
        .trimEnd()}…`
}
