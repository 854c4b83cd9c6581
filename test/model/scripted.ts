/** A model that says what it is told to, with nothing in between: for whole conversations. */
import type { Model } from '../../src/domain/ports.ts'
import { createMask, mapTexts } from '../../src/domain/privacy.ts'
import type { Answered, Question, Task } from '../../src/domain/question.ts'

export interface Scripted extends Model {
  /** What it was asked, oldest first, as it left: with everything hidden. */
  asked: { task: Task; material: unknown }[]
}

type Script = Partial<Record<Task, (material: Record<string, unknown>) => unknown>>

/** By task what it answers; a task that it has no script for gets no answer, as from a model that is late. */
export function scripted(script: Script): Scripted {
  const asked: Scripted['asked'] = []
  return {
    asked,
    ready: () => true,
    async ask<T>({ task, material, shape }: Question<T>): Promise<Answered<T>> {
      const mask = createMask()
      const hidden = mapTexts(material, mask.hide)?.value
      asked.push({ task, material: hidden })
      const said = script[task]?.(typeof hidden === 'object' && hidden !== null ? { ...hidden } : {})
      if (said === undefined) return { type: 'none', why: 'late' }
      const shown = mapTexts(said, mask.show)
      const parsed = shape.safeParse(shown?.value)
      return parsed.success ? { type: 'answer', value: parsed.data } : { type: 'none', why: 'malformed' }
    },
  }
}

/** A model that changes nothing but a word, so that one sees it was there. */
export function polite(extra: string): Scripted {
  return scripted({ compose: ({ script }) => ({ text: `${String(script)} ${extra}`, action: 'send' }) })
}
