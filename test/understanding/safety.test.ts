import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reader } from './reader.ts'

test.each([
  ["I don't want to live any more", 'selfharm'],
  ['honestly i want to die', 'selfharm'],
  ['I lost everything and I am thinking of suicide', 'selfharm'],
  ['我不想活了', 'selfharm'],
  ['錢都沒了，我真的活不下去', 'selfharm'],
  ['I will find you and I know where you live', 'threat'],
  ['next time I will hurt your driver', 'threat'],
  ['信不信我砍死你', 'threat'],
  ['The kettle exploded and burned my hand', 'injury'],
  ['my daughter was hospitalised after eating your salad', 'injury'],
  ['充電器起火，我的手燙傷了', 'injury'],
  ['The soup from your place made us all really sick', 'injury'],
  ['I was sick after eating your chicken', 'injury'],
  ['吃完你们的套餐，一家人都在拉肚子', 'injury'],
  ['吃了你們的便當以後腸胃炎', 'injury'],
  ['用了你们的梯子，我爸摔到住院了', 'injury'],
  ['you will hear from my lawyer', 'legal'],
  ['我要告你們，存證信函已經寄出', 'legal'],
  ["I can see another customer's orders in my account", 'breach'],
  ['someone logged into my account and changed the address', 'breach'],
  ['我的個資外洩了', 'breach'],
  ['我的卡被盗刷了', 'breach'],
])('%s goes to the lane %s', (text, lane) => {
  const reading = reader.read(text)
  expect(reading.safety).toBe(lane)
  expect(reading.severity).toBe(3)
  expect(reader.safety(text)).toBe(lane)
})

test.each([
  'this bug is killing me',
  'I could kill for a coffee',
  "the car won't die",
  'my battery dies after an hour',
  'I am dying to try the new menu',
  'you guys are killing it',
  "I don't want to live in the flat any longer, how do I end my lease?",
  'the deadline is killing us',
  'shoot me an email when it is ready',
  'that joke made me die laughing',
  'I will bring my kids',
  '笑死',
  '想死你們家的牛肉麵了',
  '手機沒電死機了',
  '累死我了，終於弄好',
  '这个游戏好玩死了',
  'your attitude makes me sick',
  '住院的费用在哪里可以报销？',
  '住院分娩要准备哪些材料？',
  '小孩吃的拉肚子的药有货吗？',
])('%s is in no lane', (text) => {
  expect(reader.read(text).safety).toBeNull()
  expect(reader.safety(text)).toBeNull()
})

test('a plea at the end of a very long text is heard', () => {
  const long = `${'The parcel was late and nobody called. '.repeat(2000)}I want to kill myself. ${'Thank you. '.repeat(3000)}`
  expect(reader.read(long).safety).toBe('selfharm')
  expect(reader.safety(long)).toBe('selfharm')
})

test('the lane read at the door is the one that is read later', () => {
  const said = fc.constantFrom(
    'I want to die',
    ' not ',
    '我要告',
    "won't ",
    'sue you',
    '。',
    ' 冒煙 ',
    'my lawyer\n',
    '不',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(said, fc.string({ maxLength: 12 })), { maxLength: 12 }), (parts) => {
      const text = parts.join('')
      expect(reader.safety(text)).toBe(reader.read(text).safety)
    }),
  )
})

test.each([
  ['I want to talk to a human', true],
  ['轉真人', true],
  ['给我转人工', true],
  ['human', true],
  ['Human!', true],
  ['agent', true],
  ['a human', true],
  ['HUMAN PLEASE', true],
  ['hi, agent', true],
  ['真人', true],
  ['真人。', true],
  ['人工', true],
  ['人工人工人工', true],
  ['請轉真人謝謝', true],
  ['“真人”', true],
  ['「真人」', true],
  ['"human"', true],
  ['no need for a human', false],
  ['the travel agent booked it for me', false],
  ['這是真人版的電影', false],
  ['手工很細，人工成本高', false],
  ['不用转人工', false],
  ['the driver was a nice person', false],
])('%s: wants a person is %s', (text, wanted) => {
  expect(reader.read(text).wantsHuman).toBe(wanted)
})

test.each([
  ["I'm cancelling my account and going to your competitor", { leaving: true }],
  ['再也不會買你們的東西', { leaving: true }],
  ['I am leaving home at nine, will the courier come before?', { leaving: false }],
  ['I will post this on Twitter', { goingPublic: true, severity: 3 }],
  ['我要去消保會申訴', { goingPublic: true }],
  ['This is absolutely unacceptable, I am furious', { mood: 'angry' }],
  ['I am not angry, just curious how it works', { mood: 'calm' }],
  ["I'm desperate, please help me, I can't pay my rent", { mood: 'distressed' }],
  ['I need this right now', { urgency: 3 }],
  ['現在就要，很急', { urgency: 3 }],
])('%s', (text, expected) => {
  expect(reader.read(text)).toMatchObject(expected)
})
