/** The playground as a person uses it, in a real Chromium: from a complaint to a check-in that is answered. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { z } from 'zod'

/** Where Chromium is; `CHROMIUM` names another. */
export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium'

const quietly = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const complaint = 'My parcel is late for the third time. I have guests on Saturday and nothing to serve them with.'
const reply = 'Hi Ada, I found it: the courier’s van broke down. A new parcel leaves today and is with you on Friday.'
const lastWords = 'It was handed over this morning. Enjoy Saturday.'
/** However late it is, a check-back has come after so many jumps to what is due next. */
const jumpsAtMost = 6

const clockShape = z.object({ now: z.string(), timezone: z.string() })

/** Opens `url`, lives through one case, and throws at the first thing that is not as it should be. */
export async function drivePlayground(url: string, shots: string | null): Promise<void> {
  const browser = await chromium.launch({ executablePath: chromiumPath, args: quietly })
  try {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
      timezoneId: 'Pacific/Kiritimati',
    })
    const page = await context.newPage()
    const faults = watch(page, new URL(url).origin)
    const shoot = async (name: string) => {
      if (shots !== null) await page.screenshot({ path: join(shots, name), animations: 'disabled' })
    }
    page.setDefaultTimeout(15_000)
    await page.goto(url)
    await page.getByRole('status').first().waitFor({ state: 'attached' })
    await page.locator('#link[data-live="yes"]').waitFor()
    assert.equal(await page.title(), 'Amends playground')

    await toldInTheirZones(page, url)
    await complainInChinese(page)
    await complain(page)
    await recover(page, shoot)
    await page.getByRole('button', { name: 'All cases' }).click()
    await checkBack(page, shoot)
    await onPhone(page, shoot)
    assert.deepEqual(faults, [], 'the page and the console stay free of errors, and nothing is fetched from elsewhere')
  } finally {
    await browser.close()
  }
}

/** The customer's pane tells the customer's time, the others the desk's; the browser's own is nobody's. */
async function toldInTheirZones(page: Page, url: string): Promise<void> {
  const { now, timezone } = clockShape.parse(await (await fetch(`${url}/api/clock`)).json())
  const hour = (zone: string) =>
    new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: zone }).format(new Date(now))
  const tells = async (selector: string, zone: string) => {
    const text = (await page.locator(selector).textContent()) ?? ''
    assert.match(text, new RegExp(`\\b${hour(zone)}:\\d\\d`), `${selector} tells the time of ${zone}: ${text}`)
  }
  await page.locator('#offset', { hasText: 'The desk’s time' }).waitFor()
  await tells('#persona', 'Europe/London')
  await tells('#desk-time', timezone)
  await tells('#now-time', timezone)
}

/** 美玲 begins with an example, and is answered in her own script. */
async function complainInChinese(page: Page): Promise<void> {
  await page.getByRole('button', { name: '美玲' }).click()
  await page.getByRole('button', { name: /^抱怨/ }).click()
  await page.getByRole('button', { name: 'Send' }).first().click()
  const answer = page.locator('#log .bot .bubble').first()
  await answer.waitFor()
  assert.equal(await answer.getAttribute('lang'), 'zh-TW')
  assert.match((await answer.textContent()) ?? '', /抱歉|對不起/)
  await page.getByRole('button', { name: 'Ada' }).click()
}

async function complain(page: Page): Promise<void> {
  const composer = page.getByLabel('Message of the customer')
  await composer.fill(complaint)
  await composer.press('Enter')
  await bubble(page, 'customer', complaint).waitFor()
  assert.equal(await composer.inputValue(), '', 'what was sent has left the composer')
  const answer = page.locator('#log .bot .bubble').first()
  await answer.waitFor()
  assert.match((await answer.textContent()) ?? '', /sorry/i)
  await page.locator('#promises .made', { hasText: 'A person answers' }).waitFor()
  await page.locator('#path [aria-current="step"]').waitFor()
}

async function recover(page: Page, shoot: (name: string) => Promise<void>): Promise<void> {
  await page.locator('#cards .card', { hasText: 'My parcel is late' }).getByRole('button').click()
  await page.getByRole('button', { name: 'Claim' }).click()
  await page.getByRole('button', { name: 'Hand back' }).waitFor()

  const words = page.getByLabel('Reply, or a note')
  await words.fill('// The courier confirms: van broke down.')
  await words.press('Enter')
  await page.locator('.thread .note', { hasText: 'The courier confirms' }).waitFor()
  await words.fill('Ask the courier for the driver’s name.')
  await page.getByRole('button', { name: 'Keep as note' }).click()
  await page.locator('.thread .note', { hasText: 'driver’s name' }).waitFor()
  await words.fill(reply)
  await words.press('Enter')
  await page.locator('.thread .waiting', { hasText: 'van broke down. A new parcel' }).waitFor()
  await bubble(page, 'agent', reply).waitFor()
  assert.equal(
    await page.locator('#log', { hasText: /courier confirms|driver’s name/ }).count(),
    0,
    'a note stays inside',
  )
  await shoot('playground-desk.png')

  await page.getByRole('radio', { name: 'Resolve' }).check()
  await page.getByLabel('Cause').fill('courier')
  await page.getByLabel('Words to the customer').fill(lastWords)
  await page.getByRole('button', { name: 'Resolve' }).click()
  await page.locator('#log .bot .bubble', { hasText: lastWords }).waitFor()
  await page.locator('#promises .kept').first().waitFor()
}

async function checkBack(page: Page, shoot: (name: string) => Promise<void>): Promise<void> {
  const solved = page.locator('#log [data-press="solved"]:enabled')
  for (let jumps = 0; jumps < jumpsAtMost && (await solved.count()) === 0; jumps += 1) {
    await page.getByRole('button', { name: 'Let time pass until the next' }).click()
    await solved.waitFor({ timeout: 3000 }).catch(() => undefined)
  }
  await shoot('playground.png')
  await solved.click()
  await page.locator('#steps-title', { hasText: 'Closed' }).waitFor()
  await page.locator('#log [data-press="better"]:enabled').click()
  const mark = page.locator('#log [data-press="rate:5"]:enabled')
  await mark.waitFor()
  const said = await page.locator('#log .bot .bubble').count()
  await mark.click()
  await page.locator('#log .bot .bubble').nth(said).waitFor()
  assert.equal(
    await page.locator('#log .choices button:enabled').count(),
    0,
    'what was answered cannot be pressed again',
  )
}

async function onPhone(page: Page, shoot: (name: string) => Promise<void>): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 })
  for (const [tab, pane] of [
    ['Desk', '#desk'],
    ['What is going on', '#road'],
    ['Customer', '#chat'],
  ] as const) {
    await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: tab }).click()
    await page.locator(pane).waitFor()
    const wider = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')
    assert.equal(wider, false, `${tab} does not scroll sideways on a phone`)
  }
  await shoot('playground-phone.png')
}

function bubble(page: Page, from: string, text: string) {
  return page.locator(`#log .${from} .bubble`, { hasText: text })
}

/** Collects errors of the page (a broken CSP rule is one of them) and requests that leave the machine. */
function watch(page: Page, origin: string): string[] {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) faults.push(`fetched ${request.url()}`)
  })
  return faults
}
