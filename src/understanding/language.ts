import { han, isHan } from './fold.ts'

// Own words of the two sides, in characters that both may write. Only consulted when no character decides.
const taiwan =
  /網路|软体|軟體|簡訊|訊息|帳號|登入|登出|宅配|超商|客服人員|發票|退貨|影片|品質|滑鼠|列印|行動電話|悠遊卡|门号|門號|外送|便當|捷運|計程車|機車|星期|禮拜|不好意思|謝囉|唷|喔|齁|蛤|啦|捏|嘅|咗|唔|喺|冇|佢|咁|啲|嚟|乜|哋|「|」/
const mainland =
  /网络|软件|短信|信息|账号|登录|快递|视频|质量|鼠标|打印|手机号|外卖|地铁|出租车|公交|小区|微信|支付宝|淘宝|京东|亲|咋|啥|俺|嘞|呗|的话|退款不|送餐|极|口味一般|靠谱|给力|点餐|“|”/

const stopwords: Record<string, string> = {
  en: 'who whose which the a an is are was i you my it to of and in for on with this that have has not do does did can what how when where why please thanks thank hello hi hey ok okay yes no your we be me so just still but would could if they there at from will get got too very all any am im good great bad nice broken order refund help love never cancel',
  es: 'el la los las un una es está de que y en por para con no mi me se lo su pero muy gracias hola pedido tengo quiero cómo dónde cuándo qué ha he llegado todavía estoy puedo favor buenos días',
  fr: "veux parler à quelqu'un allô êtes là oui non colis jamais arrivé personne répond besoin aide s'il remboursement le la les un une des est et que qui je vous ne pas pour dans sur avec mon ma mes ce cette merci bonjour commande où quand comment très j'ai n'ai toujours c'est n'est reçu suis avez votre bonsoir s'il",
  de: 'der die das ein eine ist und ich sie nicht mit auf für von zu mein meine den dem es wie wo wann warum danke hallo bitte bestellung habe noch immer wurde guten kein keine sehr ihr',
  pt: 'o os um uma é de que e em por para com não meu minha me se mas muito obrigado obrigada olá pedido tenho quero como onde quando ainda está chegou estou você vocês boa bom',
  it: 'il lo gli un una è di che e in per con non mio mia mi si ma molto grazie ciao ordine ho voglio come dove quando ancora sono arrivato buongiorno perché della',
  nl: 'de het een is en ik niet met op voor van te mijn je dat wat hoe waar wanneer bedankt hallo bestelling heb nog steeds geen zijn maar ook dank goedemorgen',
  pl: 'i w nie na jest się że do to z jak co gdzie kiedy dziękuję proszę cześć zamówienie moje mam jeszcze czy dzień dobry',
  tr: 've bir bu için ne nasıl nerede zaman teşekkürler merhaba sipariş siparişim değil var yok hala benim çok ama lütfen gelmedi',
  id: 'yang dan di ini itu saya tidak untuk dengan apa bagaimana kapan dimana terima kasih halo pesanan belum sudah bisa tolong ada kami kenapa',
  vi: 'là và của tôi không có cho với này gì khi nào ở đâu cảm ơn xin chào đơn hàng chưa đã bạn được thế rồi',
  sv: 'och är jag inte det att en ett på för med min mitt har hur var när tack hej beställning fortfarande men också ni',
}
const byWord = new Map<string, string[]>()
for (const [language, words] of Object.entries(stopwords)) {
  for (const word of words.split(' ')) byWord.set(word, [...(byWord.get(word) ?? []), language])
}

/**
 * The language a message is written in, as a BCP 47 tag; `und` when nothing tells. Chinese goes by the characters that
 * only one script writes, then by vocabulary; a text of shared characters only ("你好") is taken for `zh-TW`, as is
 * Cantonese, since the scripts it will be answered from are Traditional. Words of any alphabet else by stopwords, in
 * doubt `en`.
 */
export function languageOf(text: string): { language: string; sure: boolean } {
  const language = tell(text)
  return typeof language === 'string' ? { language, sure: language !== 'und' } : language
}

function tell(text: string): string | { language: string; sure: boolean } {
  const sample = text.length > 2000 ? `${text.slice(0, 1500)} ${text.slice(-500)}` : text
  const plain = sample.replace(/https?:\/\/\S+|<[^>\s]{1,200}>|[@#:][\w.-]+:?/g, ' ')
  const count = countScripts(plain)
  if (count.kana >= 3 && count.kana * 4 >= count.han) return 'ja'
  if (count.hangul >= 2 && count.hangul >= count.han) return 'ko'
  const other = otherScript(count.others, count.latin + count.han * 3, plain)
  if (other) return other
  if (count.han > 0 && count.han * 4 >= count.latin) return chinese(plain, count)
  if (count.latin > 0) return latin(plain.toLowerCase())
  if (count.kana > 0) return 'ja'
  return count.hangul > 0 ? 'ko' : 'und'
}

interface Scripts {
  han: number
  traditional: number
  simplified: number
  latin: number
  kana: number
  hangul: number
  others: Map<string, number>
}

// First code, last code, language: the one most written in that script.
const ranges: [number, number, string][] = [
  [0x370, 0x3ff, 'el'],
  [0x400, 0x52f, 'ru'],
  [0x530, 0x58f, 'hy'],
  [0x590, 0x5ff, 'he'],
  [0x600, 0x6ff, 'ar'],
  [0x900, 0x97f, 'hi'],
  [0x980, 0x9ff, 'bn'],
  [0xb80, 0xbff, 'ta'],
  [0xc00, 0xc7f, 'te'],
  [0xe00, 0xe7f, 'th'],
  [0xe80, 0xeff, 'lo'],
  [0x1000, 0x109f, 'my'],
  [0x10a0, 0x10ff, 'ka'],
  [0x1780, 0x17ff, 'km'],
]

function countScripts(text: string): Scripts {
  const { script } = han()
  const count: Scripts = { han: 0, traditional: 0, simplified: 0, latin: 0, kana: 0, hangul: 0, others: new Map() }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if ((code | 32) >= 97 && (code | 32) <= 122 && code < 128) count.latin++
    else if (isHan(code)) {
      count.han++
      if (script[code] === 1) count.traditional++
      else if (script[code] === 2) count.simplified++
    } else if (code >= 0xc0 && code < 0x250 && code !== 0xd7 && code !== 0xf7) count.latin++
    else if (code >= 0x1ea0 && code < 0x1f00) count.latin++
    else if (code >= 0x3041 && code <= 0x30ff && code !== 0x30fb) count.kana++
    else if (code >= 0xac00 && code <= 0xd7a3) count.hangul++
    else if (code >= 0x370 && code < 0x1800) {
      const language = ranges.find(([first, last]) => code >= first && code <= last)?.[2]
      if (language) count.others.set(language, (count.others.get(language) ?? 0) + 1)
    }
  }
  return count
}

function otherScript(others: Map<string, number>, ours: number, text: string): string | null {
  const [top] = [...others].sort((a, b) => b[1] - a[1])
  if (!top || top[1] < 2 || top[1] * 2 < ours) return null
  if (top[0] === 'ru' && /[іїєґІЇЄҐ]/.test(text)) return 'uk'
  if (top[0] === 'ar' && /[پچژگ]/.test(text)) return 'fa'
  return top[0]
}

function chinese(text: string, { traditional, simplified }: Scripts): { language: string; sure: boolean } {
  if (traditional !== simplified) return { language: traditional > simplified ? 'zh-TW' : 'zh-CN', sure: true }
  const [tw, cn] = [taiwan.test(text), mainland.test(text)]
  return { language: cn && !tw ? 'zh-CN' : 'zh-TW', sure: cn !== tw }
}

function latin(lower: string): string | { language: string; sure: boolean } {
  const votes = new Map<string, number>()
  // Letters of a number ('p0x1z') are no words.
  const words = lower.match(/(?<![\p{L}\p{N}])[\p{L}’']+(?![\p{L}\p{N}])/gu) ?? []
  for (const word of words) {
    const languages = byWord.get(word.replaceAll('’', "'")) ?? []
    for (const language of languages) votes.set(language, (votes.get(language) ?? 0) + 1 / languages.length)
  }
  const english = votes.get('en') ?? 0
  const [top] = [...votes].sort((a, b) => b[1] - a[1])
  if (!top || top[0] === 'en') return english > 0 ? 'en' : { language: 'en', sure: false }
  // One foreign word in an English sentence is a name or a greeting; alone it is the language.
  return top[1] >= 2 * english && top[1] >= (words.length > 3 ? 2 : 1)
    ? top[0]
    : english > 0
      ? 'en'
      : { language: 'en', sure: false }
}
