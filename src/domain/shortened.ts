/** For labels, titles and lists alone: what people say to each other is split, never cut. */
export function shortened(text: string, atMost: number): string {
  return text.length <= atMost ? text : `${text.slice(0, atMost - 1).toWellFormed()}…`
}

export function inOneLine(text: string, atMost: number): string {
  return shortened(text.replace(/\s+/gu, ' ').trim(), atMost)
}
