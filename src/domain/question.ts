/** What a language model is asked, and what comes of it. Data both ways: nothing that it says carries control meaning. */
import type { z } from 'zod'

export const tasks = ['read', 'compose', 'answer', 'summarise', 'advise', 'translate', 'probe'] as const
export type Task = (typeof tasks)[number]

export interface Question<T> {
  task: Task
  /** Other people's words and what the record knows: data for the model, never instructions. JSON. */
  material: Material
  /** The form of its answer. Strict schemas know no lengths and no patterns: those are looked at afterwards. */
  shape: z.ZodType<T>
  /** How long whoever asks can wait, in milliseconds, with every retry in it. */
  withinMs: number
  /** Ends it before: nobody needs the answer any more. */
  calledOff?: AbortSignal | undefined
}

/** Where a text stands by its meaning. */
export type Vector = readonly number[]

export type Material = { readonly [name: string]: unknown }

/** Why there is no answer: each is ordinary, and whoever asked goes on without. */
export type Why = 'late' | 'called off' | 'busy' | 'down' | 'refused' | 'malformed' | 'too long' | 'spent'

export type Answered<T> = { type: 'answer'; value: T } | { type: 'none'; why: Why }

/** The data in what was said: the whole of it, or the first object in it, as in a fence or after a preamble. */
export function fitting<T>(text: string, shape: z.ZodType<T>): { data: unknown } | { fault: string } {
  const fault = { fault: 'There is no JSON object in it.' }
  for (const candidate of [text, text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)]) {
    let data: unknown
    try {
      data = JSON.parse(candidate)
    } catch {
      continue
    }
    const parsed = shape.safeParse(data)
    if (parsed.success) return { data }
    fault.fault = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n')
  }
  return fault
}

/** Where a server does not say what it counted: about four characters are a token, and one of Chinese is one. */
export function tokensOf(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  return han + Math.ceil((text.length - han) / 4)
}

/** A line of the talk with a model. */
export interface Message {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** For a server that takes no schema: the form stands with what it is told. */
export function withForm(messages: Message[], form: string): Message[] {
  const [first, ...rest] = messages
  return first ? [{ role: first.role, content: `${first.content}\n\n${form}` }, ...rest] : messages
}
