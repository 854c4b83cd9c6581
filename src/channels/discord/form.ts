/** The engine's forms as Discord's modals: labels that hold a field each, five at most. */

import { isForm } from '../../domain/buttons.ts'
import type { Form, FormField, FormName } from '../../domain/ports.ts'
import { authorOf } from './receive.ts'
import { shortened } from './render.ts'
import type { Interaction } from './shapes.ts'

const titleAtMost = 45
const hintAtMost = 100
const valueAtMost = 4_000
const optionsAtMost = 25
const fieldsAtMost = 5

/** `form|name|case|message`: all that a modal must bring back, so that it works after a restart. */
export interface Named {
  form: FormName
  case: number | null
  message: string | null
  /** Opened once more: what was typed before waits, and counts where it is not asked for again. */
  again: boolean
}

export function formId({ form, case: number, message, again }: Named): string {
  return `${again ? 'again' : 'form'}|${form}|${number ?? ''}|${message ?? ''}`
}

export function formNamed(id: string): Named | null {
  const [sort, form = '', number = '', message = ''] = id.split('|')
  if ((sort !== 'form' && sort !== 'again') || !isForm(form)) return null
  return {
    form,
    case: number === '' ? null : Number(number),
    message: message === '' ? null : message,
    again: sort === 'again',
  }
}

/** What somebody had typed, and which fields of it were wrong. */
export interface Draft {
  values: Readonly<Record<string, string>>
  wrong: readonly string[]
}

export const noDraft: Draft = { values: {}, wrong: [] }

/** Discord asks for five things at most: what is to be mended comes before what was right. */
export function modalOf(form: Form, named: Named, { values, wrong }: Draft): object {
  const urgent = form.fields.filter(({ id }) => wrong.includes(id))
  const chosen = [...urgent, ...form.fields.filter((field) => !urgent.includes(field))].slice(0, fieldsAtMost)
  return {
    custom_id: formId(named),
    title: shortened(form.title, titleAtMost),
    components: form.fields
      .filter((field) => chosen.includes(field))
      .map((field) => label(field, values[field.id] ?? field.value)),
  }
}

const short = 1
const paragraph = 2

function label(field: FormField, value: string | undefined): object {
  return {
    type: 18,
    label: shortened(field.label, titleAtMost),
    ...(field.hint === undefined ? {} : { description: shortened(field.hint, hintAtMost) }),
    component: componentOf(field, value),
  }
}

function componentOf(field: FormField, value: string | undefined): object {
  if (field.kind === 'choice') return select(field, value)
  return field.kind === 'person' ? people(field) : input(field, value)
}

/** Out of all who are there, as Discord finds them by what one types. */
function people({ id, optional }: FormField): object {
  return { type: 5, custom_id: id, required: !optional, min_values: optional ? 0 : 1, max_values: 1 }
}

function input({ id, kind, optional, atMost = valueAtMost }: FormField, value = ''): object {
  const longest = Math.min(atMost, valueAtMost)
  return {
    type: 4,
    custom_id: id,
    style: kind === 'long' ? paragraph : short,
    required: !optional,
    max_length: longest,
    ...(value === '' ? {} : { value: value.slice(0, longest) }),
  }
}

function select({ id, options = [], optional }: FormField, value: string | undefined): object {
  return {
    type: 3,
    custom_id: id,
    required: !optional,
    min_values: optional ? 0 : 1,
    max_values: 1,
    options: options.slice(0, optionsAtMost).map((option) => ({
      label: shortened(option.label, 100),
      value: option.id,
      default: option.id === value,
    })),
  }
}

/** What was filled in, by field. */
export function valuesOf({ data }: Interaction): Record<string, string> {
  const fields = data?.components?.flatMap((held) => [
    ...(held.component ? [held.component] : []),
    ...(held.components ?? []),
  ])
  return Object.fromEntries(
    (fields ?? []).flatMap(({ custom_id: id, value, values }): [string, string][] => {
      if (!id) return []
      const picked = data?.resolved?.users?.[values?.[0] ?? '']
      if (!picked) return [[id, value ?? values?.[0] ?? '']]
      const person = authorOf(picked, data?.resolved?.members?.[picked.id]?.nick)
      return [
        [id, person.id],
        [`${id}.name`, person.name],
      ]
    }),
  )
}
