/**
 * `npm run bench [-- start|reading|turns|slack|discord|model|million]`: measures what the issues limit, says the figure and the
 * limit, and ends with 1 when one is missed. Ratios are taken within one run, so that a slow or busy machine does not decide.
 */
import { cpus } from 'node:os'
import { discord } from './discord.ts'
import { million } from './million.ts'
import { model } from './model.ts'
import type { Part } from './part.ts'
import { reading } from './reading.ts'
import { slack } from './slack.ts'
import { start } from './start.ts'
import { turns } from './turns.ts'

const parts: Record<string, Part> = { start, reading, model, turns, slack, discord, million }

const [wanted] = process.argv.slice(2)
if (wanted !== undefined && !(wanted in parts)) {
  process.stderr.write(
    `there is no benchmark ${wanted}: name one of ${Object.keys(parts).join(', ')}, or none for all\n`,
  )
  process.exit(2)
}

console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'an unknown processor'}`)
let missed = 0
for (const [name, measure] of Object.entries(parts)) {
  if (wanted !== undefined && name !== wanted) continue
  const began = performance.now()
  const measures = await measure()
  console.log(`\n${name} (${((performance.now() - began) / 1000).toFixed(0)} s)`)
  for (const { what, measured, limit, pass } of measures) {
    if (!pass) missed += 1
    console.log(`  ${pass ? 'PASS' : 'FAIL'}  ${what}: ${measured}; limit ${limit}`)
  }
}
console.log(missed === 0 ? '\nAll limits hold.' : `\n${missed} missed.`)
process.exitCode = missed === 0 ? 0 : 1
