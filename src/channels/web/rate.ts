/** How often one customer may write in the web chat: a bucket that fills evenly. */

interface Kept {
  get<T>(key: string): Promise<T | undefined>
  set<T>(key: string, value: T, ms: number): Promise<void>
}

interface Bucket {
  left: number
  at: number
}

const minuteMs = 60_000

/** Gives the seconds to wait, 0 for none. `allowed` is messages a minute, asked for each time. Measured by the machine's clock: the playground's time may be moved. */
export function createRate(cache: Kept, allowed: () => number): (customer: string) => Promise<number> {
  return async (customer) => {
    const perMinute = allowed()
    const now = Date.now()
    const key = `rate:${customer}`
    const bucket = (await cache.get<Bucket>(key)) ?? { left: perMinute, at: now }
    const left = Math.min(perMinute, bucket.left + ((now - bucket.at) * perMinute) / minuteMs)
    if (left < 1) return Math.ceil(((1 - left) * minuteMs) / perMinute / 1000)
    await cache.set(key, { left: left - 1, at: now }, minuteMs)
    return 0
  }
}
