/** A bare Bolt app, as its documentation begins with: each message is answered by one post. Nothing is stored. */
import { App, LogLevel } from '@slack/bolt'

const { PORT = '', SLACK_API_URL = '', SLACK_SIGNING_SECRET = '', SLACK_BOT_TOKEN = '' } = process.env
const app = new App({
  token: SLACK_BOT_TOKEN,
  signingSecret: SLACK_SIGNING_SECRET,
  clientOptions: { slackApiUrl: SLACK_API_URL },
  logLevel: LogLevel.ERROR,
})
app.message(async ({ say }) => {
  await say('We are open from nine to six, Monday to Friday. Is there anything else that you would like to know?')
})
await app.start(Number(PORT))
process.stdout.write(`bare at http://127.0.0.1:${PORT}\n`)
