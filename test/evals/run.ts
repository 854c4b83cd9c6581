/**
 * `npm run eval` measures the guard and the reading, `npm run eval -- voice` the replies (and writes docs/voice.md); with
 * the name of one (guard, reading, voice) its own arguments follow.
 */
const [what] = process.argv.slice(2)
const one = ['guard', 'reading', 'voice'].find((name) => name === what)
if (one) {
  process.argv.splice(2, 1)
  await import(`./${one}.ts`)
} else {
  await import('./guard.ts')
  await import('./reading.ts')
}
