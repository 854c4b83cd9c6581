/** Who the bot is, and what it may read: kept, so that the next start, and other processes, know it before Discord says so. */
import { GatewayCloseCodes, Routes } from 'discord.js'
import { z } from 'zod'
import { Gone } from '../../domain/faults.ts'
import type { Keep } from '../../domain/ports.ts'
import { type Api, Refusal } from './api.ts'
import { tokenRefused, Unwelcome } from './gateway.ts'
import { answers, mayReadAll } from './shapes.ts'

export interface Self {
  /** '' until it is known. */
  user(): string
  application(): string
  /** May it read what does not address it? */
  reads(): boolean
  /** As it was the last time, where that is not known yet. */
  remember(): Promise<void>
  /** READY has said so. */
  introduced(user: string, application: string): Promise<void>
  /** Asks Discord; a proxy may not know the way: then we do without what we might not have. Throws `Unwelcome`. */
  look(): Promise<void>
}

const known = z.object({ user: z.string(), application: z.string() })

export function createSelf(api: Api, keep: Keep): Self {
  let self = { user: '', application: '' }
  let reads = false

  return {
    user: () => self.user,
    application: () => self.application,
    reads: () => reads,
    async remember() {
      const kept = self.user === '' ? await keep.get('self') : null
      if (kept !== null) self = known.parse(JSON.parse(kept))
    },
    async introduced(user, application) {
      self = { user, application }
      await keep.set('self', JSON.stringify(self))
    },
    async look() {
      try {
        const { id, flags } = await api.get(Routes.currentApplication(), answers.application)
        self = { ...self, application: id }
        reads = ((flags ?? 0) & mayReadAll) !== 0
      } catch (error) {
        if (api.refused()) throw new Unwelcome(GatewayCloseCodes.AuthenticationFailed, tokenRefused)
        if (!(error instanceof Refusal) && !(error instanceof Gone)) throw error
      }
    },
  }
}
