/** What follows when an agent acts, by button, thread line, console or `replay`. Permissions come from policy (P11). */

import { isAnswerOwed, keepAnswer } from './answered.ts'
import { type Case, type CaseKind, isActive, isHeld, type Person } from './case.ts'
import { keep, letGo, promise, promiseAnswer, renegotiate, scheduleCheck, watchSilence } from './clocks.ts'
import { type Commitment, isOpen } from './commitment.ts'
import {
  active,
  type Decision,
  type Draft,
  done,
  draft,
  type Happening,
  numberOf,
  type Part,
  part,
  pendingNumber,
  promisesOf,
  remedyValue,
  type Situation,
  showCard,
  standing,
} from './decision.ts'
import { call } from './ladder.ts'
import type { Command } from './message.ts'
import { summarise } from './opening.ts'
import { noFacts } from './reading.ts'
import { type Refusal, refusalOf, type Standing } from './refusal.ts'
import { mayOffer } from './remedies.ts'
import { reword, undo } from './unsaid.ts'

type Desk = Extract<Happening, { type: 'desk' }>

export function desk(situation: Situation, happening: Desk): Decision {
  const to = draft(situation)
  act(to, happening)
  return done(to)
}

function act(to: Draft, happening: Desk): void {
  const { by, command, guarded, unsent } = happening
  const kase = standing(to)
  if (command.do === 'open') return openFor(to, by, command.text)
  if (kase === null || !('case' in command)) return
  // One's own release took effect as it was received: by now the case is nobody's.
  const no = command.do === 'release' && !isHeld(kase) ? null : refusalOf(standingOf(to, kase, happening), by, command)
  if (no) return command.do === 'claim' ? taken(to, no) : refuse(to, no)
  if (guarded && 'wording' in command && command.wording !== 'send') return hold(to, by, command.text ?? '', guarded)
  if (guarded && command.do === 'reword') {
    // The words before the edit are no longer meant: they do not leave in its place.
    if (unsent) reword(to, by, { ...command, text: null }, unsent)
    return hold(to, by, command.text ?? '', guarded)
  }
  switch (command.do) {
    case 'claim':
      return claim(to, by, kase)
    case 'release':
      return release(to, by, kase)
    case 'reply':
      return reply(to, by, wordsOf(kase, command))
    case 'note':
      to.events.push({ type: 'noted', by, text: command.text })
      return void to.effects.push({ type: 'note', from: by.name, text: command.text })
    case 'resolve':
      return resolve(to, by, { ...command, text: wordsOf(kase, command) || null })
    case 'promise':
      return promiseBy(to, by, command)
    case 'remedy':
      return offer(to, by, command)
    case 'approve':
      return approve(to, by)
    case 'transfer':
      return transfer(to, by, command)
    case 'refile':
      return refile(to, by, command.kind)
    case 'undo':
      return undo(to, by, kase)
    case 'reword':
      return reword(to, by, command, unsent)
    case 'block':
      return block(to, by)
    case 'link':
      return link(to, by, happening.other)
    case 'unlink':
      return link(to, by, null)
    default:
      return
  }
}

function standingOf(to: Draft, kase: Case, { unsent, other }: Desk): Standing {
  const { policy, now, customer } = to.situation
  const { id, also = [], blockedAt } = customer
  return {
    case: kase,
    number: numberOf(to),
    policy,
    now,
    blocked: blockedAt !== null,
    unsent,
    also,
    customer: id,
    other,
  }
}

/** The claim itself took effect when it was received; here it is told. */
function claim(to: Draft, by: Person, kase: Case): void {
  const { number } = to.situation
  // Pressed twice: the customer has been told already.
  if (kase.introduced === by.id) return
  to.events.push({ type: 'claimed', by })
  take(to, by, { ...kase, owner: by })
  if (isActive(kase) && to.situation.customer.greetedAt !== null)
    to.parts.push(part('claimed', { agent: by.name, number }))
  to.effects.push({ type: 'alert', reason: 'claimed', part: part('desk.claimed', { agent: by.name, number }) })
  showCard(to)
}

function release(to: Draft, by: Person, kase: Case): void {
  to.events.push({ type: 'released', by })
  if (isActive(kase)) {
    const due = promiseAnswer(to)
    to.parts.push(part('released', { number: numberOf(to), when: { by: due } }))
    watchSilence(to)
  }
  showCard(to)
}

/** The agent's text, or the better wording that the guard offered for it. */
function wordsOf(kase: Case, command: Extract<Command, { wording: unknown }>): string {
  const given = command.text ?? ''
  if (command.wording === 'take') return kase.held?.better ?? given
  if (command.wording === 'send') return given || (kase.held?.text ?? '')
  return given
}

/** The guard stopped it: nothing leaves, the agent sees why and what would be better (P7, P16). */
function hold(
  to: Draft,
  by: Person,
  text: string,
  { reason, better }: { reason: string; better: string | null },
): void {
  to.events.push({ type: 'held', held: { agent: by, text, reason, better } })
  to.effects.push({ type: 'alert', reason: 'held', part: part('desk.held', { reason, better }) })
}

function reply(to: Draft, by: Person, text: string): void {
  const kase = standing(to)
  if (kase === null) return
  if (text === '') return refuse(to, { refusal: 'empty', agent: null, number: numberOf(to) })
  take(to, by, kase)
  const kept = promisesOf(to).filter((promise) => isAnswerOwed(promise) || isDueOf(promise, by))
  to.events.push({ type: 'replied', by, text, kept })
  to.effects.push({ type: 'words', by, text })
  keep(to, (promise) => kept.includes(promise))
  if (isActive(kase)) watchSilence(to)
  showCard(to)
}

/**
 * Who promised something and was reminded of it, and then writes to the customer, has kept it: words before the reminder
 * are no more than a word in between.
 */
function isDueOf(promise: Commitment, by: Person): boolean {
  return promise.state === 'at risk' && promise.by === by.name
}

/** Who answers a case that nobody has, has it. Being received may have made it theirs already; the step still follows. */
function take(to: Draft, by: Person, kase: Case): void {
  if (!isHeld(kase)) to.events.push({ type: 'claimed', by })
  if (kase.step === 'listen') to.events.push({ type: 'moved', outcome: 'heard' })
  if (kase.step === 'listen' || kase.step === 'find' || kase.step === 'revise')
    to.events.push({ type: 'moved', outcome: 'taken' })
}

function resolve(to: Draft, by: Person, command: Extract<Command, { do: 'resolve' }>): void {
  const kase = standing(to)
  if (kase === null) return
  take(to, by, kase)
  keep(to, () => true)
  to.events.push(
    { type: 'resolved', by, cause: command.cause, remedy: command.remedy },
    { type: 'moved', outcome: 'resolved' },
  )
  to.effects.push({ type: 'cancel', timer: 'all' })
  const matter = { matter: kase.facts }
  to.parts.push(
    part('resolved', {
      agent: by.name,
      matter,
      remedy: remedyValue(to.situation.policy, command.remedy ?? kase.remedy),
      words: command.text,
    }),
  )
  to.effects.push({ type: 'ask', asked: { question: 'anything' } })
  scheduleCheck(to, to.situation.policy.followups.afterHours)
  showCard(to)
}

/** A promise with a time. The same words again get the new time (P15). */
function promiseBy(to: Draft, by: Person, command: Extract<Command, { do: 'promise' }>): void {
  const kase = standing(to)
  if (kase === null) return
  take(to, by, kase)
  keepAnswer(to)
  const same = promisesOf(to).find((known) => isOpen(known) && known.what === command.text)
  if (same) renegotiate(to, same, command.by)
  else promise(to, { what: command.text, due: command.by, by: by.name })
  to.parts.push(part('promise.made', { what: command.text, when: { by: command.by }, agent: by.name }))
  watchSilence(to)
  showCard(to)
}

/** A remedy within what policy lets this person offer; above it, a lead approves first (P11). */
function offer(to: Draft, by: Person, command: Extract<Command, { do: 'remedy' }>): void {
  const kase = standing(to)
  if (kase === null) return
  take(to, by, kase)
  const { remedy, amount } = command
  const approved = mayOffer(to.situation.policy, by.id, remedy, amount)
  to.events.push({ type: 'offered', offer: { remedy, amount, by, approved, answered: false } })
  if (approved) propose(to, by)
  else call(to, 'leads', [{ why: 'approval', agent: by.name, remedy, amount }], 'approval')
  showCard(to)
}

function approve(to: Draft, by: Person): void {
  const kase = active(to)
  const offer = kase?.offer
  if (!offer) return
  to.events.push({ type: 'approved', by })
  propose(to, offer.by ?? by)
  showCard(to)
}

function propose(to: Draft, by: Person): void {
  const offer = standing(to)?.offer
  if (!offer) return
  to.events.push({ type: 'moved', outcome: 'offered' })
  to.parts.push(
    part('offer.made', {
      remedy: remedyValue(to.situation.policy, offer.remedy),
      amount: offer.amount,
      agent: by.name,
    }),
  )
  to.buttons.push('accept', 'decline')
  to.effects.push({ type: 'ask', asked: { question: 'offer' } })
  keepAnswer(to)
  watchSilence(to)
}

function transfer(to: Draft, by: Person, command: Extract<Command, { do: 'transfer' }>): void {
  const name = command.name ?? command.to
  // A name is a colleague in the place from which it was said; an id stays one.
  const person = { id: command.to.includes(':') ? command.to : by.id.replace(/[^:]*$/u, name), name }
  to.events.push({ type: 'transferred', by, to: person })
  if (active(to)) to.parts.push(part('claimed', { agent: name, number: numberOf(to) }))
  to.effects.push({
    type: 'alert',
    reason: 'transferred',
    part: part('desk.claimed', { agent: name, number: numberOf(to) }),
  })
  showCard(to)
}

function refile(to: Draft, by: Person, kind: string): void {
  const kase = standing(to)
  if (kase === null) return
  const known: CaseKind | null = kind === 'complaint' || kind === 'inquiry' ? kind : null
  if (known) {
    to.events.push({ type: 'refiled', by, kind: known })
    if ((known === 'inquiry') !== (kase.kind === 'inquiry')) to.events.push({ type: 'moved', outcome: 'refiled' })
  } else {
    if (kind === 'suggestion') to.effects.push({ type: 'suggest', text: kase.summary })
    // They were told that a person looks at it: this is what the person found.
    if (to.situation.customer.greetedAt !== null) to.parts.push(filedAs(to, kind))
    keepAnswer(to)
    letGo(to, 'refiled')
    to.events.push({ type: 'closed', reason: 'refiled' })
    to.effects.push({ type: 'cancel', timer: 'all' }, { type: 'ask', asked: null })
  }
  showCard(to)
}

function filedAs(to: Draft, kind: string): Part {
  if (kind === 'suggestion') return part('suggestion', { number: pendingNumber })
  return kind === 'praise' ? part('praise') : part('settled', { number: numberOf(to) })
}

/** An abuser: the relay is off, nothing is deleted. Only a person may decide that. */
function block(to: Draft, by: Person): void {
  to.events.push({ type: 'noted', by, text: 'blocked the customer' }, { type: 'closed', reason: 'blocked' })
  to.effects.push({ type: 'know', change: { blockedAt: to.situation.now } }, { type: 'cancel', timer: 'all' })
  letGo(to, 'blocked')
  showCard(to)
}

/**
 * Known from elsewhere: one person, with one history (P22). Each case goes on where it was opened, and with whom; who is
 * said to be the same by mistake is made two again by `unlink`.
 */
function link(to: Draft, by: Person, other: string | null): void {
  to.events.push({ type: other === null ? 'unlinked' : 'linked', by })
  to.effects.push({ type: 'link', other })
  const told = other === null ? part('desk.unlinked', { agent: by.name }) : part('desk.linked', { agent: by.name })
  to.effects.push({ type: 'alert', reason: other === null ? 'unlinked' : 'linked', part: told })
  showCard(to)
}

/** A failure that an agent saw before the customer complained (P36): the recorder owns it, the text stays inside. */
function openFor(to: Draft, by: Person, text: string): void {
  to.events.push(
    {
      type: 'opened',
      kind: 'complaint',
      severity: 1,
      tolerance: 0.85,
      mood: 'calm',
      summary: summarise(text),
      facts: noFacts,
      owner: by,
    },
    { type: 'moved', outcome: 'heard' },
    { type: 'moved', outcome: 'taken' },
    { type: 'noted', by, text },
  )
  to.effects.push({ type: 'note', from: by.name, text })
  watchSilence(to)
  showCard(to)
}

/** One claim wins; whoever comes second is told who has it. */
function taken(to: Draft, { agent, number }: Refusal): void {
  to.effects.push({ type: 'alert', reason: 'taken', part: part('desk.taken', { agent, number }) })
}

/** Who acted is told why it was not done. */
function refuse(to: Draft, reason: Refusal): void {
  to.effects.push({ type: 'alert', reason: 'refused', part: part('desk.refused', { reason }) })
}
