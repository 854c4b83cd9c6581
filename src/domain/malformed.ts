/**
 * What is wrong with something that a person wrote (a setting, a policy, a request, a line of `replay`), as one clause
 * that says what to write instead. Whoever has a schema for people's input asks here for the reason.
 */
import { z } from 'zod'

// A schema's own sentence comes first; this speaks where it has none.
z.config({ customError: ({ message: _ours, ...issue }) => clauseOf(issue) })

/** The first thing wrong: `by: write a time …`. */
export function reasonOf(error: z.ZodError): string {
  return reasonsOf(error)[0] ?? 'it is malformed'
}

/** Everything wrong, a clause each. */
export function reasonsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const { path, message } = nearest(issue)
    return path.length === 0 ? message : `${path.join('.')}: ${message}`
  })
}

interface Found {
  path: PropertyKey[]
  message: string
}

/** Of what may be one thing or another, the reading that came furthest: there the person meant to write it. */
function nearest(issue: z.core.$ZodIssue): Found {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue
  const [best] = issue.errors
    .flatMap(([first]) => (first ? [nearest(first)] : []))
    .toSorted((a, b) => b.path.length - a.path.length)
  return best && best.path.length > 0 ? { path: [...issue.path, ...best.path], message: best.message } : issue
}

type Issue = Omit<z.core.$ZodRawIssue, 'message'>

function clauseOf(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? `is missing: write ${kindOf(issue)}` : `write ${kindOf(issue)}`
    case 'invalid_value':
      return `write ${oneOf(issue.values)}`
    case 'invalid_union':
      return Array.isArray(issue.options) ? `write ${oneOf(issue.options)}` : undefined
    case 'unrecognized_keys':
      return `there is no field ${(Array.isArray(issue.keys) ? issue.keys : []).join(', ')} here`
    case 'too_small':
      return issue.origin === 'string'
        ? 'is empty'
        : `is too ${issue.origin === 'array' ? 'short' : 'small'}: ${limit('at least', issue.minimum, issue.origin)}`
    case 'too_big':
      return `is too ${issue.origin === 'number' ? 'large' : 'long'}: ${limit('at most', issue.maximum, issue.origin)}`
    case 'invalid_format':
      return formats[String(issue.format)]
    default:
      return undefined
  }
}

const formats: Record<string, string> = {
  url: 'write an address with its scheme, as https://example.com',
  base64: 'is no base64',
  date: 'write a day as 2026-12-24',
  datetime: 'write a time with its zone, as 2026-11-20T15:00:00+08:00',
}

function kindOf({ expected }: Issue): string {
  const kinds: Record<string, string> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    tuple: 'a list',
    object: 'an object',
    record: 'an object',
  }
  return kinds[String(expected)] ?? `a ${expected}`
}

function limit(which: string, n: unknown, origin: unknown): string {
  const unit = origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : ''
  return `${which} ${n}${unit}`
}

function oneOf(values: unknown): string {
  const list = Array.isArray(values) ? values.map(String) : []
  return list.length > 1 ? `one of ${list.join(', ')}` : list.join()
}

/** A file that admins own cannot be read. The message names it and says what is wrong: a sentence for whoever wrote it. */
export class Malformed extends Error {}

/** A process that ends for one ends with this. */
export const malformedExit = 2
