/** `trace MESSAGE`: the whole way of one message, a line for each thing that happened, with its time. */
import { type Config, Refusal } from '../config.ts'
import { iso } from '../domain/hours.ts'
import type { Outgoing, Touch } from '../domain/message.ts'
import type { Reading } from '../domain/reading.ts'
import { type Trace, tracesOf } from '../store/trace.ts'
import { argumentsOf } from './arguments.ts'
import { withStore } from './database.ts'
import { print } from './print.ts'

export async function traceCommand(config: Config, args: string[]): Promise<void> {
  const [id = ''] = argumentsOf(args, 'trace MESSAGE', {}).positionals
  const traces = await withStore(config, (store) => tracesOf(store.read, id))
  if (traces.length === 0) throw new Refusal(`there is no message ${id}: give its own id or the platform's`)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  for (const [i, trace] of traces.entries()) await print(`${i > 0 ? '\n' : ''}${linesOf(trace, zone).join('\n')}\n`)
}

/** When it happened, or null for what holds now; and what. */
type Line = readonly [at: number | null, what: string]

export function linesOf(trace: Trace, zone: string): string[] {
  const lines: Line[] = [...arrival(trace), ...understanding(trace), ...decisions(trace, zone), ...words(trace, zone)]
  const { message } = trace
  if (message?.edited_at) lines.push([message.edited_at, 'edited     by its author'])
  if (message?.deleted_at) lines.push([message.deleted_at, 'deleted    by its author: the words are gone'])
  const happened = lines.filter(([at]) => at !== null).toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
  const holds = lines.filter(([at]) => at === null)
  return [
    ...happened.map(([at, what]) => `${timeOf(at ?? 0, zone)}  ${what}`),
    ...(holds.length > 0 ? ['now'] : []),
    ...holds.map(([, what]) => `  ${what}`),
  ]
}

function arrival({ message, files, conversation }: Trace): Line[] {
  if (message === null) return []
  const { role, author, channel, platform_id, id, type, text, received_at, turn_at, handled_at } = message
  const lines: Line[] = []
  const attached = files.length > 0 ? ` with ${files.join(', ')}` : ''
  const room = conversation ? ` in ${conversation.place.room}` : ''
  lines.push([
    received_at,
    `received   ${type} by ${role} ${author} on ${channel}${room}, id ${id}, platform id ${platform_id}${attached}: ${quote(text)}`,
  ])
  if (turn_at !== null) lines.push([turn_at, `turn begun ${turn_at - received_at} ms after it was received`])
  if (handled_at !== null)
    lines.push([handled_at, `committed  ${handled_at - (turn_at ?? received_at)} ms after the turn began`])
  else lines.push([null, 'waits      no turn has handled it yet'])
  return lines
}

function understanding({ message, case: kase }: Trace): Line[] {
  if (message?.reading == null) return []
  const reading: Reading = JSON.parse(message.reading)
  const acts = reading.acts.map((act) => `${act.kind} ${act.confidence.toFixed(2)} ${quote(act.text)}`)
  const signals = [
    `${reading.kind} ${reading.confidence.toFixed(2)}`,
    reading.language,
    reading.mood,
    `severity ${reading.severity}`,
    `urgency ${reading.urgency}`,
    ...(reading.wantsHuman ? ['wants a human'] : []),
    ...(reading.leaving ? ['is leaving'] : []),
    ...(reading.safety === null ? [] : [`safety: ${reading.safety}`]),
    ...(reading.answer === null ? [] : [`answers: ${reading.answer}`]),
  ]
  const at = message.turn_at
  const lines: Line[] = [
    [at, `read       ${signals.join(', ')}`],
    ...acts.map((act): Line => [at, `  act      ${act}`]),
  ]
  if (kase) lines.push([at, `case       ${kase.number}`])
  return lines
}

function decisions({ case: kase, events, promises, timers }: Trace, zone: string): Line[] {
  const number = kase ? `case ${kase.number}` : 'no case'
  return [
    ...events.map(({ at, event: { type, ...rest } }): Line => [at, `event      ${number}: ${type} ${brief(rest)}`]),
    ...promises.map((promise): Line => {
      const { madeAt, n, what, due, by, state, because } = promise
      const now = because === null ? state : `${state} (${because})`
      return [madeAt, `promise    ${number}: ${n}, ${quote(what)} by ${timeOf(due, zone)}, given by ${by}, now ${now}`]
    }),
    ...timers.map(({ timer, dueAt }): Line => [null, `timer      ${number}: ${timer} at ${timeOf(dueAt, zone)}`]),
  ]
}

function words({ outbox }: Trace, zone: string): Line[] {
  return outbox.flatMap((row): Line[] => {
    const name = `${row.audience}, ${row.outgoing.type}`
    const script = row.script === null ? '' : ` (${row.script})`
    const lines: Line[] = [
      [row.createdAt, `written    to ${name}${script}, id ${row.id}: ${quote(textOf(row.outgoing))}`],
    ]
    const tries = row.attempts === 1 ? '1 attempt' : `${row.attempts} attempts`
    if (row.sentAt !== null) {
      const how =
        row.attempts === 0 ? 'with the commit' : `${row.sentAt - row.createdAt} ms after it was written, ${tries}`
      const id = row.platformId === null ? '' : `, platform id ${row.platformId}`
      lines.push([row.sentAt, `sent       to ${name}, ${how}${id}`])
    } else {
      const when = row.state === 'waiting' ? `, not before ${timeOf(row.notBefore, zone)}` : ''
      const why = row.error === null ? '' : `: ${row.error}`
      lines.push([null, `${row.state.padEnd(10)} to ${name}, ${tries}${when}, id ${row.id}${why}`])
    }
    return lines
  })
}

function textOf(outgoing: Outgoing | Touch): string {
  if (outgoing.type === 'mark') return `${outgoing.emoji} on ${outgoing.of}`
  if (outgoing.type === 'remove') return `${outgoing.of} is removed`
  if (outgoing.type === 'change') return `${outgoing.of} is changed`
  if (outgoing.type === 'card') return `card of case ${outgoing.card.case}: ${outgoing.card.summary}`
  return outgoing.text
}

function quote(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim()
  return line.length > 300 ? `“${line.slice(0, 300).toWellFormed()}…” (${text.length} characters)` : `“${line}”`
}

/** What an event holds, without what is empty. */
function brief(rest: object): string {
  const told = Object.entries(rest).flatMap(([key, value]) => {
    if (value === null || value === '') return []
    if (typeof value !== 'object') return [`${key} ${typeof value === 'string' ? quote(value) : value}`]
    const inner: string = 'name' in value ? String(value.name) : brief(value)
    return inner === '' ? [] : [`${key} ${inner}`]
  })
  return told.join(', ')
}

/** ISO 8601 to the millisecond, in the machine's zone. */
function timeOf(at: number, zone: string): string {
  const milliseconds = String(((at % 1000) + 1000) % 1000).padStart(3, '0')
  return iso(at, zone).replace(/(T\d\d:\d\d:\d\d)/u, `$1.${milliseconds}`)
}
