// As src/understanding/opencc.d.ts: opencc-js ships these tables without types.
declare module 'opencc-js/dict/STCharacters' {
  const pairs: string
  export default pairs
}
declare module 'opencc-js/dict/TWVariants' {
  const pairs: string
  export default pairs
}
