/** Forms, ready to show: what is asked for, in the language of whom it is for, with what is known filled in. */
import { isActive } from '../domain/case.ts'
import { type Locale, languageNames, localeOf, locales } from '../domain/customer.ts'
import type { Value } from '../domain/decision.ts'
import type { Author } from '../domain/message.ts'
import type { FormPiece } from '../domain/moments.ts'
import { type Asks, customerForms, type Form, type FormField, type FormName, type NoForm } from '../domain/ports.ts'
import { refusalOfForm } from '../domain/refusal.ts'
import { topicOf } from '../domain/spike.ts'
import * as cases from '../store/cases.ts'
import * as customers from '../store/customers.ts'
import { type Parts, zoneOf } from './parts.ts'
import { refusedWords } from './refuse.ts'

/** Characters in one field: what the narrowest platform takes. */
const fieldAtMost = 3000
const refilings = ['complaint', 'inquiry', 'suggestion', 'praise', 'other'] as const

export type FormWords = (piece: FormPiece, values?: Record<string, Value>) => string

export function formWords(parts: Parts, locale: Locale): FormWords {
  const setting = { locale, timezone: parts.hours.timezone, now: parts.clock.now() }
  return (piece, values = {}) => parts.writer.piece('forms', piece, values, setting)
}

export function isForCustomers(form: FormName): boolean {
  return customerForms.some((one) => one === form)
}

/** Those of a case; `record` opens one. */
export function isOfCase(form: FormName): boolean {
  return !isForCustomers(form) && form !== 'record'
}

export async function form(
  parts: Parts,
  { form: name, case: number, by, about }: Asks['form'],
): Promise<Form | NoForm> {
  const { read } = parts.store
  const kase = number === null ? null : await cases.byNumber(read, number)
  const no = isOfCase(name) ? whyNot(parts, kase, name, by) : null
  if (no !== null) return { refused: no }
  const customer = isForCustomers(name) ? await customers.find(read, by.id) : null
  const locale = isForCustomers(name) ? localeOf(customer ?? { language: null }) : parts.policy.desk.language
  const words = formWords(parts, locale)
  const [title] = parts.writer.buttons([name], locale)
  const fields = fieldsOf(name, words, {
    kase: kase?.state ?? null,
    customer,
    about,
    zone: zoneOf(customer ?? { timezone: null }, parts.hours),
  })
  return {
    form: name,
    title: title?.label ?? name,
    submit: words(name === 'preferences' ? 'save' : 'send'),
    case: number,
    fields,
  }
}

/** Told before anything is typed: what was typed would be lost. */
function whyNot(parts: Parts, kase: cases.StoredCase | null, name: FormName, by: Author): string | null {
  const words = formWords(parts, parts.policy.desk.language)
  if (kase === null) return words('no_case')
  if (closes.has(name) && !isActive(kase.state)) return words('ended', { number: kase.number })
  const refusal = refusalOfForm(kase.state, String(kase.number), by, name)
  return refusal && refusedWords(parts, refusal)
}

/** What can only be done to a case that is open. */
const closes: ReadonlySet<FormName> = new Set(['remedy', 'promise', 'resolve', 'transfer'])

interface Known {
  kase: cases.StoredCase['state'] | null
  customer: customers.KnownCustomer | null
  about: Asks['form']['about']
  zone: string
}

function fieldsOf(name: FormName, words: FormWords, { kase, customer, about, zone }: Known): FormField[] {
  const field = (id: string, label: FormPiece, kind: FormField['kind'], more: Partial<FormField> = {}): FormField => ({
    id,
    label: words(label),
    kind,
    optional: false,
    atMost: fieldAtMost,
    ...more,
  })
  const value = (known: string | null | undefined) => (known ? { value: known } : {})
  switch (name) {
    case 'reply':
      return [field('text', 'text', 'long', value(kase?.held?.better ?? kase?.held?.text))]
    case 'note':
      return [field('text', 'note', 'long')]
    case 'remedy':
      return [
        field('remedy', 'remedy', 'text'),
        field('amount', 'amount', 'text', { optional: true, hint: words('amount_hint'), atMost: 100 }),
      ]
    case 'promise':
      return [field('text', 'what', 'text'), field('by', 'by', 'time', { hint: words('by_hint'), atMost: 100 })]
    case 'transfer':
      return [field('to', 'to', 'person', { hint: words('to_hint'), atMost: 100 })]
    case 'link':
      return [field('to', 'same', 'text', { hint: words('same_hint'), atMost: 200 })]
    case 'declare': {
      const topic = kase && topicOf(kase)
      const known = topic ? words('incident_text', { topic: { topic } }) : null
      return [
        field('text', 'incident', 'long', value(known)),
        field('by', 'news', 'time', { optional: true, hint: words('by_hint'), atMost: 100 }),
      ]
    }
    case 'resolve':
      return [
        field('cause', 'cause', 'text', { optional: true, ...value(kase?.cause) }),
        field('remedy', 'did', 'text', { optional: true, ...value(kase?.remedy) }),
        field('text', 'words', 'long', { optional: true }),
      ]
    case 'refile':
      return [
        field('kind', 'kind', 'choice', {
          options: refilings.map((kind) => ({ id: kind, label: words(`kind_${kind}`) })),
          ...value(refilings.find((kind) => kind === kase?.kind)),
        }),
      ]
    case 'record':
      return [field('text', 'record', 'long', value(about?.text.slice(0, fieldAtMost)))]
    case 'wrong':
      return [field('text', 'happened', 'long')]
    case 'preferences':
      return preferences(words, customer, zone, field)
    default:
      return name satisfies never
  }
}

function preferences(
  words: FormWords,
  customer: customers.KnownCustomer | null,
  zone: string,
  field: (id: string, label: FormPiece, kind: FormField['kind'], more: Partial<FormField>) => FormField,
): FormField[] {
  const chosen = customer?.chosen?.includes('language') ? localeOf(customer) : 'auto'
  return [
    field('language', 'language', 'choice', {
      options: [
        { id: 'auto', label: words('language_auto') },
        ...locales.map((id) => ({ id, label: languageNames[id] })),
      ],
      value: chosen,
    }),
    field('checkins', 'checkins', 'choice', {
      options: (['on', 'off'] as const).map((id) => ({ id, label: words(`checkins_${id}`) })),
      value: customer?.stoppedAt == null ? 'on' : 'off',
    }),
    field('timezone', 'timezone', 'text', { optional: true, hint: words('timezone_hint'), value: zone, atMost: 100 }),
    field('model', 'model', 'choice', {
      options: (['on', 'off'] as const).map((id) => ({ id, label: words(`model_${id}`) })),
      value: customer?.noModelAt == null ? 'on' : 'off',
    }),
    field('privacy', 'privacy', 'choice', {
      options: (['keep', 'export', 'delete'] as const).map((id) => ({ id, label: words(`privacy_${id}`) })),
      value: 'keep',
    }),
    field('confirm', 'confirm', 'text', { optional: true, hint: words('confirm_hint'), atMost: 100 }),
  ]
}
