/** What a customer chooses for themselves: language, check-ins, time zone; and what is done with what is known of them. */
import { isLocale } from '../domain/customer.ts'
import type { Submission, Submitted } from '../domain/ports.ts'
import * as conversations from '../store/conversations.ts'
import * as customers from '../store/customers.ts'
import * as messages from '../store/messages.ts'
import * as outbox from '../store/outbox.ts'
import { forget, type Row, tell } from '../store/person.ts'
import type { FormWords } from './forms.ts'
import { newRow } from './newrow.ts'
import type { Parts } from './parts.ts'

export async function choose(parts: Parts, { by, place, values }: Submission, words: FormWords): Promise<Submitted> {
  const { store, clock } = parts
  const now = clock.now()
  if (values.privacy === 'delete') {
    const theirs = await forget(store, by.id, now)
    return { type: 'done', text: words(Object.keys(theirs).length > 0 ? 'deleted' : 'nobody') }
  }
  const conversation = await store.write(async (tx) => {
    const home = await conversations.newestOf(tx, by.id)
    // A copy of what is known goes where the customer writes to us; a press on the home page is no such place.
    const talk = home ?? (await conversations.findOrMake(tx, store, { ...place, thread: null }, by.id, now))
    const known = await customers.findOrMake(tx, { ...by, timezone: null, tier: null }, now)
    await customers.change(tx, by.id, chosenOf(known, values, parts.hours.timezone, now))
    return talk
  })
  if (values.privacy !== 'export') return { type: 'done', text: words('saved') }
  await sendCopy(parts, conversation, by.id, words('exported'), now)
  parts.wake(conversation.id)
  return { type: 'done', text: words('saved') }
}

function chosenOf(
  known: customers.KnownCustomer,
  values: Submission['values'],
  usualZone: string,
  now: number,
): customers.Learnt {
  const language = isLocale(values.language ?? null) ? values.language : undefined
  const zone = (values.timezone ?? '').trim()
  // What stood in the field already was not chosen.
  const choosesZone = zone !== '' && zone !== (known.timezone ?? usualZone)
  const chosen = [
    ...(language === undefined ? [] : (['language'] as const)),
    ...(choosesZone || known.chosen?.includes('timezone') ? (['timezone'] as const) : []),
  ]
  return {
    chosen,
    ...(language === undefined ? {} : { language }),
    ...(choosesZone ? { timezone: zone } : {}),
    stoppedAt: values.checkins === 'off' ? (known.stoppedAt ?? now) : null,
    noModelAt: values.model === 'off' ? (known.noModelAt ?? now) : null,
  }
}

/** All that is known, as a file in their own conversation. */
async function sendCopy(
  parts: Parts,
  conversation: conversations.Conversation,
  customer: string,
  text: string,
  now: number,
): Promise<void> {
  const { store } = parts
  const told = new Map<string, Row[]>()
  let rows: Row[] = []
  await tell(store, customer, {
    async table(name) {
      rows = []
      told.set(name, rows)
    },
    // The customer has their own files; in the copy they are named.
    async row({ base64: _base64, ...row }) {
      rows.push(row)
    },
  })
  const bytes = Buffer.from(JSON.stringify(Object.fromEntries(told), null, 2))
  const name = 'amends.json'
  await store.write(async (tx) => {
    const id = store.newId(now)
    await messages.insert(tx, {
      id,
      channel: conversation.place.channel,
      platform_id: id,
      conversation: conversation.id,
      customer,
      case_id: null,
      type: 'copy',
      role: 'channel',
      author: customer,
      author_name: '',
      text: '',
      body: '{}',
      at: now,
      received_at: now,
      shown_at: now,
    })
    await messages.handled(tx, { ids: [id], caseId: null, reading: null, turnAt: now, at: now })
    await messages.insertFiles(tx, store.newId, id, [{ name, type: 'application/json', bytes }], now)
    await outbox.insert(tx, [
      {
        ...newRow(
          {
            id: store.newId(now),
            conversation: conversation.id,
            customer,
            caseId: null,
            audience: 'customer',
            place: conversation.place,
            outgoing: { type: 'say', text, buttons: [], from: 'bot', agent: null, files: [name] },
            script: '',
            turn: id,
            notBefore: now,
          },
          { now, delivered: false },
        ),
        sources: [id],
      },
    ])
  })
}
