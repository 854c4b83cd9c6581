import { expect, test } from 'vitest'
import { adminCommand, adminLine, agentCommand, agentLine, webCustomer, webName } from '../../src/domain/command.ts'
import { reasonOf } from '../../src/domain/malformed.ts'

const by = '2026-11-20T15:00:00+08:00'
const at = Date.parse(by)

test.each<[object, object]>([
  [
    { do: 'claim', case: 1 },
    { do: 'claim', case: 1 },
  ],
  [
    { do: 'undo', case: 1 },
    { do: 'undo', case: 1 },
  ],
  [
    { do: 'block', case: 1 },
    { do: 'block', case: 1 },
  ],
  [
    { do: 'approve', case: 2 },
    { do: 'approve', case: 2 },
  ],
  [
    { do: 'reply', case: 1, text: ' hi ' },
    { do: 'reply', case: 1, text: 'hi', wording: null },
  ],
  [
    { do: 'reply', case: 1, wording: 'take' },
    { do: 'reply', case: 1, text: '', wording: 'take' },
  ],
  [
    { do: 'note', case: 1, text: 'x' },
    { do: 'note', case: 1, text: 'x', wording: null },
  ],
  [
    { do: 'resolve', case: 1 },
    { do: 'resolve', case: 1, text: null, cause: null, remedy: null, wording: null },
  ],
  [
    { do: 'resolve', case: 1, cause: 'courier', remedy: 'a new one' },
    { do: 'resolve', case: 1, text: null, cause: 'courier', remedy: 'a new one', wording: null },
  ],
  [
    { do: 'promise', case: 1, text: 'call', by },
    { do: 'promise', case: 1, text: 'call', by: at, wording: null },
  ],
  [
    { do: 'remedy', case: 1, remedy: 'refund', amount: 20 },
    { do: 'remedy', case: 1, remedy: 'refund', amount: '20', text: null },
  ],
  [
    { do: 'remedy', case: 1, text: 'flowers' },
    { do: 'remedy', case: 1, remedy: 'flowers', amount: null, text: 'flowers' },
  ],
  [
    { do: 'transfer', case: 1, to: 'lee' },
    { do: 'transfer', case: 1, to: 'lee' },
  ],
  [
    { do: 'refile', case: 1, kind: 'inquiry' },
    { do: 'refile', case: 1, kind: 'inquiry' },
  ],
  [
    { do: 'open', for: 'ada', text: 'x' },
    { do: 'open', for: 'web:-:ada', text: 'x' },
  ],
  [
    { do: 'open', for: 'slack:T1:U1', text: 'x' },
    { do: 'open', for: 'slack:T1:U1', text: 'x' },
  ],
])('an agent: %j', (line, command) => {
  expect(agentCommand(agentLine.parse(line), webCustomer)).toEqual(command)
})

test.each<[object, string]>([
  [{ do: 'claim' }, 'case: needs the number of a case'],
  [{ do: 'claim', case: '1' }, 'case: needs the number of a case'],
  [{ do: 'claim', case: 0 }, 'case'],
  [{ do: 'dance', case: 1 }, 'do'],
  [{ do: 'note', case: 1, text: '  ' }, 'text: needs a text'],
  [{ do: 'promise', case: 1, text: 'x', by: 'tomorrow' }, 'by: write a time with its zone'],
  [{ do: 'promise', case: 1, text: 'x', by: '2026-11-20T15:00:00' }, 'by: write a time with its zone'],
  [{ do: 'refile', case: 1, kind: 'grumble' }, 'kind'],
  [{ do: 'reply', case: 1, text: 'x', wording: 'burn' }, 'wording'],
  [{ do: 'claim', case: 1, more: true }, 'more'],
  [{ do: 'open', text: 'x' }, 'for'],
])('an agent, wrong: %j', (line, reason) => {
  const { error } = agentLine.safeParse(line)
  expect(error && reasonOf(error)).toContain(reason)
})

test('a remedy without a name is refused: nobody can accept nothing', () => {
  expect(agentLine.safeParse({ do: 'remedy', case: 1 }).success).toBe(false)
  expect(agentLine.safeParse({ do: 'remedy', case: 1, amount: 5, text: ' ' }).success).toBe(false)
})

test.each<[object, object]>([
  [
    { do: 'incident.open', text: 'down' },
    { do: 'incident.open', text: 'down', cases: [], by: null },
  ],
  [
    { do: 'incident.open', text: 'down', cases: [1], by },
    { do: 'incident.open', text: 'down', cases: [1], by: at },
  ],
  [
    { do: 'incident.link', id: 'i1', cases: [2] },
    { do: 'incident.link', id: 'i1', cases: [2] },
  ],
  [
    { do: 'incident.update', id: 'i1', text: 'x' },
    { do: 'incident.update', id: 'i1', text: 'x', by: null },
  ],
  [
    { do: 'incident.close', id: 'i1', text: 'x' },
    { do: 'incident.close', id: 'i1', text: 'x' },
  ],
  [
    { do: 'announce', text: 'x' },
    { do: 'announce', text: 'x' },
  ],
  [
    { do: 'suggestion.status', id: 's1', status: 'shipped' },
    { do: 'suggestion.status', id: 's1', status: 'shipped', text: null, by: null },
  ],
])('an admin: %j', (line, command) => {
  expect(adminCommand(adminLine.parse(line))).toEqual(command)
})

test.each<[object, string]>([
  [{ do: 'announce' }, 'text'],
  [{ do: 'suggestion.status', id: 's1', status: 'maybe' }, 'status'],
  [{ do: 'incident.open', text: 'x', cases: ['1'] }, 'cases.0'],
  [{ do: 'incident.update', text: 'x' }, 'id'],
])('an admin, wrong: %j', (line, reason) => {
  const { error } = adminLine.safeParse(line)
  expect(error && reasonOf(error)).toContain(reason)
})

test.each([
  ['ada', 'web:-:ada'],
  ['web:-:ada', 'web:-:ada'],
  ['discord:-:5512', 'discord:-:5512'],
  ['ada:lovelace', 'web:-:ada:lovelace'],
  ['slack:T1:', 'web:-:slack:T1:'],
])('%s is %s', (name, id) => {
  expect(webCustomer(name)).toBe(id)
})

test.each([
  ['desk', 'is the name of the desk itself: write another'],
  ['web:-:desk', 'is the name of the desk itself: write another'],
  ['slack:T1:U2', 'is a customer elsewhere: on the web write a name, as ada'],
  ['web:W:ada', 'is a customer elsewhere: on the web write a name, as ada'],
  ['', 'needs a name'],
  ['a\u0007', 'has control characters'],
  ['\ud800', 'is not whole Unicode'],
])('nobody writes on the web as %j', (name, reason) => {
  const { error } = webName.safeParse(name)
  expect(error && reasonOf(error)).toBe(reason)
})

test.each(['ada', 'web:-:ada', 'Desk', 'desks', '美玲', 'o:o', '__proto__'])('%s may write on the web', (name) => {
  expect(webName.safeParse(name).success).toBe(true)
})
