/** The manifests ask for exactly what is used: no scope, no event, no command more or less. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commandName } from '../../src/channels/slack/interact.ts'
import { eventTypes } from '../../src/channels/slack/payloads.ts'
import { agentScopes, missingScopes, scopes } from '../../src/channels/slack/scopes.ts'
import { readManifest } from '../counterparts/slack/world.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'src/channels/slack')
const code = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== 'scopes.ts')
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n')

/** What a method needs, as Slack's pages for each tell. */
const neededBy: Record<string, string[]> = {
  'apps.connections.open': [],
  'assistant.threads.setStatus': ['chat:write'],
  'auth.test': [],
  'chat.delete': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write', 'chat:write.customize'],
  'chat.update': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.members': ['channels:read', 'groups:read'],
  'conversations.open': ['im:write'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'files.info': ['files:read'],
  'oauth.v2.access': [],
  'reactions.add': ['reactions:write'],
  'reactions.remove': ['reactions:write'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.update': [],
}

/** What an event needs, and its type as it arrives. */
const events: Record<string, { type: string; scope: string | null }> = {
  app_home_opened: { type: 'app_home_opened', scope: null },
  app_mention: { type: 'app_mention', scope: 'app_mentions:read' },
  app_uninstalled: { type: 'app_uninstalled', scope: null },
  'message.channels': { type: 'message', scope: 'channels:history' },
  'message.groups': { type: 'message', scope: 'groups:history' },
  'message.im': { type: 'message', scope: 'im:history' },
  reaction_added: { type: 'reaction_added', scope: 'reactions:read' },
  tokens_revoked: { type: 'tokens_revoked', scope: null },
}

const methods = [
  ...code.matchAll(/'((?:apps|assistant|auth|chat|conversations|files|oauth|reactions|users|views)\.[\w.]+)'/gu),
].map(([, method = '']) => method)

describe.each([
  ['slack-manifest.yaml', scopes],
  ['slack-manifest.agent.yaml', { ...scopes, ...agentScopes }],
])('%s', (file, asked) => {
  const manifest = readManifest(file)
  const granted = manifest.oauth_config.scopes.bot
  const subscribed = manifest.settings.event_subscriptions.bot_events

  test('asks for the scopes that have their reason', () => {
    expect(granted).toEqual(Object.keys(asked).toSorted())
    expect(missingScopes(granted)).toEqual([])
  })

  test('every scope is used by a method, an event or a feature, and every one used is there', () => {
    expect(methods.length).toBeGreaterThan(15)
    const used = new Set([
      ...methods.flatMap((method) => neededBy[method] ?? [`no scope is known for ${method}`]),
      ...subscribed.flatMap((event) => events[event]?.scope ?? []),
      // Beside a slash command and shortcuts, file links, that no method's name shows.
      'commands',
      'files:read',
      ...(manifest.features.agent_view ? ['assistant:write'] : []),
    ])
    expect([...used].toSorted()).toEqual(granted)
  })

  test('subscribes to the events that are heard, and hears no other', () => {
    expect(subscribed).toEqual(Object.keys(events).toSorted())
    expect([...new Set(subscribed.map((event) => events[event]?.type))].toSorted()).toEqual([...eventTypes].toSorted())
  })

  test('has the command and the shortcuts that are listened to', () => {
    expect(manifest.features.slash_commands?.map((one) => one.command)).toEqual([commandName])
    const callbacks = manifest.features.shortcuts?.map((one) => one.callback_id)
    expect(callbacks).toEqual(['wrong', 'record'])
    for (const shortcut of manifest.features.shortcuts ?? [])
      expect(String(shortcut.name).length).toBeLessThanOrEqual(24)
  })

  test('needs no public address', () => {
    expect(manifest.settings.socket_mode_enabled).toBe(true)
  })
})

test('the app is shown as an agent by the second alone: guests cannot use such an app', () => {
  expect(readManifest('slack-manifest.yaml').features.agent_view).toBeUndefined()
  expect(readManifest('slack-manifest.agent.yaml').features.agent_view).toBeDefined()
})
