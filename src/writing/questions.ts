/** What a customer asks, taken apart to be looked up, and cut down to what can be quoted back to them. */
import type { Locale } from '../domain/customer.ts'

/**
 * Two questions in one breath are two to answer (P2): "How long does it take, and do you ship abroad?" What leads up to a
 * question is left out of it; a cry ("I don't know what to do") asks nothing.
 */
export function questionsIn(text: string): string[] {
  const pieces = text
    .split(
      /(?<=[?？])|(?<=[.。!！\n])\s*|[,，]\s*(?=(?:and |also )*(?:who|what|how|when|where|which|can|could|do|does|is|are|will)\b)|[,，、。]?\s*(?=另外|還有|还有|順便|顺便)/iu,
    )
    .map((piece) => piece.replace(/^[\s,，、]+(?:and\s+)?|^and\s+|[\s,，、]+$/giu, ''))
    .filter((piece) => /\p{L}/u.test(piece) && !isCry(piece))
  const asked = pieces.filter((piece) => isQuestion(piece) || needs.test(piece))
  if (asked.length > 0) return asked
  return pieces.length === 0 ? [] : [text]
}

const needs =
  /^(?:(?:hi|hello|hey|and|also)[ ,]+)*(?:i|we)(?:'d| would)? (?:want|need|like) to\b|^我?(?:想|要|想要)(?!知道)\p{Script=Han}{2,6}$/iu

function isCry(piece: string): boolean {
  return /\bwhat(?:'s| is|s) (?:going on|wrong with you)\b|\b(?:don't|dont|do not) know what (?:else )?(?:to|i can) do\b|不知道(?:該|该|要)?怎[麼么]辦|不知道(?:該|该|要)?怎[麼么]办|怎[麼么]會這樣|怎么会这样|有沒有搞錯|有没有搞错|搞什[麼么]|(?:怎[麼么]|咋)回事|你[們们]都(?:是)?[這这][樣样麼么]|[這这]就是你[們们]/iu.test(
    piece,
  )
}

const asking =
  /^(?:who|whose|what|what's|how|when|where|which|why|can|could|do|does|did|is|are|am|was|were|will|would|should|may|have|has)\b/iu
const askingHan =
  /[嗎吗呢]|什[麼么]|怎[麼么樣样]|如何|多少|多久|多[大長长高重遠远]|哪|是否|能不能|可不可以|有沒有|有没有|是不是|要不要|幾[天點号號時张張]|几[天点号时张]|為何|为何|為什|为什|誰|谁/u

export function isQuestion(text: string): boolean {
  return /[?？]/u.test(text) || asking.test(text) || askingHan.test(text)
}

// Each is a whole question, or all there is of one.
const bareEnglish = [
  "what(?:'s| is| are| do| can| should| shall| will| happens?)?(?: (?:i|we|you|to|next|now|do|the|about|going|happen|happens|it|that|this|there|be|can|about|done|is))*",
  '(?:can|could|will|would) (?:you|anyone|someone|anybody|somebody)(?: please)?(?: help| fix| do| look| sort)?(?: me| us| it| that| this| out| with| into| something| about)*',
  '(?:help|any help|ideas?|any ideas?|advice|any advice)',
  'how come',
  'why(?: is| was)?(?: that| this| it)?',
  'how is (?:that|this|it) possible',
  'now what',
]
const bareHan = [
  '怎[麼么](?:辦|办|處理|处理|解決|解决|弄|回事|會這樣|会这样)',
  '如何(?:是好|處理|处理|解決|解决)',
  '為什[麼么]|为什么',
  '幫(?:我|忙)(?:處理|一下|看看)?|帮(?:我|忙)(?:处理|一下|看看)?',
]
const before =
  '(?:(?:so|and|but|ok|okay|well|please|now|then)[ ,]+)*|(?:那|那麼|那么|所以|現在|现在|我|請問|请问|這|这|該|该|要|到底|又|可以|能)*'
const after = '(?:(?: please| now| then| here)|[嗎吗呢啊呀])*[\\s?!.。！？]*'
const bare = new RegExp(`^(?:${before})(?:${[...bareEnglish, ...bareHan].join('|')})${after}$`, 'iu')

/** "What should I do?", "Can you help?": it says nothing of what it asks about; the words before it do. */
export function isBare(question: string): boolean {
  return bare.test(question.trim())
}

const [latinAtMost, hanAtMost] = [70, 26]
/** "Sorry, my own mistake, can I change it?": only what comes after is asked. */
const excusing = /^(?:不好意思|抱歉|對不起|对不起)[^?？]*[，,](?=[^，,]{4,}$)/u
const leading =
  /^(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|also|and|so|but|well|ok|okay|btw|by the way|quick question|one more thing|just wondering|please)\b[\s,:.!-]*|(?:請問|请问|你好|您好|早安|早上好|午安|下午好|晚安|晚上好|嗨|哈囉|另外|還有|还有|順便|顺便|對了|对了|那|想問一下|想问一下|我想問|我想问|想問|想问|問一下|问一下|一下)[\s，,、：:]*)+/iu

/** The question as it can be quoted: short, one that asks, without its greetings; null for what is better not quoted. */
export function quotable(text: string, locale: Locale): string | null {
  const plain = text
    .replace(/https?:\/\/\S+|(?<!\S)@\w+/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(leading, '')
    .replace(/[.。!！~～\s]+$/u, '')
    .replace(excusing, '')
  // Chat spelling in quotation marks reads as mockery; a cry is heard, not quoted.
  if (plain === '' || !isQuestion(plain) || isCry(plain) || /\b(?:u|ur|pls|plz|wtf|omg)\b/iu.test(plain)) return null
  const atMost = /\p{Script=Han}/u.test(plain) ? hanAtMost : latinAtMost
  if (plain.length > atMost) return null
  return locale === 'en' ? plain.slice(0, 1).toUpperCase() + plain.slice(1) : plain
}

const suggesting =
  /^(?:(?:hi|hello|hey|also|and|so|but|well|honestly|please|maybe|perhaps)\b[\s,:.!-]*)*(?:(?:i|we)(?:'d| would| want to)?(?: really)?(?: like to)? (?:suggest|propose|recommend|ask)(?: that)?|(?:my|one|a|just a) (?:suggestion|idea|request|proposal)(?: would be| is)?(?: that| to)?:?|it (?:would|'d) be (?:really |so |very )?(?:nice|great|good|helpful|lovely|useful|cool) (?:if|to)|would be (?:nice|great|good) (?:if|to)|(?:i|we) wish(?: that)?|how about|what about|why not|why don't you|(?:can|could|would) you(?: please)?|you (?:guys )?(?:should|could|need to|ought to|might)(?: really| definitely| also)?|please)\b[\s,:]*/iu
const suggestingHan =
  /^(?:(?:我|我們|我们|個人|个人|本人)?(?:强烈|強烈|真心|誠心|诚心)?(?:建議|建议|希望|提議|提议|覺得|觉得|想說|想说|期待|盼望)(?:你們|你们|貴公司|贵公司|能|能夠|能够|可以|一下|是否)*|(?:如果|要是|若)(?:能|可以)|能不能|可不可以|可否|能否|是不是可以|是否可以|最好(?:能|可以)?|麻煩|麻烦|拜託|拜托|請|请|也|有個(?:建議|點子)|有个(?:建议|点子))[\s，,：:]*/u

/** An idea without the words that led up to it: "I'd suggest that you should let us pick a time" is about letting us pick one. */
export function ideaOf(text: string): string {
  let idea = text
    .replace(/https?:\/\/\S+|(?<!\S)@\w+/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[.。!！~～\s]+$/u, '')
  // "I'd suggest that you should …": one lead-in may stand upon another.
  for (let again = 0; again < 4; again++) {
    const bare = idea.replace(suggesting, '').replace(suggestingHan, '')
    if (bare === idea || !/[\p{L}]{2}/u.test(bare)) break
    idea = bare
  }
  const [first = idea] = idea.split(/(?<=[.。!！?？])\s*/u)
  const short = /\p{Script=Han}/u.test(first) ? 40 : 90
  if (first.length <= short) return first
  const cut = first.slice(0, short).toWellFormed()
  return `${/\p{Script=Han}/u.test(cut) ? cut : cut.replace(/\s+\S*$/u, '')}…`
}
