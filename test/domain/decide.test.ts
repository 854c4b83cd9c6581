/** The rules, conversation by conversation: what is said, what is recorded, what is set to ring. */
import { describe, expect, test } from 'vitest'
import { pendingNumber } from '../../src/domain/decision.ts'
import { hour, minute } from '../../src/domain/hours.ts'
import type { Command } from '../../src/domain/message.ts'
import type { Mood, Safety } from '../../src/domain/reading.ts'
import {
  act,
  alertsOf,
  buttonsOf,
  caseOf,
  changes,
  customerOf,
  does,
  earliest,
  effectsOf,
  friday,
  hear,
  kim,
  lee,
  momentsOf,
  openPromises,
  pass,
  policyOf,
  press,
  react,
  ring,
  type Words,
  type World,
  worldOf,
} from './world.ts'

const late: Words = {
  kind: 'complaint',
  text: 'my parcel is late',
  severity: 1,
  facts: { ...emptyFacts(), thing: 'parcel', failure: 'late' },
}

function emptyFacts() {
  return {
    thing: null,
    failure: null,
    failing: null,
    times: null,
    since: null,
    stake: null,
    order: null,
    amount: null,
    wish: null,
    told: null,
  }
}

/** A world in which a complaint was made, and as much more as is named. */
function complained(upTo: 'heard' | 'claimed' | 'resolved' | 'checked' = 'heard', over: Partial<World> = {}): World {
  const world = worldOf(over)
  hear(world, late)
  if (upTo === 'heard') return world
  does(world, kim, { do: 'claim', case: 1 })
  if (upTo === 'claimed') return world
  does(world, kim, resolve)
  if (upTo === 'checked') pass(world, 25 * hour)
  return world
}

const resolve: Command = {
  do: 'resolve',
  case: 1,
  text: 'A new one is on its way.',
  cause: 'courier',
  remedy: null,
  wording: null,
}
const refund: Command = { do: 'remedy', case: 1, remedy: 'refund', amount: '20', text: null }

describe('a complaint', () => {
  test.each<[Mood, string, string[]]>([
    ['calm', 'complaint', ['ask.order']],
    ['annoyed', 'complaint', ['ask.order']],
    ['angry', 'complaint.angry', []],
    ['distressed', 'complaint.distressed', []],
  ])('%s: %s, and a person by a time', (mood, moment, questions) => {
    const world = worldOf()
    const decision = hear(world, { ...late, mood })
    expect(momentsOf(decision)).toEqual([moment, ...questions, 'promise'])
    expect(caseOf(world)).toMatchObject({
      kind: 'complaint',
      status: 'open',
      step: 'find',
      owner: 'desk',
      apologies: 1,
    })
    expect(openPromises(world)).toEqual([expect.objectContaining({ what: 'answer', due: friday + 2 * hour })])
    expect(effectsOf(decision, 'card')).toHaveLength(1)
  })

  test('the first words to a new customer say what is speaking', () => {
    const world = worldOf({ customer: customerOf({ greetedAt: null }) })
    expect(momentsOf(hear(world, late))[0]).toBe('hello')
    expect(momentsOf(hear(world, { answer: 'greeting' }))).toEqual(['status'])
  })

  test.each<[string, Partial<Words['facts'] & object>, string | null]>([
    ['nothing is known', {}, 'ask.happened'],
    ['a number would help', { thing: 'parcel', failure: 'lost' }, 'ask.order'],
    ['the wish is unknown', { thing: 'parcel', failure: 'lost', order: 'A1' }, 'ask.wish'],
    ['a number is no help', { failure: 'rude' }, 'ask.wish'],
    ['all is known', { failure: 'late', order: 'A1', wish: 'refund' }, null],
  ])('one question at most: %s', (_, facts, question) => {
    const world = worldOf()
    const asked = momentsOf(hear(world, { kind: 'complaint', facts: { ...emptyFacts(), ...facts } })).filter((moment) =>
      moment.startsWith('ask.'),
    )
    expect(asked).toEqual(question === null ? [] : [question])
  })

  test('outside the hours the time is the next working one, and nobody is said to be there', () => {
    const world = worldOf({ now: Date.parse('2026-11-21T23:03:00+08:00') })
    expect(momentsOf(hear(world, late)).at(-1)).toBe('promise.later')
    expect(openPromises(world)[0]?.due).toBe(Date.parse('2026-11-23T11:00:00+08:00'))
  })

  test('a grave one is answered sooner, and a lead is called at once', () => {
    const world = worldOf()
    const decision = hear(world, { ...late, severity: 3, mood: 'angry' })
    expect(openPromises(world)[0]?.due).toBe(friday + 30 * minute)
    expect(alertsOf(decision)).toEqual(['ladder'])
  })

  test('a threat to go public raises the severity and brings a lead, whoever has the case (P41)', () => {
    const world = worldOf()
    expect(alertsOf(hear(world, { ...late, goingPublic: true }))).toEqual(['ladder'])
    expect(caseOf(world).severity).toBe(2)
    const held = complained('claimed')
    expect(alertsOf(hear(held, { ...late, goingPublic: true }))).toEqual(['ladder'])
    expect(caseOf(held).severity).toBe(2)
  })

  test('more in the same breath is detail: no second apology', () => {
    const world = complained()
    world.now += 5 * minute
    expect(momentsOf(hear(world, { ...late, text: 'it is number A1' }))).toEqual(['complaint.more'])
    expect(caseOf(world)).toMatchObject({ apologies: 1, secondFailures: 0 })
  })

  test('the same again an hour later is a second failure: an apology that knows of the first, and a lead', () => {
    const world = complained()
    world.now += hour
    const decision = hear(world, late)
    expect(momentsOf(decision)).toEqual(['complaint.again', 'promise'])
    expect(alertsOf(decision)).toEqual(['ladder'])
    expect(caseOf(world)).toMatchObject({ apologies: 2, secondFailures: 1, severity: 2 })
    expect(openPromises(world)).toHaveLength(1)
  })

  test('the same trouble in a new case is told apart from another trouble (P9)', () => {
    const world = complained('checked')
    press(world, 'solved')
    world.asked = null
    expect(momentsOf(hear(world, late))[0]).toBe('complaint.again')
    expect(caseOf(world)).toMatchObject({ secondFailures: 1, severity: 2 })
    const other = complained('checked')
    press(other, 'solved')
    other.asked = null
    hear(other, { kind: 'complaint', facts: { ...emptyFacts(), thing: 'invoice', failure: 'charged' } })
    expect(caseOf(other).secondFailures).toBe(0)
  })

  test('a question that turns into a complaint keeps its case, its number and its graver severity', () => {
    const world = worldOf()
    hear(world, { kind: 'inquiry' })
    hear(world, { ...late, severity: 2 })
    expect(world.cases).toHaveLength(1)
    expect(caseOf(world)).toMatchObject({ kind: 'complaint', step: 'find', severity: 2 })
  })
})

describe('questions, ideas, thanks', () => {
  test('two questions: the one is answered, the other goes to the desk by a time', () => {
    const world = worldOf()
    const acts = [act('inquiry', 'what does delivery cost?'), act('inquiry', 'is the lid blue?')]
    const decision = hear(world, { kind: 'inquiry', acts, known: ['what does delivery cost?'] })
    expect(momentsOf(decision)).toEqual(['inquiry.answer', 'inquiry.unknown'])
    expect(caseOf(world)).toMatchObject({ kind: 'inquiry', step: 'answer', status: 'open' })
    expect(openPromises(world)).toHaveLength(1)
  })

  test('a question that is answered opens nothing', () => {
    const world = worldOf()
    hear(world, { kind: 'inquiry', known: ['some inquiry'] })
    expect(world.cases).toEqual([])
  })

  test('an idea is kept, opens no case, and its giver hears of it again', () => {
    const world = worldOf()
    const decision = hear(world, { kind: 'suggestion' })
    expect(momentsOf(decision)).toEqual(['suggestion'])
    expect(effectsOf(decision, 'suggest')).toEqual([{ type: 'suggest', text: 'some suggestion' }])
    expect(world.cases).toEqual([])
    pass(world, 15 * 24 * hour)
    expect(world.said.at(-1)?.moments).toEqual(['check.suggestion'])
  })

  test('praise is thanked for, and the desk hears it', () => {
    const world = worldOf()
    const decision = hear(world, { kind: 'praise', text: 'Kim was great' })
    expect([momentsOf(decision), alertsOf(decision)]).toEqual([['praise'], ['praise']])
    expect(world.cases).toEqual([])
  })

  test('a mixed message: every act is answered in one message, one case of the weightiest kind', () => {
    const world = worldOf()
    const acts = [act('complaint'), act('inquiry'), act('suggestion'), act('praise')]
    const decision = hear(world, { ...late, acts })
    expect(effectsOf(decision, 'say')).toHaveLength(1)
    expect(momentsOf(decision)).toEqual(['complaint', 'inquiry.unknown', 'suggestion', 'praise.beside'])
    expect(world.cases.map(({ state }) => state.kind)).toEqual(['complaint'])
    expect(openPromises(world)).toHaveLength(1)
  })

  test('two ideas in one message are both kept, and thanked for in one sentence', () => {
    const world = worldOf()
    const acts = [act('suggestion'), { ...act('suggestion'), text: 'another idea' }]
    const decision = hear(world, { kind: 'suggestion', acts })
    expect(effectsOf(decision, 'suggest').map(({ text }) => text)).toEqual(['some suggestion', 'another idea'])
    expect(momentsOf(decision)).toEqual(['suggestion'])
  })

  test.each(['thanks', 'greeting'] as const)('%s opens nothing', (answer) => {
    const world = worldOf()
    hear(world, { answer })
    expect(world.cases).toEqual([])
  })

  test('thanks close no case that has a promise due', () => {
    const world = complained()
    expect(momentsOf(hear(world, { answer: 'thanks' }))).toEqual(['closing'])
    expect(caseOf(world).status).toBe('open')
    expect(openPromises(world)).toHaveLength(1)
  })

  test.each([
    ['yes', []],
    ['no', ['status']],
    ['refuse', ['status']],
  ] as const)('a bare %s that answers nothing, in an open case, reaches the desk and is told %j', (answer, told) => {
    const world = complained()
    world.asked = null
    const decision = hear(world, { answer, text: answer })
    expect(momentsOf(decision)).toEqual(told)
    expect(effectsOf(decision, 'relay')).toHaveLength(1)
  })

  test('"no" to our own question is taken as its answer', () => {
    const world = complained()
    expect(world.asked).toEqual({ question: 'order', about: null })
    expect(momentsOf(hear(world, { answer: 'no', text: 'I have no number' }))).toEqual(['complaint.more'])
  })

  test('where does my case stand: from the record, or that there is none', () => {
    expect(momentsOf(hear(worldOf(), { answer: 'status' }))).toEqual(['status.none'])
    const world = complained()
    const decision = hear(world, { answer: 'status' })
    expect(effectsOf(decision, 'say')[0]?.parts[0]).toEqual({
      moment: 'status',
      values: { number: '1', agent: null, step: { step: 'find' }, when: { by: friday + 2 * hour } },
    })
  })

  test('a complaint can be withdrawn: it is over, and nothing rings', () => {
    const world = complained()
    expect(momentsOf(hear(world, { answer: 'withdraw' }))).toEqual(['withdrawn'])
    expect(caseOf(world).status).toBe('withdrawn')
    expect([openPromises(world), world.timers]).toEqual([[], []])
  })

  test.each([
    ['withdrawn', (world: World) => hear(world, { answer: 'withdraw' }), ['let go', 'let go']],
    ['blocked', (world: World) => does(world, kim, { do: 'block', case: 1 }), ['let go', 'let go']],
    ['solved', (world: World) => hear(world, { answer: 'solved' }), ['kept', 'let go']],
    ['refiled', (world: World) => does(world, kim, { do: 'refile', case: 1, kind: 'praise' }), ['let go', 'kept']],
  ] as const)(
    'a promise of a case that is %s ends as what it is, and none is called kept that nobody kept',
    (because, end, states) => {
      const world = complained()
      does(world, kim, { do: 'promise', case: 1, text: 'I call the courier', by: friday + 5 * hour, wording: null })
      does(world, kim, { do: 'release', case: 1 })
      end(world)
      const promises = world.cases[0]?.promises.toSorted((a, b) => a.n - b.n).slice(1)
      expect(promises?.map(({ state }) => state)).toEqual(states)
      expect(promises?.map((one) => one.because)).toEqual(states.map((state) => (state === 'let go' ? because : null)))
    },
  )

  test('"never mind" is not taken at its word (P3)', () => {
    const world = complained()
    expect(momentsOf(hear(world, { answer: 'nevermind' }))).toEqual(['nevermind'])
    expect(caseOf(world).status).toBe('open')
  })

  test('a new question after a resolved case has a number of its own', () => {
    const world = complained('resolved')
    const decision = hear(world, { kind: 'inquiry' })
    expect(effectsOf(decision, 'say')[0]?.parts[0]?.values).toMatchObject({ number: pendingNumber })
    expect(world.cases.map(({ state }) => [state.kind, state.status])).toEqual([
      ['complaint', 'resolved'],
      ['inquiry', 'open'],
    ])
    expect(openPromises(world, 1)).toEqual([expect.objectContaining({ n: 1 })])
  })
})

describe('who cannot be read', () => {
  test('unsure: one question with the two likeliest kinds, and what is chosen is dealt with', () => {
    const world = worldOf()
    const decision = hear(world, { kind: 'inquiry', runnerUp: 'complaint', confidence: 0.3, acts: [act('inquiry')] })
    expect(momentsOf(decision)).toEqual(['unsure'])
    expect(buttonsOf(decision)).toEqual(['choose:inquiry', 'choose:complaint'])
    expect(world.cases).toEqual([])
    expect(momentsOf(press(world, 'choose:complaint'))).toEqual(['complaint', 'ask.happened', 'promise'])
    expect(caseOf(world).kind).toBe('complaint')
  })

  test.each<[string, Words]>([
    ['sure enough', { confidence: 0.5 }],
    ['a person is wanted', { wantsHuman: true }],
    ['two acts', { acts: [act('inquiry'), act('suggestion')] }],
    ['neither is a complaint', { runnerUp: 'suggestion' }],
  ])('no such question where it is clear: %s', (_, over) => {
    const decision = hear(worldOf(), { kind: 'inquiry', runnerUp: 'complaint', confidence: 0.3, ...over })
    expect(momentsOf(decision)).not.toContain('unsure')
  })

  test('another language: said so, and a person', () => {
    const world = worldOf()
    expect(momentsOf(hear(world, { kind: 'complaint', language: 'fr' }))).toEqual(['language', 'promise'])
    expect(caseOf(world)).toMatchObject({ kind: 'complaint', status: 'open' })
    expect(world.customer.language).toBe('en')
  })

  test('a language that we write is remembered', () => {
    const world = worldOf()
    hear(world, { kind: 'praise', language: 'zh-TW' })
    expect(world.customer.language).toBe('zh-TW')
  })

  test.each([
    ['by day', '2026-11-20T10:00:00+08:00', 'human'],
    ['by night', '2026-11-20T22:00:00+08:00', 'human.later'],
  ])('a person is wanted, %s', (_, now, moment) => {
    const words = worldOf({ now: Date.parse(now) })
    expect(momentsOf(hear(words, { wantsHuman: true }))).toEqual([moment])
    const button = worldOf({ now: Date.parse(now) })
    expect(momentsOf(press(button, 'human'))).toEqual([moment])
    for (const world of [words, button]) {
      expect(caseOf(world)).toMatchObject({ kind: 'inquiry', owner: 'desk', status: 'open' })
      expect(openPromises(world)).toHaveLength(1)
      expect(earliest(world, 'silence')).toBeDefined()
    }
  })
})

describe('safety', () => {
  test.each<[Safety]>([['selfharm'], ['threat'], ['injury'], ['legal'], ['breach']])('%s: a person at once', (kind) => {
    const world = worldOf()
    const decision = hear(world, { kind: 'complaint', safety: kind })
    expect(momentsOf(decision)).toEqual([`safety.${kind}`])
    expect(alertsOf(decision)).toEqual(['safety'])
    expect(caseOf(world)).toMatchObject({ kind: 'safety', severity: 3, owner: 'desk', apologies: 0 })
    expect(openPromises(world)[0]?.due).toBe(friday + 30 * minute)
    expect(earliest(world, 'silence')).toBeDefined()
  })

  test('in an open case it stays one case; while a person has it, they are alerted and the bot is quiet', () => {
    const world = complained('claimed')
    const decision = hear(world, { kind: 'complaint', safety: 'threat' })
    expect(world.cases).toHaveLength(1)
    expect([momentsOf(decision), alertsOf(decision)]).toEqual([[], ['safety']])
    expect(effectsOf(decision, 'relay')).toHaveLength(1)
  })

  test('after a resolved case, whose person may be gone, the words are said', () => {
    const world = complained('resolved')
    expect(momentsOf(hear(world, { kind: 'complaint', safety: 'selfharm' }))).toEqual(['safety.selfharm'])
    expect(caseOf(world).kind).toBe('safety')
  })
})

describe('the desk', () => {
  test('a claim is told to the customer and to the desk; who comes second is told who has it', () => {
    const world = complained()
    const first = does(world, kim, { do: 'claim', case: 1 })
    expect([momentsOf(first), alertsOf(first)]).toEqual([['claimed'], ['claimed']])
    expect(caseOf(world)).toMatchObject({ owner: kim, step: 'act' })
    const second = does(world, lee, { do: 'claim', case: 1 })
    expect([momentsOf(second), alertsOf(second), second.events]).toEqual([[], ['taken'], []])
    expect(caseOf(world).owner).toEqual(kim)
  })

  test.each<[string, Words]>([
    ['a complaint', late],
    ['a question', { kind: 'inquiry', known: ['some inquiry'] }],
    ['thanks', { answer: 'thanks' }],
    ['where it stands', { answer: 'status' }],
    ['a wish for a person', { wantsHuman: true }],
    ['another language', { kind: 'complaint', language: 'fr' }],
  ])('while a person has the case the bot only relays: %s', (_, words) => {
    const world = complained('claimed')
    const decision = hear(world, words)
    expect([momentsOf(decision), effectsOf(decision, 'relay').length]).toEqual([[], 1])
    expect(world.cases).toHaveLength(1)
  })

  test('nor does a press or a thumb down make it talk', () => {
    const world = complained('claimed')
    expect(momentsOf(press(world, 'human'))).toEqual([])
    expect(alertsOf(world.last)).toEqual(['waiting'])
    expect([momentsOf(react(world, '👎')), effectsOf(world.last, 'relay').length]).toEqual([[], 1])
  })

  test('an agent answers: their words go out, the promise of an answer is kept', () => {
    const world = complained()
    const decision = does(world, kim, { do: 'reply', case: 1, text: 'The courier lost it.', wording: null })
    expect(effectsOf(decision, 'words')).toEqual([{ type: 'words', by: kim, text: 'The courier lost it.' }])
    expect(momentsOf(decision)).toEqual([])
    expect(world.cases[0]?.promises.map(({ state }) => state)).toEqual(['kept'])
    expect(caseOf(world)).toMatchObject({ owner: kim, answeredAt: friday, step: 'act' })
  })

  test('what the guard stopped waits: taken as bettered, edited, or sent as it was', () => {
    const guarded = { reason: 'blame', better: 'A new one leaves today.' }
    const stopped: Command = { do: 'reply', case: 1, text: 'Your fault. A new one leaves today.', wording: null }
    const answers: [Command, string][] = [
      [{ do: 'reply', case: 1, text: '', wording: 'take' }, 'A new one leaves today.'],
      [{ do: 'reply', case: 1, text: 'It leaves today.', wording: 'edit' }, 'It leaves today.'],
      [{ do: 'reply', case: 1, text: '', wording: 'send' }, 'Your fault. A new one leaves today.'],
    ]
    for (const [command, text] of answers) {
      const world = complained('claimed')
      const held = does(world, kim, stopped, guarded)
      expect([effectsOf(held, 'words'), alertsOf(held)]).toEqual([[], ['held']])
      expect(caseOf(world).held).toEqual({ agent: kim, text: stopped.text, ...guarded })
      expect(effectsOf(does(world, kim, command), 'words').map((words) => words.text)).toEqual([text])
      expect(caseOf(world).held).toBeNull()
    }
  })

  test('there is no better wording to take: the agent is told, nothing is sent', () => {
    const world = complained('claimed')
    const decision = does(world, kim, { do: 'reply', case: 1, text: '', wording: 'take' })
    expect([effectsOf(decision, 'words'), alertsOf(decision)]).toEqual([[], ['refused']])
  })

  test('an edited text that is no better is held again', () => {
    const world = complained('claimed')
    const again: Command = { do: 'reply', case: 1, text: 'Still your fault.', wording: 'edit' }
    expect(alertsOf(does(world, kim, again, { reason: 'blame', better: null }))).toEqual(['held'])
  })

  test('a note stays inside', () => {
    const decision = does(complained('claimed'), kim, { do: 'note', case: 1, text: 'rude', wording: null })
    expect(decision.effects).toEqual([{ type: 'note', from: 'kim', text: 'rude' }])
  })

  test('a hand-back gives a new time; a hand-over says who comes', () => {
    const world = complained('claimed')
    does(world, kim, { do: 'reply', case: 1, text: 'I look.', wording: null })
    expect(momentsOf(does(world, kim, { do: 'release', case: 1 }))).toEqual(['released'])
    expect([caseOf(world).owner, openPromises(world).length]).toEqual(['desk', 1])
    expect(momentsOf(does(world, lee, { do: 'transfer', case: 1, to: 'kim' }))).toEqual(['claimed'])
    expect(caseOf(world).owner).toEqual(kim)
  })

  test('a failure that an agent saw is theirs, and the customer hears nothing yet (P36)', () => {
    const world = worldOf()
    const decision = does(world, kim, { do: 'open', for: 'web:-:ada', text: 'the van broke down' })
    expect(momentsOf(decision)).toEqual([])
    expect(caseOf(world)).toMatchObject({ kind: 'complaint', owner: kim, step: 'act', summary: 'the van broke down' })
  })

  test.each<[Words, string, object]>([
    [late, 'inquiry', { kind: 'inquiry', step: 'answer', status: 'open' }],
    [late, 'complaint', { kind: 'complaint', step: 'find', status: 'open' }],
    [late, 'suggestion', { status: 'closed' }],
    [late, 'other', { status: 'closed' }],
    [{ kind: 'inquiry' }, 'complaint', { kind: 'complaint', step: 'find', status: 'open' }],
    [{ kind: 'inquiry' }, 'inquiry', { kind: 'inquiry', step: 'answer', status: 'open' }],
    [{ kind: 'complaint', safety: 'legal' }, 'complaint', { kind: 'complaint', step: 'listen', status: 'open' }],
  ])('%j filed anew as %s', (words, kind, after) => {
    const world = worldOf()
    hear(world, words)
    const decision = does(world, kim, { do: 'refile', case: 1, kind })
    expect(caseOf(world)).toMatchObject(after)
    expect(effectsOf(decision, 'suggest')).toHaveLength(kind === 'suggestion' ? 1 : 0)
    expect(openPromises(world)).toHaveLength(caseOf(world).status === 'closed' ? 0 : 1)
  })

  test('who is blocked hears nothing more, from nobody, whatever rings', () => {
    const world = complained('claimed')
    hear(world, { kind: 'suggestion' })
    does(world, lee, { do: 'block', case: 1 })
    expect(caseOf(world).status).toBe('closed')
    expect(openPromises(world)).toEqual([])
    const before = world.said.length
    world.timers.push({ timer: 'suggestion', key: 's1', dueAt: world.now + hour, about: 'an idea', of: -1 })
    pass(world, 30 * 24 * hour)
    expect(alertsOf(does(world, kim, { do: 'reply', case: 1, text: 'hello?', wording: null }))).toEqual(['refused'])
    does(world, kim, { do: 'transfer', case: 1, to: 'lee' })
    expect(world.said.length).toBe(before)
  })
})

describe('promises', () => {
  test('the desk is reminded, then it breaks: an apology, a later time, the ladder', () => {
    const world = complained()
    const risk = earliest(world, 'promise.risk')
    expect(risk?.dueAt).toBe(friday + 90 * minute)
    if (risk) ring(world, risk)
    expect([alertsOf(world.last), momentsOf(world.last)]).toEqual([['promise at risk'], []])
    pass(world, 31 * minute)
    expect(momentsOf(world.last)).toEqual(['promise.broken'])
    expect(alertsOf(world.last)).toEqual(['promise broken', 'ladder'])
    expect(world.cases[0]?.promises.map(({ state }) => state)).toEqual(['broken', 'made'])
    expect(caseOf(world)).toMatchObject({ secondFailures: 1, severity: 2, apologies: 2 })
    // Twice as far away as the first: 240 working minutes from 11:00.
    expect(openPromises(world)[0]?.due).toBe(friday + 6 * hour)
  })

  test('the ladder goes from leads to managers', () => {
    const people = { leads: ['mia'], managers: ['max'] }
    const world = complained('heard', { policy: policyOf({ people }) })
    const called = () =>
      effectsOf(world.last, 'alert')
        .filter(({ reason }) => reason === 'ladder')
        .map(({ part }) => part.values.people)
    pass(world, 2 * hour)
    expect(called()).toEqual(['mia'])
    pass(world, 4 * hour)
    expect(called()).toEqual(['max'])
  })

  test('a broken one is apologised for even while a person has the case', () => {
    const world = complained('claimed')
    pass(world, 2 * hour)
    expect(momentsOf(world.last)).toEqual(['promise.broken'])
  })

  test('an agent promises, and gives a new time before the old one passes', () => {
    const world = complained('claimed')
    const by = friday + 3 * hour
    expect(momentsOf(does(world, kim, { do: 'promise', case: 1, text: 'a call', by, wording: null }))).toEqual([
      'promise.made',
    ])
    expect(openPromises(world)).toEqual([expect.objectContaining({ what: 'a call', due: by, by: 'kim' })])
    does(world, kim, { do: 'promise', case: 1, text: 'a call', by: by + hour, wording: null })
    expect(openPromises(world)).toEqual([expect.objectContaining({ what: 'a call', due: by + hour, renegotiated: 1 })])
    pass(world, 3 * hour + minute)
    expect(caseOf(world).secondFailures).toBe(0)
    does(world, kim, { do: 'promise', case: 1, text: 'a letter', by: by + 2 * hour, wording: null })
    expect(openPromises(world)).toHaveLength(2)
  })

  test('a promise for the past is refused', () => {
    const world = complained('claimed')
    const decision = does(world, kim, { do: 'promise', case: 1, text: 'a call', by: world.now, wording: null })
    expect([alertsOf(decision), momentsOf(decision)]).toEqual([['refused'], []])
  })

  test('kept ones do not ring', () => {
    const world = complained()
    does(world, kim, { do: 'reply', case: 1, text: 'Here I am.', wording: null })
    pass(world, 10 * hour)
    expect(caseOf(world).secondFailures).toBe(0)
    expect(world.timers.filter(({ timer }) => timer.startsWith('promise.'))).toEqual([])
  })

  test('never a day in silence: the customer hears where it stands; a person who has it is reminded', () => {
    const world = complained('heard', { policy: policyOf({ clocks: { answerMinutes: 60 * 9 * 3 } }) })
    pass(world, 24 * hour)
    expect(world.said.at(-1)?.moments).toEqual(['progress'])
    expect(earliest(world, 'silence')?.dueAt).toBeLessThanOrEqual(world.now + 24 * hour)
    const held = complained('claimed', { policy: world.policy })
    const before = held.said.length
    const silence = earliest(held, 'silence')
    if (silence) ring(held, silence)
    expect([held.said.length, alertsOf(held.last)]).toEqual([before, ['waiting']])
  })

  test('progress comes in waking hours', () => {
    const world = complained('heard', { policy: policyOf({ clocks: { answerMinutes: 60 * 9 * 3 } }) })
    expect(earliest(world, 'silence')?.dueAt).toBe(Date.parse('2026-11-21T09:00:00+08:00'))
  })
})

describe('remedies', () => {
  test('within the limit it is put to the customer, who accepts once', () => {
    const world = complained('claimed')
    const offered = does(world, kim, refund)
    expect([momentsOf(offered), buttonsOf(offered)]).toEqual([['offer.made'], ['accept', 'decline']])
    expect(caseOf(world)).toMatchObject({ status: 'waiting', step: 'propose' })
    expect(momentsOf(press(world, 'accept'))).toEqual(['offer.accepted'])
    expect(caseOf(world)).toMatchObject({ status: 'open', step: 'act', remedy: 'refund' })
    expect(openPromises(world)).toEqual([expect.objectContaining({ what: 'refund', by: 'kim' })])
    expect(press(world, 'accept')).toEqual({ events: [], effects: [] })
    expect(press(world, 'decline')).toEqual({ events: [], effects: [] })
  })

  test('said in words it is the same as pressed, though a person has the case', () => {
    const world = complained('claimed')
    does(world, kim, refund)
    expect(momentsOf(hear(world, { answer: 'accept', text: 'yes please' }))).toEqual(['offer.accepted'])
    expect(effectsOf(world.last, 'relay')).toHaveLength(1)
    const other = complained('claimed')
    does(other, kim, refund)
    expect(momentsOf(hear(other, { answer: 'refuse', text: 'no way' }))).toEqual(['offer.refused'])
    expect(effectsOf(other.last, 'relay')).toHaveLength(1)
  })

  test('above the limit a lead approves first, and the customer knows of nothing until then', () => {
    const policy = policyOf({ people: { leads: ['lee'] } })
    const world = complained('claimed', { policy })
    const over: Command = { ...refund, amount: '500' }
    const decision = does(world, kim, over)
    expect([momentsOf(decision), alertsOf(decision)]).toEqual([[], ['approval']])
    expect(momentsOf(hear(world, { answer: 'accept', text: 'ok' }))).toEqual([])
    expect(caseOf(world).offer).toMatchObject({ approved: false })
    expect(alertsOf(does(world, kim, { do: 'approve', case: 1 }))).toEqual(['refused'])
    expect(momentsOf(does(world, lee, { do: 'approve', case: 1 }))).toEqual(['offer.made'])
    expect(caseOf(world)).toMatchObject({ status: 'waiting', offer: { approved: true, by: kim } })
    expect(alertsOf(does(world, lee, { do: 'approve', case: 1 }))).toEqual(['refused'])
  })

  test('where nobody is named above them, an agent may approve', () => {
    const world = complained('claimed')
    does(world, kim, { ...refund, amount: '500' })
    expect(momentsOf(does(world, lee, { do: 'approve', case: 1 }))).toEqual(['offer.made'])
  })

  test('an offer in a case that is over is not approved', () => {
    const world = complained('claimed')
    does(world, kim, { ...refund, amount: '500' })
    does(world, kim, resolve)
    expect(alertsOf(does(world, lee, { do: 'approve', case: 1 }))).toEqual(['refused'])
  })

  test('refused twice: a lead is called, and the wish is asked for each time', () => {
    const world = complained('claimed')
    does(world, kim, refund)
    expect([momentsOf(press(world, 'decline')), alertsOf(world.last)]).toEqual([['offer.refused'], []])
    expect(caseOf(world)).toMatchObject({ status: 'open', step: 'revise', offer: null, refused: 1 })
    expect(world.asked).toEqual({ question: 'wish' })
    does(world, kim, refund)
    expect([momentsOf(press(world, 'decline')), alertsOf(world.last)]).toEqual([['offer.refused'], ['ladder']])
  })
})

describe('checking back', () => {
  test('resolved, checked, solved, surveyed, rated: each once', () => {
    const world = complained('resolved')
    expect(momentsOf(world.last)).toEqual(['resolved'])
    expect(caseOf(world)).toMatchObject({ status: 'resolved', step: 'check', cause: 'courier' })
    expect(openPromises(world)).toEqual([])
    pass(world, 24 * hour)
    expect(world.said.at(-1)).toMatchObject({ moments: ['check'], buttons: ['solved', 'not_solved'] })
    expect([momentsOf(press(world, 'solved')), buttonsOf(world.last)]).toEqual([
      ['check.solved'],
      ['better', 'as', 'worse'],
    ])
    expect(caseOf(world)).toMatchObject({ status: 'closed', step: 'learn', solved: true })
    expect(momentsOf(press(world, 'better'))).toEqual(['check.rate'])
    expect(momentsOf(press(world, 'rate:5'))).toEqual(['check.thanks'])
    expect(caseOf(world)).toMatchObject({ expectation: 'better', rating: 5, status: 'closed' })
    expect([press(world, 'rate:1').events, press(world, 'worse').events, press(world, 'solved').events]).toEqual([
      [],
      [],
      [],
    ])
    expect(world.timers).toEqual([])
  })

  test('the mark may be written, though a person had the case', () => {
    const world = complained('checked')
    press(world, 'solved')
    expect(momentsOf(hear(world, { text: '4' }))).toEqual(['check.thanks'])
    expect(caseOf(world).rating).toBe(4)
  })

  test('a question in place of a mark is answered, and the survey stays as it was', () => {
    const world = complained('checked')
    press(world, 'solved')
    expect(momentsOf(hear(world, { kind: 'inquiry', known: ['some inquiry'] }))).toEqual(['inquiry.answer'])
    expect(momentsOf(hear(world, { text: '4' }))).toEqual(['check.thanks'])
  })

  test('a new complaint in place of a mark is a case of its own', () => {
    const world = complained('checked')
    press(world, 'solved')
    hear(world, { kind: 'complaint', facts: { ...emptyFacts(), failure: 'charged', thing: 'invoice' } })
    expect(world.cases).toHaveLength(2)
    expect(openPromises(world)).toHaveLength(1)
    const promised = effectsOf(world.last, 'say')[0]?.parts.find(({ moment }) => moment.startsWith('promise'))
    expect(promised?.values.number).toBe(pendingNumber)
  })

  test.each<[string, (world: World) => unknown]>([
    ['pressed', (world) => press(world, 'not_solved')],
    ['said', (world) => hear(world, { answer: 'not_solved' })],
    ['complained', (world) => hear(world, late)],
    ['a thumb down', (world) => react(world, '👎')],
  ])('not solved, %s: open again, same owner, a new time, no day in silence', (_, says) => {
    const world = complained('checked')
    says(world)
    expect(momentsOf(world.last)).toEqual(['reopened'])
    expect(alertsOf(world.last)).toEqual(['reopened'])
    expect(caseOf(world)).toMatchObject({ status: 'open', step: 'act', owner: kim, solved: false, secondFailures: 1 })
    expect(world.cases).toHaveLength(1)
    expect(openPromises(world)).toHaveLength(1)
    expect(earliest(world, 'silence')).toBeDefined()
    expect(earliest(world, 'check')).toBeUndefined()
    expect(press(world, 'not_solved')).toEqual({ events: [], effects: [] })
  })

  test('a low mark opens it again; one given to a case that is open already is only noted', () => {
    const world = complained('checked')
    press(world, 'solved')
    press(world, 'worse')
    expect([momentsOf(press(world, 'rate:2')), alertsOf(world.last)]).toEqual([['check.low'], ['low rating']])
    expect(caseOf(world)).toMatchObject({ status: 'open', step: 'act', rating: 2 })
    expect([openPromises(world).length, earliest(world, 'silence') !== undefined]).toEqual([1, true])
    const open = complained('checked')
    press(open, 'solved')
    press(open, 'worse')
    press(open, 'not_solved')
    expect(momentsOf(press(open, 'rate:1'))).toEqual(['check.thanks'])
    expect(openPromises(open)).toHaveLength(1)
  })

  test('unanswered: twice asked, with a way out, then closed without a word', () => {
    const world = complained('resolved')
    pass(world, 30 * 24 * hour)
    const checks = world.said.filter(({ moments }) => moments.includes('check'))
    expect(checks.map(({ buttons }) => buttons)).toEqual([
      ['solved', 'not_solved'],
      ['solved', 'not_solved', 'stop'],
    ])
    expect(caseOf(world)).toMatchObject({ status: 'closed', step: 'learn', checks: 2, solved: null })
    expect(world.timers).toEqual([])
  })

  test('the check comes in their waking hours', () => {
    const world = complained('claimed', { now: Date.parse('2026-11-20T17:30:00+08:00') })
    world.now = Date.parse('2026-11-20T21:30:00+08:00')
    does(world, kim, resolve)
    expect(earliest(world, 'check')?.dueAt).toBe(Date.parse('2026-11-22T09:00:00+08:00'))
  })

  test('who asked for no more is asked no more, in this case or the next', () => {
    const world = complained('checked')
    expect(momentsOf(hear(world, { answer: 'stop' }))).toEqual(['stopped'])
    expect(earliest(world, 'check')).toBeUndefined()
    pass(world, 30 * 24 * hour)
    expect(caseOf(world).status).toBe('closed')
    hear(world, late)
    does(world, kim, { do: 'claim', case: 2 })
    does(world, kim, { ...resolve, case: 2 })
    pass(world, 30 * 24 * hour)
    expect(world.said.filter(({ moments }) => moments.includes('check'))).toHaveLength(1)
    expect(caseOf(world).status).toBe('closed')
  })

  test('an inquiry that was settled is not surveyed', () => {
    const world = worldOf()
    hear(world, { kind: 'inquiry' })
    expect(momentsOf(hear(world, { answer: 'solved' }))).toEqual(['closing'])
    expect(caseOf(world)).toMatchObject({ status: 'closed', solved: true })
  })

  test('after a resolved case what is asked anew is answered, not left with whoever had it', () => {
    const world = complained('resolved')
    expect(momentsOf(hear(world, { kind: 'inquiry', known: ['some inquiry'] }))).toEqual(['inquiry.answer'])
    expect(momentsOf(hear(world, { kind: 'suggestion' }))).toEqual(['suggestion'])
    expect(momentsOf(hear(world, { wantsHuman: true }))).toEqual(['human'])
  })

  test('a thumb down on anything else is asked about, once', () => {
    const world = worldOf()
    expect(momentsOf(react(world, '👎'))).toEqual(['ask.happened'])
    expect(momentsOf(react(world, '👎'))).toEqual([])
    expect(momentsOf(react(world, '🎉'))).toEqual([])
  })
})

test.each([
  ['edited', 'it is order A2'],
  ['deleted', null],
] as const)(
  'a message that is %s after it was answered is shown to the desk, and the customer hears nothing',
  (changed, text) => {
    const world = complained()
    const decision = changes(world, text)
    expect(effectsOf(decision, 'relay')).toMatchObject([{ changed, text: text ?? '' }])
    expect(momentsOf(decision)).toEqual([])
    expect(changes(worldOf(), text)).toEqual({ events: [], effects: [] })
  },
)
