// As src/understanding/opencc.d.ts: opencc-js ships this table without types.
declare module 'opencc-js/dict/STCharacters' {
  const pairs: string
  export default pairs
}
