/** Counters for Prometheus: what happened, and how long the bot took. */
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { HappenedLine } from './engine/happened.ts'

export interface Metrics {
  happened(lines: readonly HappenedLine[]): void
  received(): void
  turned(ms: number): void
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
  const received = new Counter({ name: 'amends_received_total', help: 'Events stored', registers })
  const turns = new Histogram({
    name: 'amends_turn_seconds',
    help: 'One look at a conversation: read, decide, commit, deliver',
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  })
  return {
    happened(happened) {
      for (const { type } of happened) lines.inc({ type })
    },
    received: () => received.inc(),
    turned: (ms) => turns.observe(ms / 1000),
    text: () => registry.metrics(),
  }
}
