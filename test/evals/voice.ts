/**
 * What customers read: `npm run eval -- voice` writes docs/voice.md from our own messages (`voice/messages.*.jsonl`) and
 * prints the measures of issue 6 over them; with `--data DIR` also over 200 real complaints of labelled messages (as
 * reading.ts reads them), and with `--out DIR` writes those replies there, to be read and judged.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { isLocale, type Locale, locales } from '../../src/domain/customer.ts'
import { loadPhrases } from '../../src/writing/rules.ts'
import { restate } from '../../src/writing/values.ts'
import { broken, isApology, overlap, type Reply } from './voice/measure.ts'
import { openTalk, type Said, type Turn } from './voice/talk.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string' },
    page: { type: 'string', default: join(import.meta.dirname, '../../docs/voice.md') },
  },
})

const head = `# The voice

What customers read, without a model: written by \`npm run eval -- voice\` from the messages in \`test/evals/voice/\`, on a
Friday at 10:02 with the desk open. After ⏳ so many hours have passed. [Brackets] are buttons. A change of a script or a rule shows here as a diff.`

const conversation = z.object({
  about: z.string(),
  says: z.array(z.union([z.string(), z.object({ after: z.number() })])),
})
const row = z.object({ text: z.string(), label: z.string(), lang: z.string().optional() })

const talk = await openTalk()
const forbidden = await loadPhrases(join(talk.prompts.dir, 'cues'), 'forbidden')
const rules = {
  forbidden,
  guarded: (text: string) => talk.prompts.guard.check(text, { amounts: [] })?.found ?? null,
}

await ownMessages()
if (values.data) await realComplaints(values.data)

/** docs/voice.md, a section a language: anyone can read the voice in ten minutes, and a change shows as a diff. */
async function ownMessages(): Promise<void> {
  const sections: string[] = []
  console.log('our own messages    talks  replies  broken rules  overlap of apologies')
  for (const locale of locales) {
    const file = join(import.meta.dirname, `voice/messages.${locale}.jsonl`)
    const talks = (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => conversation.parse(JSON.parse(line)))
    const replies: Reply[] = []
    const shown: string[] = []
    for (const [i, { about, says }] of talks.entries()) {
      const answers = await talk.with(`${locale.toLowerCase()}-${i + 1}`, says)
      shown.push(`### ${i + 1}. ${about}\n\n${transcript(says, answers)}`)
      const asked = says.filter((turn) => typeof turn === 'string')
      for (const [n, said] of answers.entries())
        for (const one of said) replies.push({ ...one, locale, to: asked[n] ?? '' })
    }
    sections.push(`## ${locale}\n\n${shown.join('\n\n')}`)
    const faults = broken(replies, rules)
    const apologies = replies.filter(isApology).map(({ text }) => text)
    console.log(
      `${locale.padEnd(18)}${String(talks.length).padStart(7)}${String(replies.length).padStart(9)}${String(faults.length).padStart(14)}${overlap(apologies, locale).toFixed(3).padStart(22)}`,
    )
    for (const fault of faults) console.log(`    ${fault.replaceAll('\n', ' ')}`)
  }
  await writeFile(values.page, `${head}\n\n${sections.join('\n\n')}\n`)
}

function transcript(says: readonly Turn[], answers: readonly Said[][]): string {
  let n = 0
  return says
    .map((turn) => {
      if (typeof turn !== 'string') return `⏳ ${turn.after} h`
      const said = answers[n++] ?? []
      const replies = said.map(({ text, buttons }) =>
        quoted(`${text}${buttons.map(({ label }) => ` [${label}]`).join('')}`),
      )
      return [`**${turn}**`, ...(replies.length > 0 ? replies : ['> *(nothing)*'])].join('\n\n')
    })
    .join('\n\n')
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')
}

/** 200 complaints that real people wrote: measured, never kept. */
async function realComplaints(folder: string): Promise<void> {
  const bySource = new Map<string, string[]>()
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.jsonl')).toSorted()) {
    const rows = (await readFile(join(folder, name), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => row.parse(JSON.parse(line)))
    const complaints = rows.filter(({ label }) => label === 'complaint').map(({ text }) => text)
    if (complaints.length > 0) bySource.set(name, complaints)
  }
  const languageOf = (texts: readonly string[]): Locale => (/\p{Script=Han}/u.test(texts[0] ?? '') ? 'zh-CN' : 'en')
  console.log('\nreal complaints     n  taken for one  said back  named  broken rules  overlap')
  for (const locale of ['en', 'zh-CN'] as const) {
    const sources = [...bySource.values()].filter((texts) => languageOf(texts) === locale)
    const each = Math.ceil((locale === 'en' ? 130 : 70) / Math.max(1, sources.length))
    const texts = sources.flatMap((all) => evenly(all, each))
    await measure(locale, texts)
  }
}

async function measure(locale: Locale, texts: readonly string[]): Promise<void> {
  const replies: Reply[] = []
  let [saidBack, named] = [0, 0]
  for (const [i, text] of texts.entries()) {
    const [said = []] = await talk.with(`real-${locale}-${i}`, [text])
    const one = said[0]
    if (!one || !isApology(one)) continue
    const { facts, language } = talk.prompts.reader.read(text)
    // "送餐很慢" is written alike in both scripts, and answered in the likelier one.
    replies.push({ ...one, locale: isLocale(language) ? language : locale, to: text })
    const setting = { scripts: talk.prompts.scripts, locale, timezone: 'UTC', now: 0, unsaid: talk.prompts.unsaid }
    const whole = restate(facts, { ...setting, moment: 'complaint' })
    if (whole !== null) named += 1
    if (whole !== null && restate({ ...facts, thing: null }, { ...setting, moment: 'complaint' }) !== null)
      saidBack += 1
  }
  const share = (n: number) => (n / Math.max(1, replies.length)).toFixed(2)
  const faults = broken(replies, rules)
  const alike = overlap(
    replies.map(({ text }) => text),
    locale,
  )
  console.log(
    `${locale.padEnd(16)}${String(texts.length).padStart(5)}${(replies.length / Math.max(1, texts.length)).toFixed(2).padStart(15)}${share(saidBack).padStart(11)}${share(named).padStart(7)}${String(faults.length).padStart(14)}${alike.toFixed(3).padStart(9)}`,
  )
  for (const fault of faults) console.log(`    ${fault.replaceAll('\n', ' ').slice(0, 300)}`)
  if (values.out === undefined) return
  await mkdir(values.out, { recursive: true })
  const page = replies.map(({ to, text }, i) => `${i + 1}. ${to.replaceAll('\n', ' ')}\n\n${quoted(text)}`).join('\n\n')
  await writeFile(join(values.out, `real-${locale}.md`), `${page}\n`)
}

function evenly<T>(all: readonly T[], n: number): T[] {
  const step = Math.max(1, Math.floor(all.length / n))
  return all.filter((_, i) => i % step === 0).slice(0, n)
}
