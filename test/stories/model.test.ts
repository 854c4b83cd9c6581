/** With a model over it: what it adds, what it may not, and that nothing hangs on it. */
import { expect } from 'vitest'
import { scripted } from '../model/scripted.ts'
import { story } from './story.ts'

const warm = scripted({
  compose: ({ script, said }) => ({
    text: String(script)
      .replace('I’m', 'I am')
      .replace(/thank you for \w+/iu, (thanks) =>
        /guests/u.test(String(said)) ? `${thanks} with guests on the way` : thanks,
      ),
    action: 'send',
  }),
})

story(
  'a reply is made the customer’s own, and keeps its time and its number',
  async ({ ada }) => {
    await ada.says('My parcel is late and I have guests on Saturday.')
    const told = ada.hearsOne(/guests on the way|I am|sorry/i, /\d\d:\d\d/, /\b1\b/)
    expect(told.script).toMatch(/\+model$/)
    expect(warm.asked.map(({ task }) => task)).toContain('compose')
  },
  { model: warm },
)

const promises = [
  'We will refund you $500 today. ',
  'Your new one arrives tomorrow by 09:00. ',
  'We guarantee that this never happens again. ',
  'You will get a full refund. ',
]
for (const promise of promises) {
  const eager = scripted({ compose: ({ script }) => ({ text: `${promise}${String(script)}`, action: 'send' }) })
  story(
    `what nobody backs does not leave: ${promise}`,
    async ({ ada }) => {
      eager.asked.length = 0
      await ada.says('My parcel is late and I have guests on Saturday.')
      const told = ada.hearsOne(/parcel/i)
      expect(told.text).not.toContain(promise.trim())
      expect(told.script).not.toMatch(/\+model/)
      expect(eager.asked.filter(({ task }) => task === 'compose')).toHaveLength(2)
    },
    { model: eager },
  )
}

const mended = scripted({
  compose: ({ script, fault }) => ({
    text: fault ? `Oh no. ${String(script)}` : 'It was your own fault.',
    action: 'send',
  }),
})
story(
  'a text that fails the guard is written once more, with the reason',
  async ({ ada }) => {
    await ada.says('My parcel is late.')
    ada.hearsOne(/^(?:Hi|Hello|I)?.*Oh no\. /su)
    expect(JSON.stringify(mended.asked)).toContain('it leaves out')
  },
  { model: mended },
)

const reader = scripted({
  read: ({ text }) => ({
    acts: [{ kind: 'complaint', quote: String(text).slice(0, 30) }],
    mood: 'angry',
    severity: 2,
    urgency: 1,
    wantsHuman: false,
    leaving: false,
    goingPublic: false,
    safety: null,
    facts: { thing: 'sofa', failure: 'late', since: null, stake: null, order: null, amount: null, wish: null },
  }),
})
story(
  'what the local reader is unsure of, the model reads; its facts are the customer’s words or none',
  async ({ ada, desk }) => {
    await ada.says(
      'Well well. Six weeks now, and where one would sit there is a lamp. Is that the service? Nice lamp though.',
    )
    ada.hears(/\d\d:\d\d/)
    expect(reader.asked.map(({ task }) => task)).toContain('read')
    const kase = await desk.reads(1)
    expect(kase).toMatchObject({ kind: 'complaint', mood: 'angry', severity: 2 })
    expect(kase.facts.thing).not.toBe('sofa')
  },
  { model: reader },
)

const librarian = scripted({
  answer: ({ pages }) => {
    const [page] = Array.isArray(pages) ? pages : []
    return { answers: [{ known: true, text: page.text, pages: [page.name] }] }
  },
})
story(
  'a question that our own search does not meet is answered from the pages, by their name',
  async ({ ada }) => {
    await ada.says('Is there a chance to reach somebody around eight at night?')
    ada.hears(/[“「].+[”」]/u)
    expect(librarian.asked.map(({ task }) => task)).toContain('answer')
  },
  { model: librarian },
)

const interpreter = scripted({
  translate: ({ text, into }) =>
    into === 'en'
      ? { text: `In English: ${String(text).replace(/\p{Script=Han}+/gu, 'words')}` }
      : { text: '明天以前會有消息嗎？我們正在查。' },
})
story(
  'customer and agent share no language: each reads their own, with the original beside it',
  async ({ customer, desk }) => {
    const mei = customer('美玲')
    await mei.says('我的包裹又遲到了，真的很失望！')
    mei.hears(/\d\d:\d\d/u)
    await desk.claims()
    mei.hears(/kim/iu)
    await mei.says('是藍色的盒子。')
    desk.sees(/是藍色的盒子/u, /In English: words/u)
    await desk.says('We are looking for it.')
    mei.hears(/我們正在查/u, /We are looking for it\./u)
  },
  { model: interpreter },
)

const curious = scripted({ compose: ({ script }) => ({ text: String(script), action: 'keep' }) })
story(
  'who wants no model is read and answered without one, until they want it again',
  async ({ ada }) => {
    await ada.says('Please don’t use AI on my messages.')
    ada.hears(/no AI service/)
    const before = curious.asked.length
    await ada.says('My parcel is late, order 48213377, and I have had it with this whole mess of a shop. Where is it?')
    ada.hears(/\d\d:\d\d/)
    expect(curious.asked).toHaveLength(before)
    await ada.says('You may use AI again.')
    ada.hears(/AI service may/)
    await ada.says('It is still late.')
    expect(curious.asked.length).toBeGreaterThan(before)
  },
  { model: curious },
)

const adviser = scripted({
  summarise: () => ({ summary: 'Her parcel is late; a person answers by the promised time.' }),
  advise: ({ remedies }) => ({
    reply: 'I am sorry that your parcel is late. I am looking for it now.',
    remedy: { name: Array.isArray(remedies) ? remedies[0].name : '', amount: 20, why: 'it is late' },
  }),
})
story(
  'an agent is helped: a summary, a reply, a remedy within policy; nothing acts by itself',
  async ({ ada, desk, help }) => {
    await ada.says('My parcel is late.')
    await desk.claims()
    ada.hears(/kim/i)
    expect(await help(1)).toEqual({
      summary: 'Her parcel is late; a person answers by the promised time.',
      reply: 'I am sorry that your parcel is late. I am looking for it now.',
      remedy: { name: 'refund', amount: 20, why: 'it is late' },
    })
    ada.hearsNothing()
  },
  { model: adviser },
)

const reckless = scripted({
  summarise: () => ({ summary: 'She has waited 77 days.' }),
  advise: () => ({ reply: 'We refund you $900.', remedy: { name: 'refund', amount: 900, why: 'why not' } }),
})
story(
  'help that goes beyond the record or policy is none',
  async ({ ada, help }) => {
    await ada.says('My parcel is late.')
    expect(await help(1)).toEqual({ summary: null, reply: null, remedy: null })
    expect(await help(7)).toBeNull()
  },
  { model: reckless },
)
