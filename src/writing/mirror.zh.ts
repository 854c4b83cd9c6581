/** Chinese said back: 我 becomes 您, 你們 becomes 我們; a clause or two, never in the other script, never in dialect. */
import type { Locale } from '../domain/customer.ts'
import { isIn } from './characters.ts'

const [charactersAtLeast, charactersAtMost] = [4, 30]

export function mirrorChinese(
  passage: string,
  locale: Exclude<Locale, 'en'>,
  unsaid: (text: string) => boolean,
): string | null {
  const told = standard(passage)
    .split(/[，,、；;]+|[：:](?!\d)|(?<=\p{Script=Han})\s+(?=\p{Script=Han})/u)
    .filter((clause) => !aside.test(clause.trim()) && !orders(clause))
    .map(bare)
    .filter((clause) => clause.length > 1 && !aside.test(clause) && !unsaid(clause))
  // "Awfully slow, and spilt": what has lost its subject stands first only where it names one.
  while (told[0] !== undefined && degreeFirst.test(told[0]) && !own.test(told[0])) told.shift()
  const whole = told.join('，')
  if (whole.length < charactersAtLeast || whole.length > charactersAtMost) return null
  if (!/^[\p{Script=Han}\dA-Za-z，%.:/ -]+$/u.test(whole) || dialect.test(whole) || !isIn(whole, locale)) return null
  if ((whole.match(/[A-Za-z]/gu)?.length ?? 0) * 2 > whole.length) return null
  if (!tells.test(whole)) return null
  return turn(own.test(whole) ? `我${whole}` : whole, locale)
}

/** What we are told to do is no event: "give me back the second one" said back would promise it (P16). */
function orders(clause: string): boolean {
  return (
    /^(?:還有|还有|另外|請|请)?(?:叫|[找派][個个]?人|讓|让|給我|给我|快(?![遞递餐])|趕快|赶快|馬上|马上|立刻)/u.test(
      clause.trim(),
    ) ||
    (/[退補补換换賠赔還还寄發发送改修](?:回|給|给|還|还){1,2}我|[退還还賠赔補补]我/u.test(clause) &&
      !/[沒没不未]/u.test(clause))
  )
}

/** Cantonese as it is written in standard Chinese; what these few words do not cover stays dialect, and is not said back. */
const standards: readonly (readonly [RegExp, string])[] = [
  [/搵極都/gu, '怎樣都'],
  [/唔見咗/gu, '不見了'],
  [/[冇無]人/gu, '沒有人'],
  [/冇/gu, '沒有'],
  [/仲未/gu, '還沒'],
  [/唔/gu, '不'],
  [/咗/gu, '了'],
  [/嘅/gu, '的'],
  [/([你我佢])哋/gu, '$1們'],
  [/佢/gu, '他'],
  [/喺/gu, '在'],
  [/[畀俾]/gu, '給'],
  [/搵/gu, '找'],
  [/嚟/gu, '來'],
  [/乜嘢/gu, '什麼'],
  [/嘢/gu, '東西'],
  [/睇/gu, '看'],
  [/攞/gu, '拿'],
  [/[尋琴]日/gu, '昨天'],
  [/今日/gu, '今天'],
  [/([一二三四五六七八九十兩幾\d])日/gu, '$1天'],
  [/([我你您])[部間隻架張件對](?=\p{Script=Han}{2})/gu, '$1的'],
  [/(^|[，,。])[部間隻架張件對](?=\p{Script=Han}{2})/gu, '$1'],
]

function standard(passage: string): string {
  if (!dialect.test(passage)) return passage
  return standards.reduce((text, [said, written]) => text.replace(said, written), passage)
}

const leading =
  /^(?:(?:而且|然後|然后|(?:結果|结果)(?=.{4})|但是?|可是|不過|不过|就是|還有|还有|另外|真的|居然|竟然|竟|反正|所以|因為|因为|請問|请问|你好|您好|我說|我说|唉|哎|喂|哇|拜託|拜托|說真的|说真的|老實說|老实说|沒什麼大不了|没什么大事|只是|其實|其实|(?:大哥|大姐|老闆|老板|店家|親愛的|亲爱的|親|亲|客服|各位)(?=[，, ]))[，, ]*)+/u
const trailing = /(?:[啊呀吧呢哦喔耶欸哎啦嘛囉咯噢唉誒诶]|了啦|好嗎|好吗|嗎|吗|哈+|呵+)+$/u

function bare(clause: string): string {
  return clause
    .trim()
    .replace(leading, '')
    .replace(trailing, '')
    .replace(/(?:拜託|拜托|謝謝|谢谢)$/u, '')
}

// Questions, wishes, orders, feelings, sarcasm: they tell of no event. What begins with a degree has lost its subject.
const aside =
  /[?？]|嗎|吗|什[麼么](?!都|也)|怎麼|怎么|為何|为何|為什麼|为什么|到底|難道|难道|哪(?!怕)|何時|何时|幾時|幾耐|點解|邊[度個]|找[誰谁]|[請请](?!了|假)|麻煩|麻烦|幫我|帮我|希望|建議|建议|應該|应该|如果|要是|假如|最好|能不能|可不可以|可以|想要|我想|我要|要求|必須|必须|再也不|以後|以后|下次|不會再|不会再|絕不|绝不|感覺|感觉|覺得|觉得|好像|似乎|可能|估計|估计|應當|算了|呵呵|哈哈|佩服|真棒|不容易|好意思|你看|看看|讓人|让人|無語|无语|失望|生氣|生气|氣死|气死|醉了|服了|謝謝|谢谢|喜歡|喜欢|不錯|不错|好吃|還行|还行|還好|还好|一般般|個人|个人|大家|各位|千萬|千万|別買|别买|別來|别来|差評|差评|好評|好评|五星|一星|難怪|难怪|懂的|伤不起|傷不起|早知道|估计|倒霉|運氣|运气|好不$|好不好|真好|真棒|好棒|真行|真[厲厉]害|而已$|[滿满]意$|受[夠够]|^(?:全部|全都|都)?取消$|^(?:退|換|换|修|賠|赔)(?:錢|钱|款|貨|货|費|费)?$|^(?:現在|现在|立刻|馬上|马上|快點|快点)$|新[紀纪记][錄录]|[說说]一[聲声]|不要再|[別别]再|道歉|就好$|就行$|就可以$|就不[會会]|[說说問问稱称]$|^(?:我|[這这][裡里邊边])是.{1,12}$|^(?:你好|您好)|行不|尼瑪|絕無|绝无|不要了|黑暗料理|拉黑|修一下|改一下|查一下|處理一下|处理一下|解決一下|解决一下|修正|卸載|卸载/u
const degreeFirst =
  /^(?:太|好|很|超|真|非常|特別|特别|巨|極其|极其|實在|实在|簡直|简直|有點|有点|有些|最|更(?![新改換换])|比|越|越來越|越来越|這麼|这么|那麼|那么|不(?!是)|也|還(?!沒)|还(?!没)|就|才|再|而|且|把|却|卻)/u

// A dish, a day, a name alone tell of nothing.
const tells =
  /[了沒没不是有過过被把都就還还只到在才又比太很硬軟软爛烂臭髒脏冷涼凉慢晚少多錯错壞坏破碎裂斷断漏漲涨掉等催扣掛挂兇凶差難难貴贵催來来退濕湿笑罵骂吼丟丢扔摔踢推拿放寄送發发收換换改開开關关弄搞說说講讲寫写]/u

const dialect = /[嘅咗冇唔佢喺啲咁嚟乜哋嘢睇俾畀攞揾搵啱噉𠵱]/u

// Who waits, calls and pays without saying who is the customer.
const own =
  /^(?:等了|等到|又?被(?:登出|踢|掛|挂|兇|凶|罵|骂|吼|扣|多收|放鴿子|放鸽子)|第[一二三四五六七八九十\d]{1,2}次(?:寫|写|來|来|找|打|反映|反應|聯|联|投訴|投诉|催|問|问|說|说)|打了|(?:打電話|打电话)(?!過來|过来|來|来)|下單|下单|訂了|订了|買了|买了|付了|花了|收到|聯絡|联系|聯繫|寫信|写信|催了|投訴了|投诉了|客訴了|問了|问了|退貨|退货|申請退|申请退|報修|报修|點了|点了|充了|排了|登不|登入不|登录不|打不開|打不开|連不上|连不上|一直等|收不到)/u

const kin: Record<string, string> = {
  ...{ 媽: '母親', 妈: '母亲', 爸: '父親', 老婆: '太太', 老公: '先生' },
}

function turn(whole: string, locale: Locale): string | null {
  const we = locale === 'zh-TW' ? '我們' : '我们'
  // Who speaks of 你 in one breath with 你們 means the same people.
  const turned = whole
    .replace(
      /我們|我们|咱們|咱们|俺們|俺们|我|俺|咱|本人|你們|你们|妳們|您們|您们|你|妳|您|貴公司|贵公司|貴司|贵司/gu,
      (who) => (/[我咱俺]|本人/u.test(who) ? '您' : we),
    )
    .replace(
      /您(的)?(媽|妈|爸)(?:媽|妈|爸)?/gu,
      (_, of: string | undefined, who: string) => `您${of ?? ''}${parent(who, locale)}`,
    )
    .replace(/您(的)?(老婆|老公)/gu, (_, of: string | undefined, who: string) => `您${of ?? ''}${kin[who] ?? who}`)
  // 您您, 我們我們: two people were meant to be told apart.
  return /您您|我們我們|我们我们|您自己您/u.test(turned) ? null : turned
}

function parent(who: string, locale: Locale): string {
  if (locale === 'zh-TW') return who === '爸' ? '父親' : '母親'
  return who === '爸' ? '父亲' : '母亲'
}
