/**
 * Queries that every message runs are built once and then only given other values: building and compiling one costs
 * several times what SQLite needs to run it.
 */
import { type Compilable, type CompiledQuery, type RawBuilder, sql } from 'kysely'
import type { Db } from './schema.ts'

/** Stands for a value while the query is built. */
class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/**
 * `build` is called once for each database engine, with a stand-in for each of the values `names`: it may only hand them
 * on to the query, and must not look at them.
 */
export function kept<Values extends object, Row>(
  names: readonly (keyof Values & string)[],
  build: (db: Db, values: Values) => Compilable<Row>,
): (db: Db, values: Values) => Promise<Row[]> {
  // Keyed by the engine's adapter: transactions and the database itself share it.
  const ready = new WeakMap<object, Ready<Values, Row>>()
  return async (db, values) => {
    const { adapter } = db.getExecutor()
    let known = ready.get(adapter)
    if (!known) {
      known = prepare(db, names, build)
      ready.set(adapter, known)
    }
    const { query, names: named } = known
    const parameters = query.parameters.map((value, i) => {
      const name = named[i]
      return name === undefined ? value : values[name]
    })
    const runAtOnce = holders.get(db)
    // The rows are as the query's type says, as they are when Kysely fetches them.
    if (runAtOnce) return runAtOnce(query.sql, parameters) as Row[]
    return (await db.executeQuery<Row>({ ...query, parameters })).rows
  }
}

interface Ready<Values, Row> {
  query: CompiledQuery<Row>
  /** Which value each parameter is; undefined for one that the query itself gave. */
  names: ((keyof Values & string) | undefined)[]
}

function prepare<Values extends object, Row>(
  db: Db,
  names: readonly (keyof Values & string)[],
  build: (db: Db, values: Values) => Compilable<Row>,
): Ready<Values, Row> {
  // The one place where a stand-in passes for a value: what is built with it never runs.
  const slots = Object.fromEntries(names.map((name) => [name, new Slot(name)])) as unknown as Values
  const query = build(db, slots).compile()
  const named = query.parameters.map((value) => names.find((name) => value instanceof Slot && value.name === name))
  return { query, names: named }
}

type RunAtOnce = (sql: string, parameters: readonly unknown[]) => unknown[]

const holders = new WeakMap<Db, RunAtOnce>()

/** A handle that has a connection to itself need not ask Kysely for one at each query. */
export function holdsConnection(db: Db, run: RunAtOnce): void {
  holders.set(db, run)
}

/**
 * A value that SQLite does not look at when it plans. Where a query has an ORDER BY, it would otherwise plan it anew for
 * each value it is given (3.54, built with STAT4), which takes ten times as long as running it.
 */
export function unlooked<T>(value: T, type: 'text' | 'bigint'): RawBuilder<T> {
  return sql<T>`cast(${value} as ${sql.raw(type)})`
}
