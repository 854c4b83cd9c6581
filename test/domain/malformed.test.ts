import { expect, test } from 'vitest'
import { z } from 'zod'
import { adminLine, agentLine } from '../../src/domain/command.ts'
import { reasonOf, reasonsOf } from '../../src/domain/malformed.ts'
import { policySchema } from '../../src/domain/policy.ts'

const does =
  'claim, release, undo, block, approve, unlink, dismiss, reply, note, resolve, promise, remedy, transfer, link, refile, declare, open'

test.each<[z.ZodType, unknown, string]>([
  [agentLine, { do: 'dance', case: 1 }, `do: write one of ${does}`],
  [agentLine, { case: 1 }, `do: write one of ${does}`],
  [agentLine, 'claim', 'write an object'],
  [agentLine, { do: 'note', case: 1 }, 'text: is missing: write a text'],
  [agentLine, { do: 'note', case: 1, text: 7 }, 'text: write a text'],
  [agentLine, { do: 'claim', case: 1.5 }, 'case: needs the number of a case'],
  [agentLine, { do: 'claim', case: 0 }, 'case: needs the number of a case'],
  [agentLine, { do: 'claim', case: 1, why: 'x' }, 'there is no field why here'],
  [agentLine, { do: 'refile', case: 1, kind: 'x' }, 'kind: write one of inquiry, complaint, suggestion, praise, other'],
  [adminLine, { do: 'announce', text: ['x'] }, 'text: write a text'],
  [policySchema, { hours: 'sometimes' }, 'hours: write always, or days with their spans, as mon: [["09:00", "18:00"]]'],
  [policySchema, { hours: { mon: [['09:00', '24:30']] } }, 'hours.mon.0.1: write a time as HH:MM, up to 24:00'],
  [policySchema, { hours: { monday: [] } }, 'hours: there is no field monday here'],
  [
    policySchema,
    { wakingHours: ['22:00', '06:00'] },
    'wakingHours: ends before it begins: past midnight, write two, to 24:00 and from 00:00',
  ],
  [policySchema, { holidays: 'Taiwan' }, 'holidays: write a country, as TW, or one of its parts, as DE-BY'],
  [policySchema, { remedies: [{ name: 'x', names: { fr: 'y' } }] }, 'remedies.0.names: there is no field fr here'],
  [policySchema, { followups: { atMost: 9 } }, 'followups.atMost: is too large: at most 5'],
  [policySchema, { closed: ['Christmas'] }, 'closed.0: write a day as 2026-12-24'],
  [z.object({ url: z.url() }), { url: 'x' }, 'url: write an address with its scheme, as https://example.com'],
  [z.object({ list: z.array(z.string()).max(1) }), { list: ['a', 'b'] }, 'list: is too long: at most 1 entries'],
  [z.object({ name: z.string().max(2) }), { name: 'abc' }, 'name: is too long: at most 2 characters'],
])('%#: one clause that says what to write', (schema, raw, reason) => {
  const { error } = schema.safeParse(raw)
  expect(error && reasonOf(error)).toBe(reason)
})

test('everything wrong is told, each by its field', () => {
  const { error } = policySchema.safeParse({ quiet: { seconds: -1 }, hours: 'sometimes' })
  expect(error && reasonsOf(error).map((reason) => reason.split(':')[0])).toEqual(['hours', 'quiet.seconds'])
})
