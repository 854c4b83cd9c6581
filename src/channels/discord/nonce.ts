import { createHash } from 'node:crypto'

/** 22 characters of our id (16 bytes as base64url) and the number of the piece: Discord takes 25. */
export function nonceOf(id: string, piece: number): string {
  const hex = id.replaceAll('-', '')
  const bytes = /^[0-9a-f]{32}$/iu.test(hex)
    ? Buffer.from(hex, 'hex')
    : createHash('sha256').update(id).digest().subarray(0, 16)
  return `${bytes.toString('base64url')}${String(piece % 100).padStart(2, '0')}`
}
