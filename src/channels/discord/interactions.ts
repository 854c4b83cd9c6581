/**
 * Buttons, forms, commands and menu entries. Discord waits three seconds: what was done is stored and then acknowledged;
 * only what needs a thread made first is acknowledged before. A token that has died costs a look, never what was said.
 */
import { isForm, pressedAtDesk } from '../../domain/buttons.ts'
import type { Author, Incoming, Place } from '../../domain/message.ts'
import type { FormName, Received } from '../../domain/ports.ts'
import { type Acting, amend, answer, noPings, reply, storedThenAcknowledged, tell, whisper } from './answering.ts'
import { supportCommand, supportOption } from './commands.ts'
import { formNamed, type Named } from './form.ts'
import { quote } from './markup.ts'
import { type OwnPlace, ownPlace } from './ownplace.ts'
import { authorOf } from './receive.ts'
import { buttonRows, pressId } from './render.ts'
import { type Interaction, madeAt } from './shapes.ts'
import { open, submitted, suggest } from './submitting.ts'

const type = { command: 2, component: 3, modal: 5 } as const

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
  if (!guild_id) return rooms.directly(user, id)
  if (channel?.type !== undefined) rooms.learn({ ...channel, type: channel.type }, guild_id)
  return await rooms.placeOf(await rooms.find(id))
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
    if (isForm(button)) return await open(acting, interaction, author, formOf(button))
    const fresh = place.thread === null ? await ownPlace(acting, interaction, author, place) : null
    if (fresh) return await pressedApart(acting, interaction, { ...event, type: 'pressed', button, case: null }, fresh)
    return await storedThenAcknowledged(
      acting,
      interaction,
      { ...event, type: 'pressed', button, case: null },
      async ({ type: became }) => {
        // What was chosen is chosen: the buttons go, and nobody presses twice.
        if (became === 'stored') await answer(acting, interaction, reply.changed, { components: [], ...noPings })
        else await answer(acting, interaction, reply.untouched)
      },
    )
  }
  if (sort === 'desk') {
    const kase = number === '' ? null : Number(number)
    if (isForm(button)) return await open(acting, interaction, author, formOf(button, kase))
    if (kase !== null && button === 'suggest') return await suggest(acting, interaction, author, kase)
    const command = kase === null ? null : pressedAtDesk(button, kase)
    if (kase !== null && command)
      return await storedThenAcknowledged(
        acting,
        interaction,
        { ...event, type: 'commanded', command },
        async (became) => {
          // Two claim at once: whoever comes second is told who has it, at once and alone.
          if (became.type === 'refused') await whisper(acting, interaction, became.text)
          else await answer(acting, interaction, reply.untouched)
        },
      )
  }
  if (sort === 'again') {
    const named = formNamed(id)
    if (named) return await open(acting, interaction, author, named)
  }
  // A button of an older version of ours: nothing is lost by it.
  await answer(acting, interaction, reply.untouched)
  return null
}

const formOf = (form: FormName, number: number | null = null, message: string | null = null): Named => ({
  form,
  case: number,
  message,
  again: false,
})

/** Pressed in a channel, where only they saw the button: what comes of it is for them alone as well. */
async function pressedApart(
  acting: Acting,
  interaction: Interaction,
  incoming: Incoming,
  { place, link }: OwnPlace,
): Promise<Received> {
  const received = await acting.store({ ...incoming, place })
  await amend(acting, interaction, link)
  return received
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
    if (text === '') return await home(acting, interaction, author)
    return await asked(acting, interaction, author, place, text)
  }
  const form = acting.entry(data?.name ?? '')
  if (form !== null && data?.target_id)
    return await open(acting, interaction, author, formOf(form, null, data.target_id))
  await answer(acting, interaction, reply.untouched)
  return null
}

/** `/support` alone: what one may expect of us, where one's cases stand, and what one can do. */
async function home(acting: Acting, interaction: Interaction, customer: Author): Promise<null> {
  const { title, standard, cases, none, buttons } = await acting.front.view({ of: 'home', customer })
  const parts = [
    `**${title}**`,
    standard.map((point) => `• ${point}`).join('\n'),
    none ?? '',
    ...cases.map((one) => [`**${one.title}**`, ...one.lines].join('\n')),
  ]
  const text = parts.filter((part) => part !== '').join('\n\n')
  await whisper(acting, interaction, text, buttonRows(buttons, pressId))
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
  const { id, locale = null } = interaction
  const said = {
    type: 'said' as const,
    id,
    author,
    at: madeAt(id),
    text,
    files: [],
    timezone: null,
    tier: null,
    locale,
  }
  const fresh = await ownPlace(acting, interaction, author, place)
  if (fresh) await acting.show(fresh.place, quote(text), `${id}:said`)
  const received = await acting.store({ ...said, place: fresh?.place ?? place })
  if (fresh) await amend(acting, interaction, fresh.link)
  // Nobody saw what was typed into the command: in a conversation of two it stands for itself.
  else await tell(acting, interaction, quote(text))
  return received
}
