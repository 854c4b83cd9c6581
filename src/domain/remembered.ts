/** What is dear to make is made once; emptied when full, for the keys come from people and there is no end of them. */
export function remembered<V>(atMost: number, make: (key: string) => V): (key: string) => V {
  const made = new Map<string, V>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    if (made.size >= atMost) made.clear()
    const fresh = make(key)
    made.set(key, fresh)
    return fresh
  }
}
