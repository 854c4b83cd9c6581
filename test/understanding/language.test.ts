import { expect, test } from 'vitest'
import { languageOf } from '../../src/understanding/language.ts'

test.each([
  ['Where is my parcel?', 'en'],
  ['ok', 'en'],
  ['asdfgh', 'en'],
  ['我的包裹還沒到', 'zh-TW'],
  ['我的包裹还没到', 'zh-CN'],
  ['你好', 'zh-TW'],
  ['外卖又冷了', 'zh-CN'],
  ['捷運站在哪', 'zh-TW'],
  ['我嘅單幾時到呀', 'zh-TW'],
  ['我的 order 還沒到，tracking number 是 A1029', 'zh-TW'],
  ['I ordered 小籠包 yesterday and the box was empty', 'en'],
  ['荷物がまだ届きません', 'ja'],
  ['주문한 상품이 아직 안 왔어요', 'ko'],
  ['Где мой заказ?', 'ru'],
  ['Де моє замовлення? Я її чекаю', 'uk'],
  ['أين طلبي؟', 'ar'],
  ['พัสดุยังไม่มา', 'th'],
  ['¿Dónde está mi pedido?', 'es'],
  ["Où est ma commande ? Je n'ai rien reçu", 'fr'],
  ['Wo ist meine Bestellung?', 'de'],
  ['Obrigado', 'pt'],
  ['Đơn hàng của tôi đâu rồi', 'vi'],
  ['😀😀😀', 'und'],
  ['?!...', 'und'],
  ['', 'und'],
  ['https://example.com/订单', 'und'],
])('%s is %s', (text, language) => {
  expect(languageOf(text).language).toBe(language)
})
