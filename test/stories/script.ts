/** Traditional or Simplified: which characters a Chinese text may hold. The two old character sets know it best. */

/** Big5: what is written where Traditional is read. */
const traditional = hanOf('big5', 0xa4, 0xf9, [
  [0x40, 0x7e],
  [0xa1, 0xfe],
])
/** GB 2312: what is written where Simplified is read. */
const simplified = hanOf('gbk', 0xb0, 0xf7, [[0xa1, 0xfe]])

function hanOf(encoding: string, firstLead: number, lastLead: number, trails: [number, number][]): Set<string> {
  const decoder = new TextDecoder(encoding)
  const known = new Set<string>()
  for (let lead = firstLead; lead <= lastLead; lead += 1)
    for (const [from, to] of trails)
      for (let trail = from; trail <= to; trail += 1) {
        const char = decoder.decode(new Uint8Array([lead, trail]))
        if (isHan(char)) known.add(char)
      }
  return known
}

function isHan(char: string): boolean {
  return /^\p{Script=Han}$/u.test(char)
}

/** The characters of a text that belong to the other script than its locale's. */
export function strangers(text: string, locale: string): string[] {
  if (locale !== 'zh-TW' && locale !== 'zh-CN') return []
  const own = locale === 'zh-TW' ? traditional : simplified
  return [...new Set(text)].filter((char) => isHan(char) && !own.has(char))
}
