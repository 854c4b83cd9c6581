/** What a text promises, and whether a record backs it (P14, P16): amounts, times, remedies. In the three languages of the scripts. */

export interface Backed {
  /** Amounts that were approved, or that a page of ours names. */
  amounts: readonly string[]
  /** Times that stand on the record, in any words that people say them; absent where nobody looks. */
  times?: readonly string[]
  /** What was agreed on, in any words. Absent for people at the desk, who have room to judge (P11). */
  remedies?: readonly string[]
  /** What this customer has read before. */
  said?: readonly string[]
}

/** Money that is to be given: an amount near a word of giving. A price that is only named is no promise. */
const money =
  '((?:[$€£¥]|NT\\$|HK\\$|RMB|USD|EUR|TWD)\\s?\\d[\\d,.]*|\\d[\\d,.]*\\s?(?:dollars|euros?|pounds|usd|eur|twd|hkd|rmb|元|塊|块|%|折))'
const giving =
  "refund|credit|compensat\\w*|reimburs\\w*|pay(?:ing)? you|send(?:ing)? you|giv(?:e|ing) you|owe you|get back|have back|money back|take off|off (?:your|the)|(?:we|i)(?:'ll| will| can)? cover|voucher|discount|退款|退到|退回|退費|退费|退您|退你|退還|退还|賠償|赔偿|賠您|赔您|補償|补偿|折讓|折让|折扣|抵用|代金|優惠|优惠|送您|給您|给您"
const given = new RegExp(`(?:${giving})[^.。!?！？]{0,40}?${money}`, 'iu')
const givenAfter = new RegExp(`${money}[^.。!?！？]{0,24}?(?:${giving}|back\\b)`, 'iu')

/** An amount that is promised and that nobody approved, or null. */
export function unbackedAmount(text: string, { amounts }: Pick<Backed, 'amounts'>): string | null {
  const found = given.exec(text)?.[1] ?? givenAfter.exec(text)?.[1]
  if (found === undefined) return null
  const value = digits(found)
  return amounts.some((amount) => digits(amount) === value) ? null : found
}

function digits(amount: string): string {
  return amount.replace(/[^\d.]/gu, '').replace(/\.0*$/u, '')
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const months = 'january february march april may june july august september october november december'.split(' ')
const dayName = weekdays.join('|')
const monthName = months.join('|')
const count =
  '(?:\\d+|an?|one|two|three|four|five|six|seven|eight|ten|twelve|twenty-four|forty-eight|a few|a couple of)'
const clock =
  "(?:\\d{1,2}(?:[:.]\\d{2})?\\s?(?:am|pm|a\\.m\\.|p\\.m\\.)|\\d{1,2}[:.]\\d{2}|noon|midnight|\\d{1,2} o'clock)"
const date = `(?:(?:next |this |coming )?(?:${dayName})|\\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:${monthName})|(?:${monthName}) \\d{1,2}(?:st|nd|rd|th)?|\\d{4}-\\d{2}-\\d{2}|\\d{1,2}/\\d{1,2}|tomorrow|tonight|the end of (?:the |this )?(?:day|week|month)|next (?:week|month)|(?:this|the) weekend|this (?:afternoon|evening|week))`
const span = `${count} (?:more )?(?:seconds?|minutes?|mins?|hours?|hrs?|(?:working |business )?days?|weeks?|months?)`
const deadline = `(?:(?:by|before|no later than|not later than|until|at|on|from) (?:(?:today|tonight|tomorrow|${dayName}),? (?:at |by |before )?)?(?:${clock}|${date})|(?:within|in|inside) (?:the next |at most |less than |under )?${span}|${span} (?:before|after|from)|tomorrow|${date})`

/** We, one of ours, you who get it, or the thing itself: that it rains on Friday is no promise, nor is when a shop opens. */
const someone = '(?:i|we|you|he|she|they|it|someone|somebody|one of us|(?:the|your|our|my|an?) [^.!?\\n]{2,30}?)'
const willDo =
  "(?:'ll|'re going to|'m going to| will| shall| (?:is|are|am) going to| can definitely| promise| should(?! (?:not )?have\\b))(?! (?:be )?(?:clos|open|rain|snow))"
const doing =
  '(?:(?:is|are) (?:calling|coming|sending|bringing|delivering|shipping|arriving|visiting|repairing)|(?:comes?|stops?|drops?) (?:by|round|over)|expect (?:the|your|it|us|him|her|an?))'
const we = `(?:${someone}${willDo}|${doing})`
const promisedBy = new RegExp(
  `\\b${we}\\b(?![^.!?\\n]*\\b(?:if you|once you|when you|as soon as you|after you)\\b)[^.!?\\n]{0,90}?\\b(${deadline})`,
  'iu',
)
/** "By Friday you'll have it", "Within the hour I will call". */
const byThen = new RegExp(
  `\\b((?:by|within|before|no later than) (?:the next |the )?(?:${clock}|${date}|${span}|hour|day))[^.!?\\n]{0,24}?\\b${we}\\b`,
  'iu',
)

const hanCount = '(?:\\d+|[一二兩两三四五六七八九十半幾几]+)'
const hanSpan = `${hanCount}\\s?(?:個|个)?(?:秒鐘?|分鐘|分钟|小時|小时|鐘頭|钟头|天|日|工作天|工作日|週|周|星期|禮拜|礼拜|月)`
const hanClock = '(?:\\d{1,2}|[一二三四五六七八九十]{1,3})(?:[:：]\\d{2}|[點点時时](?:半|\\d{1,2}分)?)'
const hanDay =
  '(?:今天|今日|今晚|明天|明日|明早|明晚|後天|后天|(?:本|這|这|下)?(?:個|个)?(?:週|周|禮拜|礼拜|星期)[一二三四五六日天]|(?:\\d{1,2}|[一二三四五六七八九十]{1,3})月(?:\\d{1,2}|[一二三四五六七八九十]{1,3})[日號号]|月底|週末|周末|下週|下周|年底)'
const hanDeadline = `(?:${hanDay}?(?:上午|下午|早上|中午|晚上|傍晚)?${hanClock}(?:之?前|以前)?|${hanDay}?(?:中午|傍晚|晚上|下班)(?:之?前|以前)|(?:今天|今日|今晚)(?:內|内|之內|之内|下班前|結束前|结束前|之?前)|${hanDay}(?:上午|下午|早上|中午|晚上|之內|之内|內|内|之?前|以前)*|${hanSpan}(?:之?內|以內|之?内|以内|之?後|之?后|內|内))`
const hanWill =
  '(?:會|会|將|将|一定|保證|保证|可以|給您|给您|回覆|回复|答覆|答复|送到|送達|送达|寄出|補寄|补寄|處理好|处理好|處理完|处理完|完成|聯絡|联系|聯繫|打給|打给|致電|致电|到貨|到货|到(?=[。，,！!]|$)|恢復|恢复|過去|过去|上門|上门|解決|解决|通知您|退到|修好)'
const hanPromised = [
  new RegExp(`(?:${hanWill})[^。！？!?；;\\n]{0,18}?(${hanDeadline})`, 'u'),
  new RegExp(`(${hanDeadline})[^。！？!?；;\\n]{0,18}?(?:${hanWill})`, 'u'),
]
/** What has happened, what is asked, and what depends on the customer, is no promise. */
const hanNotPromise =
  /(?:嗎|吗|呢)?[?？]|如果您|若您|您若|等您|只要您|收到您|已經|已经|昨天|請您|请您|您可以|您方便|(?:說好|说好|原本|原定|答應|答应)[^。]*[沒没]|收到[後后]|[內内](?:都)?(?:可以|可|能)(?:退|換|换|解約|解约|取消)/u

/** A time by which something is promised and that stands on no record, or null. */
export function unbackedTime(text: string, { times }: Pick<Backed, 'times'>): string | null {
  if (times === undefined) return null
  const known = new Set(times.flatMap((time) => [...momentsIn(time)]))
  for (const sentence of sentencesOf(text)) {
    if (/[?？]\s*$/u.test(sentence)) continue
    const han = /\p{Script=Han}/u.test(sentence)
    const patterns = han ? (hanNotPromise.test(sentence) ? [] : hanPromised) : [promisedBy, byThen]
    for (const pattern of patterns) {
      const found = pattern.exec(sentence)?.[1]
      if (found === undefined || /^(?:今天|今日|today)$/u.test(found)) continue
      const moments = [...momentsIn(found)]
      if (moments.length === 0 || moments.some((moment) => !known.has(moment))) return found.trim()
    }
  }
  return null
}

export function sentencesOf(text: string): string[] {
  return text.match(/(?:[^.!?。！？；;\n]|\.(?=\d))+[.!?。！？；;\n]*\s*/gu) ?? []
}

/** The points in time that a text names, each in one form whatever the language: `15:00`, `fri`, `11-20`, `tomorrow`, `2h`. */
function momentsIn(text: string): Set<string> {
  const found = new Set<string>()
  const plain = text.toLowerCase()
  for (const [, hour = '', minute, half] of plain.matchAll(
    /(\d{1,2})(?:[:.](\d{2}))?\s?(am|pm|a\.m\.|p\.m\.)(?![a-z])/gu,
  ))
    found.add(timeOf(Number(hour), Number(minute ?? 0), /^p/u.test(half ?? '')))
  for (const [, hour = '', minute = ''] of plain.matchAll(/(?<![\d.:])(\d{1,2})[:：](\d{2})(?!\d|\s?[ap]\.?m)/gu))
    found.add(timeOf(Number(hour), Number(minute), false))
  for (const [, part, hour = '', rest] of plain.matchAll(
    /(上午|下午|早上|中午|晚上|傍晚)?\s?(\d{1,2}|[一二兩两三四五六七八九十]{1,3})[點点](半|\d{1,2}(?=分))?/gu,
  ))
    found.add(timeOf(numberOf(hour), rest === '半' ? 30 : Number(rest ?? 0), /下午|晚上|傍晚/u.test(part ?? '')))
  for (const [, hour = ''] of plain.matchAll(/(\d{1,2}) o'clock/gu)) found.add(timeOf(Number(hour), 0, false))
  if (/\bnoon\b/u.test(plain)) found.add('12:00')
  for (const day of weekdays) if (plain.includes(day)) found.add(day.slice(0, 3))
  for (const [, day = ''] of plain.matchAll(/(?:週|周|禮拜|礼拜|星期)([一二三四五六日天])/gu))
    found.add((weekdays['一二三四五六日'.indexOf(day === '天' ? '日' : day)] ?? '').slice(0, 3))
  for (const [i, month] of months.entries())
    for (const [, before, after] of plain.matchAll(
      new RegExp(`(?:(\\d{1,2})(?:st|nd|rd|th)?(?: of)? )?${month}(?: (\\d{1,2}))?`, 'gu'),
    ))
      if (before ?? after) found.add(`${i + 1}-${Number(before ?? after)}`)
  for (const [, month = '', day = ''] of plain.matchAll(
    /(\d{1,2}|[一二三四五六七八九十]{1,3})月(\d{1,2}|[一二三四五六七八九十]{1,3})[日號号]/gu,
  ))
    found.add(`${numberOf(month)}-${numberOf(day)}`)
  for (const [, month, day] of plain.matchAll(/\d{4}-(\d{2})-(\d{2})/gu)) found.add(`${Number(month)}-${Number(day)}`)
  if (/\btomorrow\b|明天|明日|明早|明晚/u.test(plain)) found.add('tomorrow')
  if (/後天|后天|day after tomorrow/u.test(plain)) found.add('day after tomorrow')
  for (const [, n = '', unit = ''] of plain.matchAll(
    /(\d+|an?|one|two|three|four|five|six|seven|eight|ten|twelve|twenty-four|forty-eight) (?:more |working |business )?(minute|min|hour|hr|day|week|month)s?\b/gu,
  ))
    found.add(`${numberOf(n)}${unit.slice(0, 2)}`)
  for (const [, n = '', unit = ''] of plain.matchAll(
    /(\d+|[一二兩两三四五六七八九十半]+)\s?(?:個|个)?(分鐘|分钟|小時|小时|鐘頭|钟头|工作天|工作日|天|日(?!期)|週|周|星期|月)(?=之|以|內|内|後|后)/gu,
  ))
    found.add(`${numberOf(n)}${hanUnits.find(([units]) => units.test(unit))?.[1] ?? ''}`)
  return found
}

const hanUnits: [RegExp, string][] = [
  [/分/u, 'mi'],
  [/小|鐘|钟/u, 'ho'],
  [/天|日/u, 'da'],
  [/週|周|星/u, 'we'],
  [/月/u, 'mo'],
]

function timeOf(hour: number, minute: number, afternoon: boolean): string {
  const hours = afternoon && hour < 12 ? hour + 12 : hour
  return `${String(hours).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

const words: Record<string, number> = {
  ...{ a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, ten: 10, twelve: 12 },
  ...{ 'twenty-four': 24, 'forty-eight': 48, 半: 0.5 },
}

/** 3, "three", 三, 十二, 二十四. */
function numberOf(text: string): number {
  if (/^\d+$/u.test(text)) return Number(text)
  const known = words[text]
  if (known !== undefined) return known
  const han = '零一二三四五六七八九'
  const digit = (char: string) => (/[兩两]/u.test(char) ? 2 : han.indexOf(char))
  const [tens, ones] = text.includes('十') ? text.split('十') : [null, text]
  return (tens === null ? 0 : tens === '' ? 10 : digit(tens ?? '') * 10) + (ones ? digit(ones) : 0)
}

/** A remedy that is held out, in words: each group is one remedy, however it is said. */
const remedies: [string, RegExp][] = [
  ['refund', /refund|money back|reimburs|退款|退費|退费|退錢|退钱|全額退|全额退/iu],
  [
    'replacement',
    /replac|a new one|exchange|換新|换新|換一|换一|補寄|补寄|重寄|重新寄|換貨|换货|重新[^。，]{0,4}(?:寄|發|发|做)|一[台個个件組组]新的/iu,
  ],
  ['compensation', /compensat|make up for it with|pay you|賠償|赔偿|賠您|赔您|補償|补偿/iu],
  [
    'voucher',
    /voucher|coupon|gift card|store credit|credit (?:to )?your|優惠券|优惠券|抵用|代金|禮券|礼券|點數|积分/iu,
  ],
  ['discount', /discount|\d+ ?% off|for free|free of charge|on the house|waiv|折扣|免費|免费|打折|減免|减免/iu],
  ['upgrade', /upgrad|升級|升级/iu],
]
const heldOut =
  /\b(?:i|we)(?:'ll|'d| will| would| can| could| shall| are going to|'re going to| are happy to|'re happy to| have| 've|'ve)\b|\byou(?:'ll| will| can| are going to|'re going to) (?:get|receive|have|be)|\b(?:here is|here's|please accept|entitled to|offer(?:ing)? you|giv(?:e|ing) you|send(?:ing)? you)|\b(?:has|have) been (?:refunded|credited|approved|waived|issued)|會|会|將|将|給您|给您|為您|为您|幫您|帮您|送您|退您|您可以|同意|已經?|可以/iu

/** A remedy that is held out and that nobody agreed on, or null. */
export function unbackedRemedy(text: string, { remedies: agreed }: Pick<Backed, 'remedies'>): string | null {
  if (agreed === undefined) return null
  for (const sentence of sentencesOf(text)) {
    if (!heldOut.test(sentence)) continue
    for (const [, pattern] of remedies) {
      const found = pattern.exec(sentence)?.[0]
      if (found !== undefined && !agreed.some((one) => pattern.test(one))) return found
    }
  }
  return null
}
