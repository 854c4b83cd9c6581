/** Server-sent events, kept alive: each stream reconnects by itself, and closes while nobody looks. */

/** A browser opens six connections to a host; a page in the background must not hold two of them. */
const idleMs = 30_000
const debounceMs = 60
const pollMs = 8000

/**
 * @param {{ address: () => string[], changed: (what: 'message' | 'line' | 'all', data: any) => void,
 *   state: (live: boolean) => void }} to
 */
export function live({ address, changed, state }) {
  /** @type {Map<string, EventSource>} */
  const streams = new Map()
  /** @type {Map<string, number>} */
  const waits = new Map()
  let idle = 0

  function tell() {
    state(streams.size > 0 && [...streams.values()].every((stream) => stream.readyState === EventSource.OPEN))
  }

  /** @param {string} path */
  function connect(path) {
    const stream = new EventSource(path)
    streams.set(path, stream)
    stream.onopen = () => {
      waits.delete(path)
      tell()
      // Whatever was missed while the stream was down.
      changed('all', null)
    }
    stream.onerror = () => {
      tell()
      // The browser tries again by itself, except after an answer that is no stream.
      if (stream.readyState !== EventSource.CLOSED || streams.get(path) !== stream) return
      const wait = Math.min(15_000, (waits.get(path) ?? 500) * 2)
      waits.set(path, wait)
      setTimeout(() => {
        if (streams.get(path) === stream) connect(path)
      }, wait)
    }
    stream.addEventListener('message', (event) => changed('message', parsed(event.data)))
    stream.addEventListener('line', (event) => changed('line', parsed(event.data)))
  }

  function follow() {
    const wanted = document.hidden && idle === -1 ? [] : address()
    for (const [path, stream] of streams) {
      if (wanted.includes(path)) continue
      stream.close()
      streams.delete(path)
    }
    for (const path of wanted) if (!streams.has(path)) connect(path)
    tell()
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(idle)
    idle = 0
    if (!document.hidden) return follow()
    idle = window.setTimeout(() => {
      idle = -1
      follow()
    }, idleMs)
  })
  // A stream that a proxy swallowed must not leave the page standing still.
  setInterval(() => {
    if (!document.hidden && [...streams.values()].some((stream) => stream.readyState !== EventSource.OPEN))
      changed('all', null)
  }, pollMs)
  return { follow }
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * Runs `task` soon, once for many calls, and never twice at a time.
 *
 * @param {() => Promise<void>} task
 */
export function soon(task) {
  let timer = 0
  let running = false
  let again = false
  async function run() {
    timer = 0
    if (running) {
      again = true
      return
    }
    running = true
    try {
      await task()
    } finally {
      running = false
      if (again) {
        again = false
        void run()
      }
    }
  }
  return () => {
    if (timer === 0) timer = window.setTimeout(run, debounceMs)
  }
}
