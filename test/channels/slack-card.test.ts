/** A case's card in Slack says everything that whoever takes the case must know, in the desk's language. */
import { expect } from 'vitest'
import { render } from '../../src/channels/slack/render.ts'
import type { Locale } from '../../src/domain/customer.ts'
import { type Block, readable } from '../counterparts/slack/blocks.ts'
import { atDesk, prompts, start } from '../engine/room.ts'

const cards: Record<Locale, RegExp[]> = {
  en: [
    /Case 1 · complaint · serious/,
    /\*Customer\*: Ada, vip, English$/m,
    /\*What happened\*: Third time my parcel is late/,
    /\*What hangs on it\*: guests on Saturday$/m,
    /\*What they want\*: refund$/m,
    /\*Mood\*: angry$/m,
    /\*Where it stands\*: our move, with kim; /,
    /\*Promised\*: an answer, today by 11:00$/m,
  ],
  'zh-TW': [
    /案件 1 · 客訴 · 嚴重/,
    /\*顧客\*: Ada，vip，English$/m,
    /\*發生了什麼\*: Third time my parcel is late/,
    /\*牽涉到的事\*: guests on Saturday$/m,
    /\*希望怎麼處理\*: 退款$/m,
    /\*情緒\*: 生氣$/m,
    /\*目前進度\*: 輪到我們，由 kim 處理；/,
    /\*答應過的事\*: 回覆，今天 11:00 前$/m,
  ],
  'zh-CN': [
    /工单 1 · 投诉 · 严重/,
    /\*客户\*: Ada，vip，English$/m,
    /\*出了什么事\*: Third time my parcel is late/,
    /\*有什么影响\*: guests on Saturday$/m,
    /\*想要怎么办\*: 退款$/m,
    /\*情绪\*: 生气$/m,
    /\*办到哪一步\*: 该我们动，kim 在跟；/,
    /\*答应了什么\*: 给答复，今天11:00前$/m,
  ],
}

for (const [language, wanted] of Object.entries(cards) as [Locale, RegExp[]][])
  atDesk(
    `the card in ${language}`,
    async (room) => {
      const author = { id: 'discord:-:71', name: 'Ada' }
      const place = { channel: 'discord' as const, workspace: '-', room: 'dm-ada', thread: null }
      const text =
        'Third time my parcel is late, order 48213377. I am furious! I have guests on Saturday. I want my money back.'
      await room.stage.receive({
        type: 'said',
        id: 'm1',
        place,
        author,
        at: start,
        text,
        files: [],
        timezone: null,
        tier: 'vip',
      })
      await room.settle(true)
      await room.kim.does({ do: 'claim', case: 1 })
      const outgoing = room.cards()[0]?.outgoing
      if (!outgoing) throw new Error('there is no card')
      const [{ text: whole, blocks = [] }] = render(outgoing)
      const shown = readable(blocks as Block[])
      for (const line of wanted) {
        expect(shown).toMatch(line)
        expect(whole, 'and for who has it read aloud').toMatch(line)
      }
    },
    { desk: { ...prompts.policy.desk, language } },
  )
