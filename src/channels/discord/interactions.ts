/**
 * Buttons, forms, commands and menu entries. Discord waits three seconds: what was done is stored and then acknowledged;
 * only what needs a thread made first is acknowledged before. A token that has died costs a look, never what was said.
 */
import { Routes } from 'discord.js'
import { z } from 'zod'
import { isForm, pressedAtDesk } from '../../domain/buttons.ts'
import { Gone, Undeliverable } from '../../domain/faults.ts'
import type { Author, Incoming, Place } from '../../domain/message.ts'
import type { About, FormName, Front, Keep, Received } from '../../domain/ports.ts'
import type { Api } from './api.ts'
import { supportCommand, supportOption } from './commands.ts'
import { formNamed, modalOf, valuesOf } from './form.ts'
import { quote, split } from './markup.ts'
import { authorOf, openPrivate, textOf } from './receive.ts'
import { shortened } from './render.ts'
import type { Rooms } from './rooms.ts'
import { channelType, type Interaction, isThreadType, madeAt, shapes } from './shapes.ts'

export interface Acting {
  api: Api
  front: Front
  rooms: Rooms
  keep: Keep
  self(): string
  /** Stores it, however long the database takes; false while the bot shuts down. */
  store(incoming: Incoming): Promise<Received>
  /** Which form a menu entry opens, by its registered name. */
  entry(name: string): FormName | null
  /** An answer that Discord did not take: too late, or given already. */
  late(error: unknown): void
}

const type = { command: 2, component: 3, modal: 5 } as const
const reply = { message: 4, deferred: 5, untouched: 6, modal: 9 } as const
const ephemeral = 1 << 6
/** Discord waits for three seconds; what is not stored by then is acknowledged meanwhile. */
const ackWithinMs = 2_000

/** Resolves to what became of it in the store; null where nothing was to be stored. */
export async function interacted(acting: Acting, interaction: Interaction): Promise<Received | null> {
  const person = interaction.member?.user ?? interaction.user
  if (!person) return null
  const author = authorOf(person, interaction.member?.nick)
  const place = await placeOf(acting, interaction, person.id)
  switch (interaction.type) {
    case type.command:
      return await commanded(acting, interaction, author, place)
    case type.component:
      return await pressed(acting, interaction, author, place)
    case type.modal:
      return await submitted(acting, interaction, author, place)
    default:
      return null
  }
}

async function placeOf(
  { rooms }: Acting,
  { guild_id, channel, channel_id }: Interaction,
  user: string,
): Promise<Place> {
  const id = channel_id ?? channel?.id ?? ''
  if (!guild_id) return await rooms.directly(user, id)
  if (channel?.type !== undefined) rooms.learn({ ...channel, type: channel.type }, guild_id)
  return await rooms.placeOf(await rooms.find(id))
}

// --- What Discord is answered -------------------------------------------------------------------------------------

async function answer({ api, late }: Acting, { id, token }: Interaction, how: number, data?: object): Promise<void> {
  try {
    const body = data === undefined ? { type: how } : { type: how, data }
    await api.send(Routes.interactionCallback(id, token), { body, withoutToken: true })
  } catch (error) {
    late(error)
  }
}

const noPings = { allowed_mentions: { parse: [] } }

async function whisper(
  acting: Acting,
  interaction: Interaction,
  content: string,
  components: object[] = [],
): Promise<void> {
  await answer(acting, interaction, reply.message, {
    content: shortened(content, 2_000),
    components,
    flags: ephemeral,
    ...noPings,
  })
}

/** After a deferral: what the first answer becomes. */
async function amend({ api, late }: Acting, { application_id, token }: Interaction, content: string): Promise<void> {
  try {
    const route = Routes.webhookMessage(application_id, token, '@original')
    await api.patch(route, z.unknown(), {
      body: { content: shortened(content, 2_000), ...noPings },
      withoutToken: true,
    })
  } catch (error) {
    late(error)
  }
}

/** Stored, and then acknowledged; acknowledged in time where the store is slow. */
async function storedThenAcknowledged(acting: Acting, interaction: Interaction, incoming: Incoming): Promise<Received> {
  const storing = acting.store(incoming)
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise((resolve) => (timer = setTimeout(resolve, ackWithinMs)))
  await Promise.race([storing, patience])
  clearTimeout(timer)
  await answer(acting, interaction, reply.untouched)
  return await storing
}

// --- Buttons ------------------------------------------------------------------------------------------------------

async function pressed(
  acting: Acting,
  interaction: Interaction,
  author: Author,
  place: Place,
): Promise<Received | null> {
  const id = interaction.data?.custom_id ?? ''
  const [sort, button = '', number = ''] = id.split('|')
  const event = { id: interaction.id, place, author, at: madeAt(interaction.id) }
  if (sort === 'press') {
    if (isForm(button)) return await open(acting, interaction, author, button, null, null)
    return await storedThenAcknowledged(acting, interaction, { ...event, type: 'pressed', button, case: null })
  }
  if (sort === 'desk') {
    const kase = number === '' ? null : Number(number)
    if (isForm(button)) return await open(acting, interaction, author, button, kase, null)
    const command = kase === null ? null : pressedAtDesk(button, kase)
    if (command) return await storedThenAcknowledged(acting, interaction, { ...event, type: 'commanded', command })
  }
  if (sort === 'again') {
    const named = formNamed(id)
    if (named) return await open(acting, interaction, author, named.form, named.case, named.message, true)
  }
  // A button of an older version of ours: nothing is lost by it.
  await answer(acting, interaction, reply.untouched)
  return null
}

// --- Forms --------------------------------------------------------------------------------------------------------

const draftShape = z.record(z.string(), z.string())

/** A modal must be the very first answer. */
async function open(
  acting: Acting,
  interaction: Interaction,
  by: Author,
  form: FormName,
  kase: number | null,
  message: string | null,
  again = false,
): Promise<null> {
  const about = message === null ? null : await aboutOf(acting, interaction, by, message)
  const shown = await acting.front.view({ of: 'form', form, case: kase, by, about })
  if (shown === null) await answer(acting, interaction, reply.untouched)
  else {
    const draft = again ? await acting.keep.get(`draft:${by.id}`) : null
    const values = draft === null ? {} : draftShape.parse(JSON.parse(draft))
    await answer(acting, interaction, reply.modal, modalOf(shown, message, values))
  }
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

async function submitted(acting: Acting, interaction: Interaction, by: Author, place: Place): Promise<Received | null> {
  const named = formNamed(interaction.data?.custom_id ?? '')
  if (named === null) {
    await answer(acting, interaction, reply.untouched)
    return null
  }
  const { front, keep } = acting
  const values = valuesOf(interaction)
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
    fresh?.deferred ? amend(acting, interaction, text) : whisper(acting, interaction, text, components)
  switch (result.type) {
    case 'done': {
      const lines = [result.text, fresh?.link].filter((line) => line)
      if (lines.length > 0) await tell(lines.join('\n'))
      else await answer(acting, interaction, reply.untouched)
      return null
    }
    case 'refused':
      await tell(result.text)
      return null
    case 'wrong': {
      await keep.set(`draft:${by.id}`, JSON.stringify(values))
      const errors = Object.values(result.errors).map((error) => `• ${error}`)
      await tell(errors.join('\n'), await againButton(acting, by, named, about))
      return null
    }
    default:
      return result satisfies never
  }
}

/** Discord shows no faults in a form that was sent: it is opened again with what was typed. */
async function againButton(
  { front }: Acting,
  by: Author,
  named: NonNullable<ReturnType<typeof formNamed>>,
  about: About | null,
) {
  const form = await front.view({ of: 'form', form: named.form, case: named.case, by, about })
  if (form === null) return []
  const custom_id = `again|${named.form}|${named.case ?? ''}|${named.message ?? ''}`
  return [{ type: 1, components: [{ type: 2, style: 1, label: shortened(form.title, 80), custom_id }] }]
}

// --- Commands and menu entries ------------------------------------------------------------------------------------

async function commanded(
  acting: Acting,
  interaction: Interaction,
  author: Author,
  place: Place,
): Promise<Received | null> {
  const { data } = interaction
  if (data?.name === supportCommand) {
    const given = data.options?.find(({ name }) => name === supportOption)?.value
    const text = typeof given === 'string' ? given.trim() : ''
    if (text === '') return await open(acting, interaction, author, 'wrong', null, null)
    return await asked(acting, interaction, author, place, text)
  }
  const form = acting.entry(data?.name ?? '')
  if (form !== null && data?.target_id) return await open(acting, interaction, author, form, null, data.target_id)
  await answer(acting, interaction, reply.untouched)
  return null
}

/** `/support` with words: they are said where only this person and the bot are. */
async function asked(
  acting: Acting,
  interaction: Interaction,
  author: Author,
  place: Place,
  text: string,
): Promise<Received> {
  const { id } = interaction
  const said = { type: 'said' as const, id, author, at: madeAt(id), text, files: [], timezone: null, tier: null }
  const fresh = await ownPlace(acting, interaction, author, place)
  const received = await acting.store({ ...said, place: fresh?.place ?? place })
  if (fresh?.link) await amend(acting, interaction, fresh.link)
  // Nobody saw what was typed into the command: in a conversation of two it stands for itself.
  else await answer(acting, interaction, reply.message, { content: quote(split(text, 1_900)[0] ?? ''), ...noPings })
  return received
}

interface OwnPlace {
  place: Place
  link: string
  deferred: true
}

/**
 * Where somebody can speak with us alone: their direct messages, or a private thread under the channel, in which they go
 * on later. Null where they are in such a place already.
 */
async function ownPlace(
  acting: Acting,
  interaction: Interaction,
  { id, name }: Author,
  place: Place,
): Promise<OwnPlace | null> {
  const { api, front, rooms } = acting
  if (!interaction.guild_id) return null
  const facts = await front.view({ of: 'place', place, author: id })
  if (place.thread !== null && facts.known) return null
  await answer(acting, interaction, reply.deferred, { flags: ephemeral })
  const user = id.split(':').at(-1) ?? id
  const room = await rooms.find(place.room)
  if (room.type === channelType.text) {
    await rooms.seen(user, room.id)
    const thread = (await standing(acting, user, room.id)) ?? (await openPrivate({ api, rooms }, room.id, user, name))
    if (thread !== null) {
      await rooms.putOwn(user, room.id, thread)
      return { place: { ...place, thread }, link: `<#${thread}>`, deferred: true }
    }
  }
  const direct: Place = { ...place, room: user, thread: null }
  return { place: direct, link: `<#${await rooms.shownAt(direct)}>`, deferred: true }
}

/** The thread that they were given here before, if it is there still. */
async function standing({ rooms }: Acting, user: string, room: string): Promise<string | null> {
  const thread = await rooms.ownIn(user, room)
  if (thread === null) return null
  try {
    return isThreadType((await rooms.find(thread)).type) ? thread : null
  } catch (error) {
    if (error instanceof Gone || error instanceof Undeliverable) return null
    throw error
  }
}
