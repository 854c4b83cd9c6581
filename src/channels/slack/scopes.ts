/** What the app asks for, and why. The manifests hold exactly this (test/channels/slack-manifest.test.ts). */

export const scopes: Record<string, string> = {
  'app_mentions:read': 'to be mentioned in channels',
  'channels:history': 'to hear what is said in threads of public channels, and to find what was missed',
  'channels:read': 'to know who is in the desk’s channel',
  'chat:write': 'to answer',
  'chat:write.customize': 'to write under an agent’s name',
  commands: 'for /support and the shortcuts',
  'files:read': 'to carry files that customers send',
  'files:write': 'to carry files to customers',
  'groups:history': 'to hear what is said in threads of private channels, and to find what was missed',
  'groups:read': 'to know who is in the desk’s channel, where it is private',
  'im:history': 'to hear what customers say directly',
  'im:write': 'to write to a customer first',
  'reactions:read': 'to take a reaction for an answer, or a complaint',
  'reactions:write': 'to mark what was delivered',
  'users:read': 'for names and time zones',
}

/** Beside them where the app is shown as an agent (slack-manifest.agent.yaml). */
export const agentScopes: Record<string, string> = {
  'assistant:write': 'to be shown as an agent',
}

export function missingScopes(granted: readonly string[]): string[] {
  return Object.keys(scopes).filter((scope) => !granted.includes(scope))
}
