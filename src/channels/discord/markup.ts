/**
 * Discord's markup and the plain Markdown that everything else reads. What comes in has names in place of ids, so that
 * nothing of it can call anybody elsewhere; what goes out is Markdown already, and is cut at paragraphs where it is long.
 */

import { breath } from '../../domain/shortened.ts'

export interface Names {
  user(id: string): string | null
  role(id: string): string | null
  channel(id: string): string | null
}

/** Discord's text as Markdown. `self` is the bot: being addressed is no part of what is said. */
export function fromDiscord(text: string, self: string, names: Names): string {
  return outsideCode(
    text.replace(new RegExp(`^(?:\\s*<@!?${self}>[,:]?)+\\s*|\\s*<@!?${self}>\\s*$`, 'gu'), ''),
    (plain) =>
      plain
        .replace(/<@!?(\d+)>/gu, (_, id: string) => `@${names.user(id) ?? 'somebody'}`)
        .replace(/<@&(\d+)>/gu, (_, id: string) => `@${names.role(id) ?? 'role'}`)
        .replace(/<#(\d+)>/gu, (_, id: string) => `#${names.channel(id) ?? 'channel'}`)
        .replace(/<a?:(\w+):\d+>/gu, ':$1:')
        .replace(/<\/([^:>]+):\d+>/gu, '/$1')
        .replace(/<t:(-?\d+)(?::\w)?>/gu, (whole, seconds: string) => moment(Number(seconds)) ?? whole)
        .replace(/<(https?:\/\/[^>\s]+)>/gu, '$1')
        // To everybody else two underscores are bold; here they underline.
        .replace(/(?<![\w_])__(?=\S)(.+?)(?<=\S)__(?!\.?[\w_])/gu, '**$1**')
        .replace(/^-# /gmu, ''),
  ).trim()
}

function moment(seconds: number): string | null {
  const at = new Date(seconds * 1000)
  return Number.isNaN(at.getTime()) ? null : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Code is left as it is. */
function outsideCode(text: string, change: (plain: string) => string): string {
  return text
    .split(/(```[\s\S]*?```|`[^`\n]+`)/u)
    .map((piece, i) => (i % 2 === 1 ? piece : change(piece)))
    .join('')
}

/**
 * Markdown in messages of at most so many characters, cut between paragraphs, else lines, else sentences, else words. A
 * block of code that is cut is closed, and opened again in the next.
 */
export function split(text: string, atMost: number): string[] {
  const parts: string[] = []
  let rest = text.trim()
  while (rest.length > atMost) {
    const cut = breath(rest, atMost - fence.length)
    const piece = rest.slice(0, cut).trimEnd()
    const open = openFence(piece)
    parts.push(open === null ? piece : `${piece}${fence}`)
    rest = open === null ? rest.slice(cut).trimStart() : `${open}\n${rest.slice(cut).replace(/^\n+/u, '')}`
  }
  if (rest !== '' || parts.length === 0) parts.push(rest)
  return parts
}

const fence = '\n```'

/** The line that opened a block of code which is still open at the end. */
function openFence(text: string): string | null {
  const fences = text.match(/^```.*$/gmu) ?? []
  return fences.length % 2 === 1 ? (fences.at(-1) ?? null) : null
}

/** Each line as a quotation. */
export function quote(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')
}
