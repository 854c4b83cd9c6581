/** The log: one JSON line each on standard error, so that standard output stays what a command promises. */
import pino from 'pino'
import type { Log } from './engine/parts.ts'

export function createLog(level: string): Log {
  return pino({ level, base: null }, pino.destination({ dest: 2, sync: true }))
}
