/** How the API says no: a status, its own code, and headers. */
export class Refused extends Error {
  readonly status: number
  readonly code: number
  readonly headers: Record<string, string>
  readonly more: Record<string, unknown>

  constructor(status: number, code: number, message: string, headers = {}, more = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
    this.more = more
  }
}

const names = {
  unauthorized: [401, 0, '401: Unauthorized'],
  unknownChannel: [404, 10003, 'Unknown Channel'],
  unknownMessage: [404, 10008, 'Unknown Message'],
  unknownUser: [404, 10013, 'Unknown User'],
  unknownWebhook: [404, 10015, 'Unknown Webhook'],
  unknownInteraction: [404, 10062, 'Unknown interaction'],
  tooLarge: [413, 40005, 'Request entity too large'],
  acknowledged: [400, 40060, 'Interaction has already been acknowledged.'],
  missingAccess: [403, 50001, 'Missing Access'],
  notTheAuthor: [403, 50005, 'Cannot edit a message authored by another user'],
  empty: [400, 50006, 'Cannot send an empty message'],
  noDirect: [403, 50007, 'Cannot send messages to this user'],
  missingPermissions: [403, 50013, 'Missing Permissions'],
  invalidToken: [401, 50027, 'Invalid Webhook Token'],
  archived: [400, 50083, 'Thread is archived'],
  hasThread: [400, 160004, 'A thread has already been created for this message'],
  locked: [400, 160005, 'Thread is locked'],
  tooOld: [429, 30046, 'Maximum number of edits to messages older than 1 hour reached.'],
} as const

export function refused(name: keyof typeof names): Refused {
  const [status, code, message] = names[name]
  return new Refused(status, code, message)
}

/** 50035: the form that was sent is wrong in this place. */
export function malformed(where: string, message: string): Refused {
  return new Refused(
    400,
    50035,
    'Invalid Form Body',
    {},
    { errors: { [where]: { _errors: [{ code: 'INVALID', message }] } } },
  )
}
