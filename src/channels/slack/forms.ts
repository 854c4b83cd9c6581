/** The engine's forms as Slack's modals, and what was filled in back again. */
import type { types } from '@slack/bolt'
import { z } from 'zod'
import type { Author, Place } from '../../domain/message.ts'
import type { About, Form, FormField, FormName, Submission } from '../../domain/ports.ts'
import { customerForms, deskForms } from '../../domain/ports.ts'
import { shortened } from '../../domain/shortened.ts'
import type { HandedIn } from './payloads.ts'

const titleAtMost = 24
const labelAtMost = 75
const textAtMost = 3000
const optionsAtMost = 100
/** All that a view carries with it is 3,000 characters: a long message is cut to what identifies it. */
const aboutAtMost = 1500

export const formCallback = 'form'

const carried = z.object({
  form: z.enum([...deskForms, ...customerForms]),
  case: z.number().nullable(),
  place: z.object({
    channel: z.literal('slack'),
    workspace: z.string(),
    room: z.string(),
    thread: z.string().nullable(),
  }),
  about: z
    .object({ message: z.string(), author: z.object({ id: z.string(), name: z.string() }), text: z.string() })
    .nullable(),
})

export function modal(form: Form, place: Place, about: About | null): types.ModalView {
  const kept = about === null ? null : { ...about, text: shortened(about.text, aboutAtMost) }
  return {
    type: 'modal',
    callback_id: formCallback,
    title: label(heading(form.title), titleAtMost),
    submit: label(form.submit, titleAtMost),
    private_metadata: JSON.stringify({ form: form.form, case: form.case, place, about: kept }),
    blocks: form.fields.map((field) => ({
      type: 'input',
      block_id: field.id,
      label: label(field.label, 2000),
      optional: field.optional,
      ...(field.hint === undefined ? {} : { hint: label(field.hint, 2000) }),
      element: element(field),
    })),
  }
}

/** A line in place of the form: what came of it, where nothing else can be said. */
export function notice(title: string, text: string): types.ModalView {
  return {
    type: 'modal',
    title: label(heading(title), titleAtMost),
    blocks: [{ type: 'section', text: label(text, textAtMost) }],
  }
}

function element(field: FormField): types.InputBlock['element'] {
  const action_id = 'given'
  switch (field.kind) {
    case 'choice': {
      const options = (field.options ?? [])
        .slice(0, optionsAtMost)
        .map((option) => ({ text: label(option.label, labelAtMost), value: shortened(option.id, 150) }))
      const chosen = options.find((option) => option.value === field.value)
      return { type: 'static_select', action_id, options, ...(chosen ? { initial_option: chosen } : {}) }
    }
    case 'number':
      return { type: 'number_input', action_id, is_decimal_allowed: true, ...initial(field) }
    case 'text':
    case 'person':
    case 'long':
    case 'time':
      return {
        type: 'plain_text_input',
        action_id,
        multiline: field.kind === 'long',
        max_length: Math.min(field.atMost ?? textAtMost, textAtMost),
        ...initial(field),
      }
    default:
      return field.kind satisfies never
  }
}

function initial({ value }: FormField) {
  return value === undefined || value === '' ? {} : { initial_value: shortened(value, textAtMost) }
}

/** As many whole words as a title holds; a language without spaces is cut where it must be. */
function heading(text: string): string {
  if (text.length <= titleAtMost) return text
  const words = text.slice(0, titleAtMost + 1).replace(/\s+\S*$/u, '')
  return words.length <= titleAtMost ? words : text
}

function label(text: string, atMost: number) {
  return { type: 'plain_text' as const, text: shortened(text === '' ? ' ' : text, atMost), emoji: true }
}

export function submissionOf({ view }: HandedIn, by: Author, at: number): Submission {
  const { form, case: number, place, about } = carried.parse(JSON.parse(view.private_metadata))
  const values = Object.fromEntries(
    Object.entries(view.state.values).map(([field, inputs]) => {
      const [given] = Object.values(inputs)
      return [field, given?.selected_option?.value ?? given?.value ?? '']
    }),
  )
  return { id: `${view.id}:${view.hash}`, form: form satisfies FormName, case: number, by, place, at, values, about }
}
