/** Whose token serves for which workspace: the one of the settings, or those that were installed (installed.ts). */
import { Undeliverable } from '../../domain/faults.ts'

export interface Tokens {
  /** The token for a workspace. */
  of(workspace: string): Promise<string>
  /** Slack took it no more: whatever is known of it is looked up anew. */
  refuse(workspace: string, token: string): void
  workspaces(): Promise<string[]>
  /** What was granted there, as far as it is known. */
  scopes(workspace: string): readonly string[]
  learn(workspace: string, scopes: readonly string[]): void
  /** The app was removed there: gives the workspace's name. */
  remove(workspace: string): Promise<string>
}

/** One workspace, by SLACK_BOT_TOKEN: its id is `-` until Slack has told it. */
export function oneToken(token: string): Tokens {
  let granted: readonly string[] = []
  let only = '-'
  return {
    of: async () => token,
    refuse: () => undefined,
    workspaces: async () => [only],
    scopes: () => granted,
    learn(workspace, scopes) {
      only = workspace
      granted = scopes
    },
    remove: async (workspace) => workspace,
  }
}

export function notInstalled(workspace: string): Undeliverable {
  return new Undeliverable(`the app is not installed to the workspace ${workspace}: open /slack/install there`)
}
