/**
 * Every moment in which somebody reads a sentence of ours, with the variables that its script may use.
 * `prompts/scripts/<moment>.<locale>.md` holds the words; test/prompts.test.ts holds the two together.
 * A variable is always given, `null` when unknown.
 *
 * matter   what happened, said back as a clause without a full stop: "your parcel is late for the third time"
 * stake    what hangs on it, in the customer's words
 * when     a time as people say it, with its preposition: "today by 11:00", "今天 11:00 前"
 * number   the case's number
 * agent    the name of the person who has the case
 * before   how many apologies this customer has had in this case
 */
export const moments = {
  // first words
  hello: ['org'],
  greeting: [],
  other: [],
  closing: [],
  unsure: [],
  language: ['notice'],
  identity: ['org'],

  // a complaint, in the order of P6
  complaint: ['matter', 'stake'],
  'complaint.angry': ['matter', 'stake'],
  'complaint.distressed': ['matter', 'stake'],
  'complaint.again': ['matter', 'stake', 'before'],
  'complaint.more': ['matter', 'number', 'agent', 'when'],
  'ask.happened': ['thing'],
  'ask.order': ['thing'],
  'ask.wish': ['thing'],
  promise: ['when', 'number'],
  'promise.later': ['when', 'number'],
  'offer.made': ['remedy', 'amount', 'agent'],
  'offer.accepted': ['remedy', 'when'],
  'offer.refused': ['when'],
  resolved: ['agent', 'matter', 'remedy', 'words'],
  reopened: ['agent', 'matter', 'when', 'before'],

  // an inquiry, a suggestion, praise
  'inquiry.answer': ['answer', 'source'],
  'inquiry.unknown': ['question', 'when', 'number'],
  suggestion: ['number'],
  'suggestion.planned': ['idea', 'words', 'when'],
  'suggestion.shipped': ['idea', 'words'],
  'suggestion.declined': ['idea', 'words'],
  praise: [],
  'praise.beside': [],

  // people
  human: ['when', 'number'],
  'human.later': ['when', 'number'],
  claimed: ['agent', 'number'],
  released: ['number', 'when'],

  // promises and waiting
  'promise.made': ['what', 'when', 'agent'],
  'promise.broken': ['what', 'due', 'when', 'number'],
  progress: ['number', 'agent', 'step', 'when'],
  status: ['number', 'agent', 'step', 'when'],
  'status.none': [],
  nevermind: ['number'],
  withdrawn: ['number'],
  /** A person read it, and found nothing to be done. */
  settled: ['number'],

  // checking back
  check: ['matter', 'agent', 'remedy'],
  'check.suggestion': ['idea'],
  'check.solved': [],
  'check.rate': [],
  'check.thanks': ['rating'],
  'check.low': ['when', 'number'],
  stopped: [],

  // incidents
  'incident.known': ['text', 'when'],
  'incident.update': ['text', 'when'],
  'incident.closed': ['text'],
  announce: ['text'],

  // safety: fixed wording, one variant, exempt from variation
  'safety.selfharm': [],
  'safety.threat': [],
  'safety.injury': [],
  'safety.legal': ['number'],
  'safety.breach': ['number'],

  // when a moment's variants are used up for a customer
  'used.up': ['number', 'step', 'when'],

  // a text in another language, and as it was written: to the customer, and to the desk
  'words.translated': ['text', 'original'],
  'relay.translated': ['text', 'original'],
  // the model: a customer wants none, or wants it again
  'model.off': [],
  'model.on': [],

  // the desk
  'desk.rule': ['number'],
  'desk.rule.inside': ['number'],
  'desk.taken': ['agent', 'number'],
  'desk.claimed': ['agent', 'number'],
  'desk.linked': ['agent'],
  'desk.unlinked': ['agent'],
  'desk.risk': ['number', 'what', 'when'],
  'desk.broken': ['number', 'what', 'due'],
  'desk.ladder': ['number', 'people', 'reason'],
  'desk.waiting': ['number', 'when'],
  'desk.safety': ['number', 'safety', 'text'],
  'desk.praise': ['customer', 'text'],
  // words of a customer's that are changed, and that are gone
  'desk.edited': ['text'],
  'desk.deleted': [],
  'desk.suggestion': ['number', 'people', 'text'],
  'desk.refused': ['reason'],
  // a spike of like complaints, what people made of it, and a cause that comes back
  'desk.spike': ['topic', 'people', 'minutes', 'numbers'],
  'desk.spike.decided': ['agent', 'incident', 'topic'],
  'desk.recurring': ['cause', 'n', 'people', 'days'],
  'desk.held': ['reason', 'better'],
  'desk.spent': [],
  'desk.trouble': ['text'],
  'desk.undelivered': ['number', 'customer', 'reason'],
  'desk.loop': ['customer', 'text'],
} as const satisfies Record<string, readonly string[]>

export type Moment = keyof typeof moments

/** Pieces that stand in `<name>.en.md` alone. */
export const onceOnly: ReadonlySet<string> = new Set(['tongues'])

/** Moments in which a form letter would hurt, or help less than it could: a model may make these the customer's own (P8, P23). */
const personal = [
  ...['complaint', 'complaint.angry', 'complaint.distressed', 'complaint.again', 'complaint.more'],
  ...['ask.happened', 'ask.order', 'ask.wish', 'offer.made', 'offer.refused', 'resolved', 'reopened'],
  ...['inquiry.answer', 'inquiry.unknown', 'suggestion', 'suggestion.declined', 'praise'],
  ...['promise.broken', 'progress', 'check', 'check.low'],
]

export function isPersonal(moment: Moment): boolean {
  return personal.includes(moment)
}

/** The lexicon of what goes wrong (understanding/facts.ts). */
const failures = [
  'late',
  'lost',
  'broken',
  'wrong',
  'charged',
  'refund',
  'silent',
  'rude',
  'unusable',
  'cancelled',
  'missing',
  'quality',
] as const

/** Small pieces that are no sentences of their own; one heading each, no variants. */
export const pieces = {
  /** Button labels; `rate` has `n`. */
  labels: [
    'accept',
    'decline',
    'solved',
    'not_solved',
    'human',
    'stop',
    'rate',
    'better',
    'as',
    'worse',
    'inquiry',
    'complaint',
    'suggestion',
    'praise',
    'other',
    'bot',
    ...['claim', 'release', 'undo', 'approve', 'block', 'take', 'send', 'unlink', 'dismiss'],
    ...[
      'reply',
      'suggest',
      'note',
      'remedy',
      'promise',
      'transfer',
      'resolve',
      'refile',
      'link',
      'declare',
      'record',
      'wrong',
      'preferences',
    ],
  ],
  /** How a due time is said: variables time, weekday, date. `at` is a past moment ("yesterday at 11:00" needs no more than `at`). */
  times: ['today', 'tomorrow', 'weekday', 'date', 'at'],
  /** That the remedy asked for was heard, a heading for each wish; nothing is promised by it (P16). */
  wished: ['refund', 'replacement', 'repair', 'apology', 'answer', 'cancel'],
  /** What happened as a clause, a heading for each failure of the lexicon; variables thing, times, since. */
  restate: failures,
  /** Failures of the lexicon as one names many of them: "late deliveries". */
  topics: failures,
  /** A case's card at a desk on a platform: labels, and the words for what stands there. */
  card: [
    ...[
      'title',
      'customer',
      'customer_is',
      'also',
      'also_is',
      'happened',
      'harm',
      'wish',
      'mood',
      'standing',
      'standing_is',
    ],
    ...['promised', 'promised_is', 'answer_is', 'cause', 'remedy', 'owner_is', 'owner_bot', 'owner_desk'],
    ...['kind_complaint', 'kind_inquiry', 'kind_safety', 'severity_0', 'severity_1', 'severity_2', 'severity_3'],
    ...['status_open', 'status_waiting', 'status_resolved', 'status_closed', 'status_withdrawn'],
    ...['mood_calm', 'mood_annoyed', 'mood_angry', 'mood_distressed'],
  ],
  /** What a channel says for itself, to one person: variables name, seconds. */
  channel: ['help', 'received', 'tooLarge', 'unreadable', 'tooFast', 'notNow', 'unread'],
  /** What is said in a language that we do not read: in one file, since it is the same whoever we are. */
  tongues: 'es fr de pt it nl pl tr id vi sv ja ko ru uk ar fa he th hi el'.split(' '),
  /** Why an agent's action is not done (domain/refusal.ts): variables agent, number. */
  refusals: ['ended', 'taken', 'nothing', 'noOffer', 'notLead', 'past', 'blocked', 'empty', 'asIs', 'nobody'],
  /** Whom the ladder calls, and why (domain/ladder.ts): variables n, agent, remedy, amount. */
  callings: [
    ...['leads', 'managers', 'public', 'leaving', 'again', 'grave', 'asks'],
    ...['broken', 'neglected', 'refused', 'approval', 'unsolved', 'rating'],
  ],
  /** Forms: their fields, hints and options, and what is wrong with what was filled in; variables limit, number, what, amount, why, topic. */
  forms: [
    ...['incident', 'incident_text', 'news'],
    'send',
    'save',
    'text',
    'note',
    'remedy',
    'amount',
    'what',
    'by',
    'to',
    'cause',
    'did',
    'words',
    'kind',
    'record',
    'happened',
    'language',
    'checkins',
    'timezone',
    'privacy',
    'model',
    'model_on',
    'model_off',
    'confirm',
    'amount_hint',
    'by_hint',
    'to_hint',
    'same',
    'same_hint',
    'timezone_hint',
    'confirm_hint',
    'checkins_on',
    'checkins_off',
    'privacy_keep',
    'privacy_export',
    'privacy_delete',
    'language_auto',
    'kind_complaint',
    'kind_inquiry',
    'kind_suggestion',
    'kind_praise',
    'kind_other',
    'needed',
    'long',
    'choice',
    'unread',
    'past',
    'zone',
    'confirm_needed',
    'no_case',
    'ended',
    'not_here',
    'nobody',
    'saved',
    'recorded',
    'received',
    'deleted',
    'exported',
    'not_now',
    'suggest_wait',
    'suggest_remedy',
    'suggest_none',
  ],
  /** A customer's home page, a line each; variables number, summary, agent, step, what, when, minutes. */
  home: ['title', 'case', 'owner', 'unowned', 'promised', 'answer', 'none', 'answered', 'grave', 'checked', 'person'],
  /** Where a case stands, as the customer reads it. */
  steps: ['listen', 'find', 'propose', 'revise', 'act', 'check', 'learn', 'answer', 'thank', 'tell'],
} as const satisfies Record<string, readonly string[]>

export type ChannelLine = (typeof pieces.channel)[number]
export type CardPiece = (typeof pieces.card)[number]
export type FormPiece = (typeof pieces.forms)[number]
export type HomePiece = (typeof pieces.home)[number]
