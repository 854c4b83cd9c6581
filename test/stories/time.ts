/** The clock that a story sets: "11:30", "next day 10:00", "Monday 09:00", "2h". */
import { Temporal } from 'temporal-polyfill'
import { parseSpan } from '../../src/clock.ts'
import type { Scene } from './story.ts'

/** Where the desk of the stories is. */
export const zone = 'Asia/Taipei'

export interface StoryClock {
  /** Lets time pass until then; what falls due on the way happens in order. */
  to(when: string): Promise<void>
  after(span: string): Promise<void>
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

export function storyClock(scene: Scene): StoryClock {
  return {
    to: (when) => scene.until(timeOf(when, scene.stage.clock.now())),
    after: (span) => scene.until(scene.stage.clock.now() + spanOf(span)),
  }
}

function spanOf(span: string): number {
  const ms = parseSpan(span)
  if (ms === null) throw new Error(`“${span}” is no span of time: write 2h, 90m or 3d`)
  return ms
}

/** Epoch milliseconds of a time as stories write it. */
export function timeOf(when: string, now: number): number {
  if (/^\d{4}-/u.test(when)) return Date.parse(when)
  const [, day = '', time] = /^(?:(next day|\w+day) )?(\d\d:\d\d)$/iu.exec(when) ?? []
  if (time === undefined) throw new Error(`“${when}” is no time: write 11:30, next day 10:00 or Monday 09:00`)
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone)
  const date = today.add({ days: daysUntil(day.toLowerCase(), today.dayOfWeek) })
  const at = date.withPlainTime(time).epochMilliseconds
  if (at < now) throw new Error(`${when} has gone by`)
  return at
}

function daysUntil(day: string, today: number): number {
  if (day === '') return 0
  if (day === 'next day') return 1
  const wanted = weekdays.indexOf(day) + 1
  return ((wanted - today + 6) % 7) + 1
}
