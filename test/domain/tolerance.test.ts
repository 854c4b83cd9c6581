import { expect, test } from 'vitest'
import { type Strain, thinTolerance, tolerance } from '../../src/domain/tolerance.ts'

const easy: Strain = { severity: 0, mood: 'calm', urgency: 0, failuresBefore: 0, hoursWaited: 0, keyCustomer: false }

test.each<[string, Partial<Strain>, number]>([
  ['nothing is wrong', {}, 1],
  ['a nuisance', { severity: 1 }, 0.85],
  ['real harm', { severity: 2 }, 0.7],
  ['grave', { severity: 3 }, 0.45],
  ['annoyed', { mood: 'annoyed' }, 0.9],
  ['angry', { mood: 'angry' }, 0.75],
  ['today', { urgency: 2 }, 0.9],
  ['one failure before', { failuresBefore: 1 }, 0.85],
  ['waited five hours', { hoursWaited: 5 }, 0.8],
  ['pays for more', { keyCustomer: true }, 0.9],
  ['all together, never below none', { severity: 3, mood: 'angry', failuresBefore: 4 }, 0],
])('tolerance when %s', (_, strain, left) => {
  expect(tolerance({ ...easy, ...strain })).toBe(left)
})

test('a grave matter of an angry customer leaves little enough that a lead is called', () => {
  expect(tolerance({ ...easy, severity: 3, mood: 'angry' })).toBeLessThan(thinTolerance)
  expect(tolerance({ ...easy, severity: 1, mood: 'angry' })).toBeGreaterThan(thinTolerance)
})

test('more of anything never widens it (P17)', () => {
  const strains: Partial<Strain>[] = [{ severity: 1 }, { mood: 'distressed' }, { urgency: 3 }, { hoursWaited: 1 }]
  for (const strain of strains) {
    const base: Strain = { ...easy, failuresBefore: 1 }
    expect(tolerance({ ...base, ...strain })).toBeLessThan(tolerance(base))
  }
})
