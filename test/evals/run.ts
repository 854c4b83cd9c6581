/**
 * `npm run eval` measures the guard, the reading and the recovery conversations, `npm run eval -- voice` the replies (and
 * writes docs/voice.md); with the name of one (guard, reading, recovery, voice) its own arguments follow.
 */
const [what] = process.argv.slice(2)
const one = ['guard', 'reading', 'recovery', 'voice'].find((name) => name === what)
if (one) process.argv.splice(2, 1)
for (const name of one ? [one] : ['guard', 'recovery', 'reading']) {
  // Some measure as they are loaded, those that tests share when they are asked to.
  const { report } = await import(`./${name}.ts`)
  await report?.()
}
