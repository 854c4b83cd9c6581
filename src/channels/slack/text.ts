/**
 * Slack's way of writing, both ways. Inside, texts are Markdown (PORTS: `**bold**`, `*italic*`, `[label](address)`); what
 * people typed becomes that, and that becomes what Slack shows, in which nothing can mention or link that did not mean to.
 */

import { breath } from '../../domain/shortened.ts'

/** In Slack's texts these three stand for themselves only when they are escaped. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

export interface Plain {
  text: string
  /** Users that it mentions, the bot included. */
  mentions: string[]
}

/** What somebody typed, as Markdown. `nameOf` gives the name of a user's id; the bot's own mention is left out. */
export function plain(raw: string, bot: string, nameOf: (user: string) => string | null): Plain {
  const mentions: string[] = []
  const text = styled(raw).replace(/<([^<>]*)>/gu, (_, inner: string) => {
    const [target = '', label] = inner.split('|', 2)
    const id = target.slice(1)
    switch (target[0]) {
      case '@':
        mentions.push(id)
        return id === bot ? '' : `@${label ?? nameOf(id) ?? id}`
      case '#':
        return `#${label ?? id}`
      case '!':
        return label ?? `@${id.split('^')[0] ?? ''}`
      default:
        return linked(target, label)
    }
  })
  return { text: unescaped(text).replace(/^[\s,:]+|\s+$/gu, ''), mentions }
}

/** A link as it was typed: a label that is the address again, or a part of it, says nothing more. */
function linked(target: string, label: string | undefined): string {
  const address = target.replace(/^(?:mailto|tel):/u, '')
  return label === undefined || address.includes(label) ? address : `[${label}](${address})`
}

const code = '```[\\s\\S]*?```|`[^`\\n]+`'
const between = (mark: string) => `(?<![\\w${mark}])${mark}(\\S(?:[^${mark}\\n]*\\S)?)${mark}(?![\\w${mark}])`
const slackStyles = new RegExp(`(${code}|<[^<>]*>)|${between('\\*')}|${between('_')}|${between('~')}`, 'gu')

function styled(raw: string): string {
  return raw.replace(slackStyles, (all: string, kept?: string, bold?: string, italic?: string, struck?: string) => {
    if (kept !== undefined) return all
    if (bold !== undefined) return `**${styled(bold)}**`
    return italic !== undefined ? `*${styled(italic)}*` : `~~${styled(struck ?? '')}~~`
  })
}

const address = 'https?://[^\\s<>"）」』，。；]+[^\\s<>"）」』，。；.,:;!?\')\\]]'
const markdown = new RegExp(
  `(${code})|\\[([^\\]\\n]+)\\]\\((${address})\\)|(${address})|\\*\\*(\\S(?:[^*\\n]*\\S)?)\\*\\*|${between('\\*')}|~~(\\S(?:[^~\\n]*\\S)?)~~`,
  'gu',
)

/** Our Markdown as Slack shows it. */
export function mrkdwn(text: string): string {
  let shown = ''
  let at = 0
  for (const found of text.matchAll(markdown)) {
    shown += quiet(text.slice(at, found.index)) + piece(found)
    at = found.index + found[0].length
  }
  return shown + quiet(text.slice(at))
}

function piece([all, kept, label, target, bare, bold, italic, struck]: RegExpMatchArray): string {
  if (kept !== undefined) return escaped(kept)
  if (label !== undefined && target !== undefined) {
    // A label that looks like an address could pretend to lead elsewhere: both are shown.
    const pretends = /[./]\w/u.test(label)
    return pretends
      ? `${quiet(label)} (<${escaped(target)}>)`
      : `<${escaped(target)}|${quiet(label).replaceAll('|', '¦')}>`
  }
  if (bare !== undefined) return `<${escaped(bare)}>`
  if (bold !== undefined) return `*${mrkdwn(bold)}*`
  if (italic !== undefined) return `_${mrkdwn(italic)}_`
  return struck !== undefined ? `~${mrkdwn(struck)}~` : quiet(all)
}

/** Nobody is called by it: a word joiner keeps Slack from reading “@channel” as a call to everybody. */
function quiet(text: string): string {
  return escaped(text).replace(/@(?=(?:channel|here|everyone|group)\b)/giu, '@\u2060')
}

/**
 * Slack may cut or split what is longer than 4,000 characters, and a section holds 3,000 of them, escaped: long texts go
 * as several messages, parted where one would take a breath. The rest is for what links take more.
 */
const partAtMost = 2700

export function split(text: string, atMost = partAtMost): string[] {
  const parts: string[] = []
  let rest = text.trim()
  while (escaped(rest).length > atMost) {
    const at = breath(rest, fitting(rest, atMost))
    parts.push(rest.slice(0, at).trimEnd())
    rest = rest.slice(at).trimStart()
  }
  if (rest !== '' || parts.length === 0) parts.push(rest)
  return parts
}

/** How many characters fit once they are escaped, never half of a surrogate pair. */
function fitting(text: string, atMost: number): number {
  let length = 0
  let at = 0
  for (const character of text) {
    length += escaped(character).length
    if (length > atMost) break
    at += character.length
  }
  return at
}

/** Emoji that mean something to us, as Slack names them. */
const names: Record<string, string> = {
  '✅': 'white_check_mark',
  '❗': 'exclamation',
  '🔒': 'lock',
  '👀': 'eyes',
  '👍': '+1',
  '👎': '-1',
  '❤️': 'heart',
  '🙏': 'pray',
  '🎉': 'tada',
  '😀': 'grinning',
  '😊': 'blush',
  '🙂': 'slightly_smiling_face',
  '😡': 'rage',
  '😠': 'angry',
  '🤬': 'face_with_symbols_on_mouth',
  '🙁': 'slightly_frowning_face',
  '☹️': 'white_frowning_face',
  '😞': 'disappointed',
  '😢': 'cry',
  '😭': 'sob',
  '😤': 'triumph',
  '😕': 'confused',
  '💔': 'broken_heart',
  '⏳': 'hourglass_flowing_sand',
}
const others: Record<string, string> = {
  thumbsup: '👍',
  thumbsdown: '👎',
  face_with_symbols_over_mouth: '🤬',
  frowning: '☹️',
}
const characters = new Map([
  ...Object.entries(names).map(([character, name]) => [name, character] as const),
  ...Object.entries(others),
])

/** Slack's name of an emoji; one that has none here goes as a name already. */
export function emojiName(emoji: string): string {
  return names[emoji] ?? emoji.replaceAll(':', '')
}

/** The emoji of a name, whatever its skin tone; `:name:` for a workspace's own. */
export function emojiOf(name: string): string {
  const [bare = name] = name.split('::')
  return characters.get(bare) ?? `:${bare}:`
}
