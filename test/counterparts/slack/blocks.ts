/** What Slack refuses of a payload: the limits of its block kit (PLATFORMS, "Blocks" and "Modals"). */
import { z } from 'zod'

const text = (atMost: number) =>
  z.object({
    type: z.enum(['plain_text', 'mrkdwn']),
    text: z.string().min(1).max(atMost),
    emoji: z.boolean().optional(),
    verbatim: z.boolean().optional(),
  })
const plain = (atMost: number) =>
  z.object({ type: z.literal('plain_text'), text: z.string().min(1).max(atMost), emoji: z.boolean().optional() })
const id = z.string().min(1).max(255)

const option = z.object({ text: text(75), value: z.string().max(150) })
const confirm = z.object({ title: plain(100), text: text(300), confirm: plain(30), deny: plain(30) }).partial()

const button = z.strictObject({
  type: z.literal('button'),
  action_id: id,
  text: plain(75),
  value: z.string().max(2000).optional(),
  url: z.string().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: z.string().max(75).optional(),
  confirm: confirm.optional(),
})
const select = z.strictObject({
  type: z.literal('static_select'),
  action_id: id,
  placeholder: plain(150).optional(),
  options: z.array(option).min(1).max(100),
  initial_option: option.optional(),
})
const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: id,
  options: z.array(option).min(1).max(5),
})
const input = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: id,
  multiline: z.boolean().optional(),
  initial_value: z.string().max(3000).optional(),
  max_length: z.number().int().min(1).max(3000).optional(),
  placeholder: plain(150).optional(),
})
const time = z.strictObject({
  type: z.literal('datetimepicker'),
  action_id: id,
  initial_date_time: z.number().int().optional(),
})
const number = z.strictObject({
  type: z.literal('number_input'),
  action_id: id,
  is_decimal_allowed: z.boolean(),
  initial_value: z.string().optional(),
  min_value: z.string().optional(),
})

const block_id = id.optional()
const inMessages = [
  z.strictObject({
    type: z.literal('section'),
    block_id,
    text: text(3000).optional(),
    fields: z.array(text(2000)).min(1).max(10).optional(),
    accessory: z.union([button, select, overflow]).optional(),
  }),
  z.strictObject({ type: z.literal('header'), block_id, text: plain(150) }),
  z.strictObject({ type: z.literal('divider'), block_id }),
  z.strictObject({ type: z.literal('context'), block_id, elements: z.array(text(2000)).min(1).max(10) }),
  z.strictObject({
    type: z.literal('actions'),
    block_id,
    elements: z
      .array(z.union([button, select, overflow]))
      .min(1)
      .max(25),
  }),
] as const
const message = z.array(z.discriminatedUnion('type', inMessages)).max(50)

const inViews = z.discriminatedUnion('type', [
  ...inMessages,
  z.strictObject({
    type: z.literal('input'),
    block_id,
    label: plain(2000),
    element: z.discriminatedUnion('type', [input, select, time, number]),
    optional: z.boolean().optional(),
    hint: plain(2000).optional(),
  }),
])
const view = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('modal'),
    title: plain(24),
    submit: plain(24).optional(),
    close: plain(24).optional(),
    callback_id: z.string().max(255).optional(),
    private_metadata: z.string().max(3000).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    blocks: z.array(inViews).max(100),
  }),
  z.strictObject({
    type: z.literal('home'),
    callback_id: z.string().max(255).optional(),
    private_metadata: z.string().max(3000).optional(),
    blocks: z.array(inViews).max(100),
  }),
])

export type Block = z.infer<typeof inViews>
export type View = z.infer<typeof view>

/** The characters in all blocks together at which Slack gives up (bolt-js#2509). */
const charactersAtMost = 13_200

/** The blocks, or the error that Slack would give. */
export function blocksOf(raw: unknown): { blocks: Block[] } | { error: string; detail: string } {
  const parsed = message.safeParse(raw)
  if (!parsed.success) return { error: 'invalid_blocks', detail: z.prettifyError(parsed.error) }
  if (JSON.stringify(raw).length > charactersAtMost + 3000) return { error: 'msg_blocks_too_long', detail: '' }
  if (twice(parsed.data)) return { error: 'invalid_blocks', detail: 'an action_id or block_id is used twice' }
  return { blocks: parsed.data }
}

export function viewOf(raw: unknown): { view: View } | { error: string; detail: string } {
  const parsed = view.safeParse(raw)
  if (!parsed.success) return { error: 'invalid_arguments', detail: z.prettifyError(parsed.error) }
  if (JSON.stringify(raw).length > 250_000) return { error: 'view_too_large', detail: '' }
  if (twice(parsed.data.blocks)) return { error: 'duplicate_block_id', detail: '' }
  return { view: parsed.data }
}

/** An action_id must be unique in its block, a block_id in its message. */
function twice(blocks: readonly Block[]): boolean {
  const names = blocks.flatMap((block) => (block.block_id === undefined ? [] : [block.block_id]))
  if (new Set(names).size < names.length) return true
  return blocks.some((block) => {
    const ids = actionsIn(block).map((action) => action.action_id)
    return new Set(ids).size < ids.length
  })
}

export type Action = z.infer<typeof button> | z.infer<typeof select> | z.infer<typeof overflow>

/** What can be pressed in a block. */
export function actionsIn(block: Block): Action[] {
  if (block.type === 'actions') return block.elements
  if (block.type === 'section' && block.accessory) return [block.accessory]
  return []
}

/** All that a person reads in blocks, a line each. */
export function readable(blocks: readonly Block[]): string {
  return blocks
    .flatMap((block) => {
      switch (block.type) {
        case 'section':
          return [block.text?.text, ...(block.fields ?? []).map((field) => field.text)]
        case 'header':
          return [block.text.text]
        case 'context':
          return block.elements.map((element) => element.text)
        case 'input':
          return [block.label.text]
        default:
          return []
      }
    })
    .filter((line) => line !== undefined)
    .join('\n')
}
