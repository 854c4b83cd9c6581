/** Who may offer what on their own (P11). */
import { type Policy, rankOf, remedyMeant, remedyNamed } from './policy.ts'

const order = { bot: 0, agent: 1, lead: 2, manager: 3 } as const

/**
 * May this person offer it on their own (P11)? A remedy that policy names has its own limit and rank. Any other has the
 * general limit, and is a lead's to judge where nobody says what it comes to.
 */
export function mayOffer(policy: Policy, person: string, remedy: string, amount: string | null): boolean {
  const rank = rankOf(policy, person)
  const value = amount === null ? 0 : sumOf(amount)
  const rule = remedyNamed(policy, remedy) ?? remedyMeant(policy, remedy)
  if (rank === 'manager') return true
  if (rule) return order[rank] >= order[rule.by] && value <= rule.upTo
  return rank === 'lead' || (value > 0 && value <= policy.limits.agentUpTo)
}

/** "1,200.50", "NT$1200", "99,50 €". What cannot be reckoned ("5萬", "half of it") is above every limit: a lead looks at it. */
function sumOf(amount: string): number {
  const [number = '', ...more] = amount.normalize('NFKC').match(/\d[\d.,]*(?:\s*[k千萬万百億亿])?/giu) ?? []
  const [, whole = '', cents = '0'] = /^([\d.,]*?)(?:[.,](\d{1,2}))?[.,]?$/u.exec(number) ?? []
  if (more.length > 0 || whole === '') return Number.POSITIVE_INFINITY
  return Number(`${whole.replace(/[.,]/gu, '')}.${cents}`)
}
