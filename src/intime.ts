/** A dead server may keep a socket open for ever: whoever asks is let go in time, whatever becomes of the work. */
export function inTime<T>(over: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(over.reason)
    if (over.aborted) late()
    over.addEventListener('abort', late, { once: true })
    work.then(resolve, reject).finally(() => over.removeEventListener('abort', late))
  })
}
