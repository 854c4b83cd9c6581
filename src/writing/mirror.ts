/**
 * What a customer told, said back to them: "you sent me the wrong coat" becomes "we sent you the wrong coat" (P35).
 * Precision before coverage: a passage that these few rules cannot turn into one plain true sentence gives null, and the
 * failure lexicon has a plainer one. `unsaid` finds words that we do not repeat: insults, accusations, what is not sure.
 */
import type { Locale } from '../domain/customer.ts'
import { mirrorEnglish } from './mirror.en.ts'
import { mirrorChinese } from './mirror.zh.ts'

export { isIn } from './characters.ts'

export type Unsaid = (text: string) => boolean

export function mirror(passage: string, locale: Locale, unsaid: Unsaid): string | null {
  const said = locale === 'en' ? mirrorEnglish(passage) : mirrorChinese(passage, locale, unsaid)
  return said === null || unsaid(said) ? null : said
}
