/**
 * How messages and places of Slack are called inside. A message is `room:ts`, for a ts is unique only in its room; one of
 * ours that was too long for one is `room:ts+ts`. The place of direct messages has the person's id as its room: so that it is the same whoever writes first.
 */
import type { Place } from '../../domain/message.ts'

export interface Spot {
  room: string
  ts: string
}

export function messageId({ room, ts }: Spot): string {
  return `${room}:${ts}`
}

/** All messages that one of ours takes. */
export function spotsOf(message: string): Spot[] {
  const { room, ts } = spotOf(message)
  return ts.split('+').map((one) => ({ room, ts: one }))
}

export function spotOf(message: string): Spot {
  const at = message.indexOf(':')
  return { room: message.slice(0, at), ts: message.slice(at + 1) }
}

export function customerId(workspace: string, user: string): string {
  return `slack:${workspace}:${user}`
}

export function userOf(customer: string): string {
  return customer.split(':')[2] ?? ''
}

/** People's ids begin with U, or with W in an enterprise's older workspaces. */
export function isPerson(room: string): boolean {
  return /^[UW]/u.test(room)
}

export function placeIn(workspace: string, room: string, thread: string | null): Place {
  return { channel: 'slack', workspace, room, thread }
}

/** `1763344800.000100` → epoch milliseconds. */
export function timeOf(ts: string): number {
  return Math.floor(Number(ts) * 1000)
}
