import { type Facts, noFacts } from '../domain/reading.ts'
import type { Hit } from './cues.ts'
import { fold, isHan } from './fold.ts'
import { negated } from './negation.ts'
import { orderIn } from './order.ts'
import { thingIn } from './thing.ts'
import { toldIn } from './told.ts'

/**
 * What the customer told of their own matter, in their own words; null where it was not said (P35). Places are found in
 * the folded text and cut from the text as written. `asked` is the bot's last question: after `order` a bare number is
 * one, after `wish` a bare "refund" is.
 */
export function factsOf(text: string, folded: string, hits: Hit[], asked: string | null): Facts {
  const written = (place: Place | null) => (place ? clean(text.slice(place.start, place.end)) : null)
  const stake = stakeIn(folded, hits)
  const since = sinceIn(folded)
  const thing = thingIn(text, folded, hits, stake)
  const failure = keyOf(hits, 'failure', failures)
  return {
    ...noFacts,
    thing,
    failure,
    failing: failure !== null && isSaidOf(folded, hits, failure, thing) ? thing : null,
    times: timesIn(folded),
    // "Guests on Saturday" is when it matters, not since when it lasts.
    since: since && stake && since.start >= stake.start && since.end <= stake.end ? null : written(since),
    stake: written(stake),
    order: written(orderIn(folded, asked)),
    amount: written(amountIn(folded)),
    wish: wishIn(folded, hits) ?? (asked === null ? null : bareWish(folded)),
    told: toldIn(text, folded, hits, stake),
  }
}

/** A stretch of the folded text, and so of the text. */
export interface Place {
  start: number
  end: number
}

// When a message tells of several, the one that was done to the customer's money or goods names the matter.
const failures = 'charged refund lost cancelled wrong missing broken unusable late rude quality silent'.split(' ')

function keyOf(hits: Hit[], signal: string, order: string[] = []): string | null {
  const found = hits.filter((hit) => hit.signal === signal && hit.key !== '').map((hit) => hit.key)
  const [first] = found.sort((a, b) => order.indexOf(a) - order.indexOf(b))
  return first ?? null
}

// Further from the failure than this, the thing may be another one: "a coupon to make up for the broken screen".
const [latinGap, hanGap] = [16, 5]

function isSaidOf(folded: string, hits: Hit[], failure: string, thing: string | null): boolean {
  if (thing === null) return false
  const noun = fold(thing)
  const gapAtMost = isHan(noun.charCodeAt(0)) ? hanGap : latinGap
  return hits
    .filter((hit) => hit.signal === 'failure' && hit.key === failure)
    .some(({ start, end }) => {
      const around = folded.slice(Math.max(0, start - gapAtMost - noun.length), end + gapAtMost + noun.length)
      const at = around.indexOf(noun)
      if (at < 0) return false
      const place = Math.max(0, start - gapAtMost - noun.length) + at
      const between = folded.slice(Math.min(end, place + noun.length), Math.max(start, place))
      return !/[.,!?;，。！？；、]|\b(?:for|with|and|but)\b/u.test(between)
    })
}

// "怎么申请退款" asks how it is done, and "退款一直没到" tells what went wrong: neither wishes.
// 你不用跟我道歉 asks for no apology.
const spared =
  /(?:不用|不必|不要|别|不需要)[^，,。]{0,4}$|\b(?:don't|do not|no need to|needn't|spare me (?:the|your)) $/
const asksHow = /(?:怎么|如何|怎样|能不能|可不可以|可以|多久|什么时候|申请|的|政策)(?:申请?|办理|才能)?$/
const notDone = /^了|^.{0,3}(?:一直|还|都|仍|也)?(?:没|未|不到|的?(?:政策|流程|规则|进度)|多久|要多|吗)/

function wishIn(folded: string, hits: Hit[]): string | null {
  const meant = hits.filter((hit) => {
    if (hit.signal !== 'wish' || negated(folded, hit) || spared.test(folded.slice(0, hit.start))) return false
    if (!/[\u4e00-\u9fff]/.test(folded.slice(hit.start, hit.end))) return true
    return !asksHow.test(folded.slice(0, hit.start)) && !notDone.test(folded.slice(hit.end))
  })
  return keyOf(meant, 'wish')
}

const ordinals: [RegExp, number][] = [
  [/\b(?:second|2nd) time\b|第[二2两]次|\btwice\b|\btwo times\b|[两2](?:次|遍|回)了/, 2],
  [/\b(?:third|3rd) time\b|第[三3]次|\bthree times\b|\bthrice\b|[三3](?:次|遍|回)了/, 3],
  [/\b(?:fourth|4th) time\b|第[四4]次|\bfour times\b|[四4](?:次|遍|回)了/, 4],
  [/\b(?:fifth|5th) time\b|第[五5]次|\bfive times\b|[五5](?:次|遍|回)了/, 5],
  [/\b(?:sixth|6th) time\b|第[六6]次|\bsix times\b|[六6](?:次|遍|回)了/, 6],
]
// 打了五次, 扣了两遍: a verb of trouble, and how often.
const hanTimes =
  /(?:打|扣|刷|收|寄|送|发|错|催|投诉|报修|联系|换|修|退|问|说|讲|约|跑|坏|断)(?:了|过)?(?:我)?([两二三四五六七八九]|[2-9])(?:次|遍|回|通)/

// "Again" and 又 say that it happened before: at least twice.
const again =
  /\b(?:late|wrong|broken|down|delayed|missing|happened|crashed|failed|cancelled|canceled|charged|lost|stuck|this|it) (?:once |yet )?again\b|\bonce again\b|\byet again\b|又(?:是|一次|晚|迟|错|坏|没|延|出|断|闪|扣|被|来|少|漏|当|当机|不|送|寄|发|取消|卡|跳|打|变|要|退)/

// "Charged twice" is one failure, not the second.
const chargedTwice =
  /\b(?:charged|billed|debited|deducted|paid|took|taken)\b.{0,24}\b(?:twice|(?:two|three|2|3) times|double)|(?:扣|刷|收)(?:了|过)?(?:我|我们|两|你)?.{0,2}[两二三2-9](?:次|遍|回|笔)/

function timesIn(told: string): number | null {
  const folded = told.replace(chargedTwice, ' ')
  if (/\b(?:twice|times) (?:a|as|the|per|better|more|faster|cheaper|bigger|larger|worse)\b/.test(folded)) return null
  const many = /\b(\d{1,2})(?:th time| times)\b|第(\d{1,2})次/.exec(folded)
  const count = Number(many?.[1] ?? many?.[2] ?? 0)
  if (count >= 2) return count
  const done = hanTimes.exec(folded)?.[1]
  if (done) return '一二三四五六七八九'.indexOf(done.replace('两', '二')) + 1 || Number(done)
  for (const [pattern, times] of ordinals) {
    if (pattern.test(folded)) return times
  }
  return again.test(folded) ? 2 : null
}

const day = '(?:mon|tues|wednes|thurs|fri|satur|sun)day'
const month =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const number = '(?:\\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|a few|several|a couple of)'
const spell = '(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)'
const date = `(?:${month} \\d{1,2}(?:st|nd|rd|th)?|(?:the )?\\d{1,2}(?:st|nd|rd|th)?(?: of)? ${month}|\\d{1,2}[./-]\\d{1,2}(?:[./-]\\d{2,4})?|the \\d{1,2}(?:st|nd|rd|th))`
const moment = `(?:(?:last |this )?(?:${day}|week|month|year|night|weekend)(?: (?:morning|afternoon|evening|night))?|yesterday(?: (?:morning|afternoon|evening))?|this morning|${date}|${month}|(?:over |almost |about |more than )?${number} ${spell} ago)`
// "By Friday" and "meet you on Tuesday" lie ahead; a day is in the past beside something done.
const did =
  '(?:ordered|bought|placed|sent|shipped|returned|paid|cancelled|canceled|delivered|arrived|started|happened|called|wrote|reported|booked|filed|applied|requested|submitted|installed|charged|was|were|came|left|lost|broke|stopped|checked in)'
const since = [
  new RegExp(`\\bsince ((?:about |early |late )?${moment})`),
  new RegExp(`\\b((?:over |almost |about |more than )?${number} ${spell} ago)\\b`),
  new RegExp(`\\b(last (?:${day}|week|month|year|night|weekend))\\b`),
  new RegExp(`\\b${did}\\b(?: [\\w-]+){0,6}? (?:on|from) (${day}|${date})\\b`),
  /\b(yesterday(?: morning| afternoon| evening)?)\b/,
]
const hanNumber = '[一二三四五六七八九十两几半多\\d]+'
const sinceHan = [
  new RegExp(
    `(?:自从|从|打从|由)?((?:上上|上)(?:个)?(?:周|星期|礼拜|月)(?:[一二三四五六日天末])?|昨天(?:早上|上午|中午|下午|晚上)?|昨晚|前天|大前天|前几天|${hanNumber}(?:个)?(?:多)?(?:天|周|星期|礼拜|月|小时|钟头|年)(?:以)?前|去年|上月)`,
  ),
  /(?:自从|从|打从|由)((?:周|星期|礼拜)[一二三四五六日天]|今天早上|今早|\d{1,2}月\d{1,2}[日号]|\d{1,2}[/.]\d{1,2}|\d{1,2}号)/,
  /((?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号]?)(?=.{0,3}(?:下单|订|买|寄|申请|付|就|到现在|至今|开始|起))/,
  /((?:周|星期|礼拜)[一二三四五六日天])(?=.{0,2}(?:下单|下订|订的|买的|就|到现在|至今|开始|起))/,
]

function sinceIn(folded: string): Place | null {
  for (const pattern of [...since, ...sinceHan]) {
    const match = pattern.exec(folded)
    const said = match?.[1]
    if (match && said) {
      const start = match.index + match[0].indexOf(said)
      return { start, end: start + said.length }
    }
  }
  return null
}

const ahead =
  /\b(?:tomorrow|tonight|today|this (?:afternoon|evening|weekend|week)|next (?:week|month|\w+day)|on (?:\w+day|the \d+\w*)|in (?:an|one|two|three|\d+) (?:hours?|days?|weeks?)|(?:mon|tues|wednes|thurs|fri|satur|sun)day|coming|\d{1,2}(?:am|pm| o'clock))\b|明天|明早|明晚|今天|今晚|后天|下周|下星期|下礼拜|周[一二三四五六日末]|星期[一二三四五六日天]|礼拜[一二三四五六日天]|马上就?要|快要|月底|下个月|听日/
const need =
  /\b(?:need|needed|want|bought|ordered|was|is|supposed) (?:it |them |this |that |one )?for\b|\bin time for\b|要用|等着用|急着|准备/
// "My flight tomorrow was cancelled" tells what went wrong, not what hangs on it.
const past = /\b(?:cancelled|canceled|delayed|missed|was|were|late)\b|取消了?|延误|误点|错过/

function stakeIn(folded: string, hits: Hit[]): Place | null {
  for (const hit of hits) {
    if (hit.signal !== 'stake') continue
    const clause = clauseAround(folded, hit)
    const said = folded.slice(clause.start, clause.end)
    if (said.length > 90 || past.test(said)) continue
    if (ahead.test(said) || need.test(said)) return stripped(folded, clause)
  }
  return null
}

// "I have guests on Saturday" → "guests on Saturday": what can be said back after "with" or "because of".
const opening =
  /^\s*(?:(?:i|we) (?:have|'ve got|have got|got|am having|are having|will have)|i've got|we've got|i'm having|we're having|there is|there's|it's|(?:i|we) (?:really |urgently )?need (?:it|them|this|that|one|(?:my|the|our|a) \w+)(?: back)? for|(?:it|this|that|they) (?:is|was|are|were|'s) for|for) (?!to\b|no\b|not\b)/

function stripped(folded: string, { start, end }: Place): Place {
  const match = opening.exec(folded.slice(start, end))
  return match ? { start: start + match[0].length, end } : { start, end }
}

function clauseAround(folded: string, { start, end }: Place): Place {
  const before = folded.slice(Math.max(0, start - 90), start)
  const cut = Math.max(
    ...[...before.matchAll(/[,.!?;:，。！？；、\n(]|\b(?:because|and|but|as|so)\b|因为|所以/g)].map(
      (m) => m.index + m[0].length,
    ),
    0,
  )
  const after = folded.slice(end, end + 60)
  const stop = after.search(/[,.!?;:，。！？；、\n)]|\b(?:and|but|so)\b/)
  return { start: start - before.length + cut, end: stop < 0 ? end + after.length : end + stop }
}

const amount =
  /(?:us\$|nt\$|hk\$|a\$|c\$|s\$|[$€£¥₩₹]|\b(?:usd|eur|gbp|twd|ntd|nt|hkd|rmb|cny|jpy) ?)\d[\d,]*(?:\.\d{1,2})?\b|(?<![\w.])\d[\d,]*(?:\.\d{1,2})? ?(?:dollars?|bucks|euros?|pounds?|quid|usd|eur|gbp|twd|ntd|hkd|rmb|cny|yen|€|£)(?!\w)|(?<![\d.])\d[\d,]*(?:\.\d{1,2})? ?(?:万|千|百)?(?:元|块钱?|块|人民币|台币|港币|美金|美元|欧元|蚊)/

function amountIn(folded: string): Place | null {
  const match = amount.exec(folded)
  return match ? { start: match.index, end: match.index + match[0].length } : null
}

const bare: [RegExp, string][] = [
  [/\brefund\b|\bmoney\b|退款|退钱|退费/, 'refund'],
  [/\breplacement\b|\bnew one\b|\bexchange\b|换|补寄|补发/, 'replacement'],
  [/\brepair\b|\bfix\b|修/, 'repair'],
  [/\bapolog/, 'apology'],
  [/道歉/, 'apology'],
  [/\bexplanation\b|\banswer\b|解释|说明|答复/, 'answer'],
  [/\bcancel\b|取消/, 'cancel'],
]

function bareWish(folded: string): string | null {
  if (folded.length > 30 || /[?]/.test(folded) || /\b(?:no|not|don't|without)\b|不/.test(folded)) return null
  return bare.find(([pattern]) => pattern.test(folded))?.[1] ?? null
}

function clean(said: string): string | null {
  const trimmed = said.replace(/\s+/g, ' ').trim()
  return trimmed === '' ? null : trimmed
}
