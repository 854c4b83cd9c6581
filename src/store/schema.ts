/** The tables, one schema for both engines. Ids are UUIDv7 text, times epoch milliseconds, JSON is text, truth is 0/1. */
import type { Kysely } from 'kysely'
import type { Kind } from '../domain/reading.ts'

export interface Schema {
  customers: {
    id: string
    name: string
    language: string | null
    timezone: string | null
    tier: string | null
    greeted_at: number | null
    stopped_at: number | null
    blocked_at: number | null
    no_model_at: number | null
    /** JSON: script → numbers of the variants already said to this customer (P8). */
    used: string
    created_at: number
    /** JSON: what they chose themselves, `language` or `timezone`; null: nothing. */
    chosen: string | null
    /** The same in all accounts of one person; null where only one is known. */
    person: string | null
  }
  conversations: {
    id: string
    /** `<channel>:<workspace>:<room>:<thread>:<customer>`: one customer in one place. */
    key: string
    customer: string
    channel: string
    workspace: string
    room: string
    thread: string | null
    /** JSON of what the bot asked last, or null. */
    asked: string | null
    /** The newest arrived message; when a turn may begin (null: no message waits); since when the oldest has waited. */
    last_in: string | null
    ready_at: number | null
    waiting_since: number | null
    /** The newest `shown_at` of what was said here: the next is later, whatever any process's clock says. */
    shown_at: number
    lease_owner: string | null
    lease_until: number | null
  }
  messages: {
    id: string
    channel: string
    platform_id: string
    conversation: string
    customer: string
    case_id: string | null
    type: string
    role: string
    author: string
    author_name: string
    text: string
    /** JSON of what else arrived, by type. */
    body: string
    /** JSON of what was read from it. */
    reading: string | null
    at: number
    received_at: number
    /** Its place in what the customer reads: never before anything that could be read already. */
    shown_at: number
    /** The id of the first message of its burst: all that this turn wrote bears it. */
    turn: string | null
    turn_at: number | null
    handled_at: number | null
    edited_at: number | null
    deleted_at: number | null
  }
  files: {
    id: string
    message: string
    name: string
    type: string
    size: number
    bytes: Uint8Array
  }
  cases: {
    id: string
    number: number
    conversation: string
    customer: string
    kind: string
    status: string
    severity: number
    owner: string
    owner_id: string | null
    opened_at: number
    updated_at: number
    /** JSON of the whole case (domain/case.ts): the sum of its events. */
    state: string
    /** What counts it among its like (domain/spike.ts): its failure, its cause. */
    topic: string | null
    cause: string | null
  }
  case_events: {
    id: string
    case_id: string
    at: number
    type: string
    body: string
    turn: string | null
  }
  promises: {
    case_id: string
    n: number
    what: string
    due: number
    state: string
    by: string
    made_at: number
    renegotiated: number
    /** Why it was let go. */
    because: string | null
  }
  timers: {
    conversation: string
    /** '' for what belongs to no case. */
    case_id: string
    timer: string
    key: string
    due_at: number
    about: string | null
  }
  outbox: {
    id: string
    conversation: string
    customer: string
    case_id: string | null
    audience: string
    /** Where it goes, as JSON of a Place. */
    place: string
    type: string
    body: string
    /** `moment@version:variant` of each part, joined by `+`; null for a person's words. */
    script: string | null
    /** waiting · begun · sent · failed · dropped */
    state: string
    not_before: number
    attempts: number
    created_at: number
    begun_at: number | null
    sent_at: number | null
    /** As a message's; null until it is sent. */
    shown_at: number | null
    turn: string | null
    platform_id: string | null
    error: string | null
  }
  /** Where a case stands at its desk. What is null is not posted yet, or is gone. */
  desk_threads: {
    case_id: string
    channel: string
    workspace: string
    room: string
    thread: string | null
    /** The platform's ids of the card, and of the thread's first line. */
    card: string | null
    rule: string | null
  }
  /** Whose words an outbox row carries: an edit, a deletion and a mark find their way by it, and so do files. */
  outbox_sources: {
    outbox: string
    message: string
  }
  suggestions: {
    id: string
    number: number
    text: string
    status: string
    created_at: number
  }
  suggestion_people: {
    suggestion: string
    customer: string
    conversation: string
    text: string
    at: number
  }
  lessons: {
    case_id: string
    customer: string
    /** The turn whose words these are, masked. */
    turn: string
    text: string
    was: Kind
    kind: Kind
    by: string
    at: number
    taken_at: number | null
  }
  incidents: {
    id: string
    number: number
    text: string
    state: string
    opened_at: number
    closed_at: number | null
  }
  incident_cases: {
    incident: string
    case_id: string
  }
  /** The last time that complaints of a topic came thicker than usual, and what people made of it. */
  spikes: {
    topic: string
    /** The case that tipped it, and the outbox row that proposes an incident. */
    case_id: string
    alert: string
    /** proposed · declared · refused */
    state: string
    at: number
    /** When it last went on. */
    seen_at: number
  }
  counters: {
    name: string
    value: number
  }
  settings: {
    key: string
    value: string
  }
  audit: {
    id: string
    at: number
    what: string
    body: string
  }
}

/** A handle on the database: the whole of it, or a transaction. Inside a transaction only its own handle is used. */
export type Db = Kysely<Schema>
