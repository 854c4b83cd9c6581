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

/** Which Chinese a platform's tag means ("zh-Hant-HK"); null for any other language, which text tells well enough. */
export function chineseOf(tag: string | null | undefined): Locale | null {
  if (!tag || !/^zh(?![a-z])/iu.test(tag)) return null
  return /hant|tw|hk|mo/iu.test(tag) ? 'zh-TW' : 'zh-CN'
}

/** Where Chinese is written in one script by nearly everybody. */
const writtenIn: Record<string, Locale> = {
  'Asia/Shanghai': 'zh-CN',
  'Asia/Urumqi': 'zh-CN',
  'Asia/Chongqing': 'zh-CN',
  'Asia/Harbin': 'zh-CN',
  'Asia/Kashgar': 'zh-CN',
  'Asia/Singapore': 'zh-CN',
  'Asia/Kuala_Lumpur': 'zh-CN',
  'Asia/Taipei': 'zh-TW',
  'Asia/Hong_Kong': 'zh-TW',
  'Asia/Macau': 'zh-TW',
}

/**
 * The language in which a message is answered. A Chinese text in characters that both scripts share does not turn a
 * customer from the one to the other; of a newcomer the time zone tells which it is, else the desk's own language
 * (`ours`), and where nothing tells, it is Traditional.
 */
export function localeHeard(
  reading: Pick<Reading, 'language' | 'languageSure'>,
  customer: Pick<Customer, 'language' | 'chosen' | 'timezone'>,
  ours: Locale,
): Locale {
  const known = localeOf(customer)
  if (!isLocale(reading.language) || customer.chosen?.includes('language')) return known
  if (!reading.language.startsWith('zh') || reading.languageSure) return reading.language
  const hints = [known, writtenIn[customer.timezone ?? ''], ours]
  return hints.find((hint) => hint?.startsWith('zh')) ?? reading.language
}
