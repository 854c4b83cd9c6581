/** A newcomer's way: what doctor says of a token, a server, the intents and the desk, with the fix; and a start with two settings. */

import { PermissionFlagsBits } from 'discord.js'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { examine, inviteLink } from '../../src/channels/discord/doctor.ts'
import { start } from '../../src/commands/start.ts'
import { readConfig } from '../../src/config.ts'
import { allPermissions, type Discord, startDiscord } from '../counterparts/discord/index.ts'
import { contentFlag } from '../counterparts/discord/world.ts'
import { hears } from './discord-stage.ts'

let discord: Discord

beforeAll(async () => {
  discord = await startDiscord()
})
afterAll(async () => await discord.stop())
beforeEach(() => {
  discord.world.guilds.clear()
  discord.world.application.flags = 0
})

async function lines(desk: string | null = null, token = discord.token): Promise<string[]> {
  return (await examine({ token, url: discord.url, desk })).map(({ well, text }) => `${well ? '✓' : '✗'} ${text}`)
}

describe('doctor', () => {
  test('a good token in no server: the invite link, with exactly the permissions used', async () => {
    const said = await lines()
    expect(said).toContainEqual(expect.stringMatching(/^✓ the token is good/))
    const invitation = said.find((line) => line.startsWith('✗ it is in no server'))
    const link = new URL(/https:\S+/u.exec(invitation ?? '')?.[0] ?? '')
    expect(link.searchParams.get('scope')).toBe('bot applications.commands')
    expect(link.searchParams.get('client_id')).toBe(discord.world.application.id)
    const { ViewChannel, SendMessages, SendMessagesInThreads, CreatePublicThreads, CreatePrivateThreads } =
      PermissionFlagsBits
    const { ReadMessageHistory, AddReactions, AttachFiles, ManageWebhooks } = PermissionFlagsBits
    const used = [
      ...[ViewChannel, SendMessages, SendMessagesInThreads, CreatePublicThreads, CreatePrivateThreads],
      ...[ReadMessageHistory, AddReactions, AttachFiles, ManageWebhooks],
    ]
    expect(link.searchParams.get('permissions')).toBe(used.reduce((all, one) => all | one, 0n).toString())
  })

  test('a server where a permission is missing is named, and the permission', async () => {
    discord.guild(
      'Shop',
      allPermissions & ~PermissionFlagsBits.CreatePrivateThreads & ~PermissionFlagsBits.Administrator,
    )
    discord.guild('Lab', PermissionFlagsBits.Administrator)
    const said = await lines()
    expect(said).toContainEqual(
      expect.stringMatching(/^✗ in Shop it lacks Create Private Threads: invite it with https/),
    )
    expect(said.some((line) => line.includes('in Lab'))).toBe(false)
  })

  test('all is well with the intent, a server and a desk', async () => {
    discord.world.application.flags = contentFlag
    const desk = discord.channel(discord.guild(), 'desk')
    const said = await lines(desk.id)
    expect(said.filter((line) => line.startsWith('✗'))).toEqual([])
    expect(said).toContainEqual('✓ the desk is #desk')
  })

  test.each([
    [
      'a desk without the intent',
      async () => await lines(discord.channel(discord.guild(), 'desk').id),
      /^✗ agents’ lines .*Message Content/,
    ],
    [
      'a desk that is no channel',
      async () => await lines('123456789012345678'),
      /^✗ DESK=discord:\d+ names no channel/,
    ],
    [
      'a token that is refused',
      async () => await lines(null, 'wrong'),
      /^✗ Discord refuses the token: set DISCORD_TOKEN/,
    ],
  ])('%s', async (_what, said, line) => {
    expect(await said()).toContainEqual(expect.stringMatching(line))
  })

  test('a Discord that does not answer', async () => {
    const said = await examine({ token: 'x', url: 'http://127.0.0.1:9/api', desk: null })
    expect(said).toEqual([{ well: false, text: expect.stringMatching(/does not answer .*DISCORD_API_URL/) }])
  })

  test('an invite link can be made without asking anybody', () => {
    expect(inviteLink('1')).toMatch(/^https:\/\/discord\.com\/oauth2\/authorize\?client_id=1&/)
  })
})

// The reader learns anew at each first start: seconds, or many where others use the machine.
describe('start', { timeout: 120_000 }, () => {
  const config = (more: Record<string, string>) =>
    readConfig({ DATABASE_URL: 'sqlite::memory:', PORT: '0', QUIET_MS: '0', LOG_LEVEL: 'silent', ...more }, '/nowhere')

  test('one setting, and the bot answers on Discord and on the web', async () => {
    const told: string[] = []
    const running = await start(config({ DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.url }), (line) =>
      told.push(line),
    )
    expect(told.join('\n')).toMatch(/discord +on/)
    const ada = discord.person('ada')
    await expect.poll(() => discord.gateway.ready()).toBe(true)
    ada.says('What are your opening hours?')
    await hears({ discord }, ada.direct())
    await running.stop()
  })

  test('a Discord that is down stops nobody else, and is said once', async () => {
    const running = await start(
      config({ DISCORD_TOKEN: 'x', DISCORD_API_URL: 'http://127.0.0.1:9/api' }),
      () => undefined,
    )
    expect((await fetch(`${running.address}/readyz`)).status).toBe(200)
    await running.stop()
  })

  test('a desk on Discord without Discord is refused in one sentence', async () => {
    await expect(start(config({ DESK: 'discord:1' }), () => undefined)).rejects.toThrow(
      /needs Discord: set DISCORD_TOKEN/,
    )
  })
})
