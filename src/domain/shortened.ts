/** Texts that are too long: labels are cut, and what people say to each other is split. */

/** For labels, titles and lists alone: what people say to each other is split, never cut. */
export function shortened(text: string, atMost: number): string {
  return text.length <= atMost ? text : `${text.slice(0, atMost - 1).toWellFormed()}…`
}

export function inOneLine(text: string, atMost: number): string {
  return shortened(text.replace(/\s+/gu, ' ').trim(), atMost)
}

/**
 * Where one takes a breath: the last end of a paragraph, a line, a sentence or a word within so many characters, unless
 * it comes so early that little would be left. There a text too long for one message goes on in the next.
 */
export function breath(text: string, atMost: number): number {
  // A blank that comes just behind ends a sentence as well.
  const head = text.slice(0, atMost + 1)
  for (const end of [/\n\s*\n/gu, /\n/gu, /[.!?…]["”’)]*\s|[。！？…]["”’」』）)]*/gu, /\s/gu]) {
    const last = [...head.matchAll(end)].findLast((one) => one.index + one[0].trimEnd().length <= atMost)
    const at = last === undefined ? 0 : Math.min(atMost, last.index + last[0].length)
    if (at > atMost / 3) return at
  }
  // No character is cut in two.
  return /[\uD800-\uDBFF]$/u.test(text.slice(0, atMost)) ? atMost - 1 : atMost
}
