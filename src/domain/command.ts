/** What an agent or an admin writes, as `replay` lines and the JSON API give it, parsed into a Command. */
import { z } from 'zod'
import type { Command } from './message.ts'
import { kinds } from './reading.ts'

/** An instant as ISO 8601 with its zone; parsed to epoch milliseconds. */
export const instant = z.iso
  .datetime({ offset: true, error: 'write a time with its zone, as 2026-11-20T15:00:00+08:00' })
  .transform((text) => Date.parse(text))

const words = z.string().trim().min(1, 'needs a text')
/** The largest number that both databases hold in a case's column. */
export const caseAtMost = 2_147_483_647
const case_ = z.number({ error: 'needs the number of a case' }).int().min(1).max(caseAtMost)
const wording = z.enum(['take', 'edit', 'send']).nullish()
const amount = z.union([z.string(), z.number()]).nullish()

/** Every button that a customer can press. */
const pressable = [
  'accept',
  'decline',
  'solved',
  'not_solved',
  'human',
  'stop',
  'better',
  'as',
  'worse',
  ...[1, 2, 3, 4, 5].map((mark) => `rate:${mark}`),
  ...kinds.map((kind) => `choose:${kind}`),
]
export const pressed = z.enum(pressable)

const by = instant.nullish()

export const agentLine = z.discriminatedUnion('do', [
  z.strictObject({ do: z.enum(['claim', 'release', 'undo', 'block', 'approve', 'unlink', 'dismiss']), case: case_ }),
  z.strictObject({ do: z.literal('reply'), case: case_, text: z.string().nullish(), wording }),
  z.strictObject({ do: z.literal('note'), case: case_, text: words }),
  z.strictObject({
    do: z.literal('resolve'),
    case: case_,
    text: z.string().nullish(),
    cause: z.string().nullish(),
    remedy: z.string().nullish(),
    wording,
  }),
  z.strictObject({ do: z.literal('promise'), case: case_, text: words, by: instant, wording }),
  z
    .strictObject({
      do: z.literal('remedy'),
      case: case_,
      remedy: words.optional(),
      amount,
      text: z.string().nullish(),
    })
    .refine((line) => (line.remedy ?? line.text ?? '').trim() !== '', { path: ['remedy'], error: 'needs a remedy' }),
  z.strictObject({ do: z.literal('transfer'), case: case_, to: words }),
  z.strictObject({ do: z.literal('link'), case: case_, to: z.union([words, case_.transform(String)]) }),
  z.strictObject({ do: z.literal('refile'), case: case_, kind: z.enum(kinds) }),
  z.strictObject({ do: z.literal('declare'), case: case_, text: words, by }),
  z.strictObject({ do: z.literal('open'), for: words, text: words }),
])

const cases = z.array(case_).nullish()

export const adminLine = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('incident.open'), text: words, cases, by }),
  z.strictObject({ do: z.literal('incident.link'), id: words, cases, text: z.string().nullish() }),
  z.strictObject({ do: z.literal('incident.update'), id: words, text: words, by }),
  z.strictObject({ do: z.literal('incident.close'), id: words, text: words }),
  z.strictObject({ do: z.literal('announce'), text: words }),
  z.strictObject({
    do: z.literal('suggestion.status'),
    id: words,
    status: z.enum(['planned', 'shipped', 'declined']),
    text: z.string().nullish(),
    by,
  }),
])

/** What begins with // stays inside, wherever it was written (DESIGN, the desk's default). */
function insideOf(text: string): string | null {
  return /^\s*\/\/\s*(\S[\s\S]*)$/u.exec(text)?.[1] ?? null
}

/**
 * What an agent wrote in a case's thread. It goes to the customer, and what begins with // stays inside; where the desk's
 * lines stay inside, what begins with !! goes out.
 */
export function lineAtDesk(text: string, number: number, lines: 'customer' | 'inside'): Command {
  const note = (words: string): Command => ({ do: 'note', case: number, text: words, wording: null })
  const reply = (words: string): Command => ({ do: 'reply', case: number, text: words, wording: null })
  const inside = insideOf(text)
  if (inside !== null) return note(inside)
  const out = /^\s*!!\s*(\S[\s\S]*)$/u.exec(text)?.[1]
  if (lines === 'customer') return reply(text.trim())
  return out === undefined ? note(text.trim()) : reply(out.trim())
}

/** `customerOf` turns a customer's short name into an id; an id stays as it is. */
export function agentCommand(line: z.infer<typeof agentLine>, customerOf: (name: string) => string): Command {
  switch (line.do) {
    case 'reply': {
      const inside = insideOf(line.text ?? '')
      if (inside !== null) return { do: 'note', case: line.case, text: inside, wording: null }
      return { do: 'reply', case: line.case, text: (line.text ?? '').trim(), wording: line.wording ?? null }
    }
    case 'note':
      return { do: 'note', case: line.case, text: line.text, wording: null }
    case 'resolve':
      return {
        do: 'resolve',
        case: line.case,
        text: line.text ?? null,
        cause: line.cause ?? null,
        remedy: line.remedy ?? null,
        wording: line.wording ?? null,
      }
    case 'remedy': {
      const amount = line.amount === undefined || line.amount === null ? null : String(line.amount)
      return { do: 'remedy', case: line.case, remedy: line.remedy ?? line.text ?? '', amount, text: line.text ?? null }
    }
    case 'promise':
      return { ...line, wording: line.wording ?? null }
    case 'declare':
      return { ...line, by: line.by ?? null }
    case 'open':
      return { ...line, for: customerOf(line.for) }
    case 'link':
      return { ...line, to: /^#?\d+$/u.test(line.to) ? line.to : customerOf(line.to) }
    default:
      return line
  }
}

export function adminCommand(line: z.infer<typeof adminLine>): Command {
  switch (line.do) {
    case 'incident.open':
      return { do: line.do, text: line.text, cases: line.cases ?? [], by: line.by ?? null }
    case 'incident.link':
      return { do: line.do, id: line.id, cases: line.cases ?? [] }
    case 'incident.update':
      return { do: line.do, id: line.id, text: line.text, by: line.by ?? null }
    case 'suggestion.status':
      return { ...line, text: line.text ?? null, by: line.by ?? null }
    default:
      return line
  }
}

/** A web customer's id from the name that the JSON API and `replay` use. */
export function webCustomer(name: string): string {
  return /^(?:web|slack|discord):[^:]+:./u.test(name) ? name : `web:-:${name}`
}

/** Whose name no customer may have: the desk's own conversation goes by it. */
const reserved = webCustomer('desk')

/** The name of somebody who writes on the web: no id of another platform's customer, and not the desk's own. */
export const webName = z
  .string()
  .trim()
  .min(1, 'needs a name')
  .max(200)
  .regex(/^\P{Cc}+$/u, 'has control characters')
  .refine((name) => name.isWellFormed(), 'is not whole Unicode')
  .refine((name) => webCustomer(name).startsWith('web:-:'), 'is a customer elsewhere: on the web write a name, as ada')
  .refine((name) => webCustomer(name) !== reserved, 'is the name of the desk itself: write another')
