/** What a message body must be like to be taken: limits as Discord has them, 50035 otherwise. */
import { malformed, refused } from './refusal.ts'
import type { Component } from './world.ts'

export interface Upload {
  name: string
  type: string
  bytes: Buffer
}

const v2 = 1 << 15
const largestFile = 10 * 1024 * 1024

export function checkMessage(body: Record<string, unknown>, uploads: Upload[], kept = 0): void {
  const content = typeof body.content === 'string' ? body.content : ''
  const components = componentsOf(body)
  const isV2 = (Number(body.flags ?? 0) & v2) !== 0
  if (content.length > 2000) throw malformed('content', 'Must be 2000 or fewer in length.')
  if (isV2 && content !== '') throw malformed('content', 'The content field cannot be used with IS_COMPONENTS_V2')
  if (content.trim() === '' && components.length === 0 && uploads.length + kept === 0) throw refused('empty')
  if (uploads.length > 10) throw malformed('attachments', 'Must be 10 or fewer in length.')
  if (uploads.some((one) => one.bytes.length > largestFile)) throw refused('tooLarge')
  if (String(body.nonce ?? '').length > 25) throw malformed('nonce', 'Must be 25 or fewer in length.')
  checkComponents(components, isV2)
}

export function componentsOf(body: Record<string, unknown>): Component[] {
  return Array.isArray(body.components) ? body.components : []
}

/** A component and all that are in it. */
export function withInner(component: Component): Component[] {
  const inner = [...(component.components ?? []), ...(component.component ? [component.component] : [])]
  const accessory = component.accessory as Component | undefined
  return [component, ...inner.flatMap(withInner), ...(accessory ? withInner(accessory) : [])]
}

function checkComponents(components: Component[], isV2: boolean): void {
  const all = components.flatMap(withInner)
  if (isV2 && all.length > 40) throw malformed('components', 'Must be 40 or fewer in total.')
  if (!isV2 && components.some((one) => one.type !== 1))
    throw malformed('components', 'Value of field "type" must be (1,).')
  if (!isV2 && components.length > 5) throw malformed('components', 'Must be 5 or fewer in length.')
  const text = all.filter((one) => one.type === 10).reduce((sum, one) => sum + String(one.content ?? '').length, 0)
  if (text > 4000) throw malformed('components', 'Displayable text is over 4000 characters.')
  for (const row of all.filter((one) => one.type === 1)) {
    const buttons = row.components ?? []
    if (buttons.length === 0 || buttons.length > 5) throw malformed('components', 'Must be between 1 and 5 in length.')
  }
  for (const one of all.filter((each) => each.type === 10))
    if (String(one.content ?? '').trim() === '') throw malformed('content', 'This field is required')
  for (const button of all.filter((one) => one.type === 2)) {
    const label = String(button.label ?? '')
    if (label === '' && button.emoji === undefined) throw malformed('label', 'A button needs a label or an emoji.')
    if (label.length > 80) throw malformed('label', 'Must be 80 or fewer in length.')
    if (button.style !== 5) checkCustomId(button.custom_id)
  }
  const ids = all.flatMap((one) => (one.custom_id === undefined ? [] : [one.custom_id]))
  if (new Set(ids).size < ids.length) throw malformed('custom_id', 'Component custom id cannot be duplicated')
}

function checkCustomId(id: unknown): void {
  if (typeof id !== 'string' || id.length < 1 || id.length > 100)
    throw malformed('custom_id', 'Must be between 1 and 100 in length.')
}

export function checkModal(data: Record<string, unknown>): void {
  checkCustomId(data.custom_id)
  const title = String(data.title ?? '')
  if (title.length < 1 || title.length > 45) throw malformed('title', 'Must be between 1 and 45 in length.')
  const components = componentsOf(data)
  if (components.length < 1 || components.length > 5)
    throw malformed('components', 'Must be between 1 and 5 in length.')
  for (const one of components) {
    if (one.type !== 18 && one.type !== 10) throw malformed('components', 'A modal holds labels and text.')
    if (one.type === 10) continue
    if (String(one.label ?? '').length < 1 || String(one.label ?? '').length > 45)
      throw malformed('label', 'Must be between 1 and 45 in length.')
    if (String(one.description ?? '').length > 100) throw malformed('description', 'Must be 100 or fewer in length.')
    const inner = one.component
    if (!inner) throw malformed('component', 'This field is required')
    checkCustomId(inner.custom_id)
    if (inner.type === 4 && String(inner.value ?? '').length > Number(inner.max_length ?? 4000))
      throw malformed('value', 'Too long.')
    if (inner.type === 4 && Number(inner.max_length ?? 4000) > 4000)
      throw malformed('max_length', 'Must be 4000 or fewer.')
    if (inner.type === 4 && String(inner.placeholder ?? '').length > 100)
      throw malformed('placeholder', 'Must be 100 or fewer in length.')
    if (inner.type === 3) checkSelect(inner)
    if (![3, 4, 5].includes(inner.type)) throw malformed('component', 'Not a component for a label.')
  }
}

function checkSelect(select: Component): void {
  const options = Array.isArray(select.options) ? select.options : []
  if (options.length < 1 || options.length > 25) throw malformed('options', 'Must be between 1 and 25 in length.')
  for (const { label, value } of options)
    if (
      String(label ?? '').length < 1 ||
      String(label).length > 100 ||
      String(value ?? '').length < 1 ||
      String(value).length > 100
    )
      throw malformed('options', 'Must be between 1 and 100 in length.')
}

const commandName = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u

export function checkCommands(commands: Record<string, unknown>[]): void {
  if (new Set(commands.map((one) => `${one.type ?? 1}:${one.name}`)).size < commands.length)
    throw malformed('name', 'Application command names must be unique')
  for (const { type = 1, name, description, options } of commands) {
    if (type === 1 && (!commandName.test(String(name)) || String(name) !== String(name).toLowerCase()))
      throw malformed('name', 'Command name is invalid')
    if (String(name).length < 1 || String(name).length > 32)
      throw malformed('name', 'Must be between 1 and 32 in length.')
    if (type === 1 && (String(description ?? '').length < 1 || String(description).length > 100))
      throw malformed('description', 'Must be between 1 and 100 in length.')
    if (type !== 1 && description !== undefined && description !== '')
      throw malformed('description', 'Context menu commands cannot have description')
    if (Array.isArray(options) && options.length > 25) throw malformed('options', 'Must be 25 or fewer in length.')
  }
}
