/** Has a text words in it that are ours alone: what a model is told, as it stands, backwards, or in a plain cipher (P24). */

export interface Leak {
  /** The beginning of what leaks, or null. */
  in(text: string): string | null
}

/** So many letters in a row are no chance: about six words of English, or a sentence of Chinese. */
const lettersInARow = 28
const hanInARow = 10

/** `internals`: texts that nobody outside should read. */
export function createLeak(internals: readonly string[]): Leak {
  const known = new Set<string>()
  for (const text of internals) for (const run of runsOf(text)) known.add(run)
  return {
    in(text) {
      if (known.size === 0) return null
      for (const reading of readingsOf(text)) for (const run of runsOf(reading)) if (known.has(run)) return run
      return null
    },
  }
}

/** Every stretch of the length that tells, of letters alone: spaces, case and punctuation hide nothing. */
function* runsOf(text: string): Generator<string> {
  const letters = text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  const length = /\p{Script=Han}/u.test(letters) ? hanInARow : lettersInARow
  for (let i = 0; i + length <= letters.length; i += 1) yield letters.slice(i, i + length)
}

/** The text as it stands, and as somebody would read it who was told to write it backwards, by thirteen, or in base64. */
function readingsOf(text: string): string[] {
  const coded = text.match(/[A-Za-z0-9+/]{24,}={0,2}/gu) ?? []
  const bytes = text.match(/(?:[0-9a-f]{2}[\s:]?){16,}/giu) ?? []
  return [
    text,
    [...text].toReversed().join(''),
    text.replace(/[a-z]/giu, rotated),
    ...coded.map((run) => fromBytes(tryAtob(run))),
    ...bytes.map((run) => fromBytes((run.match(/[0-9a-f]{2}/giu) ?? []).map((pair) => Number.parseInt(pair, 16)))),
  ]
}

function rotated(letter: string): string {
  const base = letter <= 'Z' ? 65 : 97
  return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
}

function tryAtob(run: string): number[] {
  try {
    return [...atob(run.slice(0, run.length - (run.length % 4)))].map((char) => char.charCodeAt(0))
  } catch {
    return []
  }
}

function fromBytes(bytes: number[]): string {
  return new TextDecoder().decode(new Uint8Array(bytes))
}
