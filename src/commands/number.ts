/** "1 case", "2 cases". */
export function number(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`
}
