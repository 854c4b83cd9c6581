/** What somebody filled in: checked at once, stored as durably as what is said, and left to its turn. */
import { localeOf } from '../domain/customer.ts'
import { isZone } from '../domain/hours.ts'
import type { Command, Incoming } from '../domain/message.ts'
import type { Form, FormField, FormName, Received, Submission, Submitted } from '../domain/ports.ts'
import { parseWhen } from '../domain/when.ts'
import * as customers from '../store/customers.ts'
import { isDesk } from './desks.ts'
import { type FormWords, form, formWords, isForCustomers, isOfCase } from './forms.ts'
import type { Parts } from './parts.ts'
import { choose } from './preferences.ts'

export type Receive = (incoming: Incoming) => Promise<Received>

export async function submit(parts: Parts, receive: Receive, submission: Submission): Promise<Submitted> {
  const { form: name, by, place } = submission
  const { read } = parts.store
  const customer = isForCustomers(name) ? await customers.find(read, by.id) : null
  const words = formWords(
    parts,
    customer ? localeOf(customer) : isForCustomers(name) ? 'en' : parts.policy.desk.language,
  )
  // A failure is recorded from where it was seen; all else of the desk's is done there.
  if (isOfCase(name) && place.channel !== 'web' && !(await isDesk(parts, read, place)))
    return { type: 'refused', text: words('not_here') }
  const asked = await form(parts, submission)
  if ('refused' in asked) return { type: 'refused', text: asked.refused }
  const errors = wrongIn(asked, submission, parts, words)
  if (Object.keys(errors).length > 0) return { type: 'wrong', errors }
  if (name === 'preferences') return await choose(parts, submission, words)
  return answered(await receive(incomingOf(parts, name, submission)), submission, words)
}

/** Field → one sentence; empty when all is well. */
function wrongIn(asked: Form, submission: Submission, parts: Parts, words: FormWords): Record<string, string> {
  const found = asked.fields.map((field): [string, string | null] => [field.id, wrong(field, submission, parts, words)])
  return Object.fromEntries(found.filter((one): one is [string, string] => one[1] !== null))
}

function wrong(field: FormField, { values, form: name }: Submission, parts: Parts, words: FormWords): string | null {
  const value = (values[field.id] ?? '').trim()
  if (field.id === 'confirm') return values.privacy === 'delete' && !isSure(value) ? words('confirm_needed') : null
  if (value === '') return field.optional ? null : words('needed')
  if (field.atMost !== undefined && value.length > field.atMost) return words('long', { limit: field.atMost })
  if (field.kind === 'choice' && !field.options?.some((option) => option.id === value)) return words('choice')
  if (name === 'preferences' && field.id === 'timezone' && !isZone(value)) return words('zone')
  if (field.kind !== 'time') return null
  const when = parseWhen(value, parts.clock.now(), parts.hours.timezone)
  return 'at' in when ? null : words(when.fault)
}

function isSure(value: string): boolean {
  return /^(?:delete|刪除|删除)$/iu.test(value)
}

/** What is handed in is what its author would have said or done. */
function incomingOf(
  parts: Parts,
  name: StoredForm,
  { id, case: number, by, place, at, values, about }: Submission,
): Incoming {
  const arrived = { id, place, author: by, at }
  const value = (field: string) => (values[field] ?? '').trim()
  if (name === 'wrong') {
    // What they wrote themselves and mean is part of what they say.
    const own = about?.author.id === by.id ? `${about.text}\n` : ''
    const text = `${own}${value('text')}`
    return { ...arrived, type: 'said', text, files: [], timezone: null, tier: null, complains: true }
  }
  const command = commandOf(parts, name, number ?? 0, value, about?.author.id ?? '')
  return { ...arrived, type: 'commanded', command }
}

/** What is chosen in the preferences is done at once; all else is stored. */
type StoredForm = Exclude<FormName, 'preferences'>

function commandOf(
  parts: Parts,
  form: Exclude<StoredForm, 'wrong'>,
  number: number,
  value: (field: string) => string,
  about: string,
): Command {
  const given = (field: string) => value(field) || null
  switch (form) {
    case 'reply':
      return { do: 'reply', case: number, text: value('text'), wording: null }
    case 'note':
      return { do: 'note', case: number, text: value('text'), wording: null }
    case 'remedy':
      return { do: 'remedy', case: number, remedy: value('remedy'), amount: given('amount'), text: null }
    case 'promise':
      return { do: 'promise', case: number, text: value('text'), by: timeIn(parts, value('by')) ?? 0, wording: null }
    case 'transfer':
      return { do: 'transfer', case: number, to: value('to').replace(/^@/u, ''), ...nameOf(value('to.name')) }
    case 'link':
      return { do: 'link', case: number, to: value('to') }
    case 'declare':
      return { do: 'declare', case: number, text: value('text'), by: timeIn(parts, value('by')) }
    case 'resolve':
      return {
        do: 'resolve',
        case: number,
        text: given('text'),
        cause: given('cause'),
        remedy: given('remedy'),
        wording: null,
      }
    case 'refile':
      return { do: 'refile', case: number, kind: value('kind') }
    case 'record':
      return { do: 'open', for: about, text: value('text') }
    default:
      return form satisfies never
  }
}

/** The time that somebody wrote; null for none. */
function timeIn(parts: Parts, written: string): number | null {
  const when = parseWhen(written, parts.clock.now(), parts.hours.timezone)
  return 'at' in when ? when.at : null
}

/** What whoever was picked is called. */
function nameOf(name: string): { name?: string } {
  return name === '' ? {} : { name }
}

function answered(received: Received, { form: name }: Submission, words: FormWords): Submitted {
  switch (received.type) {
    case 'stored':
    case 'duplicate':
      return { type: 'done', text: name === 'wrong' ? words('received') : name === 'record' ? words('recorded') : null }
    case 'refused':
      return received
    case 'unknown':
      return { type: 'refused', text: words('no_case') }
    default:
      return { type: 'refused', text: words('not_now') }
  }
}
