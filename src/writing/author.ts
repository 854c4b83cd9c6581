/**
 * What a model writes, where one is set. Text is text: what is done stands in fields of its own, is proposed to people or
 * to the rules, and is looked at before it counts. Everything here may fail, and then there is simply nothing of it.
 */
import { z } from 'zod'
import type { Backed } from '../domain/backed.ts'
import type { Locale } from '../domain/customer.ts'
import type { Policy } from '../domain/policy.ts'
import type { Model } from '../domain/ports.ts'
import { faultOf, groundedIn, type Judge, linksIn, marksIn } from './fits.ts'
import type { Answer, Knowledge } from './knowledge.ts'
import { createNearest, type Nearest } from './nearest.ts'

/** How long the caller can still wait, in milliseconds; asked anew before each call. */
export type Left = () => number

export interface Line {
  from: string
  text: string
}

export interface Brief {
  /** The scripts' own text: it is what has to be said, and what is said where the model fails. */
  script: string
  /** What the customer just said, and the last words of both sides, oldest first. */
  said: string
  before: readonly Line[]
  customer: { name: string; tier: string | null }
  locale: Locale
}

export interface Advice {
  reply: string | null
  remedy: { name: string; amount: number | null; why: string } | null
}

export interface Author {
  /** Is there any use in asking just now? */
  ready(): boolean
  /** The script made this customer's own, or null where it is better left as it is. */
  compose(brief: Brief, left: Left): Promise<string | null>
  /** What of the pages stands nearest to a question, by its meaning where that is to be had. */
  near: Nearest
  /** For each question its answer from the pages, or null where they do not have it. */
  answer(questions: readonly Asked[], locale: Locale, left: Left, calledOff?: AbortSignal): Promise<(Answer | null)[]>
  /** The text in another language, or null. The original is always at hand beside it. */
  translate(text: string, into: Locale, left: Left): Promise<string | null>
  summarise(lines: readonly Line[], record: object, language: Locale, left: Left): Promise<string | null>
  advise(matter: Matter, left: Left): Promise<Advice>
}

export interface Asked {
  question: string
  near: readonly Answer[]
}

export interface Matter {
  lines: readonly Line[]
  record: object
  /** What may be offered without asking anybody. */
  remedies: Policy['remedies']
  locale: Locale
  backed: Backed
}

const composed = z.object({ text: z.string(), action: z.enum(['send', 'keep']) })
const answered = z.object({
  answers: z.array(z.object({ known: z.boolean(), text: z.string(), pages: z.array(z.string()) })),
})
const summed = z.object({ summary: z.string() })
const advised = z.object({
  reply: z.string(),
  remedy: z.object({ name: z.string(), amount: z.number().nullable(), why: z.string() }).nullable(),
})
const translated = z.object({ text: z.string() })

/** A message waits for one writer at most this long, however much time there is. */
const oneCallMs = 2_500
/** An answer whose words the pages do not have is not from the pages. */
const groundedAtLeast = 0.55
const answerAtMost = 900
const summaryAtMost = 700

export function createAuthor(model: Model, judge: () => Judge, knowledge: () => Knowledge): Author {
  const within = (left: Left) => Math.min(oneCallMs, left())

  async function draft(brief: Brief, fault: { draft: string; fault: string } | null, left: Left) {
    const { script, said, before, customer, locale } = brief
    const material = { script, said, before, customer, language: locale, ...fault }
    const asked = await model.ask({ task: 'compose', material, shape: composed, withinMs: within(left) })
    return asked.type === 'answer' && asked.value.action === 'send' ? tidy(asked.value.text) : null
  }

  return {
    ready: () => model.ready(),
    near: createNearest(model.embed, knowledge),
    async compose(brief, left) {
      const limits = { ...brief, before: brief.before.map(({ text }) => text) }
      const first = await draft(brief, null, left)
      if (first === null) return null
      const fault = faultOf(first, limits, judge())
      if (fault === null) return first
      const second = await draft(brief, { draft: first, fault }, left)
      return second !== null && faultOf(second, limits, judge()) === null ? second : null
    },

    async answer(questions, locale, left, calledOff) {
      const pages = [...new Map(questions.flatMap(({ near }) => near.map((page) => [page.text, page]))).values()]
      const unknown = questions.map(() => null)
      if (pages.length === 0) return unknown
      const material = {
        questions: questions.map(({ question }) => question),
        pages: pages.map(({ source, text }) => ({ name: source, text })),
        language: locale,
      }
      const asked = await model.ask({ task: 'answer', material, shape: answered, withinMs: within(left), calledOff })
      if (asked.type !== 'answer') return unknown
      return questions.map((_, i) => fromPages(asked.value.answers[i], pages, locale, judge()))
    },

    async translate(text, into, left) {
      if (judge().isIn(text, into)) return null
      const material = { text, into }
      const asked = await model.ask({ task: 'translate', material, shape: translated, withinMs: within(left) })
      if (asked.type !== 'answer') return null
      const said = tidy(asked.value.text)
      const marks = marksIn(text)
      const same = marks.every((mark) => said.includes(mark)) && marksIn(said).length <= marks.length
      const fits = said !== '' && said.length <= text.length * 4 + 80
      return same && fits && judge().isIn(said, into) ? said : null
    },

    async summarise(lines, record, language, left) {
      const material = { lines, record, language }
      const asked = await model.ask({ task: 'summarise', material, shape: summed, withinMs: left() })
      if (asked.type !== 'answer') return null
      const summary = tidy(asked.value.summary)
      const all = JSON.stringify(material)
      return summary.length <= summaryAtMost && marksIn(summary).every((mark) => all.includes(mark)) ? summary : null
    },

    async advise({ lines, record, remedies, locale, backed }, left) {
      const offers = remedies.map(({ name, upTo }) => ({ name, upTo }))
      const material = { lines, record, remedies: offers, language: locale }
      const asked = await model.ask({ task: 'advise', material, shape: advised, withinMs: left() })
      if (asked.type !== 'answer') return { reply: null, remedy: null }
      const reply = tidy(asked.value.reply)
      const { guard, isIn } = judge()
      const fits = reply !== '' && isIn(reply, locale) && guard.check(reply, backed) === null
      return { reply: fits ? reply : null, remedy: withinPolicy(asked.value.remedy, remedies) }
    },
  }
}

/** Only what policy lets an agent offer, and no more of it: a proposal that goes beyond is none. */
function withinPolicy(proposed: z.infer<typeof advised>['remedy'], remedies: Policy['remedies']): Advice['remedy'] {
  const known = remedies.find(({ name }) => name === proposed?.name)
  if (!proposed || !known) return null
  const { amount, why } = proposed
  return amount !== null && (amount <= 0 || amount > known.upTo) ? null : { name: known.name, amount, why: tidy(why) }
}

type Proposed = z.infer<typeof answered>['answers'][number] | undefined

function fromPages(proposed: Proposed, pages: readonly Answer[], locale: Locale, judge: Judge): Answer | null {
  if (!proposed?.known) return null
  const text = tidy(proposed.text)
  const named = pages.filter(({ source }) => proposed.pages.includes(source))
  const [first] = named
  if (!first || text === '' || text.length > answerAtMost || !judge.isIn(text, locale)) return null
  const sources = named.map((page) => page.text).join('\n')
  // A link is said in the page's own words or not at all: whoever could write into a page would send people anywhere.
  if (linksIn(text).length > 0) return null
  if (marksIn(text).some((mark) => !sources.includes(mark)) || groundedIn(text, sources) < groundedAtLeast) return null
  // A page tells how things are done; what is done for this customer is not a page's to promise.
  if (judge.guard.check(text, { amounts: [], times: [sources], remedies: [], said: [] }) !== null) return null
  return { text, source: first.source }
}

function tidy(text: string): string {
  return text.replace(/[ \t]*\n[ \t]*/gu, '\n').trim()
}
