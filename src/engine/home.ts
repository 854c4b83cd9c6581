/** A customer's home page: what is open, what was promised by when, and what they may expect of us (P14, P38). */
import { isActive, isHeld } from '../domain/case.ts'
import { answerPromise, isOpen } from '../domain/commitment.ts'
import { localeOf } from '../domain/customer.ts'
import type { Value } from '../domain/decision.ts'
import type { Author } from '../domain/message.ts'
import type { HomePiece } from '../domain/moments.ts'
import { answerMinutes } from '../domain/policy.ts'
import type { Home } from '../domain/ports.ts'
import * as cases from '../store/cases.ts'
import * as customers from '../store/customers.ts'
import * as promises from '../store/promises.ts'
import { type Parts, zoneOf } from './parts.ts'

const casesAtMost = 20

export async function home(parts: Parts, author: Author): Promise<Home> {
  const { clock, hours, policy, store, writer } = parts
  const known = await customers.find(store.read, author.id)
  const locale = localeOf(known ?? { language: null })
  const setting = { locale, timezone: zoneOf(known ?? { timezone: null }, hours), now: clock.now() }
  const words = (piece: HomePiece, values: Record<string, Value> = {}) => writer.piece('home', piece, values, setting)
  const open = (await cases.newestOf(store.read, known ?? author, casesAtMost)).filter(({ state }) => isActive(state))
  const shown = await Promise.all(
    open.map(async ({ id, number, state }) => {
      const { step, owner } = state
      const whose = isHeld(state)
        ? words('owner', { agent: state.owner.name, step: { step } })
        : words('unowned', { step: { step } })
      const due = (await promises.ofCase(store.read, id)).filter(isOpen)
      const promised = due.map((promise) =>
        words('promised', {
          what: promise.what === answerPromise ? words('answer') : promise.what,
          when: { by: promise.due },
        }),
      )
      return {
        case: number,
        title: words('case', { number, summary: state.summary }),
        lines: [whose, ...promised],
        owner,
      }
    }),
  )
  const minutes = (severity: number) => answerMinutes(policy, severity, known?.tier ?? null)
  const standard = [
    words('answered', { minutes: minutes(0) }),
    ...(minutes(3) < minutes(0) ? [words('grave', { minutes: minutes(3) })] : []),
    ...(policy.followups.atMost > 0 ? [words('checked')] : []),
    words('person'),
  ]
  return {
    title: words('title'),
    standard,
    cases: shown.map(({ case: number, title, lines }) => ({ case: number, title, lines })),
    none: shown.length === 0 ? words('none') : null,
    buttons: writer.buttons(['wrong', 'human', 'preferences'], locale),
  }
}
