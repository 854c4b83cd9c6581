/** Which characters only one of the two Chinese scripts writes. */
import simplifiedToTraditional from 'opencc-js/dict/STCharacters'
import traditionalToSimplified from 'opencc-js/dict/TSCharacters'
import taiwansForms from 'opencc-js/dict/TWVariants'
import type { Locale } from '../domain/customer.ts'

let foreign: Record<'zh-TW' | 'zh-CN', Set<string>> | null = null

/** Characters that only the other script writes. 台 is what Taiwan itself writes; 里, 占, 雇 are old forms of their own. */
function foreignTo(locale: Exclude<Locale, 'en'>): Set<string> {
  if (foreign === null) {
    // 床 and 吃 are 牀 and 喫 by the book only.
    const written = new Set(pairsIn(taiwansForms).flatMap(([, ...forms]) => forms))
    const traditional = onlyIn(simplifiedToTraditional).difference(written)
    foreign = { 'zh-TW': traditional, 'zh-CN': onlyIn(traditionalToSimplified) }
  }
  return foreign[locale]
}

function onlyIn(table: string): Set<string> {
  const only = pairsIn(table)
    .filter(([from = '', ...to]) => from !== '' && !to.includes(from))
    .map(([from = '']) => from)
  return new Set(only.filter((character) => !'台里占雇'.includes(character)))
}

function pairsIn(table: string): string[][] {
  return table.split('|').map((pair) => pair.split(' '))
}

/** True when every character is one that readers of the locale write. */
export function isIn(text: string, locale: Locale): boolean {
  if (locale === 'en') return true
  const others = foreignTo(locale)
  return ![...text].some((character) => others.has(character))
}
