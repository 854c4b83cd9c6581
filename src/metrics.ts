/** Counters for Prometheus: what happened, and how the process is. */
import { Counter, collectDefaultMetrics, Registry } from 'prom-client'
import type { HappenedLine } from './engine/happened.ts'

export interface Metrics {
  happened(lines: readonly HappenedLine[]): void
  text(): Promise<string>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const lines = new Counter({
    name: 'amends_happened_total',
    help: 'What happened, by type',
    labelNames: ['type'],
    registers,
  })
  return {
    happened(happened) {
      for (const { type } of happened) lines.inc({ type })
    },
    text: () => registry.metrics(),
  }
}
