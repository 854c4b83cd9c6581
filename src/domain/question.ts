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
}

export type Material = { readonly [name: string]: unknown }

/** Why there is no answer: each is ordinary, and whoever asked goes on without. */
export const whys = ['late', 'busy', 'off', 'down', 'refused', 'malformed', 'too long', 'spent'] as const
export type Why = (typeof whys)[number]

export type Answered<T> = { type: 'answer'; value: T } | { type: 'none'; why: Why }
