/** What a model suggests to an agent who opens a case: a summary, a reply, a remedy. They decide; nothing acts by itself. */
import { localeOf } from '../domain/customer.ts'
import { iso } from '../domain/hours.ts'
import type { Asks, Form, Help, NoForm, Suggested } from '../domain/ports.ts'
import * as cases from '../store/cases.ts'
import * as customers from '../store/customers.ts'
import * as promises from '../store/promises.ts'
import { type FormWords, form, formWords } from './forms.ts'
import { type Parts, suggests, zoneOf } from './parts.ts'
import { backing, lately } from './wording.ts'

/** An agent looks on meanwhile: longer than this and they have written it themselves. */
const helpWithinMs = 8_000

/** The form of a reply, with what a model would write in it, and what it makes of the case. */
export async function suggestion(parts: Parts, { case: number, by }: Asks['suggestion']): Promise<Suggested | NoForm> {
  const reply = await form(parts, { form: 'reply', case: number, by, about: null })
  if ('refused' in reply) return reply
  const words = formWords(parts, parts.policy.desk.language)
  return { meanwhile: words('suggest_wait'), form: async () => filledIn(reply, await help(parts, number), words) }
}

function filledIn(reply: Form, told: Help | null, words: FormWords): Form {
  const { summary = null, reply: text = null, remedy = null } = told ?? {}
  const { name: what = null, amount = null, why = null } = remedy ?? {}
  const said = [summary, what && words('suggest_remedy', { what, amount, why })].filter((one) => one)
  const hint = said.length > 0 ? said.join(' ') : words('suggest_none')
  return {
    ...reply,
    fields: reply.fields.map((field) => ({ ...field, hint, ...(text === null ? {} : { value: text }) })),
  }
}

/** Null where there is no such case, no model, or a customer who wants none (P24). */
export async function help(parts: Parts, number: number): Promise<Help | null> {
  const { author, store, policy, clock } = parts
  const kase = await cases.byNumber(store.read, number)
  const customer = kase && (await customers.find(store.read, kase.customer))
  if (author === null || !kase || !customer || !suggests(parts, customer)) return null
  const now = clock.now()
  const promised = await promises.ofCase(store.read, kase.id)
  const { state } = kase
  const zone = zoneOf(customer, parts.hours)
  const lines = await lately(parts, { customer: kase.customer, conversation: kase.conversation, id: store.newId(now) })
  const { kind, status, severity, summary, facts, cause, remedy } = state
  const record = {
    ...{ kind, status, severity, summary, facts, cause, remedy },
    promises: promised.map(({ what, due, state }) => ({ what, due: iso(due, zone), state })),
  }
  const left = () => helpWithinMs
  const locale = localeOf(customer)
  const backed = await backing(parts, { now, customer, promises: promised }, kase)
  // What an agent may offer by themselves: the rest takes a lead's yes, and a lead's idea.
  const remedies = policy.remedies.filter(({ by }) => by === 'agent' || by === 'bot')
  const [told, advice] = await Promise.all([
    author.summarise(lines, record, policy.desk.language, left),
    author.advise({ lines, record, remedies, locale, backed: { ...backed, remedies: [] } }, left),
  ])
  return { summary: told, ...advice }
}
