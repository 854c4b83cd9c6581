/** Each customer hears their own language, in its own script; and never the same words twice (P8, P22). */
import { expect } from 'vitest'
import { story } from './story.ts'

story('一位說繁體中文的客人', async ({ customer, desk, clock }) => {
  const mei = customer('美玲', { timezone: 'Asia/Taipei' })
  await mei.says('我的包裹又遲到了，已經是第三次了，真的很失望！')
  mei.hearsOne(/抱歉|對不起|不好意思|道歉|過意不去|歉/, /包裹/, /12:00/)
  desk.sees(/^card 1: complaint open/)
  await desk.says('包裹已找到，今天送達。')
  mei.hears(/今天送達/)
  await desk.resolves({ cause: 'courier', remedy: '重新寄送' })
  mei.hears(/重新寄送/)
  await clock.after('25h')
  mei.hearsOne(/嗎|？/)
  await mei.presses('not_solved')
  mei.hearsOne(/抱歉|對不起|不好意思|道歉|過意不去|歉/)
  await desk.says('司機一小時內到。')
  await desk.resolves({ cause: 'courier' })
  await clock.after('25h')
  mei.hears()
  await mei.presses('solved')
  mei.hearsOne()
  await mei.presses('as')
  mei.hearsOne()
  await mei.presses('rate:4')
  mei.hearsOne(/謝/)
})

story('一位说简体中文的客人', async ({ customer, desk, clock }) => {
  const wei = customer('小伟', { timezone: 'Asia/Shanghai' })
  await wei.says('你们重复扣了我两次钱，客服一直没人回复，太过分了！')
  wei.hearsOne(/抱歉|对不起|不好意思|道歉|过意不去|歉/, /\d\d:\d\d/)
  desk.sees(/^card 1: complaint open/)
  await clock.to('14:00')
  wei.hears(/抱歉|对不起|不好意思|道歉|过意不去|歉/)
  await desk.offers('退款', '40')
  wei.hears(/退款/)
  await wei.presses('decline')
  wei.hears()
  await desk.offers('退款', '50')
  wei.hears(/50/)
  await wei.says('可以，我接受，谢谢你们')
  wei.hears()
  expect((await desk.reads()).step).toBe('act')
  await desk.resolves({ remedy: '退款' })
  wei.hears()
  await clock.after('25h')
  wei.hears()
  await wei.presses('solved')
  wei.hears()
})

story('問題、建議與感謝', async ({ customer, desk }) => {
  const mei = customer('美玲')
  await mei.says('請問營業時間是幾點到幾點？')
  mei.hearsOne(/09:00|9|營業/)
  await mei.says('建議你們可以提供晚上送貨的服務。')
  mei.hearsOne(/s1/)
  await mei.says('你們的客服人員態度非常好，謝謝！')
  mei.hears()
  await mei.says('藍色檯燈可以用十二伏特的電池嗎？')
  mei.hearsOne(/藍色檯燈/)
  expect(await desk.counts()).toBe(1)
})

story('问题、建议与感谢', async ({ customer, desk }) => {
  const wei = customer('小伟')
  await wei.says('请问营业时间是几点到几点？')
  wei.hearsOne(/09:00|9|营业/)
  await wei.says('建议你们可以提供晚上送货的服务。')
  wei.hearsOne(/s1/)
  await wei.says('你们的客服人员态度非常好，谢谢！')
  wei.hears()
  await wei.says('蓝色台灯可以用十二伏的电池吗？')
  wei.hearsOne(/蓝色台灯/)
  expect(await desk.counts()).toBe(1)
})

story('who changes language is answered in the new one', async ({ customer }) => {
  const mei = customer('mei')
  await mei.says('What are your opening hours?')
  mei.hearsOne(/hours/i)
  await mei.says('請問可以退貨嗎？')
  mei.hearsOne(/退/)
})

story('a language that we do not write brings a person', async ({ ada, desk }) => {
  await ada.says('Mein Paket ist schon wieder nicht angekommen und niemand antwortet mir. Das ist eine Frechheit.')
  ada.hears()
  expect(await desk.counts()).toBe(1)
})

for (const text of ['My parcel is late again, this is so annoying.', '我的包裹又遲到了。', '我的包裹又迟到了。'])
  story(`apologies are never in the same words: ${text}`, async ({ ada, desk, clock }) => {
    await ada.says(text)
    ada.hears()
    for (let again = 0; again < 4; again += 1) {
      await clock.after('40m')
      await ada.says(text)
      ada.hears()
    }
    await desk.says('ok')
    await desk.resolves()
  })

// “可以” holds no character that tells the scripts apart, and is read as zh-TW.
story('a word that both scripts share changes nobody\u2019s language', async ({ customer }) => {
  const wei = customer('小伟')
  await wei.says('我的包裹迟到了，你们什么时候送？')
  wei.hears()
  await wei.says('可以')
  await wei.says('我的包裹')
  wei.hears()
})

story('两岸都这么写的字，按客人的时区用简体回答', async ({ customer }) => {
  const lin = customer('小林', { timezone: 'Asia/Shanghai' })
  await lin.says('你好')
  lin.hearsOne(/[们吗这说请您]/)
  await lin.says('算了吧，不用了')
  lin.hears(/[们吗这说请还]/)
})
