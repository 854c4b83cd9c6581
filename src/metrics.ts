/** Counters for Prometheus: what happened, and how the process is. */
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { HappenedLine } from './engine/happened.ts'
import type { Call } from './model.ts'

export interface Metrics {
  happened(lines: readonly HappenedLine[]): void
  /** A question to the model: what came of it, how long it took, what it cost. */
  called(call: Call): void
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
  const calls = new Histogram({
    name: 'amends_model_seconds',
    help: 'Questions to the model, by task and what came of them',
    labelNames: ['task', 'outcome'],
    buckets: [0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5],
    registers,
  })
  const tokens = new Counter({
    name: 'amends_model_tokens_total',
    help: 'Tokens to and from the model, by task',
    labelNames: ['task', 'way'],
    registers,
  })
  return {
    happened(happened) {
      for (const { type } of happened) lines.inc({ type })
    },
    called({ task, outcome, ms, tokensIn, tokensOut }) {
      calls.observe({ task, outcome }, ms / 1000)
      tokens.inc({ task, way: 'in' }, tokensIn)
      tokens.inc({ task, way: 'out' }, tokensOut)
    },
    text: () => registry.metrics(),
  }
}
