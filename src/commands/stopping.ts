/** A terminal's Ctrl-C reaches the bot by itself and once more through npm: a person's second one is later than this. */
const twiceAfterMs = 1000

/** Calls `stop` once, at Ctrl-C or when asked from outside. Whoever asks once more does not wait. */
export function whenAskedToStop(stop: () => void): void {
  let asked = false
  let mayHurry = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (mayHurry) process.exit(130)
      if (asked) return
      asked = true
      setTimeout(() => {
        mayHurry = true
      }, twiceAfterMs).unref()
      stop()
    })
}
