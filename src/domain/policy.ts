/** What admins decide in `prompts/policy.yaml`: people, hours, clocks, remedies, follow-ups. Parsed once, trusted inside. */
import { z } from 'zod'
import { locales } from './customer.ts'
import { deskForm } from './desks.ts'
import { type Hours, isZone } from './hours.ts'
import { channelNames } from './message.ts'

const time = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'write a time as HH:MM, up to 24:00')
const span = z
  .tuple([time, time])
  .refine(([from, to]) => from < to, 'ends before it begins: past midnight, write two, to 24:00 and from 00:00')
const zone = z.string().refine(isZone, 'not a time zone: write one such as Asia/Taipei')
const minutes = z.number().int().min(1)
const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
const weekdays = weekday.options

const clocks = z.strictObject({
  answerMinutes: minutes.default(120),
  graveMinutes: minutes.default(30),
})

export const policySchema = z.strictObject({
  organisation: z.string().min(1).nullable().default(null),
  timezone: zone.nullable().default(null),
  hours: z
    .union([z.literal('always'), z.partialRecord(weekday, z.array(span))], {
      error: 'write always, or days with their spans, as mon: [["09:00", "18:00"]]',
    })
    .default('always'),
  closed: z.array(z.iso.date()).default([]),
  holidays: z
    .string()
    .regex(/^[A-Z]{2}(?:-[A-Z0-9]+){0,2}$/u, 'write a country, as TW, or one of its parts, as DE-BY')
    .nullable()
    .default(null),
  wakingHours: span.default(['09:00', '20:00']),
  people: z
    .strictObject({
      leads: z.array(z.string()).default([]),
      managers: z.array(z.string()).default([]),
      admins: z.array(z.string()).default([]),
    })
    .prefault({}),
  desk: z
    .strictObject({
      language: z.enum(locales).default('en'),
      undoSeconds: z.number().min(0).max(60).default(5),
      lines: z.enum(['customer', 'inside']).default('customer'),
    })
    .prefault({}),
  support: z
    .array(z.string().regex(/^(?:slack:[A-Z0-9]+|discord:\d+)$/u, 'write discord:1234 or slack:C0123'))
    .default([]),
  desks: z
    .array(
      z.strictObject({
        desk: z.string().regex(deskForm, 'write slack:C0123, discord:1234 or web'),
        channels: z.array(z.enum(channelNames)).default([]),
        workspaces: z.array(z.string()).default([]),
        tiers: z.array(z.string()).default([]),
        topics: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  quiet: z
    .strictObject({
      seconds: z.number().min(0).max(30).default(2.5),
      atMostSeconds: z.number().min(0).max(60).default(8),
    })
    .prefault({}),
  clocks: clocks.prefault({}),
  tiers: z.record(z.string(), z.strictObject({ answerMinutes: minutes })).default({}),
  promises: z
    .strictObject({
      remindAfterShare: z.number().min(0.1).max(0.95).default(0.75),
      silenceHours: z.number().min(1).default(20),
    })
    .prefault({}),
  remedies: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        /** As customers read it in their own language; agents may write any of its names. */
        names: z.partialRecord(z.enum(locales), z.string().min(1)).default({}),
        failures: z.array(z.string()).default([]),
        /** Other words for it: an agent's remedy with one of them in it is this one. */
        also: z.array(z.string().min(1)).default([]),
        upTo: z.number().min(0).default(0),
        by: z.enum(['bot', 'agent', 'lead', 'manager']).default('agent'),
      }),
    )
    .default([]),
  limits: z
    .strictObject({ agentUpTo: z.number().min(0).default(50), messagesPerMinute: z.number().int().min(1).default(60) })
    .prefault({}),
  followups: z
    .strictObject({
      afterHours: z.number().min(1).default(24),
      againAfterHours: z.number().min(1).default(72),
      atMost: z.number().int().min(0).max(5).default(2),
      closeAfterHours: z.number().min(1).default(96),
      suggestionDays: z.number().min(1).default(14),
    })
    .prefault({}),
  /** Put on a message of one's own, they open a complaint about what it says. */
  complaintEmoji: z.array(z.string()).default(['😡', '😠', '🤬', '🙁', '☹️', '😞', '👎']),
  reading: z.strictObject({ unsureBelow: z.number().min(0).max(1).default(0.45) }).prefault({}),
  /** How many customers with the same complaint within a window are proposed as an incident: so many, and so many times the usual. */
  spikes: z
    .strictObject({
      windowMinutes: z.number().int().min(5).max(1440).default(60),
      people: z.number().int().min(2).default(3),
      times: z.number().min(1).default(5),
    })
    .prefault({}),
  /** A cause that so many cases within so many days had is told to the desk, and again at each doubling. */
  recurring: z
    .strictObject({
      times: z.number().int().min(2).default(3),
      days: z.number().int().min(1).max(365).default(30),
    })
    .prefault({}),
  retentionDays: z.number().int().min(1).nullable().default(null),
})

export type Policy = z.infer<typeof policySchema>

/**
 * The desk's hours as hours.ts reckons them. `fallbackZone` serves where the policy names no zone; `isHoliday` is that of
 * the country the policy names (holidays.ts).
 */
export function hoursOf(policy: Policy, fallbackZone: string, isHoliday = (_date: string) => false): Hours {
  const week: Record<number, readonly (readonly [string, string])[]> = {}
  if (policy.hours !== 'always')
    for (const [name, spans] of Object.entries(policy.hours)) {
      const index = weekdays.indexOf(weekday.parse(name))
      if (spans) week[index + 1] = spans
    }
  return { timezone: policy.timezone ?? fallbackZone, week, closed: policy.closed, isHoliday }
}

/** Working minutes within which a person answers (P10), by severity and tier. */
export function answerMinutes(policy: Policy, severity: number, tier: string | null): number {
  const usual = (tier !== null ? policy.tiers[tier]?.answerMinutes : undefined) ?? policy.clocks.answerMinutes
  return severity >= 3 ? Math.min(usual, policy.clocks.graveMinutes) : usual
}

export type Rank = 'agent' | 'lead' | 'manager'

/** People are named by their ids; on the web, where an agent is a name, the name alone will do. */
export function rankOf(policy: Policy, person: string): Rank {
  const { leads, managers, admins } = policy.people
  const name = person.replace(/^web:-:/u, '')
  const among = (people: readonly string[]) => people.includes(person) || people.includes(name)
  if (among(managers) || among(admins)) return 'manager'
  return among(leads) ? 'lead' : 'agent'
}

/** The remedy that policy knows by this name, in whatever language; null: any other remedy is an agent's own words. */
export function remedyNamed(policy: Policy, name: string): Policy['remedies'][number] | null {
  const wanted = name.trim().toLowerCase()
  const isIt = (known: string) => known.toLowerCase() === wanted
  return policy.remedies.find((remedy) => [remedy.name, ...Object.values(remedy.names)].some(isIt)) ?? null
}

/** The remedy whose name, or another word for it, stands in what an agent wrote: "a new one by courier" is a replacement. */
export function remedyMeant(policy: Policy, text: string): Policy['remedies'][number] | null {
  const said = text.normalize('NFKC').toLowerCase()
  const stands = (words: string) => new RegExp(`(?<!\\p{L})${literal(words)}(?!\\p{Script=Latin})`, 'u').test(said)
  return policy.remedies.find(({ name, names, also }) => [name, ...Object.values(names), ...also].some(stands)) ?? null
}

function literal(words: string): string {
  return words.toLowerCase().replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')
}
