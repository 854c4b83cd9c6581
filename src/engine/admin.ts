/** What an admin says to many at once: an incident's news, an announcement, what became of a suggestion (P20, P27). */
import { type Effect, type Part, part } from '../domain/decision.ts'
import { minute } from '../domain/hours.ts'
import type { Command } from '../domain/message.ts'
import * as cases from '../store/cases.ts'
import * as conversations from '../store/conversations.ts'
import * as customers from '../store/customers.ts'
import * as incidents from '../store/incidents.ts'
import * as leases from '../store/leases.ts'
import * as messages from '../store/messages.ts'
import * as outbox from '../store/outbox.ts'
import type { Db } from '../store/schema.ts'
import * as spikes from '../store/spikes.ts'
import * as suggestions from '../store/suggestions.ts'
import * as timers from '../store/timers.ts'
import { deskOfCase } from './desks.ts'
import type { HappenedLine } from './happened.ts'
import { outgoingOf, shownLast } from './outgoing.ts'
import type { Parts } from './parts.ts'
import type { Waiting } from './situation.ts'
import type { TurnResult } from './turn.ts'
import { decided } from './watch.ts'

type AdminCommand = Extract<
  Command,
  { do: 'suggestion.status' | `incident.${string}` | 'announce' | 'declare' | 'dismiss' }
>
type IncidentCommand = Extract<AdminCommand, { do: `incident.${string}` }>

export function isAdminCommand(row: messages.MessageRow): boolean {
  return row.type === 'commanded' && row.case_id === null && !row.body.includes('"do":"open"')
}

/** One person's part of a message to many. */
interface Told {
  conversation: string
  caseId: string | null
  part: Part
}

export async function adminTurn(
  parts: Parts,
  waiting: Waiting,
  row: messages.MessageRow,
  owner: string | null,
): Promise<TurnResult> {
  const command: AdminCommand = JSON.parse(row.body)
  const now = parts.clock.now()
  const lines: HappenedLine[] = []
  const written = await parts.store.write(async (tx) => {
    if (owner !== null && !(await leases.holds(tx, waiting.conversation.id, owner))) return false
    const stirred: string[] = []
    const told = await carryOut(parts, tx, command, { by: row.author_name, now, lines, stirred })
    for (const one of told) await tellOne(parts, tx, one, now, lines)
    await messages.handled(tx, { ids: [row.id], caseId: null, reading: null, turnAt: now, at: now })
    const { id } = waiting.conversation
    if (waiting.arrived.length > 1) await conversations.goOn(tx, id, now)
    else await conversations.settle(tx, id, row.id)
    return [...told.map((one) => one.conversation), ...stirred]
  })
  if (written === false) return { type: 'again' }
  parts.happened(lines)
  for (const conversation of written) parts.wake(conversation)
  return { type: 'done', rest: waiting.arrived.length > 1, next: null, begun: null, unsent: false }
}

interface Doing {
  by: string
  now: number
  lines: HappenedLine[]
  /** Conversations that have something else to send. */
  stirred: string[]
}

async function carryOut(parts: Parts, tx: Db, command: AdminCommand, doing: Doing): Promise<Told[]> {
  const { now, lines } = doing
  switch (command.do) {
    case 'suggestion.status':
      return await tellGivers(tx, command, now, lines)
    case 'announce':
      return (await conversations.recent(tx, announceAtMost)).map((conversation) => ({
        conversation,
        caseId: null,
        part: part('announce', { text: command.text }),
      }))
    case 'declare':
    case 'dismiss':
      return await decide(parts, tx, command, doing)
    default:
      return await incident(parts, tx, command, now, lines)
  }
}

/** A spike becomes an incident, with all its cases; or none. Whoever decides second finds nothing to decide. */
async function decide(
  parts: Parts,
  tx: Db,
  command: Extract<AdminCommand, { do: 'declare' | 'dismiss' }>,
  { by: agent, now, lines, stirred }: Doing,
): Promise<Told[]> {
  const spike = await spikes.ofCase(tx, command.case)
  if (spike?.state !== 'proposed') return []
  const since = spike.at - parts.policy.spikes.windowMinutes * minute
  const told: Told[] = []
  const before = lines.length
  if (command.do === 'declare') {
    const hit = await spikes.casesSince(tx, spike.topic, since)
    const { text, by } = command
    told.push(...(await incident(parts, tx, { do: 'incident.open', text, cases: hit, by }, now, lines)))
  }
  const opened = lines.slice(before).find((line) => line.type === 'incident')
  const state = command.do === 'declare' ? 'declared' : 'refused'
  const shown = await decided(parts, tx, spike, { state, agent, incident: opened?.id ?? null })
  lines.push(...shown.lines.map((line) => ({ ...line, at: now, conversation: '', person: '' })))
  stirred.push(...shown.stirred)
  return told
}

/** An announcement reaches the people who wrote last, up to this many. */
const announceAtMost = 10_000

type StatusCommand = Extract<AdminCommand, { do: 'suggestion.status' }>

async function tellGivers(
  tx: Db,
  { id, status, text, by }: StatusCommand,
  now: number,
  lines: HappenedLine[],
): Promise<Told[]> {
  const suggestion = await suggestions.byNumber(tx, numberOf(id))
  if (!suggestion) return []
  await suggestions.setStatus(tx, suggestion.id, status)
  const givers = await suggestions.givers(tx, suggestion.id)
  // It is decided now: nobody must still be told that it is not.
  for (const { conversation } of givers) {
    const key = `s${suggestion.number}`
    await timers.remove(tx, { conversation, caseId: '', timer: 'suggestion', key, dueAt: 0, about: null })
  }
  lines.push({ at: now, conversation: '', person: '', type: 'suggestion', id, people: givers.length, status })
  return givers.flatMap((giver) => {
    // Who took their words back hears of it in the words of the others; where there are none, nothing could be named.
    const idea = giver.text || suggestion.text
    if (idea === '') return []
    if (status === 'planned') {
      const values = { idea, words: text, when: by === null ? null : { by } }
      return { conversation: giver.conversation, caseId: null, part: part('suggestion.planned', values) }
    }
    return { conversation: giver.conversation, caseId: null, part: part(`suggestion.${status}`, { idea, words: text }) }
  })
}

async function incident(
  parts: Parts,
  tx: Db,
  command: IncidentCommand,
  now: number,
  lines: HappenedLine[],
): Promise<Told[]> {
  const opens = command.do === 'incident.open'
  const found = opens
    ? await incidents.insert(tx, parts.store.newId, command.text, now)
    : await incidents.byNumber(tx, numberOf(command.id))
  if (!found) return []
  const before = new Set((await incidents.affected(tx, found.id)).map((one) => one.case_id))
  if (command.do === 'incident.open' || command.do === 'incident.link')
    await incidents.link(tx, found.id, await idsOf(tx, command.cases))
  if (command.do === 'incident.update') await incidents.update(tx, found.id, command.text)
  if (command.do === 'incident.close') await incidents.close(tx, found.id, now)
  const affected = await incidents.affected(tx, found.id)
  const state = command.do === 'incident.close' ? 'closed' : 'open'
  lines.push({
    at: now,
    conversation: '',
    person: '',
    type: 'incident',
    id: `i${found.number}`,
    state,
    cases: affected.map((one) => one.number),
  })
  // Whoever was linked before has heard of it; an update and the end go to all.
  const news = command.do === 'incident.update' || command.do === 'incident.close'
  const hearers = news ? affected : affected.filter((one) => !before.has(one.case_id))
  const words = incidentPart(command, found.text)
  const once = new Map(hearers.map((one) => [one.conversation, one]))
  return [...once.values()].map(({ conversation, case_id }) => ({ conversation, caseId: case_id, part: words }))
}

function incidentPart(command: IncidentCommand, text: string): Part {
  switch (command.do) {
    case 'incident.close':
      return part('incident.closed', { text: command.text })
    case 'incident.update':
      return part('incident.update', { text: command.text, when: command.by === null ? null : { by: command.by } })
    case 'incident.open':
      return part('incident.known', { text: command.text, when: command.by === null ? null : { by: command.by } })
    default:
      return part('incident.known', { text, when: null })
  }
}

async function idsOf(tx: Db, numbers: readonly number[]): Promise<string[]> {
  const found = await Promise.all(numbers.map((number) => cases.byNumber(tx, number)))
  return found.filter((kase) => kase !== null).map((kase) => kase.id)
}

async function tellOne(parts: Parts, tx: Db, told: Told, now: number, lines: HappenedLine[]): Promise<void> {
  const conversation = await conversations.byId(tx, told.conversation)
  const customer = conversation && (await customers.find(tx, conversation.customer))
  if (!conversation || !customer || customer.blockedAt !== null) return
  const kase = told.caseId === null ? null : await cases.byId(tx, told.caseId)
  const effects: Effect[] = [{ type: 'say', parts: [told.part], buttons: [] }]
  const numbers = { case: kase ? String(kase.number) : '', suggestion: '' }
  const out = outgoingOf({
    parts,
    effects,
    conversation,
    customer,
    kase,
    desk: kase ? await deskOfCase(parts, tx, kase.id) : parts.desk,
    arrived: [],
    heard: null,
    numbers,
    now,
    turn: null,
    queued: (await outbox.waitingFor(tx, conversation.id)).has('customer'),
    worded: new Map(),
    card: () => null,
  })
  const at = parts.clock.now()
  const shownAt = await conversations.showNext(tx, conversation.id, at)
  await outbox.insert(tx, shownLast(out.rows, shownAt - 1, at).rows)
  await parts.store.bus?.tell(tx, customer.id)
  await customers.change(tx, customer.id, { used: out.used })
  lines.push(...out.lines.map((line) => ({ ...line, at: now, conversation: conversation.id, person: customer.id })))
}

function numberOf(id: string): number {
  return Number(id.replace(/^\D+/u, '')) || 0
}
