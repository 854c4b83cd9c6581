/** A part of the benchmark: what it measured, against which limit, and whether that holds. */
export interface Measure {
  what: string
  measured: string
  limit: string
  pass: boolean
}

export type Part = () => Promise<Measure[]>

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
