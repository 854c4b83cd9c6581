/** What may be lost: rate limits, looked-up names, model answers. Keyv: memory by default, Redis when CACHE_URL says so. */
import Keyv from 'keyv'

export interface Cache {
  get<T>(key: string): Promise<T | undefined>
  set<T>(key: string, value: T, ms: number): Promise<void>
  close(): Promise<void>
}

/** A cache that is down is an empty one: `failed` is told once a minute, and nothing else stops. */
export async function openCache(url: string | undefined, failed: (error: unknown) => void): Promise<Cache> {
  const memory = new Map<string, unknown>()
  const keyv = new Keyv({ store: url === undefined ? memory : await redis(url), namespace: 'amends' })
  // What stays in memory need not be written out.
  if (url === undefined) keyv.serialize = keyv.deserialize = undefined
  // Our own memory is never late, and needs no timer to say so.
  const inTime = <T>(answer: Promise<T>, what: string) =>
    url === undefined ? answer : Promise.race([answer, late(what)])
  let toldAt = 0
  const quietly = (error: unknown) => {
    if (Date.now() - toldAt < 60_000) return
    toldAt = Date.now()
    failed(error)
  }
  keyv.on('error', quietly)
  return {
    get: (key) => inTime(keyv.get(key), key).catch(quietly) as Promise<never>,
    async set(key, value, ms) {
      // What has expired leaves Keyv's memory only when it is asked for, and a customer's may never be.
      if (memory.size >= inMemoryAtMost) memory.clear()
      await inTime(keyv.set(key, value, ms), key).catch(quietly)
    },
    close: async () => void (await inTime(keyv.disconnect(), 'close').catch(quietly)),
  }
}

const inMemoryAtMost = 20_000
/** A server that is away keeps its callers waiting, and a message must not wait for what may be lost. */
const answersWithinMs = 250

function late(key: string): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`the cache did not answer for ${key}`)), answersWithinMs).unref()
  })
}

async function redis(url: string) {
  const { default: KeyvRedis } = await import('@keyv/redis')
  return new KeyvRedis(url)
}
