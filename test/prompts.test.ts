/** What admins own, as it ships: scripts that nobody would be ashamed of, a policy that parses, pages that answer. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import simplifiedToTraditional from 'opencc-js/dict/STCharacters'
import traditionalToSimplified from 'opencc-js/dict/TSCharacters'
import { describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { type Locale, locales } from '../src/domain/customer.ts'
import { createGuard } from '../src/domain/guard.ts'
import { moments, pieces } from '../src/domain/moments.ts'
import { policySchema } from '../src/domain/policy.ts'
import { loadKnowledge } from '../src/writing/knowledge.ts'
import { loadPhrases, loadRules } from '../src/writing/rules.ts'
import { checkScripts, loadScripts } from '../src/writing/scripts.ts'

const dir = join(import.meta.dirname, '../prompts')
const { scripts, faults } = await loadScripts(join(dir, 'scripts'))
const knowledge = await loadKnowledge(join(dir, 'knowledge'), join(dir, 'cues'))

interface Page {
  file: string
  topic: string
  locale: Locale
  text: string
}

function pagesIn(folder: string): Page[] {
  return readdirSync(join(dir, folder)).flatMap((file) => {
    const locale = locales.find((known) => file.endsWith(`.${known}.md`))
    if (!locale) return []
    const text = readFileSync(join(dir, folder, file), 'utf8')
    return [{ file, topic: file.slice(0, -`.${locale}.md`.length), locale, text }]
  })
}

const scriptFiles = pagesIn('scripts')
const knowledgeFiles = pagesIn('knowledge')

describe('scripts', () => {
  test('every file parses, every moment and piece has its script in every locale, every variable its value', () => {
    expect(faults).toEqual([])
    expect(checkScripts(scripts)).toEqual([])
  })

  test('no script is left over that nobody says', () => {
    const known = [...Object.keys(moments), ...Object.keys(pieces)]
    expect(scriptFiles.filter(({ topic }) => !known.includes(topic)).map(({ file }) => file)).toEqual([])
  })

  /** What a customer meets often (issue 2, point 6): four ways of saying it at the least. */
  const often = [
    ...['complaint', 'complaint.angry', 'complaint.distressed', 'complaint.again', 'complaint.more'],
    ...['ask.happened', 'ask.order', 'ask.wish', 'promise', 'promise.later', 'promise.broken', 'progress', 'status'],
    ...['offer.made', 'offer.accepted', 'offer.refused', 'resolved', 'reopened', 'check', 'check.solved'],
    ...['inquiry.answer', 'inquiry.unknown', 'suggestion', 'praise', 'human', 'claimed', 'released'],
    ...['greeting', 'other', 'closing', 'unsure'],
  ]

  test.each(often.flatMap((moment) => locales.map((locale) => [moment, locale] as const)))(
    '%s in %s has four variants, each in its own words',
    (moment, locale) => {
      const { variants, locale: own } = scripts.get(moment, locale)
      expect(own).toBe(locale)
      expect(variants.length).toBeGreaterThanOrEqual(4)
      const said = variants.map((variant) =>
        scripts.render(scripts.get(moment, locale), variant, valuesOf(moment, 'all')),
      )
      expect(new Set(said).size).toBe(variants.length)
    },
  )

  test.each(locales)('%s: every button has its label, every failure its clause, every step its name', (locale) => {
    for (const [name, headings] of Object.entries(pieces)) {
      const script = scripts.get(name, locale)
      expect([name, script.variants.map((variant) => variant.name)]).toEqual([
        name,
        expect.arrayContaining([...headings]),
      ])
    }
  })

  test.each(locales)('%s: a clause reads on, with and without what is known', (locale) => {
    const script = scripts.get('restate', locale)
    for (const variant of script.variants)
      for (const values of [
        { thing: null, times: null, since: null },
        { thing: 'X', times: 3, since: 'Y' },
      ]) {
        const clause = scripts.render(script, variant, values)
        expect(clause, variant.name).toMatch(/\p{L}/u)
        expect(clause, variant.name).not.toMatch(/[.。!！?？]$|\s{2}|null|undefined/u)
      }
  })
})

const numbers = new Map([
  ['number', 7],
  ['before', 2],
  ['rating', 4],
  ['people', 3],
  ['count', 5],
])

/** What a rule may not know, everywhere or in the moments named; all else is always given. */
const unknown: Record<string, readonly string[] | 'everywhere'> = {
  ...{ matter: 'everywhere', stake: 'everywhere', agent: 'everywhere', thing: 'everywhere', amount: 'everywhere' },
  ...{ words: 'everywhere', better: 'everywhere', rating: 'everywhere' },
  when: ['status', 'progress', 'used.up', 'suggestion.planned', 'incident.known', 'incident.update'],
  step: ['used.up'],
  what: ['promise.broken', 'desk.risk', 'desk.broken'],
  remedy: ['resolved', 'check'],
  number: ['desk.undelivered'],
}

/** Every variant of every moment, with everything known and with nothing known. */
const rendered = scriptFiles.flatMap(({ topic, locale }) => {
  if (!(topic in moments)) return []
  const script = scripts.get(topic, locale)
  return script.variants.flatMap((variant) =>
    (['all', 'none'] as const).map((known) => ({
      of: `${topic}.${locale}.md, ${variant.name}, ${known} known`,
      moment: topic,
      locale,
      text: scripts.render(script, variant, valuesOf(topic, known)),
    })),
  )
})

function valuesOf(moment: string, known: 'all' | 'none'): Record<string, unknown> {
  const names: readonly string[] = Object.entries(moments).find(([name]) => name === moment)?.[1] ?? []
  const isUnknown = (name: string) => unknown[name] === 'everywhere' || unknown[name]?.includes(moment) === true
  const value = (name: string) => (known === 'none' && isUnknown(name) ? null : (numbers.get(name) ?? 'XX'))
  return Object.fromEntries(names.map((name) => [name, value(name)]))
}

describe('wording', () => {
  test('nothing that customers read is the language of form letters, or what the guard stops', async () => {
    const forbidden = await loadPhrases(join(dir, 'cues'), 'forbidden')
    const guard = createGuard(await loadRules(join(dir, 'cues')))
    const texts = [
      ...rendered.filter(({ moment }) => !moment.startsWith('desk.')),
      ...knowledgeFiles.map(({ file, text }) => ({ of: file, text: text.replace(/^(?:## |also:).*$/gmu, '') })),
    ]
    expect(
      texts.flatMap(({ of, text }) =>
        [forbidden(text), guard.check(text, { amounts: [] })?.found ?? null].flatMap((found) =>
          found === null ? [] : [`${of}: ${found}`],
        ),
      ),
    ).toEqual([])
  })

  test('who complains is not shouted at', () => {
    const grave = /^complaint|^promise\.broken$|^reopened$|^safety\.|^check\.low$/u
    expect(
      rendered.filter(({ moment, text }) => grave.test(moment) && /[!！]/u.test(text)).map(({ of }) => of),
    ).toEqual([])
  })

  test('one question at a time (P5)', () => {
    expect(rendered.filter(({ text }) => (text.match(/[?？]/gu) ?? []).length > 1).map(({ of }) => of)).toEqual([])
  })

  test('nothing unsaid shows: no empty sentence, no doubled stop, no leftover of a template', () => {
    const broken = rendered.filter(
      ({ text }) => text === '' || /\{[{%]|[%}]\}|null|undefined|[.。，,][.。，,]| {2}/u.test(text),
    )
    expect(broken.map(({ of, text }) => `${of}: ${text}`)).toEqual([])
  })

  test('every variant for a complaint, and for a broken promise, says sorry', () => {
    const sorry = {
      en: /sorry/iu,
      'zh-TW': /抱歉|對不起|過意不去|道歉|不好意思/u,
      'zh-CN': /抱歉|对不起|过意不去|道歉|不好意思/u,
    }
    const first = /^complaint(?:\.(?:angry|distressed|again))?$|^promise\.broken$/u
    expect(
      rendered
        .filter(({ moment, locale, text }) => first.test(moment) && !sorry[locale].test(text))
        .map(({ of }) => of),
    ).toEqual([])
  })
})

describe('one kind of Chinese a page', () => {
  /** Characters that stand in one of the two scripts alone. */
  const onlySimplified = othersOf(simplifiedToTraditional)
  const onlyTraditional = othersOf(traditionalToSimplified)

  function othersOf(table: string): Set<string> {
    const pairs = table.split('|').map((pair) => pair.split(' '))
    return new Set(pairs.filter(([from = '', ...to]) => from !== '' && !to.includes(from)).map(([from = '']) => from))
  }

  /** 台 is what Taiwan itself writes; 里, 占, 雇 are old forms of their own in both. */
  const shared = new Set('台里占雇')

  test.each<['zh-TW' | 'zh-CN', Set<string>]>([
    ['zh-TW', onlySimplified],
    ['zh-CN', onlyTraditional],
  ])('%s', (locale, foreign) => {
    const wrong = [...scriptFiles, ...knowledgeFiles]
      .filter((page) => page.locale === locale)
      .flatMap(({ file, text }) => {
        const found = [...new Set(text)].filter((character) => foreign.has(character) && !shared.has(character))
        return found.length > 0 ? [`${file}: ${found.join('')}`] : []
      })
    expect(wrong).toEqual([])
  })

  test('the tables tell them apart', () => {
    expect([
      onlySimplified.has('这'),
      onlyTraditional.has('這'),
      onlySimplified.has('人'),
      onlyTraditional.has('人'),
    ]).toEqual([true, true, false, false])
  })
})

test('the README names every field of the policy', () => {
  const readme = readFileSync(join(dir, '../README.md'), 'utf8')
  const fields = (value: object, before = ''): string[] =>
    Object.entries(value).flatMap(([name, inner]) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner) && Object.keys(inner).length > 0
        ? fields(inner, `${before}${name}.`)
        : [`${before}${name}`],
    )
  expect(fields(policySchema.parse({})).filter((field) => !readme.includes(`\`${field}\``))).toEqual([])
})

test('policy.yaml parses, and has no field that means nothing', () => {
  const policy: unknown = parseYaml(readFileSync(join(dir, 'policy.yaml'), 'utf8'))
  expect(policySchema.safeParse(policy).error?.issues ?? []).toEqual([])
})

describe('knowledge', () => {
  test('every topic stands in every locale, with a title of its own and a question', () => {
    const topicsOf = (locale: Locale) =>
      knowledgeFiles.filter((page) => page.locale === locale).map(({ topic }) => topic)
    for (const locale of locales) {
      expect(topicsOf(locale)).toEqual(topicsOf('en'))
      expect(titlesOf(locale).size).toBe(topicsOf(locale).length)
    }
    expect(knowledgeFiles.filter(({ text }) => !/^## \S/mu.test(text)).map(({ file }) => file)).toEqual([])
    const headings = knowledgeFiles.flatMap(({ text }) => text.match(/^## /gmu) ?? [])
    expect(knowledge.entries).toBe(headings.length)
  })

  test.each(locales)('%s: the question of a page, asked as it stands, is answered by it', (locale) => {
    for (const { text, file } of knowledgeFiles.filter((page) => page.locale === locale))
      for (const [, question = ''] of text.matchAll(/^## (.+)$/gmu))
        expect([file, question, knowledge.answer(question, locale)?.source]).toEqual([file, question, titleOf(text)])
  })

  test.each(locales)('%s: nine of ten questions, as people type them, find their page or none', (locale) => {
    const titles = titlesOf(locale)
    const wrong = questions[locale].filter(([question, topic]) => {
      const source = knowledge.answer(question, locale)?.source
      return (source === undefined ? null : titles.get(source)) !== topic
    })
    const share = 1 - wrong.length / questions[locale].length
    expect(share, `wrong: ${wrong.map(([question]) => question).join(' · ')}`).toBeGreaterThanOrEqual(0.9)
  })

  test.each(['', '?', '。', 'asdf qwer', 'a'.repeat(100_000), '龘'.repeat(100_000), '\ud800', '😀😀'])(
    'nonsense is answered by nobody',
    (nonsense) => {
      expect(locales.map((locale) => knowledge.answer(nonsense, locale))).toEqual([null, null, null])
    },
  )

  test('a folder without pages answers nothing', async () => {
    const none = await loadKnowledge(join(dir, 'no-such-folder'), join(dir, 'cues'))
    expect([none.entries, none.answer('How do I return something?', 'en')]).toEqual([0, null])
  })
})

function titleOf(text: string): string {
  return /^title: (.+)$/mu.exec(text)?.[1] ?? ''
}

function titlesOf(locale: Locale): Map<string, string> {
  return new Map(
    knowledgeFiles.filter((page) => page.locale === locale).map(({ text, topic }) => [titleOf(text), topic]),
  )
}

/** The thirteen before the last eight were written after the search was settled; the others helped to settle it. */
const questions: Record<Locale, [string, string | null][]> = {
  en: [
    ['How long does shipping take?', 'delivery'],
    ['When will my parcel arrive?', 'delivery'],
    ['how much is postage to Belgium?', 'delivery'],
    ['Do you ship to Canada?', 'delivery'],
    ["What happens if I'm not home when the courier comes?", 'delivery'],
    ["Can I send something back if I don't like it?", 'returns'],
    ['How do I return a pair of shoes?', 'returns'],
    ['how many days do i have to return an item', 'returns'],
    ['Can I swap this for a bigger size?', 'returns'],
    ['Is returning things free?', 'returns'],
    ['When will I get my money back?', 'refunds'],
    ['How long do refunds take?', 'refunds'],
    ['Which card does the refund go to?', 'refunds'],
    ['I forgot my password, what now?', 'account'],
    ['How can I reset my password?', 'account'],
    ['How do I change my email?', 'account'],
    ['What are your opening hours?', 'hours'],
    ['Are you open on Sunday?', 'hours'],
    ['What time do you close today?', 'hours'],
    ['Can I talk to a real person?', 'hours'],
    ['What data do you have about me?', 'privacy'],
    ['Can you delete my personal data?', 'privacy'],
    ['Who can see this chat?', 'privacy'],
    ['How can I pay?', 'payment'],
    ['Do you accept credit cards?', 'payment'],
    ['Where can I find my invoice?', 'payment'],
    ['Where is my order?', 'tracking'],
    ['how do i track my package', 'tracking'],
    ['Can I still cancel my order?', 'change-order'],
    ['Can I change the address on my order?', 'change-order'],
    ['How do I file a complaint?', 'complain'],
    ['How fast do you reply?', 'standard'],
    ['Is the lid of the blue kettle dishwasher safe?', null],
    ['Do you sell gift baskets for dogs?', null],
    ['What is the capital of France?', null],
    ['My parcel is three weeks late and nobody answers, why do you treat people like this?', null],
    ['You charged me twice and your agent was rude, what kind of company is this?', null],
    ['The kettle leaks all over the kitchen, how can you sell such rubbish?', null],
    ['Are you hiring at the moment?', null],
    ['Can the machine make oat milk?', null],
    ['Who won the match last night?', null],
    ['What are the shipping costs?', 'delivery'],
    ['Do you deliver abroad?', 'delivery'],
    ['Could I exchange it for another colour?', 'returns'],
    ['What is your return policy?', 'returns'],
    ["Where's my refund?", 'refunds'],
    ["I can't log in, how do I get back in?", 'account'],
    ['When are you open?', 'hours'],
    ['How do I unsubscribe from your newsletter?', 'privacy'],
    ['Where do I enter a discount code?', 'payment'],
    ['Why was my order cancelled?', 'change-order'],
    ['What is the weather like?', null],
    ['Is this bag made of leather?', null],
    ['How tall is the lamp?', null],
    ['do you ship to Mars?', 'delivery'],
    ['cancel my account', 'account'],
    ['how do I cancel my subscription', null],
    ['Can I get a new lid?', null],
    ['How long do I have to send back a lamp', 'returns'],
    ['How do I return a lamp?', 'returns'],
    ['is there a discount for students', null],
    ['do you repair old lamps', null],
  ],
  'zh-TW': [
    ['請問多久會到貨？', 'delivery'],
    ['寄到金門要幾天？', 'delivery'],
    ['運費多少錢？', 'delivery'],
    ['可以改成超商取貨嗎？', 'delivery'],
    ['可以指定晚上送嗎？', 'delivery'],
    ['我想退貨要怎麼弄？', 'returns'],
    ['請問怎麼退貨', 'returns'],
    ['可以換大一號的尺寸嗎？', 'returns'],
    ['退貨運費要自己出嗎？', 'returns'],
    ['包裝拆開了還能退嗎？', 'returns'],
    ['退款什麼時候會進來？', 'refunds'],
    ['退費大概要幾天？', 'refunds'],
    ['錢會退到哪張卡？', 'refunds'],
    ['忘記密碼了怎麼辦', 'account'],
    ['密碼要怎麼重設？', 'account'],
    ['一直收不到驗證碼', 'account'],
    ['要怎麼換手機號碼？', 'account'],
    ['客服上班時間是幾點？', 'hours'],
    ['你們星期六有上班嗎？', 'hours'],
    ['現在有真人客服嗎？', 'complain'],
    ['你們有我哪些個人資料？', 'privacy'],
    ['可以幫我刪除個資嗎？', 'privacy'],
    ['我們的對話會被別人看到嗎？', 'privacy'],
    ['可以刷卡嗎？', 'payment'],
    ['有分期付款嗎？', 'payment'],
    ['我的包裹到哪了？', 'tracking'],
    ['物流單號查不到資料', 'tracking'],
    ['訂單可以取消嗎？', 'change-order'],
    ['地址寫錯了可以改嗎？', 'change-order'],
    ['要怎麼客訴？', 'complain'],
    ['客訴多久會回覆？', 'standard'],
    ['這個水壺的蓋子可以進洗碗機嗎？', null],
    ['你們有賣狗狗的禮盒嗎？', null],
    ['台灣最高的山是哪一座？', null],
    ['包裹晚了三個星期都沒人理，你們到底怎麼做事的？', null],
    ['客服態度這麼差，這是什麼公司？', null],
    ['水壺漏得整個廚房都是，這種東西也敢賣？', null],
    ['你們有在徵人嗎？', null],
    ['昨天的比賽誰贏了？', null],
    ['請問運費怎麼計算？', 'delivery'],
    ['可以寄到香港嗎？', 'delivery'],
    ['退貨的流程是什麼？', 'returns'],
    ['什麼時候會退錢？', 'refunds'],
    ['無法登入怎麼辦？', 'account'],
    ['請問營業時間？', 'hours'],
    ['國定假日有客服嗎？', 'hours'],
    ['可以貨到付款嗎？', 'payment'],
    ['發票統編打錯了怎麼改？', 'change-order'],
    ['你們會保存我的個資嗎？', 'privacy'],
    ['這個燈有多高？', null],
    ['今天天氣怎麼樣？', null],
    ['這包是真皮的嗎？', null],
    ['我想退貨', 'returns'],
    ['我要刪除帳號', 'account'],
    ['退貨期限多久', 'returns'],
    ['送到月球要多久', null],
    ['有沒有學生優惠', null],
    ['為什麼扣我手續費', null],
  ],
  'zh-CN': [
    ['请问多久能到货？', 'delivery'],
    ['寄到新疆要几天？', 'delivery'],
    ['运费多少钱？', 'delivery'],
    ['你们包邮吗', 'delivery'],
    ['能放快递柜吗？', 'delivery'],
    ['我想退货怎么操作？', 'returns'],
    ['请问怎么退货', 'returns'],
    ['可以换大一码吗？', 'returns'],
    ['退货邮费谁出？', 'returns'],
    ['包装拆开了还能退吗？', 'returns'],
    ['退款什么时候到账？', 'refunds'],
    ['退款大概要几天？', 'refunds'],
    ['钱会退到哪张卡？', 'refunds'],
    ['忘记密码了怎么办', 'account'],
    ['密码怎么重置？', 'account'],
    ['一直收不到验证码', 'account'],
    ['怎么换绑手机号？', 'account'],
    ['客服上班时间是几点？', 'hours'],
    ['你们周六上班吗？', 'hours'],
    ['现在有人工客服吗？', 'complain'],
    ['你们有我哪些个人信息？', 'privacy'],
    ['可以帮我删除个人信息吗？', 'privacy'],
    ['我们的聊天会被别人看到吗？', 'privacy'],
    ['能用微信支付吗？', 'payment'],
    ['可以分期付款吗？', 'payment'],
    ['我的快递到哪了？', 'tracking'],
    ['快递单号查不到信息', 'tracking'],
    ['订单可以取消吗？', 'change-order'],
    ['地址写错了能改吗？', 'change-order'],
    ['要怎么投诉？', 'complain'],
    ['投诉多久会回复？', 'standard'],
    ['这个水壶的盖子可以进洗碗机吗？', null],
    ['你们有卖狗狗的礼盒吗？', null],
    ['中国最高的山是哪一座？', null],
    ['包裹晚了三个星期都没人理，你们到底怎么做事的？', null],
    ['客服态度这么差，这是什么公司？', null],
    ['水壶漏得整个厨房都是，这种东西也敢卖？', null],
    ['你们在招人吗？', null],
    ['昨天的比赛谁赢了？', null],
    ['请问运费怎么计算？', 'delivery'],
    ['能寄到香港吗？', 'delivery'],
    ['退货流程是什么？', 'returns'],
    ['什么时候退钱？', 'refunds'],
    ['登录不上怎么办？', 'account'],
    ['请问服务时间？', 'hours'],
    ['国庆有人值班吗？', 'hours'],
    ['能用花呗吗？', 'payment'],
    ['发票抬头写错了怎么改？', 'change-order'],
    ['你们会泄露我的信息吗？', 'privacy'],
    ['这个灯有多高？', null],
    ['今天天气怎么样？', null],
    ['这包是真皮的吗？', null],
    ['我想退货', 'returns'],
    ['我要注销账号', 'account'],
    ['退货期限多久', 'returns'],
    ['送到月球要多久', null],
    ['你们周末上班吗', 'hours'],
    ['为什么扣我手续费', null],
  ],
}
