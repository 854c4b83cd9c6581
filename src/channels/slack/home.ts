/** App Home: what one may expect, one's open cases, what was promised by when. The words are the engine's. */
import type { types } from '@slack/bolt'
import type { Home } from '../../domain/ports.ts'
import { shortened } from '../../domain/shortened.ts'
import { rowsOf, section } from './render.ts'
import { mrkdwn } from './text.ts'

const blocksAtMost = 100
const sectionAtMost = 2900

export function homeView(home: Home) {
  const standard = home.standard.map((point) => `• ${point}`).join('\n')
  const blocks: types.KnownBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: shortened(home.title || ' ', 150), emoji: true } },
    ...(standard === '' ? [] : [section(mrkdwn(shortened(standard, sectionAtMost)))]),
    ...rowsOf(home.buttons.map(({ id, label }) => ({ id: `home:${id}`, label, value: id }))),
    ...(home.none === null ? [] : [section(mrkdwn(shortened(home.none, sectionAtMost)))]),
    ...home.cases.flatMap(({ title, lines }): types.KnownBlock[] => [
      { type: 'divider' },
      section(mrkdwn(shortened([`**${title}**`, ...lines].join('\n'), sectionAtMost))),
    ]),
  ]
  return { type: 'home' as const, blocks: blocks.slice(0, blocksAtMost) }
}
