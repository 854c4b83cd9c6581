import type { Reading } from './reading.ts'

/** A customer as far as the rules need to know them. */
export interface Customer {
  /** `<channel>:<workspace>:<user>`. */
  id: string
  name: string
  /** The language of their last message that could be told, or null: a locale, or the tag of one that we do not read. */
  language: string | null
  timezone: string | null
  tier: string | null
  greetedAt: number | null
  /** They asked for no more check-ins (P18). */
  stoppedAt: number | null
  blockedAt: number | null
  /** They want no model to read or write for them (P24). */
  noModelAt: number | null
  /** What they chose themselves: nothing that is heard later changes it. */
  chosen?: readonly ('language' | 'timezone')[]
  /** Ids of the other accounts that an agent linked with this one: the same person. */
  also?: readonly string[]
}

/** The languages that scripts are written in. */
export const locales = ['en', 'zh-TW', 'zh-CN'] as const
export type Locale = (typeof locales)[number]

/** How each calls itself. */
export const languageNames: Record<Locale, string> = { en: 'English', 'zh-TW': '繁體中文', 'zh-CN': '简体中文' }

export function isLocale(language: string | null): language is Locale {
  return locales.some((locale) => locale === language)
}

export function localeOf(customer: Pick<Customer, 'language'>): Locale {
  return isLocale(customer.language) ? customer.language : 'en'
}

/**
 * The language in which a message is answered. A Chinese text in characters that both scripts share does not turn a
 * customer from the one to the other.
 */
export function localeHeard(
  reading: Pick<Reading, 'language' | 'languageSure'>,
  customer: Pick<Customer, 'language' | 'chosen'>,
): Locale {
  const known = localeOf(customer)
  if (!isLocale(reading.language) || customer.chosen?.includes('language')) return known
  const shared = reading.language.startsWith('zh') && known.startsWith('zh') && !reading.languageSure
  return shared ? known : reading.language
}
