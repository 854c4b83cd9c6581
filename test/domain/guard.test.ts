import { expect, test } from 'vitest'
import { createGuard, type Fault, type Rule, withoutSentence } from '../../src/domain/guard.ts'
import { maskSecrets, passesLuhn } from '../../src/domain/secrets.ts'

const rules: Rule[] = [
  { fault: 'blame', pattern: /your (?:own )?fault/u },
  { fault: 'blame', pattern: /是您自己/u },
  { fault: 'argument', pattern: /as i already (?:said|told you)/u },
  { fault: 'minimise', pattern: /it's (?:only|just) a/u },
  { fault: 'empty', pattern: /valued customer/u },
  { fault: 'admission', pattern: /we are liable/u },
]
const guard = createGuard(rules)

test.each<[string, Fault, string]>([
  ['It was your fault.', 'blame', 'your fault'],
  ['YOUR OWN FAULT', 'blame', 'your own fault'],
  ['這是您自己弄壞的', 'blame', '是您自己'],
  ['As I already told you, no.', 'argument', 'as i already told you'],
  ['Well, it’s only a day.', 'minimise', "it's only a"],
  ['Dear valued customer', 'empty', 'valued customer'],
  ['Yes, we are liable for that.', 'admission', 'we are liable'],
  ["We'll refund you $20 today.", 'promise', '$20'],
  ['You get a voucher of 15 euros.', 'promise', '15 euros'],
  ['我們會退您 300 元', 'promise', '300 元'],
  ['会补偿您 50 元', 'promise', '50 元'],
  ['Your card 4111 1111 1111 1111 was refused.', 'secret', 'a card number'],
  ['Use xoxb-123456789012-abc', 'secret', 'a token'],
])('stopped: %s', (text, fault, found) => {
  expect(guard.check(text, { amounts: [] })).toEqual({ fault, found })
})

test.each([
  'I am sorry that your parcel is late.',
  'The jacket costs $20 more in blue.',
  'Nobody is at fault here.',
  'Order 1234567890123 left today.',
  'We looked at the refund. The price was $20.',
  '',
])('may leave: %s', (text) => {
  expect(guard.check(text, { amounts: [] })).toBeNull()
})

test.each([
  ['20', 'We refund you $20.', true],
  ['$20.00', 'We refund you 20 dollars.', true],
  ['1,200', 'We refund you NT$1200.', true],
  ['20', 'We refund you $200.', false],
  ['200', 'We refund you $20.', false],
])('an amount of %s backs “%s”: %s', (amount, text, backed) => {
  expect(guard.check(text, { amounts: [amount] }) === null).toBe(backed)
})

test.each([
  ['4111111111111111', true],
  ['5500005555555559', true],
  ['378282246310005', true],
  ['4111111111111112', false],
  ['1234567890123456', false],
])('Luhn, %s: %s', (digits, passes) => {
  expect(passesLuhn(digits)).toBe(passes)
})

test.each([
  ['my card is 4111 1111 1111 1111, help', 'my card is •••• 1111, help'],
  ['4111-1111-1111-1111', '•••• 1111'],
  ['order 1234567890123456', 'order 1234567890123456'],
  ['key sk-abcdefghijklmnopqrstuvwx here', 'key •••• here'],
  ['卡號4111111111111111。', '卡號•••• 1111。'],
  ['two: 4111111111111111 and xoxb-123456789012-abc', 'two: •••• 1111 and ••••'],
  ['AKIAIOSFODNN7EXAMPLE and again AKIAIOSFODNN7EXAMPLE', '•••• and again ••••'],
  ['my password is hunter2, and it fails', 'my password is ••••, and it fails'],
  ['Password: p@ssWord!', 'Password: ••••!'],
  ['the pin code for the door is 8812.', 'the pin code for the door is ••••.'],
  ['my password is "sunshine"', 'my password is "••••"'],
  ['API key AB12cd34EF56', 'API key ••••'],
  ['verification code: 483920', 'verification code: ••••'],
  ['我的密碼是 abc123，還是登不進去', '我的密碼是 ••••，還是登不進去'],
  ['密码是abc123', '密码是••••'],
  ['验证码 482913 收不到', '验证码 •••• 收不到'],
  ['my password is not accepted', 'my password is not accepted'],
  ['my password is wrong since Tuesday', 'my password is wrong since Tuesday'],
  ['password reset does not work', 'password reset does not work'],
  ['密碼是錯的', '密碼是錯的'],
  ['密码是我生日，可以改吗', '密码是我生日，可以改吗'],
  ['I never got a verification code', 'I never got a verification code'],
  ['order 48213377, pin it please', 'order 48213377, pin it please'],
])('what is kept of “%s”', (text, kept) => {
  expect(maskSecrets(text)).toBe(kept)
})

test.each([
  ['I am sorry. It was your fault. A new one leaves today.', 'your fault', 'I am sorry. A new one leaves today.'],
  ['很抱歉。這是您自己弄壞的。今天寄新的。', '是您自己', '很抱歉。今天寄新的。'],
  ['It’s only a day. We look into it.', "it's only a", 'We look into it.'],
  ['It was your fault', 'your fault', null],
  ['It was your fault. 1.', 'your fault', null],
])('without the sentence: %s', (text, found, rest) => {
  expect(withoutSentence(text, found)).toBe(rest)
})
