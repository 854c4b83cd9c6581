/**
 * A Discord of one's own, on loopback: real HTTP and WebSocket for the genuine client, with people who can be told what
 * to do and faults on demand. Built from Discord's documentation, not from what the bot happens to send.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGateway, type Gateway } from './gateway.ts'
import { type Person, personIn } from './people.ts'
import { createRest, type Fault, type Rest } from './rest.ts'
import { type Channel, createWorld, type Guild, kind, type Message, type World } from './world.ts'

export { buttonsOf, textOf } from './people.ts'
export { kind } from './world.ts'

export interface Discord {
  /** As DISCORD_API_URL takes it. */
  url: string
  token: string
  world: World
  gateway: Gateway
  rest: Rest
  person(name: string, id?: string): Person
  guild(name?: string, permissions?: bigint): Guild
  channel(guild: Guild, name: string, type?: number): Channel
  /** What the bot has shown there, oldest first; its own words through a webhook included. */
  shown(channel: Channel): Message[]
  threadsOf(channel: Channel): Channel[]
  fault(fault: Partial<Fault> & Pick<Fault, 'method' | 'path'>): Fault
  stop(): Promise<void>
}

export const allPermissions = (1n << 50n) - 1n

export interface Settings {
  now?: () => number
  answerWithinMs?: number
  port?: number
}

export async function startDiscord({
  now = Date.now,
  answerWithinMs = 3_000,
  port = 0,
}: Settings = {}): Promise<Discord> {
  const token = 'token-of-the-counterpart'
  const world = createWorld(now, token)
  let origin = ''
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/attachments/')) {
      const file = [...world.channels.values()]
        .flatMap((channel) => channel.messages)
        .flatMap((message) => message.attachments)
        .find((one) => new URL(one.url).pathname === new URL(request.url ?? '', origin).pathname)
      response.writeHead(file ? 200 : 404, { 'content-type': file?.content_type ?? 'text/plain' })
      return void response.end(file?.bytes)
    }
    rest.answer(request, response, origin).catch((error) => {
      response.writeHead(500, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ code: 0, message: String(error) }))
      throw error
    })
  })
  const gateway = createGateway(server, world, () => `${origin.replace('http', 'ws')}/gateway`)
  const rest = createRest(world, gateway, () => origin)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ground = { world, rest, gateway, answerWithinMs }

  return {
    url: `${origin}/api`,
    token,
    world,
    gateway,
    rest,
    person: (name, id) => personIn(ground, name, id),
    guild(name = 'Shop', permissions = allPermissions) {
      const guild: Guild = { id: world.nextId(), name, members: new Set(), permissions }
      for (const user of world.users.keys()) guild.members.add(user)
      world.guilds.set(guild.id, guild)
      return guild
    },
    channel(guild, name, type = kind.text) {
      const channel: Channel = {
        id: world.nextId(),
        type,
        name,
        guild_id: guild.id,
        parent_id: null,
        permission_overwrites: [],
        members: new Set(),
        messages: [],
      }
      world.channels.set(channel.id, channel)
      return channel
    },
    shown: (channel) =>
      channel.messages.filter((one) => one.author.id === world.bot.id || one.webhook_id !== undefined),
    threadsOf: (channel) => [...world.channels.values()].filter((one) => one.parent_id === channel.id),
    fault(given) {
      const fault: Fault = { times: 1, status: 500, ...given }
      rest.faults.push(fault)
      return fault
    },
    async stop() {
      gateway.stop()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
