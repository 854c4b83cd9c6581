/**
 * What texts mean, as vectors, by the embedding model of the settings. A vector is kept by its text, so that none is paid
 * for twice; what is confided does not leave (P24); late or down there are none, and whoever asked goes by words.
 */
import { createHash } from 'node:crypto'
import { bulkhead, ConsecutiveBreaker, circuitBreaker, handleAll, wrap } from 'cockatiel'
import { createMask } from './domain/privacy.ts'
import type { Vector } from './domain/question.ts'
import { inTime } from './intime.ts'
import type { ModelSetting } from './model.ts'

export interface EmbeddingSetting extends Pick<ModelSetting, 'spending' | 'told' | 'cache'> {
  name: string
  /** Of the genuine client. */
  client: {
    create(
      body: { model: string; input: string[]; encoding_format: 'float' },
      options: { signal: AbortSignal },
    ): PromiseLike<{ data: { embedding: number[] }[]; usage: { prompt_tokens: number } }>
  }
}

/** Texts that leave in one call. */
const textsAtOnce = 64
const longestText = 2_000
const keptForMs = 30 * 24 * 60 * 60_000
const [callsAtOnce, inLineAtMost] = [4, 64]
const faultsInARow = 3
const lookEveryMs = 30_000

export function openEmbedding({ name, client, spending, told, cache }: EmbeddingSetting) {
  // Its own: where there is no such embedding model, the other model works all the same.
  const line = wrap(
    bulkhead(callsAtOnce, inLineAtMost),
    circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(faultsInARow), halfOpenAfter: lookEveryMs }),
  )

  async function ask(texts: string[], over: AbortSignal): Promise<Vector[]> {
    const found: Vector[] = []
    for (let at = 0; at < texts.length; at += textsAtOnce) {
      const began = performance.now()
      const some = texts.slice(at, at + textsAtOnce)
      const call = (outcome: 'answer' | 'down', tokensIn: number) =>
        told({ task: 'embed', outcome, ms: performance.now() - began, tokensIn, tokensOut: 0 })
      try {
        // Not every compatible server knows the client's own choice, base64.
        const body = { model: name, input: some, encoding_format: 'float' as const }
        const calling = line.execute(async ({ signal }) => await client.create(body, { signal }), over)
        const { data, usage } = await inTime(over, calling)
        if (data.length !== some.length) throw new Error('as many vectors must come as texts went')
        spending.spent(usage.prompt_tokens, 0)
        call('answer', usage.prompt_tokens)
        found.push(...data.map(({ embedding }) => embedding))
      } catch (error) {
        call('down', 0)
        throw error
      }
    }
    return found
  }

  return async (texts: readonly string[], withinMs: number): Promise<Vector[] | null> => {
    const hidden = texts.map((text) => createMask().hide(text.slice(0, longestText)))
    try {
      const kept = await Promise.all(hidden.map((text) => cache?.get<Vector>(keyOf('embedding', [name, text]))))
      const missing = [...new Set(hidden.filter((_, i) => kept[i] === undefined))]
      if (missing.length > 0 && !spending.left()) return null
      const asked = missing.length === 0 ? [] : await ask(missing, AbortSignal.timeout(withinMs))
      await Promise.all(
        asked.map((vector, i) => cache?.set(keyOf('embedding', [name, missing[i] ?? '']), vector, keptForMs)),
      )
      return hidden.map((text, i) => kept[i] ?? asked[missing.indexOf(text)] ?? [])
    } catch {
      // Each is ordinary, is counted above, and costs nobody their answer.
      return null
    }
  }
}

/** Under which an answer of a model's is kept: by all that it was asked. */
export function keyOf(kind: 'model' | 'embedding', asked: unknown): string {
  return `${kind}:${createHash('sha256').update(JSON.stringify(asked)).digest('base64url')}`
}
