/**
 * Stories in Slack: the genuine clients over one Slack of the tests', which all stories of a file share; customers
 * in direct messages, the desk in a channel. Each story has its own bot, people, desk and time there.
 */
import { expect } from 'vitest'
import { createSlack, type Slack as SlackPlatform } from '../../src/channels/slack/index.ts'
import { emojiName, escaped, plain } from '../../src/channels/slack/text.ts'
import { webAtCommit } from '../../src/channels/web/channel.ts'
import type { Command, Incoming } from '../../src/domain/message.ts'
import type { Submitted } from '../../src/domain/ports.ts'
import { actionsIn, type Block } from '../counterparts/slack/blocks.ts'
import type { Someone } from '../counterparts/slack/people.ts'
import { type Slack, startSlack } from '../counterparts/slack/server.ts'
import type { Answered, Mode } from '../counterparts/slack/wire.ts'
import type { Message, Room } from '../counterparts/slack/world.ts'
import type { Known } from '../stories/customer.ts'
import { type Deed, deedOf, type Stage, type Told } from '../stories/stage.ts'

export interface Shared {
  /** A fresh stage, for one story. */
  make(): Promise<Stage>
  stop(): Promise<void>
}

/** One Slack for as many stories as there are, told one after another; each connects a bot of its own to it. */
export async function slackForStories(mode: Mode): Promise<Shared> {
  let telling: Told | null = null
  const told = (): Told => telling ?? fail('no story is being told')
  const now = () => told().now()
  const slack = await startSlack({ mode, now })
  return {
    async make() {
      slack.world.forget()
      const desk = slack.room('desk', 'group')
      const platform = connectable(slack, desk, told)
      const tiers = new Map<string, string>()
      let submitted: Submitted | null = null
      return stageOf({
        slack,
        platform,
        desk,
        tiers,
        told,
        submitted: () => submitted,
        async begin(begun) {
          telling = begun
          const { front } = begun
          await platform.connect({
            receive: (incoming) => front.receive(withTier(incoming, tiers)),
            view: (request) => front.view(request),
            async submit(submission) {
              submitted = await front.submit(submission)
              return submitted
            },
          })
          if (mode === 'http') slack.wire.requestUrl = `http://127.0.0.1:${platform.port()}/slack/events`
          await platform.ready
        },
      })
    },
    stop: () => slack.stop(),
  }
}

function connectable({ settings }: Slack, desk: Room, told: () => Told): SlackPlatform {
  return createSlack({
    settings: {
      botToken: settings.SLACK_BOT_TOKEN,
      appToken: settings.SLACK_APP_TOKEN,
      signingSecret: settings.SLACK_SIGNING_SECRET,
      host: '127.0.0.1',
      port: 0,
      clientId: undefined,
      clientSecret: undefined,
      stateSecret: undefined,
      apiUrl: settings.SLACK_API_URL,
      encryptionKey: undefined,
    },
    receives: true,
    keep: { get: async () => null, set: async () => undefined, delete: async () => undefined },
    log: {
      info: (what, message) => told().log.info(what, message),
      warn: (what, message) => told().log.warn(what, message),
      error: (what, message) => told().log.error(what, message),
    },
    now: () => told().now(),
    desks: () => [desk.id],
    // A story's people write as fast as they are told to.
    waitFor: async () => 0,
    paceMs: 0,
  })
}

/** Slack tells of nobody's tier: it comes from whoever keeps the customers, and the stage is that here. */
function withTier(incoming: Incoming, tiers: ReadonlyMap<string, string>): Incoming {
  const tier = tiers.get(incoming.author.id)
  return incoming.type === 'said' && tier !== undefined ? { ...incoming, tier } : incoming
}

interface Ground {
  slack: Slack
  platform: SlackPlatform
  desk: Room
  tiers: Map<string, string>
  told(): Told
  /** What the engine said to the form that was last handed in. */
  submitted(): Submitted | null
  begin(told: Told): Promise<void>
}

interface Line {
  room: Room
  message: Message
}

function stageOf(ground: Ground): Stage {
  const { slack, platform, desk } = ground
  const people = new Map<string, Someone>()
  const personOf = (name: string): Someone => {
    // The same in each story: which of our wordings somebody hears depends on their id.
    const id = `U${Buffer.from(name).toString('hex').toUpperCase()}`
    const known = people.get(name) ?? slack.user(name, { id })
    people.set(name, known)
    return known
  }
  const idOf = (name: string) => `slack:${slack.team.id}:${personOf(name).id}`

  return {
    name: 'slack',
    channels: new Map([
      ['slack', platform.channel],
      ['web', webAtCommit],
    ]),
    desk: `slack:${desk.id}`,
    idOf,
    nameOf: (id) => slack.world.people.get(id)?.name ?? id,
    begin: ground.begin,
    customer: (name, known) => customerHands(ground, personOf(name), idOf(name), known),
    agent(name) {
      const who = personOf(name)
      desk.members.add(who.id)
      return { does: (command) => does(ground, who, personOf, command) }
    },
    shownTo: async (name) => readIn(personOf(name).dm()),
    stop: () => platform.channel.stop(),
  }
}

function customerHands(
  { tiers }: Ground,
  who: Someone,
  id: string,
  { timezone, tier }: Known,
): ReturnType<Stage['customer']> {
  if (timezone !== undefined) who.person.tz = timezone
  if (tier !== undefined) tiers.set(id, tier)
  const said = new Map<string, Line>()
  const screen = new Map<string, Line>()
  const lineOf = (message: string): Line => said.get(message) ?? fail(`${who.person.name} never said ${message}`)
  return {
    async says(text, files) {
      const photos = files.map((name) => ({ name, type: 'image/jpeg', bytes: Buffer.from([1, 2, 3]) }))
      const { room, message, acks } = await who.says(escaped(text), { files: photos })
      taken(acks)
      said.set(message.ts, { room, message })
      return message.ts
    },
    edits: async (message, text) => taken(await who.edits(lineOf(message), escaped(text))),
    deletes: async (message) => taken(await who.deletes(lineOf(message))),
    async reacts(emoji) {
      const room = who.dm()
      const message = room.messages.findLast((one) => one.botId !== null) ?? fail('nothing is there to react to')
      taken(await who.reacts(nameOfEmoji(emoji), { room, message }))
    },
    async presses(button) {
      const room = who.dm()
      const action = `press:${button}`
      const message = room.messages.findLast((one) => has(one, action))
      // Who has it on two screens can press twice.
      if (message) screen.set(button, { room, message: { ...message } })
      taken([await who.presses(action, screen.get(button) ?? fail(`there is no button ${button}`))])
    },
    joins: async () => taken(await who.opensHome('messages')),
  }
}

/** What an agent does, with what Slack gives them for it. */
async function does(
  ground: Ground,
  who: Someone,
  personOf: (name: string) => Someone,
  command: Command,
): Promise<void> {
  const { slack, desk, told } = ground
  const deed = deedOf(command, told().now())
  switch (deed.type) {
    case 'line': {
      const { place } = await told().threadOf(deed.case)
      const { acks } = await who.says(escaped(deed.text), {
        in: desk,
        thread: place.thread ?? fail('there is no thread'),
      })
      return taken(acks)
    }
    case 'press':
      return taken([await pressesAtDesk(ground, who, deed.button, deed.case)])
    case 'form':
      if (await fillsIn(ground, who, personOf, deed)) return
  }
  const place = { channel: 'web' as const, workspace: '-', room: 'desk', thread: null }
  const author = { id: `slack:${slack.team.id}:${who.id}`, name: who.person.name }
  const id = slack.world.id('page')
  await told().front.receive({ type: 'commanded', id, place, author, at: told().now(), command })
}

/** Under the newest message that offers it; or under the card as it stood a moment ago on a screen that is behind. */
async function pressesAtDesk({ desk, told }: Ground, who: Someone, button: string, number: number): Promise<Answered> {
  const action = `desk:${button}`
  const offered = desk.messages.findLast((one) => has(one, action, String(number)))
  if (offered) return await who.presses(action, { room: desk, message: offered })
  const { card } = await told().threadOf(number)
  const message = desk.messages.find((one) => card.endsWith(`:${one.ts}`)) ?? fail('the card is gone')
  const text = { type: 'plain_text' as const, text: button }
  const blocks: Block[] = [
    { type: 'actions', elements: [{ type: 'button', action_id: action, text, value: String(number) }] },
  ]
  return await who.presses(action, { room: desk, message: { ...message, blocks } })
}

/** False where the form does not open, or says that it cannot be done: what is refused is told by the page, too. */
async function fillsIn(
  ground: Ground,
  who: Someone,
  personOf: (name: string) => Someone,
  { form, case: number, values, about }: Extract<Deed, { type: 'form' }>,
): Promise<boolean> {
  const { slack, submitted } = ground
  const before = who.view()
  if (form === 'record') {
    const room = slack.room('shop', 'channel', [who])
    const name = slack.world.people.get(about?.split(':')[2] ?? '')?.name ?? fail('it is about nobody')
    const { message } = await personOf(name).says('Hm.', { in: room })
    taken([await who.shortcuts('record', { room, message })])
  } else taken([await pressesAtDesk(ground, who, form, number ?? 0)])
  if (who.view() === before) return false
  taken([await who.submits(values)])
  return submitted()?.type === 'done'
}

/** All that the bot and the agents have said in somebody's direct messages, as it was meant: parts of one text as one. */
function readIn(room: Room): string[] {
  const read: string[] = []
  for (const { botId, text, metadata, files } of room.messages) {
    if (botId === null || (text === '' && files.length > 0)) continue
    const { text: words } = plain(text, '', () => null)
    const part = Number(metadata?.event_payload.part ?? 1)
    if (part === 1) read.push(words)
    else read.push(`${read.pop() ?? ''} ${words}`)
  }
  return read
}

/** Stored, and so acknowledged. */
function taken(acks: readonly Answered[]): void {
  for (const { status, body } of acks) expect(status, JSON.stringify(body)).toBe(200)
}

function has({ botId, blocks }: Message, action: string, value?: string): boolean {
  const actions = blocks.flatMap((block) => actionsIn(block))
  return (
    botId !== null &&
    actions.some(
      (one) => one.type === 'button' && one.action_id === action && (value === undefined || one.value === value),
    )
  )
}

/** As Slack calls it. */
function nameOfEmoji(emoji: string): string {
  return emoji === '🎈' ? 'balloon' : emojiName(emoji)
}

function fail(why: string): never {
  throw new Error(why)
}
