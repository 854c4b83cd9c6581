/** Whose token serves for which workspace: the one of the settings, or those that were installed. */
import { Undeliverable } from '../../domain/faults.ts'

export interface Tokens {
  /** The token for a workspace; `-` is whichever there is, where a desk's room names none. */
  of(workspace: string): Promise<string>
  /** Slack took it no more: whatever is known of it is looked up anew. */
  refuse(workspace: string, token: string): Promise<void>
  /** The workspaces that are known. */
  workspaces(): Promise<string[]>
  /** The app was removed there. */
  remove(workspace: string): Promise<void>
}

/** One workspace, by SLACK_BOT_TOKEN. */
export function oneToken(token: string, workspace: () => Promise<string>): Tokens {
  return {
    of: async () => token,
    refuse: async () => undefined,
    workspaces: async () => [await workspace()],
    remove: async () => undefined,
  }
}

export function notInstalled(workspace: string): Undeliverable {
  return new Undeliverable(`the app is not installed to the workspace ${workspace}: open /slack/install and allow it`)
}
