/** Who can be played: customers in their own language and time zone, and the agents of the desk. */
import { isZone } from './time.js'

/** @typedef {import('./types.js').Person} Person */

/** @type {Person[]} */
const first = [
  { id: 'ada', name: 'Ada', language: 'en', timezone: 'Europe/London' },
  { id: 'meiling', name: '美玲', language: 'zh-TW', timezone: 'Asia/Taipei' },
  { id: 'xiaoli', name: '小李', language: 'zh-CN', timezone: 'Asia/Shanghai' },
  { id: 'sam', name: 'Sam', language: 'en', timezone: 'America/New_York' },
]

export const agents = ['Kim', 'Lee']

/** @type {Record<string, string>} */
export const languages = { en: 'English', 'zh-TW': '繁體中文', 'zh-CN': '简体中文' }

/** Something to begin with, by language; `say` goes into the composer as it is. */
/** @type {Record<string, { kind: string, say: string }[]>} */
export const examples = {
  en: [
    {
      kind: 'A complaint',
      say: 'My parcel is late for the third time. I have guests on Saturday and nothing to serve them with.',
    },
    { kind: 'A question', say: 'How long does delivery take?' },
    { kind: 'Two things at once', say: 'The blender arrived broken, and how do I return it?' },
    { kind: 'A suggestion', say: 'It would be great if you could add a dark mode to the app.' },
    { kind: 'Praise', say: 'Your courier was so kind today, thank you!' },
    { kind: 'Very angry', say: 'This is ridiculous! You charged me twice and nobody answers. I want a manager NOW!' },
  ],
  'zh-TW': [
    { kind: '抱怨', say: '我的包裹已經第三次延遲了，星期六有客人要來，我什麼都沒有。' },
    { kind: '問題', say: '請問訂單多久會到？' },
    { kind: '兩件事', say: '果汁機送來就是壞的，請問要怎麼退貨？' },
    { kind: '建議', say: '希望你們的 App 可以加上深色模式，晚上看比較舒服。' },
    { kind: '稱讚', say: '今天送貨的人非常親切，謝謝你們！' },
    { kind: '很生氣', say: '太誇張了！重複扣款兩次，打電話也沒有人接，叫你們主管出來！' },
  ],
  'zh-CN': [
    { kind: '投诉', say: '我的快递已经第三次延误了，星期六家里要来客人，我什么都没有。' },
    { kind: '问题', say: '请问订单多久能到？' },
    { kind: '两件事', say: '榨汁机送来就是坏的，请问怎么退货？' },
    { kind: '建议', say: '希望你们的 App 能加个深色模式，晚上看舒服一些。' },
    { kind: '表扬', say: '今天的快递小哥特别热情，谢谢你们！' },
    { kind: '很生气', say: '太过分了！重复扣了我两次钱，打电话也没人接，叫你们经理出来！' },
  ],
}

/** Everybody, with those who were added on this browser. @returns {Person[]} */
export function everybody() {
  return [...first, ...added()]
}

/** @returns {Person[]} */
function added() {
  try {
    const kept = JSON.parse(localStorage.getItem('amends.people') ?? '[]')
    return Array.isArray(kept) ? kept.filter(isPerson) : []
  } catch {
    return []
  }
}

/** @param {any} kept @returns {kept is Person} */
function isPerson(kept) {
  return [kept?.id, kept?.name, kept?.language].every((field) => typeof field === 'string') && isZone(kept.timezone)
}

/**
 * A customer of one's own, kept in this browser; or why it cannot be.
 *
 * @param {string} name
 * @param {string} language
 * @param {string} timezone
 * @returns {Person | string}
 */
export function newPerson(name, language, timezone) {
  if (name === '') return 'A customer needs a name.'
  if (!isZone(timezone)) return `“${timezone}” is no time zone: write one such as Asia/Taipei.`
  const slug = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-+|-+$/gu, '')
  const taken = new Set(everybody().map((person) => person.id))
  const plain = slug || 'guest'
  const id = slug && !taken.has(slug) ? slug : `${plain}-${Math.random().toString(36).slice(2, 6)}`
  const person = { id, name, language, timezone }
  remember('amends.people', JSON.stringify([...added(), person]))
  return person
}

/**
 * The name of a customer by id, short (`ada`) or whole (`web:-:ada`); of one who is not of this page, what they are `called`.
 *
 * @param {string} id
 * @param {string} [called]
 */
export function nameOf(id, called) {
  const short = id.split(':').slice(2).join(':') || id
  return everybody().find((person) => person.id === short)?.name ?? called ?? short
}

/** The language of a text, for the reader's voice and the typeface. @param {string} text @param {string} spoken */
export function languageOf(text, spoken) {
  if (!/\p{Script=Han}/u.test(text)) return 'en'
  return spoken.startsWith('zh') ? spoken : 'zh'
}

/** @param {string} customer */
export function spokenBy(customer) {
  const short = customer.split(':').slice(2).join(':') || customer
  return everybody().find((person) => person.id === short)?.language ?? 'en'
}

/** @param {string} key @param {string} value */
export function remember(key, value) {
  try {
    localStorage.setItem(key, value)
  } catch {
    // A browser that keeps nothing: the page works, it only forgets on reload.
  }
}

/** @param {string} key */
export function recall(key) {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
