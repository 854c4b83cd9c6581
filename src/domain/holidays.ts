/** Public holidays by country. A module of its own: its tables take time and memory that only some desks need. */
import Holidays from 'date-holidays'

/** Is a day, `YYYY-MM-DD`, a public holiday? `country` as date-holidays writes it: "TW", "DE-BY". Null: there is none such. */
export function holidaysIn(country: string): ((date: string) => boolean) | null {
  const [land = '', state, region] = country.split('-')
  if (!isKnown(land, state, region)) return null
  const calendar = state ? (region ? new Holidays(land, state, region) : new Holidays(land, state)) : new Holidays(land)
  // A year takes some milliseconds to build; a desk asks for the same one again and again.
  const years = new Map<number, Set<string>>()
  return (date) => {
    const year = Number(date.slice(0, 4))
    let days = years.get(year)
    if (!days) {
      const found = calendar.getHolidays(year).filter((holiday) => holiday.type === 'public')
      days = new Set(found.map((holiday) => holiday.date.slice(0, 10)))
      years.set(year, days)
    }
    return days.has(date)
  }
}

/** An unknown one would pass for a country without holidays. */
function isKnown(land: string, state?: string, region?: string): boolean {
  const all = new Holidays()
  if (!Object.hasOwn(all.getCountries(), land)) return false
  if (state === undefined) return true
  if (!Object.hasOwn(all.getStates(land) ?? {}, state)) return false
  return region === undefined || Object.hasOwn(all.getRegions(land, state) ?? {}, region)
}
