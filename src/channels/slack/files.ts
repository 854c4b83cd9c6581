/** Files, both ways. Slack's links need the app's token and die with it: the bytes are carried, not the link. */
import type { FileContent } from '../../domain/message.ts'
import type { Api } from './api.ts'
import type { FileFacts } from './payloads.ts'

/** In one message. */
const bytesAtMost = 10 * 1024 * 1024

export interface Fetched {
  files: FileContent[]
  /** Names of those that are too large, or could not be had. */
  tooLarge: string[]
  missing: string[]
}

/** Not all there yet: Slack is left to send the event again, while the files go on coming. */
export class NotYet extends Error {}

export interface Files {
  /** Gives what there is within the time, or throws NotYet, unless it is the last time that Slack tries. */
  down(workspace: string, files: readonly FileFacts[], last: boolean): Promise<Fetched>
  /** Puts them up in a room, with nothing said. */
  up(workspace: string, room: string, thread: string | null, files: readonly FileContent[]): Promise<void>
}

/** Slack wants its acknowledgement within three seconds. */
const downWithinMs = 2000
/** A file that is on its way is not fetched twice. */
const remembered = 100

type Got = FileContent | 'too large' | 'missing'

export function createFiles(api: Api): Files {
  const coming = new Map<string, Promise<Got>>()

  async function fetchOne(workspace: string, given: FileFacts): Promise<Got> {
    // Of a file from another workspace the event has no more than the id.
    const facts = given.file_access === 'check_file_info' ? await infoOf(workspace, given.id) : given
    if ((facts.size ?? 0) > bytesAtMost) return 'too large'
    const url = facts.url_private_download ?? facts.url_private
    if (url === undefined) return 'missing'
    const response = await api.download(workspace, url, AbortSignal.timeout(120_000))
    const type = response.headers.get('content-type') ?? ''
    // Without the scope Slack answers with its sign-in page, and status 200.
    if (!response.ok || (type.startsWith('text/html') && !facts.mimetype?.startsWith('text/html'))) return 'missing'
    const bytes = new Uint8Array(await response.arrayBuffer())
    return { name: facts.name ?? given.id, type: facts.mimetype ?? 'application/octet-stream', bytes }
  }

  async function infoOf(workspace: string, file: string): Promise<FileFacts> {
    const { file: facts } = await api.call<{ file?: FileFacts }>(workspace, 'files.info', { file })
    return facts ?? { id: file }
  }

  function oneOf(workspace: string, facts: FileFacts): Promise<Got> {
    const known = coming.get(facts.id)
    if (known) return known
    if (coming.size > remembered) coming.clear()
    const got = fetchOne(workspace, facts).catch((): Got => 'missing')
    coming.set(facts.id, got)
    return got
  }

  return {
    async down(workspace, facts, last) {
      const got = await inTime(
        facts.map((one) => oneOf(workspace, one)),
        last,
      )
      const fetched: Fetched = { files: [], tooLarge: [], missing: [] }
      let size = 0
      for (const [i, one] of got.entries()) {
        const name = facts[i]?.name ?? facts[i]?.id ?? ''
        coming.delete(facts[i]?.id ?? '')
        if (one === 'missing') fetched.missing.push(name)
        else if (one === 'too large' || size + one.bytes.length > bytesAtMost) fetched.tooLarge.push(name)
        else {
          size += one.bytes.length
          fetched.files.push(one)
        }
      }
      return fetched
    },
    async up(workspace, room, thread, files) {
      const done = []
      for (const { name, bytes } of files) {
        const target = await api.call<{ upload_url?: string; file_id?: string }>(
          workspace,
          'files.getUploadURLExternal',
          {
            filename: name,
            length: bytes.length,
          },
        )
        const sent = await fetch(target.upload_url ?? '', { method: 'POST', body: Buffer.from(bytes) })
        if (!sent.ok) throw new Error(`Slack did not take the file ${name} (${sent.status})`)
        done.push({ id: target.file_id, title: name })
      }
      await api.call(workspace, 'files.completeUploadExternal', {
        files: done,
        channel_id: room,
        ...(thread === null ? {} : { thread_ts: thread }),
      })
    },
  }
}

async function inTime(coming: Promise<Got>[], last: boolean): Promise<Got[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), downWithinMs)
  })
  const got = await Promise.all(coming.map((one) => Promise.race([one, late])))
  clearTimeout(timer)
  if (!last && got.includes(null)) throw new NotYet('files are still on their way')
  return got.map((one) => one ?? 'missing')
}
