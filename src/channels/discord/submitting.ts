/** Forms as modals: opened as the very first answer, handed in to the engine, opened again where something is to be mended. */
import { z } from 'zod'
import type { Author, Place } from '../../domain/message.ts'
import type { About, Received } from '../../domain/ports.ts'
import { type Acting, amend, answer, reply, whisper } from './answering.ts'
import { type Draft, formId, formNamed, modalOf, type Named, noDraft, valuesOf } from './form.ts'
import { quote } from './markup.ts'
import { ownPlace } from './ownplace.ts'
import { authorOf, textOf } from './receive.ts'
import { shortened } from './render.ts'
import { type Interaction, madeAt, shapes } from './shapes.ts'

const draftShape = z.object({ values: z.record(z.string(), z.string()), wrong: z.array(z.string()) })

/** What somebody typed that would not do: one slot for each person. */
async function draftOf({ keep }: Acting, { id }: Author, { again }: Named): Promise<Draft> {
  const kept = again ? await keep.get(`draft:${id}`) : null
  return kept === null ? noDraft : draftShape.parse(JSON.parse(kept))
}

/** A modal must be the very first answer. */
export async function open(acting: Acting, interaction: Interaction, by: Author, named: Named): Promise<null> {
  const { form, case: number, message } = named
  const about = message === null ? null : await aboutOf(acting, interaction, by, message)
  const shown = await acting.front.view({ of: 'form', form, case: number, by, about })
  if ('refused' in shown) await whisper(acting, interaction, shown.refused)
  else await answer(acting, interaction, reply.modal, modalOf(shown, named, await draftOf(acting, by, named)))
  return null
}

/**
 * A modal must be the very first answer, and a model takes longer than Discord waits: what it suggests is shown to whoever
 * asked, under it the button that opens the form of a reply with it.
 */
export async function suggest(acting: Acting, interaction: Interaction, by: Author, number: number): Promise<null> {
  const suggested = await acting.front.view({ of: 'suggestion', case: number, by })
  if ('refused' in suggested) {
    await whisper(acting, interaction, suggested.refused)
    return null
  }
  await whisper(acting, interaction, suggested.meanwhile)
  const [field] = (await suggested.form()).fields
  const { hint = '', value = '' } = field ?? {}
  await acting.keep.set(`draft:${by.id}`, JSON.stringify({ values: { text: value }, wrong: [] }))
  const named: Named = { form: 'reply', case: number, message: null, again: true }
  const text = value === '' ? hint : `${hint}\n${quote(value)}`
  await amend(acting, interaction, text, await againButton(acting, by, named, null))
  return null
}

const aboutShape = z.object({
  message: z.string(),
  author: z.object({ id: z.string(), name: z.string() }),
  text: z.string(),
})

/**
 * A menu entry comes with the text of its message, whatever the intents; the modal that it opens does not. So it waits
 * in one slot for each person.
 */
async function aboutOf(acting: Acting, interaction: Interaction, by: Author, message: string): Promise<About | null> {
  const key = `about:${by.id}`
  const target = interaction.data?.resolved?.messages?.[message]
  const whole = target
    ? shapes.message.safeParse({ channel_id: interaction.channel_id, timestamp: '', ...target })
    : null
  if (whole?.success) {
    const about = { message, author: authorOf(whole.data.author), text: textOf(acting, whole.data) }
    await acting.keep.set(key, JSON.stringify(about))
    return about
  }
  const slot = await acting.keep.get(key)
  const about = slot === null ? null : aboutShape.parse(JSON.parse(slot))
  return about?.message === message ? about : null
}

export async function submitted(
  acting: Acting,
  interaction: Interaction,
  by: Author,
  place: Place,
): Promise<Received | null> {
  const named = formNamed(interaction.data?.custom_id ?? '')
  if (named === null) {
    await answer(acting, interaction, reply.untouched)
    return null
  }
  const { front, keep } = acting
  const values = { ...(await draftOf(acting, by, named)).values, ...valuesOf(interaction) }
  const about = named.message === null ? null : await aboutOf(acting, interaction, by, named.message)
  const fresh = named.form === 'wrong' ? await ownPlace(acting, interaction, by, place) : null
  const submission = {
    id: interaction.id,
    form: named.form,
    case: named.case,
    by,
    at: madeAt(interaction.id),
    values,
    about,
  }
  const result = await front.submit({ ...submission, place: fresh?.place ?? place })
  const tell = (text: string, components?: object[]) =>
    fresh ? amend(acting, interaction, text, components) : whisper(acting, interaction, text, components)
  switch (result.type) {
    case 'done': {
      if (fresh && values.text) await acting.show(fresh.place, quote(values.text), `${interaction.id}:said`)
      const lines = [result.text, fresh?.link].filter((line) => line)
      if (lines.length > 0) await tell(lines.join('\n'))
      else await answer(acting, interaction, reply.untouched)
      return null
    }
    case 'refused':
      await tell(result.text)
      return null
    case 'wrong': {
      await keep.set(`draft:${by.id}`, JSON.stringify({ values, wrong: Object.keys(result.errors) }))
      const errors = Object.values(result.errors).map((error) => `• ${error}`)
      await tell(errors.join('\n'), await againButton(acting, by, named, about))
      return null
    }
    default:
      return result satisfies never
  }
}

/** Discord shows no faults in a form that was sent: it is opened again with what was typed. */
async function againButton({ front }: Acting, by: Author, named: Named, about: About | null) {
  const form = await front.view({ of: 'form', form: named.form, case: named.case, by, about })
  if ('refused' in form) return []
  const label = shortened(form.title, 80)
  return [{ type: 1, components: [{ type: 2, style: 1, label, custom_id: formId({ ...named, again: true }) }] }]
}
