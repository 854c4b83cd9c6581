/**
 * Queries that every message runs are built once and then only given other values: building and compiling one costs
 * several times what SQLite needs to run it.
 */
import type { Compilable, CompiledQuery } from 'kysely'
import type { Db } from './schema.ts'

/** Stands for an argument while the query is built. */
class Slot {
  readonly index: number
  constructor(index: number) {
    this.index = index
  }
}

/**
 * `build` is called once for each database engine, with stand-ins for its arguments: it may only hand them on to the
 * query, each as one value, and must not look at them.
 */
export function kept<Args extends readonly unknown[], Row>(
  build: (db: Db, ...args: Args) => Compilable<Row>,
): (db: Db, ...args: Args) => Promise<Row[]> {
  // Keyed by the engine's adapter: transactions and the database itself share it.
  const compiled = new WeakMap<object, CompiledQuery<Row>>()
  const slots = Array.from({ length: build.length - 1 }, (_, i) => new Slot(i))
  return async (db, ...args) => {
    const { adapter } = db.getExecutor()
    let query = compiled.get(adapter)
    if (!query) {
      // The one place where a stand-in passes for a value: what is built with it never runs.
      query = build(db, ...(slots as unknown as Args)).compile()
      compiled.set(adapter, query)
    }
    const parameters = query.parameters.map((value) => (value instanceof Slot ? args[value.index] : value))
    return (await db.executeQuery<Row>({ ...query, parameters })).rows
  }
}
