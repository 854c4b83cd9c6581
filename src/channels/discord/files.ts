/** Attachments as bytes: Discord's links are signed and expire, so the file is taken, never its address. */
import type { FileContent } from '../../domain/message.ts'
import type { Attachment } from './shapes.ts'

/** 10 MB a message (DESIGN); what goes beyond is named in the text. */
const filesAtMost = 10 * 1024 * 1024
const withinMs = 20_000

export interface Fetched {
  files: FileContent[]
  /** What could not be taken: too large, or not there. */
  missing: { name: string; size: number; tooLarge: boolean }[]
}

export async function fetchFiles(attachments: readonly Attachment[]): Promise<Fetched> {
  const fetched: Fetched = { files: [], missing: [] }
  let left = filesAtMost
  for (const { filename: name, content_type, size, url } of attachments) {
    if (size > left) {
      fetched.missing.push({ name, size, tooLarge: true })
      continue
    }
    const bytes = await download(url, left)
    if (bytes === null) {
      fetched.missing.push({ name, size, tooLarge: false })
      continue
    }
    left -= bytes.length
    fetched.files.push({ name, type: content_type ?? 'application/octet-stream', bytes })
  }
  return fetched
}

/** Null where it cannot be had: tried twice, for a customer's only proof may hang on it. */
async function download(url: string, atMost: number): Promise<Uint8Array | null> {
  for (let tries = 0; tries < 2; tries += 1) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(withinMs) })
      if (response.status >= 500) continue
      if (!response.ok) return null
      const bytes = new Uint8Array(await response.arrayBuffer())
      return bytes.length <= atMost ? bytes : null
    } catch (error) {
      if (!(error instanceof Error)) throw error
    }
  }
  return null
}
