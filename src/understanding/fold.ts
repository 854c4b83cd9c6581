import traditionalToSimplified from 'opencc-js/dict/TSCharacters'

/**
 * Text made alike for reading: lower case, half width, Traditional turned to Simplified, straight apostrophes, white
 * space and control characters as blanks, lone surrogates replaced. Unit for unit as long as what came in, so that a
 * place found in the folded text is the same place in the customer's own words.
 */
export function fold(text: string): string {
  const { simplified } = han()
  const out = new Uint16Array(text.length)
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 128) out[at] = code < 32 || code === 127 ? 32 : code >= 65 && code <= 90 ? code + 32 : code
    else if (code >= 0x2e80 && code < 0xd800) out[at] = code === 0x3000 ? 32 : (simplified[code] ?? code)
    else if (code >= 0xd800 && code < 0xe000) {
      out[at] = surrogate(text, at, code)
    } else out[at] = odd(code)
  }
  return decode(out)
}

/** Characters that only one of the two scripts writes; what both write is in neither. */
export function han(): HanTable {
  table ??= readHan()
  return table
}

export interface HanTable {
  /** Code unit → its Simplified form, itself when it has none. */
  simplified: Uint16Array
  /** 1 Traditional only · 2 Simplified only · 0 both or neither. */
  script: Uint8Array
}

let table: HanTable | null = null

// Simplified forms that Traditional writers use too, as words of their own.
const shared =
  '后里干台面只系云余丑仆价胡几才出卜千卷叶合同向吁咸回姜家尽征志愿折斗于曲朱松板极柜沈了准凶制谷布借党冲划升症种秋舍范表复御戚扎据抬扑札杯欲沾泛巨庄岳伙佣占周旋游岩峰群众床污泄痴秘着参核针皂吃床啊采念喂注托闲杆尸蒙挂郁苏' +
  // What opencc's table knows older forms of; nobody in Taiwan or Hong Kong writes those.
  '佛俊修僵克冢冬凌刮即吊呆咽哄噪困埼奸娘局席幸庵弦彩恤愈扇扣抵拐拼挨挲挽捆捍搜教旗既昆暗查栗梁棋棱溪溯漓狸玩璇真矩私糊糖累胄致芸苔蓑蔑逾酸雕飧'
// What opencc leaves to its regional tables, or what people type for one another.
const extra: [string, string][] = [
  ['著', '着'],
  ['妳', '你'],
  ['祢', '你'],
  ['牠', '它'],
  ['甚', '什'],
  ['裡', '里'],
  ['衹', '只'],
  ['麽', '么'],
  ['喫', '吃'],
]

function readHan(): HanTable {
  const simplified = Uint16Array.from({ length: 0x10000 }, (_, code) => code)
  const script = new Uint8Array(0x10000)
  const keys = new Set<string>()
  const pairs = traditionalToSimplified.split('|').map((pair) => pair.split(' '))
  for (const [from = '', to = ''] of [...pairs, ...extra]) {
    if (from.length !== 1 || to.length !== 1 || from === to) continue
    simplified[from.charCodeAt(0)] = to.charCodeAt(0)
    script[from.charCodeAt(0)] = 1
    keys.add(from)
  }
  // 著 and 甚 are written in both scripts.
  for (const both of '著甚') script[both.charCodeAt(0)] = 0
  for (const [, to = ''] of pairs) {
    if (to.length === 1 && !keys.has(to) && !shared.includes(to)) script[to.charCodeAt(0)] = 2
  }
  return { simplified, script }
}

function surrogate(text: string, at: number, code: number): number {
  const high = code < 0xdc00
  const other = text.charCodeAt(high ? at + 1 : at - 1)
  const paired = high ? other >= 0xdc00 && other < 0xe000 : other >= 0xd800 && other < 0xdc00
  return paired ? code : 0xfffd
}

function odd(code: number): number {
  if (code === 0x2019 || code === 0x2018 || code === 0x2bc || code === 0xff07) return 39
  if (code === 0x201c || code === 0x201d) return 34
  if (code === 0xa0 || (code >= 0x80 && code < 0xa0) || (code >= 0x2000 && code <= 0x200f) || code === 0xfeff) return 32
  if (code === 0x2028 || code === 0x2029 || code === 0x202a || code === 0x202e) return 32
  if (code === 0x2026) return 46
  if (code >= 0xff21 && code <= 0xff3a) return code - 0xff21 + 97
  if (code >= 0xff01 && code <= 0xff5e) return code - 0xfee0
  if (code >= 0xfffe) return 32
  const lower = String.fromCharCode(code).toLowerCase()
  return lower.length === 1 ? lower.charCodeAt(0) : code
}

const step = 8192
function decode(units: Uint16Array): string {
  let text = ''
  for (let at = 0; at < units.length; at += step) text += String.fromCharCode(...units.subarray(at, at + step))
  return text
}

export const isHan = (code: number): boolean => (code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf)

/** A letter or digit of an alphabet: what a word of spaced writing is made of. */
export function isWord(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90)
  if (code < 0xc0 || code === 0xd7 || code === 0xf7) return false
  // Latin, Greek, Cyrillic, Hebrew, Arabic, Indic, Thai … up to the punctuation block; then Hangul syllables.
  return code < 0x2000 || (code >= 0xac00 && code <= 0xd7a3)
}
