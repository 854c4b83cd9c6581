/** What a case's card says at a desk on a platform, in the desk's language; where it stands on the page, the page says it. */
import type { Case } from '../domain/case.ts'
import { answerPromise } from '../domain/commitment.ts'
import { isLocale, languageNames } from '../domain/customer.ts'
import type { Value } from '../domain/decision.ts'
import type { Card, CardWords } from '../domain/message.ts'
import { type CardPiece, pieces } from '../domain/moments.ts'
import { remedyNamed } from '../domain/policy.ts'
import { deskSetting } from './atdesk.ts'
import type { Parts } from './parts.ts'

/** Another account of the same person, and the numbers of its open cases. */
export interface Elsewhere {
  id: string
  name: string
  open: number[]
}

/** `name` is what the customer is called, `also` who they are elsewhere. */
export function cardWords(
  parts: Parts,
  card: Card,
  kase: Case,
  { name, also }: { name: string; also: readonly Elsewhere[] },
): CardWords {
  const setting = deskSetting(parts, parts.clock.now())
  const say = (piece: CardPiece, values: Record<string, Value> = {}) =>
    parts.writer.piece('card', piece, values, setting)
  const one = (family: string, member: string | number) => {
    const piece = pieces.card.find((known) => known === `${family}_${member}`)
    return piece === undefined ? String(member) : say(piece)
  }
  const called = (remedy: string) => remedyNamed(parts.policy, remedy)?.names[setting.locale] ?? remedy
  const { promise } = card
  const isAnswer = promise?.what === answerPromise
  const promised =
    promise && say(isAnswer ? 'answer_is' : 'promised_is', { what: promise.what, when: { by: promise.due } })
  const owner =
    card.owner === 'bot' || card.owner === 'desk' ? one('owner', card.owner) : say('owner_is', { owner: card.owner })
  const status = one('status', card.status)
  const language = isLocale(card.language) ? languageNames[card.language] : card.language
  const lines: [CardPiece, string | null][] = [
    ['customer', say('customer_is', { name, tier: card.tier === '-' ? null : card.tier, language })],
    ...also.map(({ id, name: called, open }): [CardPiece, string] => [
      'also',
      say('also_is', {
        name: called,
        account: id,
        open: open.length === 0 ? null : open.map((n) => `#${n}`).join(', '),
      }),
    ]),
    ['happened', card.summary],
    ['harm', card.harm],
    ['wish', card.wish && called(card.wish)],
    ['mood', one('mood', card.mood)],
    ['standing', say('standing_is', { status, owner, step: { step: kase.step } })],
    ['promised', promised],
    ['cause', kase.cause],
    ['remedy', kase.remedy && called(kase.remedy)],
  ]
  return {
    title: say('title', { number: card.case, kind: one('kind', card.kind), severity: one('severity', card.severity) }),
    lines: lines.flatMap(([label, text]) => (text === null || text === '' ? [] : [{ label: say(label), text }])),
  }
}
