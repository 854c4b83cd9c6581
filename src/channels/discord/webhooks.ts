/** An agent's own name and face in a customer's thread: a webhook of ours in its channel, where the server allows one. */
import { Routes } from 'discord.js'
import { Gone } from '../../domain/faults.ts'
import type { FileContent } from '../../domain/message.ts'
import type { Keep } from '../../domain/ports.ts'
import { type Api, Refusal } from './api.ts'
import type { Body } from './render.ts'
import { answers, type User } from './shapes.ts'

export interface Voices {
  /** What somebody looks like, for when they speak to a customer. */
  learn(name: string, user: User): void
  /** Null where the server does not let us: then the bot says it, and whose words they are. */
  say(
    as: string,
    channel: string,
    thread: string,
    body: Body,
    files: readonly FileContent[],
  ): Promise<{ id: string } | null>
  edit(channel: string, thread: string, message: string, body: Body): Promise<boolean>
  remove(channel: string, thread: string, message: string): Promise<boolean>
}

interface Hook {
  id: string
  token: string
}

const name = 'Amends'
const nameAtMost = 80
/** A server that said no is not asked with every line. */
const facesAtMost = 1_000

export function createVoices(api: Api, keep: Keep): Voices {
  const refused = new Set<string>()
  const faces = new Map<string, string>()

  async function hookOf(channel: string, makes: boolean): Promise<Hook | null> {
    const kept = await keep.get(`hook:${channel}`)
    if (kept !== null) {
      const [id = '', token = ''] = kept.split(' ')
      return { id, token }
    }
    if (!makes || refused.has(channel)) return null
    try {
      const { id, token } = await api.post(Routes.channelWebhooks(channel), answers.webhook, { body: { name } })
      if (!token) return null
      await keep.set(`hook:${channel}`, `${id} ${token}`)
      return { id, token }
    } catch (error) {
      if (!(error instanceof Refusal) && !(error instanceof Gone)) throw error
      refused.add(channel)
      return null
    }
  }

  /** Somebody has deleted the webhook: the next line makes another. */
  async function through<T>(channel: string, makes: boolean, act: (hook: Hook) => Promise<T>): Promise<T | null> {
    const hook = await hookOf(channel, makes)
    if (hook === null) return null
    try {
      return await act(hook)
    } catch (error) {
      if (!(error instanceof Refusal) || (error.status !== 404 && error.status !== 401)) throw error
      await keep.delete(`hook:${channel}`)
      const again = await hookOf(channel, makes)
      return again === null ? null : await act(again)
    }
  }

  return {
    learn(as, { id, avatar }) {
      if (!avatar) return
      if (faces.size >= facesAtMost) faces.clear()
      faces.set(as, `https://cdn.discordapp.com/avatars/${id}/${avatar}.png`)
    },
    say: (as, channel, thread, body, files) =>
      through(channel, true, ({ id, token }) =>
        api.post(Routes.webhook(id, token), answers.posted, {
          query: { wait: 'true', thread_id: thread, with_components: 'true' },
          body: { ...body, username: shownName(as), ...(faces.has(as) ? { avatar_url: faces.get(as) } : {}) },
          files: [...files],
          withoutToken: true,
        }),
      ),
    async edit(channel, thread, message, body) {
      const edited = await through(channel, false, ({ id, token }) =>
        api.patch(Routes.webhookMessage(id, token, message), answers.posted, {
          query: { thread_id: thread },
          body,
          withoutToken: true,
        }),
      )
      return edited !== null
    },
    async remove(channel, thread, message) {
      const removed = await through(channel, false, async ({ id, token }) => {
        await api.delete(Routes.webhookMessage(id, token, message), { thread_id: thread })
        return true
      })
      return removed !== null
    },
  }
}

/** Discord lets no webhook be called by its own name, nor by that of its mascot. */
function shownName(as: string): string {
  return as.replace(/discord|clyde/giu, (word) => `${word.slice(0, 1)}·${word.slice(1)}`).slice(0, nameAtMost) || name
}
