// opencc-js ships these tables without types. Reading one table costs 1 ms; its converter costs 15 ms and 13 MB.
declare module 'opencc-js/dict/TSCharacters' {
  const pairs: string
  export default pairs
}
