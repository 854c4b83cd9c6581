/** The engine's forms as Discord's modals: labels that hold a field each, five at most. */

import { isForm } from '../../domain/buttons.ts'
import type { Form, FormField, FormName } from '../../domain/ports.ts'
import { shortened } from './render.ts'
import type { Interaction } from './shapes.ts'

const titleAtMost = 45
const hintAtMost = 100
const valueAtMost = 4_000
const optionsAtMost = 25
const fieldsAtMost = 5

/** `form|name|case|message`: all that a modal must bring back, so that it works after a restart. */
export const formId = (form: FormName, number: number | null, message: string | null) =>
  `form|${form}|${number ?? ''}|${message ?? ''}`

/** The button that opens it again, with what was typed. */
export const againId = ({ form, case: number, message }: Named) => `again|${form}|${number ?? ''}|${message ?? ''}`

export interface Named {
  form: FormName
  case: number | null
  message: string | null
}

export function formNamed(id: string): Named | null {
  const [sort, form = '', number = '', message = ''] = id.split('|')
  if ((sort !== 'form' && sort !== 'again') || !isForm(form)) return null
  return { form, case: number === '' ? null : Number(number), message: message === '' ? null : message }
}

/** `values` are what somebody had typed already. */
export function modalOf(form: Form, message: string | null, values: Readonly<Record<string, string>> = {}): object {
  return {
    custom_id: formId(form.form, form.case, message),
    title: shortened(form.title, titleAtMost),
    components: form.fields.slice(0, fieldsAtMost).map((field) => label(field, values[field.id] ?? field.value)),
  }
}

const short = 1
const paragraph = 2

function label(field: FormField, value: string | undefined): object {
  return {
    type: 18,
    label: shortened(field.label, titleAtMost),
    ...(field.hint === undefined ? {} : { description: shortened(field.hint, hintAtMost) }),
    component: field.kind === 'choice' ? select(field, value) : input(field, value),
  }
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
    (fields ?? []).flatMap(({ custom_id, value, values }) =>
      custom_id ? [[custom_id, value ?? values?.[0] ?? '']] : [],
    ),
  )
}
