/** Tokens at rest: AES-256-GCM under ENCRYPTION_KEY, bound to the name that they are kept under. */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'

export interface Secrets {
  seal(name: string, text: string): string
  /** Null when it was sealed under another key, or changed since. */
  open(name: string, sealed: string): string | null
}

const version = 'v1'

export function createSecrets(passphrase: string): Secrets {
  // The salt tells this use from others of the same passphrase; a copy of the database alone opens nothing.
  const key = scryptSync(passphrase, 'amends: tokens of slack', 32)
  return {
    seal(name, text) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return [version, iv, cipher.getAuthTag(), sealed]
        .map((part) => (typeof part === 'string' ? part : part.toString('base64url')))
        .join('.')
    },
    open(name, sealed) {
      const [given, ...parts] = sealed.split('.')
      const [iv, tag, data] = parts.map((part) => Buffer.from(part, 'base64url'))
      if (given !== version || !iv || !tag || !data) return null
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name)).setAuthTag(tag)
        return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8')
      } catch {
        return null
      }
    },
  }
}
