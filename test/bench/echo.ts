/** The least that anybody would write with discord.js: what is said to it is said back. */
import { Client, GatewayIntentBits, Partials } from 'discord.js'

const { DISCORD_TOKEN: token = '', DISCORD_API_URL: api = '' } = process.env
const { Guilds, GuildMessages, DirectMessages } = GatewayIntentBits
const client = new Client({
  intents: [Guilds, GuildMessages, DirectMessages],
  partials: [Partials.Channel],
  // The bot's own limit is off as well where a proxy is set: the second is not what is measured.
  rest: { api, globalRequestsPerSecond: Number.POSITIVE_INFINITY },
})
client.on('messageCreate', (message) => {
  if (message.author.bot || !message.channel.isSendable()) return
  message.channel.send({ content: message.content, allowedMentions: { parse: [] } }).catch((error) => {
    throw error
  })
})
client.once('clientReady', () => console.log('playground http://ready'))
process.on('SIGTERM', () => void client.destroy().then(() => process.exit(0)))
await client.login(token)
