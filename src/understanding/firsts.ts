/** What a part of an expression can begin with, and whether it can match nothing at all. */
interface Beginning {
  /** Null: anything. */
  units: Set<string> | null
  canBeEmpty: boolean
}

/**
 * The characters that a match of an expression can begin with, or null when that cannot be told: the expression need only
 * be tried on a text that has one of them.
 */
export function firstsOf(source: string): Set<string> | null {
  const { units, canBeEmpty } = new Reader(source).alternatives()
  return canBeEmpty ? null : units
}

const nothing = (): Beginning => ({ units: new Set(), canBeEmpty: true })
const anything = (): Beginning => ({ units: null, canBeEmpty: false })
const only = (units: Iterable<string>): Beginning => ({ units: new Set(units), canBeEmpty: false })

class Reader {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  /** `one|two|three`, up to the bracket that closes them. */
  alternatives(): Beginning {
    let all = this.#sequence()
    while (this.#take('|')) {
      const next = this.#sequence()
      all = { units: joined(all.units, next.units), canBeEmpty: all.canBeEmpty || next.canBeEmpty }
    }
    return all
  }

  #sequence(): Beginning {
    let all = nothing()
    while (this.#at < this.#source.length && !this.#sees('|') && !this.#sees(')')) {
      const next = this.#quantified(this.#atom())
      if (all.canBeEmpty) all = { units: joined(all.units, next.units), canBeEmpty: next.canBeEmpty }
    }
    return all
  }

  #atom(): Beginning {
    if (this.#take('(')) return this.#group()
    if (this.#take('[')) return this.#list()
    if (this.#take('^') || this.#take('$')) return nothing()
    if (this.#take('.')) return anything()
    const unit = this.#next()
    if (unit !== '\\') return only([unit])
    const escaped = this.#next()
    if (/[bB]/.test(escaped)) return nothing()
    return /[a-zA-Z0-9]/.test(escaped) ? anything() : only([escaped])
  }

  #group(): Beginning {
    const [kind = ''] = /^\?(?:<?[=!]|:|<\w+>)/.exec(this.#source.slice(this.#at)) ?? []
    this.#at += kind.length
    const inside = this.alternatives()
    this.#take(')')
    // What stands around a match is no part of it.
    return /[=!]/.test(kind) ? nothing() : inside
  }

  /** `[abc]`; a range or a list of what must not stand there is anything. */
  #list(): Beginning {
    const inside = /^(?:\\.|[^\]])*/.exec(this.#source.slice(this.#at))?.[0] ?? ''
    this.#at += inside.length
    this.#take(']')
    return /^\^|.-.|\\[a-zA-Z]/.test(inside) ? anything() : only(inside.replaceAll('\\', ''))
  }

  #quantified(atom: Beginning): Beginning {
    const [mark = ''] = /^(?:[?*+]|\{(?:\d+,?\d*)\})\??/.exec(this.#source.slice(this.#at)) ?? []
    this.#at += mark.length
    return /^(?:[?*]|\{0)/.test(mark) ? { ...atom, canBeEmpty: true } : atom
  }

  #sees(unit: string): boolean {
    return this.#source[this.#at] === unit
  }

  #take(unit: string): boolean {
    if (!this.#sees(unit)) return false
    this.#at += 1
    return true
  }

  #next(): string {
    const unit = this.#source[this.#at] ?? ''
    this.#at += 1
    return unit
  }
}

function joined(one: Set<string> | null, other: Set<string> | null): Set<string> | null {
  return one === null || other === null ? null : one.union(other)
}
