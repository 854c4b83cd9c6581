/** The page's own reckoning of times: whose zone a pane tells, and back from what an agent picks on the desk's clock. */
import { expect, test } from 'vitest'

// The page's modules are plain JavaScript for the browser, outside what is type-checked here.
const time = await import(new URL('../../src/channels/web/playground/time.js', import.meta.url).href)

test.each([
  ['2026-11-24T23:30:00.123+00:00', 'Asia/Taipei', '07:30', 'Wed 25 Nov'],
  ['2026-11-24T23:30:00+08:00', 'America/New_York', '10:30', 'Tue 24 Nov'],
  ['2026-11-24T00:00:00Z', 'UTC', '00:00', 'Tue 24 Nov'],
])('%s in %s is %s on %s', (at, zone, clock, day) => {
  expect(time.clockOf(at, zone)).toBe(clock)
  expect(time.dayOf(at, zone).replace(',', '')).toBe(day)
})

test.each([
  ['2026-11-24T15:00', 'Asia/Taipei', '2026-11-24T15:00:00+08:00'],
  ['2026-11-24T15:00', 'UTC', '2026-11-24T15:00:00Z'],
  ['2026-07-01T09:15', 'America/New_York', '2026-07-01T09:15:00-04:00'],
  // The hours around the change of the clocks, on either side.
  ['2026-10-25T00:30', 'Europe/London', '2026-10-25T00:30:00+01:00'],
  ['2026-10-25T03:30', 'Europe/London', '2026-10-25T03:30:00Z'],
  ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T03:30:00+02:00'],
])('%s on a clock in %s is %s', (local, zone, at) => {
  expect(new Date(time.momentAt(local, zone)).toISOString()).toBe(new Date(at).toISOString())
})

test('the desk is told in its own zone once the server has named it; what is none changes nothing', () => {
  time.setDeskZone('Asia/Taipei')
  time.setDeskZone('Mars/Base')
  expect(time.deskZone()).toBe('Asia/Taipei')
})

test.each([
  ['Asia/Taipei', 'Taipei'],
  ['America/New_York', 'New York'],
  ['UTC', 'UTC'],
  ['+08:00', 'UTC+08:00'],
])('people call %s %s', (zone, name) => {
  expect(time.placeOf(zone)).toBe(name)
})
