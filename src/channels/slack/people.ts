/** Who is behind an id: name, time zone, whether it is a bot. Looked up once and remembered for an hour. */
import type { Api } from './api.ts'

export interface Known {
  name: string
  timezone: string | null
  locale: string | null
  isBot: boolean
}

export interface People {
  /** Never later than a second: whoever cannot be looked up by then goes by their id. */
  find(workspace: string, user: string): Promise<Known>
  /** What is known already. */
  nameOf(workspace: string, user: string): string | null
}

const rememberedMs = 3_600_000
const peopleAtMost = 20_000
const lookUpWithinMs = 1000

interface Info {
  user?: {
    name?: string
    real_name?: string
    tz?: string
    locale?: string
    is_bot?: boolean
    profile?: { display_name?: string; real_name?: string }
  }
}

export function createPeople(api: Api, now: () => number): People {
  const known = new Map<string, { person: Known; until: number }>()
  const asking = new Map<string, Promise<Known>>()

  async function ask(workspace: string, user: string): Promise<Known> {
    const { user: info } = await api.call<Info>(workspace, 'users.info', { user, include_locale: true })
    const profile = info?.profile
    const names = [profile?.display_name, profile?.real_name, info?.real_name, info?.name]
    const person = {
      name: names.find((name) => name !== undefined && name !== '') ?? user,
      timezone: info?.tz ?? null,
      locale: info?.locale ?? null,
      isBot: info?.is_bot === true || user === 'USLACKBOT',
    }
    if (known.size > peopleAtMost) known.clear()
    known.set(`${workspace}:${user}`, { person, until: now() + rememberedMs })
    return person
  }

  return {
    nameOf: (workspace, user) => known.get(`${workspace}:${user}`)?.person.name ?? null,
    async find(workspace, user) {
      const key = `${workspace}:${user}`
      const found = known.get(key)
      if (found && found.until > now()) return found.person
      const stranger = { name: found?.person.name ?? user, timezone: null, locale: null, isBot: false }
      const asked = asking.get(key) ?? ask(workspace, user).finally(() => asking.delete(key))
      asking.set(key, asked)
      return await within(asked, lookUpWithinMs, stranger)
    },
  }
}

/** What is not there in time, or fails, is replaced. */
async function within<T>(work: Promise<T>, ms: number, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), ms)
  })
  try {
    return await Promise.race([work.catch(() => otherwise), late])
  } finally {
    clearTimeout(timer)
  }
}
