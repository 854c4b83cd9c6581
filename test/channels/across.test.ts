/** Customers on one platform, agents on another: every pairing, with formatting, edits, deletions and files. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Discord as DiscordBot } from '../../src/channels/discord/index.ts'
import { type Discord, startDiscord, textOf } from '../counterparts/discord/index.ts'
import { contentFlag, type Message, type Channel as Room } from '../counterparts/discord/world.ts'
import { readable } from '../counterparts/slack/blocks.ts'
import type { Said, Someone } from '../counterparts/slack/people.ts'
import type { Room as SlackRoom } from '../counterparts/slack/world.ts'
import { folder } from '../store/ground.ts'
import { type Bench, hurried, saidIn, serve } from './slack.ts'

const { path, remove } = folder()
afterAll(remove)

interface File {
  name: string
  type: string
  bytes: Buffer
}

/** Somebody who writes, wherever they are; what they wrote is named by the order in which they wrote it. */
interface Writer {
  writes(text: string, file?: File): Promise<number>
  edits(n: number, text: string): Promise<unknown>
  deletes(n: number): Promise<unknown>
}

interface Customer extends Writer {
  heard(): Promise<string[]>
  /** Null where a page shows names alone. */
  files(): string[] | null
}

interface Desk extends Writer {
  claims(): Promise<unknown>
  /** The customer of the newest case is that person, too; then not after all. */
  links(to: string): Promise<unknown>
  unlinks(): Promise<unknown>
  /** The card of a case; the newest, where none is named. */
  card(number?: string): string
  lines(): string
  files(): string[]
}

interface World {
  bench: Bench
  discord: Discord
  /** The desk's room, on either platform. */
  onDiscord: Room
}

let count = 0
/** As the buttons of a card say it. */
const same = 'Same person as …'
const notTheSame = 'Not the same person'

const asText = ({ name, bytes }: { name: string; bytes: Buffer }) => `${name}: ${bytes}`

function onDiscord({ discord }: World, name: string): Customer {
  const ada = discord.person(name)
  const written: Message[] = []
  return {
    async writes(text, file) {
      return written.push(ada.says(text, file ? { files: [file] } : {})) - 1
    },
    edits: async (n, text) => ada.edits(at(written, n), text),
    deletes: async (n) => ada.deletes(at(written, n)),
    heard: async () => discord.shown(ada.direct()).map(({ content }) => content),
    files: () =>
      discord
        .shown(ada.direct())
        .flatMap(({ attachments }) => attachments)
        .map(({ filename, bytes }) => asText({ name: filename, bytes })),
  }
}

function onSlack({ bench }: World, name: string): Customer {
  const ada = bench.slack.user(name)
  const written: Said[] = []
  return {
    async writes(text, file) {
      return written.push(await ada.says(text, file ? { files: [file] } : {})) - 1
    },
    edits: (n, text) => ada.edits(at(written, n), text),
    deletes: (n) => ada.deletes(at(written, n)),
    heard: async () => saidIn(ada.dm()).map(({ text }) => text),
    files: () =>
      ada
        .dm()
        .messages.filter(({ botId }) => botId !== null)
        .flatMap(({ files }) => files)
        .map(asText),
  }
}

const answerShape = z.object({
  id: z.string().default(''),
  messages: z.array(z.object({ from: z.string(), text: z.string() })).default([]),
})
type Answer = z.infer<typeof answerShape>

function onWeb({ bench }: World, name: string): Customer {
  const written: string[] = []
  const call = async (method: string, route: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${bench.bot.address}/api${route}`, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    })
    expect(response.ok, `${method} ${route}: ${response.status}`).toBe(true)
    return answerShape.parse(await response.json())
  }
  return {
    async writes(text, file) {
      const files = file ? [{ name: file.name, type: file.type, base64: file.bytes.toString('base64') }] : []
      const { id } = await call('POST', '/messages', { customer: name, text, files })
      return written.push(id) - 1
    },
    edits: (n, text) => call('PATCH', `/messages/${at(written, n)}`, { text }),
    deletes: (n) => call('DELETE', `/messages/${at(written, n)}`),
    async heard() {
      const { messages } = await call('GET', `/customers/${name}/messages`)
      return messages.filter((one) => one.from !== 'customer').map(({ text }) => text)
    },
    files: () => null,
  }
}

function deskOnDiscord({ discord, onDiscord: room }: World): Desk {
  const kim = discord.person('kim')
  const thread = () => {
    const newest = discord.threadsOf(room).at(-1)
    if (!newest) throw new Error('there is no thread')
    return newest
  }
  const written: Message[] = []
  return {
    claims: () => kim.presses(at(discord.shown(room), -1), 'Claim'),
    links: async (to) => kim.fills(await kim.presses(at(discord.shown(room), -1), same), { to }),
    unlinks: () => kim.presses(at(discord.shown(room), -1), notTheSame),
    card: (number = '') =>
      at(
        discord
          .shown(room)
          .map((message) => textOf(message))
          .filter((text) => text.includes(`${number} ·`)),
        -1,
      ),
    async writes(text, file) {
      return written.push(kim.writes(thread(), text, file ? { files: [file] } : {})) - 1
    },
    edits: async (n, text) => kim.edits(at(written, n), text),
    deletes: async (n) => kim.deletes(at(written, n)),
    lines: () =>
      thread()
        .messages.map((message) => textOf(message))
        .join('\n'),
    files: () =>
      discord
        .shown(thread())
        .flatMap(({ attachments }) => attachments)
        .map(({ filename, bytes }) => asText({ name: filename, bytes })),
  }
}

function deskOnSlack(room: SlackRoom, kim: Someone): Desk {
  const card = () => {
    const cards = room.messages.filter(({ threadTs, botId }) => threadTs === null && botId !== null)
    return at(cards, -1)
  }
  const inThread = () => room.messages.filter(({ threadTs }) => threadTs === card().ts)
  const written: Said[] = []
  return {
    claims: () => kim.presses('Claim', { room, message: card() }),
    async links(to) {
      await kim.presses(same, { room, message: card() })
      await kim.submits({ to })
    },
    unlinks: () => kim.presses(notTheSame, { room, message: card() }),
    card: (number = '') =>
      at(
        room.messages
          .filter(({ threadTs, botId }) => threadTs === null && botId !== null)
          .map(({ blocks }) => readable(blocks))
          .filter((text) => text.includes(`${number} ·`)),
        -1,
      ),
    async writes(text, file) {
      return written.push(await kim.says(text, { in: room, thread: card().ts, ...(file ? { files: [file] } : {}) })) - 1
    },
    edits: (n, text) => kim.edits(at(written, n), text),
    deletes: (n) => kim.deletes(at(written, n)),
    lines: () =>
      inThread()
        .map(({ text, blocks }) => `${text} ${readable(blocks)}`)
        .join('\n'),
    files: () =>
      inThread()
        .filter(({ botId }) => botId !== null)
        .flatMap(({ files }) => files)
        .map(asText),
  }
}

function at<T>(all: readonly T[], n: number): T {
  const one = all.at(n)
  if (one === undefined) throw new Error(`there is no number ${n}`)
  return one
}

const photo: File = { name: 'box.jpg', type: 'image/jpeg', bytes: Buffer.from('a broken box') }
const label: File = { name: 'label.pdf', type: 'application/pdf', bytes: Buffer.from('a label') }

describe.each(['discord', 'slack'] as const)('the desk on %s', (where) => {
  let world: World
  let desk: Desk

  beforeAll(async () => {
    const discord = await startDiscord()
    discord.world.application.flags = contentFlag
    const onDiscord = discord.channel(discord.guild(), 'desk')
    let slackRoom: SlackRoom | undefined
    let slackKim: Someone | undefined
    const bench = await serve({
      mode: 'socket',
      prepare(slack) {
        slackKim = slack.user('kim')
        slackRoom = slack.room('desk', 'group', [slackKim])
        return {
          DISCORD_TOKEN: discord.token,
          DISCORD_API_URL: discord.url,
          DESK: where === 'discord' ? `discord:${onDiscord.id}` : `slack:${slackRoom.id}`,
          PROMPTS_DIR: hurried(path),
        }
      },
    })
    await (bench.bot.platforms.get('discord') as DiscordBot).ready
    world = { bench, discord, onDiscord }
    if (!slackRoom || !slackKim) throw new Error('there is no desk on Slack')
    desk = where === 'discord' ? deskOnDiscord(world) : deskOnSlack(slackRoom, slackKim)
  })
  afterAll(async () => {
    await world.bench.stop()
    await world.discord.stop()
  })

  const customers = {
    discord: onDiscord,
    slack: onSlack,
    web: onWeb,
  }

  async function complaint(from: keyof typeof customers): Promise<Customer> {
    count += 1
    const ada = customers[from](world, `ada${count}`)
    await ada.writes(`My parcel ${count} is late.`)
    await world.bench.until(async () => expect((await ada.heard()).length).toBeGreaterThan(0))
    await world.bench.until(() =>
      expect(desk.lines()).toMatch(new RegExp(`parcel ${count} is late[\\s\\S]*//|//[\\s\\S]*parcel ${count} is late`)),
    )
    return ada
  }

  const eventually = (look: () => Promise<unknown> | unknown) => world.bench.until(look)

  test.each(['discord', 'slack', 'web'] as const)('a customer on %s', async (from) => {
    const ada = await complaint(from)
    await desk.claims()
    await eventually(async () => expect((await ada.heard()).join('\n')).toMatch(/kim/i))

    // The agent's words arrive, in the customer's own markup, and call nobody.
    const bold = where === 'discord' ? '**today**' : '*today*'
    const line = await desk.writes(`The courier lost it; a new one leaves ${bold}. \`TW-42\``)
    const theirs = from === 'slack' ? '*today*' : '**today**'
    await eventually(async () =>
      expect((await ada.heard()).join('\n')).toContain(`a new one leaves ${theirs}. \`TW-42\``),
    )

    // What the customer says next stands at the desk, with its file, and changes there.
    const answer = await ada.writes('Here is a photo of the box', photo)
    await eventually(() => expect(desk.lines()).toMatch(/Here is a photo of the box/))
    await eventually(() => expect(desk.files()).toContain('box.jpg: a broken box'))
    await ada.edits(answer, 'Here is a photo of the torn box')
    await eventually(() => expect(desk.lines()).toMatch(/photo of the torn box/))
    await ada.deletes(answer)
    await eventually(() => expect(desk.lines()).not.toMatch(/photo of the torn box/))

    // Links, code, quotes and emoji are what they were, and what calls everybody calls nobody.
    await ada.writes('> as you said\nsee https://shop.example/a?b=1 and `TW-1` 🎁 @everyone')
    await eventually(() => expect(desk.lines()).toMatch(/https:\/\/shop\.example\/a\?b=1/))
    expect(desk.lines()).toMatch(/(?:>|&gt;) as you said/)
    expect(desk.lines()).toContain('`TW-1` 🎁')
    expect(desk.lines()).not.toMatch(/<!(?:everyone|channel|here)/)

    // So do the agent's words with the customer.
    await desk.edits(line, 'The courier lost it; a new one leaves tomorrow.')
    await eventually(async () => expect((await ada.heard()).join('\n')).toMatch(/leaves tomorrow\./))
    expect((await ada.heard()).join('\n')).not.toMatch(/TW-42/)
    await desk.deletes(line)
    await eventually(async () => expect((await ada.heard()).join('\n')).not.toMatch(/leaves tomorrow/))

    await desk.writes('This is the label.', label)
    await eventually(async () => expect((await ada.heard()).join('\n')).toMatch(/This is the label/))
    await eventually(() => expect(ada.files() ?? ['label.pdf: a label']).toContain('label.pdf: a label'))
  })
  test('one person on two platforms is linked, and unlinked', async () => {
    await complaint('web')
    const onTheWeb = `web:-:ada${count}`
    const before = at(/Case (\d+)/u.exec(desk.card()) ?? [], 1)
    await complaint('discord')
    await desk.links(onTheWeb)
    await eventually(() => expect(desk.card()).toContain(`(${onTheWeb}), open: #${before}`))
    await eventually(() => expect(desk.card(`Case ${before}`)).toContain(`ada${count} (discord:-:`))
    await eventually(() => expect(desk.lines()).toMatch(/kim: this customer|This customer writes to us/i))
    await desk.unlinks()
    await eventually(() => expect(desk.card()).not.toContain(onTheWeb))
    await eventually(() => expect(desk.card(`Case ${before}`)).not.toContain('discord:-:'))
  })
})
