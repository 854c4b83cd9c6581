import { expect, test } from 'vitest'
import { locales } from '../../src/domain/customer.ts'
import { judge, openGuard, scoreOf } from './guard.ts'

const judged = await judge(await openGuard())

test.each(locales)('%s: what must not leave is stopped, and little else', (locale) => {
  const { precision, recall, stop, pass } = scoreOf(judged.filter((one) => one.locale === locale))
  expect(stop).toBeGreaterThanOrEqual(300)
  expect(pass).toBeGreaterThanOrEqual(300)
  expect(precision).toBeGreaterThan(0.97)
  expect(recall).toBeGreaterThan(0.95)
})

test.each(locales)('%s: also of lines that nobody looked at while the cues were worked on', (locale) => {
  const { precision, recall } = scoreOf(judged.filter((one) => one.locale === locale && one.heldOut))
  expect(precision).toBeGreaterThan(0.96)
  expect(recall).toBeGreaterThan(0.9)
})
