import { expect, test } from 'vitest'
import { reader } from './reader.ts'

test.each([
  ['yes', 'solved', 'solved'],
  ['Yep, all good now, thanks!', 'solved', 'solved'],
  ['no', 'solved', 'not_solved'],
  ["yes, but it's still broken", 'solved', 'not_solved'],
  ['Not really. The same error comes back every time.', 'solved', 'not_solved'],
  ['還是不行', 'solved', 'not_solved'],
  ['解決了，謝謝', 'solved', 'solved'],
  ['You people are wonderful, thank you so much!', 'solved', 'solved'],
  ['It came in one piece and looks lovely. You could add a return label to the box.', 'solved', 'solved'],
  ['yes please', 'offer', 'accept'],
  ['ok', 'offer', 'accept'],
  ['no thanks', 'offer', 'refuse'],
  ['好', 'offer', 'accept'],
  ['好的，就這樣吧', 'offer', 'accept'],
  ['不行', 'offer', 'refuse'],
  ["that's not enough", 'offer', 'refuse'],
  ['yes', 'anything', 'yes'],
  ['不是', 'anything', 'no'],
  ['好的', null, 'yes'],
  ['ok thanks', null, 'thanks'],
  ['謝謝', null, 'thanks'],
  ['thank you so much for your help 🙏', null, 'thanks'],
  ['hi there', null, 'greeting'],
  ['在嗎？', null, 'greeting'],
  ['沒事了', null, 'nevermind'],
  ['算了', null, 'nevermind'],
  ['never mind', null, 'nevermind'],
  ['where does my case stand?', null, 'status'],
  ['案件進度', null, 'status'],
  ['I want to withdraw my complaint', null, 'withdraw'],
  ['撤回投訴', null, 'withdraw'],
  ['stop messaging me', null, 'stop'],
  ['不要再傳了', null, 'stop'],
  ['My parcel is late', null, null],
  ['yes, where is my refund?', null, null],
  ['The app will not stop crashing', null, null],
  ['好吃', null, null],
  ['Nothing about it is good.', null, null],
  ['solved, thanks. Do you open on Sunday?', null, 'solved'],
  ['解決了，謝謝。請問週日有開嗎？', null, 'solved'],
  ['Solved? Not at all. Why is it broken again?', null, null],
  ['It is solved for others. Why is mine still broken?', null, null],
  ['And again nothing.', null, 'not_solved'],
  ['好喔，都我的問題就對了', null, null],
])('%s after %s is %s', (text, asked, answer) => {
  expect(reader.read(text, asked).answer).toBe(answer)
})

test.each(['ok thanks', '謝謝', '好的', 'hello', '哈囉', '沒事了', 'bye, have a nice day'])(
  '%s is chit-chat',
  (text) => {
    expect(reader.read(text).kind).toBe('other')
  },
)

test('the question "complaint or question?" is answered by the word itself', () => {
  expect(reader.read('a complaint', 'kind').kind).toBe('complaint')
  expect(reader.read('只是問問', 'kind').kind).toBe('inquiry')
})
